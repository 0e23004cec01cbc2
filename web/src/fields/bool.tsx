import { CheckOutlined, CloseOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { no, ok, type CellProps, type FieldKit, type InputProps } from './kit.ts'
import { later } from './later.tsx'

const YES = ['true', 'yes', 'y', '1', '是', '对', '√']
const NO = ['false', 'no', 'n', '0', '否', '×']

function Cell({ value, plain }: CellProps<boolean>) {
  const { t } = useTranslation()
  if (plain) return value ? t('field.yes') : t('field.no')
  return value ? <CheckOutlined aria-label={t('field.yes')} style={{ color: 'var(--good)' }} /> : <CloseOutlined aria-label={t('field.no')} className="faint" />
}

const BoolInput = later<InputProps<boolean>>(async () => (await import('./lateBoxes.tsx')).BoolInput, ({ bare }) => <span className={bare ? 'switch-late bare' : 'switch-late'} aria-hidden="true"><i /></span>)

export const bool: FieldKit<boolean> = {
  Cell,
  Input: BoolInput,
  format: (value, _, scene) => (scene.lang === 'zh' ? (value ? '是' : '否') : value ? 'yes' : 'no'),
  parse: (typed) => {
    const word = typed.trim().toLowerCase()
    return YES.includes(word) ? ok(true) : NO.includes(word) ? ok(false) : no('neither yes nor no')
  },
  filters: ['='],
  aggregates: [],
  width: 80,
}
