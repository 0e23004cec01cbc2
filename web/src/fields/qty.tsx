import { evaluate, formatNumber, isNegative, round, trim } from '@/lib/decimal.ts'
import { ParsedBox } from '@/ui/boxes.tsx'
import { NUMBER_FILTERS, no, ok, type FieldKit, type InputProps, type Parsed } from './kit.ts'

/** Digits the server keeps. */
export const PLACES = 6

const read = (typed: string): string | null => {
  const value = evaluate(typed)
  return value === null ? null : trim(round(value, PLACES))
}
export const parseDecimal = (typed: string): Parsed<string> => {
  const value = read(typed)
  return value === null ? no('not a number') : ok(value)
}
export const DecimalInput = ({ value, onChange, scene, least, ...box }: InputProps<string> & { least?: number }) => (
  <ParsedBox<string> {...box} numeric value={value} onChange={onChange} show={(v) => formatNumber(v, scene.locale, PLACES, least)} edit={trim} parse={read} />
)

export const qty: FieldKit<string> = {
  Cell: ({ value, scene }) => <span className={isNegative(value) ? 'num negative' : 'num'}>{formatNumber(value, scene.locale)}</span>,
  Input: (props) => <DecimalInput {...props} />,
  format: (value, _, scene) => formatNumber(value, scene.locale),
  parse: parseDecimal,
  filters: NUMBER_FILTERS,
  aggregates: ['sum', 'min', 'max'],
  end: true,
  width: 100,
}
