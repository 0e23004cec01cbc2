import type { Field } from '@/api/types.ts'
import { evaluate, formatNumber, round, shift, trim } from '@/lib/decimal.ts'
import { ParsedBox } from '@/ui/boxes.tsx'
import { DecimalInput, PLACES, qty } from './qty.tsx'
import { no, ok, type FieldKit } from './kit.ts'

/** The same kind holds factors, such as an exchange rate of 7.12, which nobody reads as 712 %. */
export const isFactor = (field: Field): boolean => field.factor === true || /exchange|factor|ratio|^fx|currency_rate/.test(field.name)

const percent = (value: string, locale: string): string => `${formatNumber(shift(value, 2), locale, 4)}%`
/** 13 and 13% are both 0.13. */
const read = (typed: string): string | null => {
  const value = evaluate(typed)
  return value === null ? null : trim(round(shift(value, -2), PLACES))
}

export const rate: FieldKit<string> = {
  ...qty,
  Cell: ({ value, field, scene }) => <span className="num">{isFactor(field) ? formatNumber(value, scene.locale) : percent(value, scene.locale)}</span>,
  Input: (props) => {
    if (isFactor(props.field)) return <DecimalInput {...props} />
    const { value, onChange, scene, ...box } = props
    return (
      <ParsedBox<string> {...box} numeric value={value} onChange={onChange} show={(v) => formatNumber(shift(v, 2), scene.locale, 4)} edit={(v) => shift(v, 2)} parse={read} suffix={<span className="affix">%</span>} />
    )
  },
  format: (value, { field }, scene) => (isFactor(field) ? formatNumber(value, scene.locale) : percent(value, scene.locale)),
  parse: (typed) => {
    const value = read(typed)
    return value === null ? no('not a percentage') : ok(value)
  },
  aggregates: ['min', 'max'],
  width: 90,
}
