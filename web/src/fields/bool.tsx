import { CheckOutlined } from '@ant-design/icons'
import { Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import { no, ok, type CellProps, type FieldKit } from './kit.ts'

const YES = ['true', 'yes', 'y', '1', '是', '对', '√']
const NO = ['false', 'no', 'n', '0', '否', '×']

function Cell({ value, plain }: CellProps<boolean>) {
  const { t } = useTranslation()
  if (plain) return value ? t('field.yes') : t('field.no')
  return value ? <CheckOutlined aria-label={t('field.yes')} style={{ color: 'var(--good)' }} /> : <span className="faint">{t('field.no')}</span>
}

export const bool: FieldKit<boolean> = {
  Cell,
  Input: ({ value, onChange, id, disabled, label, autoFocus, bare }) => (
    <span style={{ display: 'flex', alignItems: 'center', minHeight: 32, padding: bare ? '0 8px' : 0 }}>
      <Switch id={id} size="small" checked={value ?? false} disabled={disabled} aria-label={label} autoFocus={autoFocus} onChange={onChange} />
    </span>
  ),
  format: (value, _, scene) => (scene.lang === 'zh' ? (value ? '是' : '否') : value ? 'yes' : 'no'),
  parse: (typed) => {
    const word = typed.trim().toLowerCase()
    return YES.includes(word) ? ok(true) : NO.includes(word) ? ok(false) : no('neither yes nor no')
  },
  filters: ['='],
  aggregates: [],
  width: 80,
}
