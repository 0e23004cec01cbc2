import { useTranslation } from 'react-i18next'
import { no, type CellProps, type FieldKit } from './kit.ts'
import type { Json } from '@/api/types.ts'

function Cell({ value }: CellProps<Json[]>) {
  const { t } = useTranslation()
  return t('field.lines', { count: value.length })
}

/** Lines are edited in the grid of the form; elsewhere only their number is shown. */
export const owned: FieldKit<Json[]> = {
  Cell,
  Input: () => null,
  format: (value) => String(value.length),
  parse: () => no('lines are not typed as text'),
  filters: [],
  aggregates: [],
  width: 90,
}
