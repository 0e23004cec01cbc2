import { no, ok, type FieldKit, type InputProps } from './kit.ts'
import { later, Waiting } from './later.tsx'

export const currencyName = (code: string, locale: string): string => {
  try {
    return new Intl.DisplayNames(locale, { type: 'currency' }).of(code) ?? code
  } catch {
    return code
  }
}

const CurrencyInput = later<InputProps<string>>(async () => (await import('./lateBoxes.tsx')).CurrencyInput, ({ value, bare }) => <Waiting text={value ?? ''} bare={bare} />)

export const currency: FieldKit<string> = {
  Cell: ({ value, scene }) => <span title={currencyName(value, scene.locale)}>{value}</span>,
  Input: CurrencyInput,
  format: (value) => value,
  parse: (typed) => (/^[A-Za-z]{3}$/.test(typed.trim()) ? ok(typed.trim().toUpperCase()) : no('not a currency')),
  filters: ['=', '!=', 'in', 'empty', 'not_empty'],
  aggregates: [],
  width: 80,
}
