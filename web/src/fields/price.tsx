import { formatNumber } from '@/lib/decimal.ts'
import { DecimalInput, PLACES, qty } from './qty.tsx'
import type { FieldKit } from './kit.ts'

/** A price of one unit: at least two digits, at most six. */
export const price: FieldKit<string> = {
  ...qty,
  Cell: ({ value, scene }) => <span className="num">{formatNumber(value, scene.locale, PLACES, 2)}</span>,
  Input: (props) => <DecimalInput {...props} least={2} />,
  format: (value, _, scene) => formatNumber(value, scene.locale, PLACES, 2),
  aggregates: ['min', 'max'],
  width: 110,
}
