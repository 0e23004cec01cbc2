import { currencyOf } from '@/meta/meta.ts'
import { digits, evaluate, formatMoney, formatNumber, isNegative, round, trim } from '@/lib/decimal.ts'
import { ParsedBox } from '@/ui/boxes.tsx'
import { NUMBER_FILTERS, no, ok, type FieldKit } from './kit.ts'

export const amount: FieldKit<string> = {
  Cell: ({ value, field, record, parent, scene }) => {
    const currency = currencyOf(field, record, parent, scene)
    return <span className={isNegative(value) ? 'num negative' : 'num'}>{formatMoney(value, scene.locale, currency, currency === scene.companyCurrency ? 'symbol' : 'code')}</span>
  },
  Input: ({ value, onChange, field, record, parent, scene, ...box }) => {
    const currency = currencyOf(field, record, parent, scene)
    const places = digits(currency)
    return (
      <ParsedBox<string>
        {...box}
        numeric
        value={value}
        onChange={onChange}
        show={(v) => formatNumber(v, scene.locale, places, places)}
        edit={trim}
        parse={(typed) => {
          const read = evaluate(typed)
          return read === null ? null : round(read, places)
        }}
        suffix={box.bare ? undefined : <span className="affix">{currency}</span>}
      />
    )
  },
  format: (value, { field, record, parent }, scene) => formatMoney(value, scene.locale, currencyOf(field, record, parent, scene)),
  parse: (typed) => {
    const read = evaluate(typed)
    return read === null ? no('not an amount') : ok(read)
  },
  filters: NUMBER_FILTERS,
  aggregates: ['sum', 'min', 'max'],
  end: true,
  width: 130,
}
