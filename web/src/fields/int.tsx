import { evaluate, formatNumber } from '@/lib/decimal.ts'
import { ParsedBox } from '@/ui/boxes.tsx'
import { NUMBER_FILTERS, no, ok, type FieldKit } from './kit.ts'

const whole = (typed: string): number | null => {
  const value = evaluate(typed)
  return value !== null && /^-?\d+(\.0*)?$/.test(value) ? Number(value) : null
}

export const int: FieldKit<number> = {
  Cell: ({ value, scene }) => <span className="num">{formatNumber(String(value), scene.locale, 0)}</span>,
  Input: ({ value, onChange, scene, ...box }) => (
    <ParsedBox<number> {...box} numeric value={value} onChange={onChange} show={(n) => formatNumber(String(n), scene.locale, 0)} edit={String} parse={whole} />
  ),
  format: (value) => String(value),
  parse: (typed) => {
    const value = whole(typed)
    return value === null ? no('not a whole number') : ok(value)
  },
  filters: NUMBER_FILTERS,
  aggregates: ['sum', 'min', 'max'],
  end: true,
  width: 100,
}
