import { CODE_FILTERS, no, ok, type FieldKit, type InputProps } from './kit.ts'
import { later } from './later.tsx'

const CountryBox = later<InputProps<string>>(() => import('./CountryBox.tsx').then((file) => file.default))

/** Names that are said otherwise than the browser says them. */
const SAID: Record<string, { en: string; zh: string }> = { TW: { en: 'Taiwan, China', zh: '中国台湾' } }

const names = new Map<string, Intl.DisplayNames>()

/** What a country is called; what is no code of one is shown as it is. */
export function countryName(code: string, locale: string): string {
  const said = SAID[code]
  if (said) return locale.startsWith('zh') ? said.zh : said.en
  if (!/^[A-Z]{2}$/.test(code)) return code
  const known = names.get(locale) ?? new Intl.DisplayNames(locale, { type: 'region' })
  names.set(locale, known)
  return known.of(code) ?? code
}

export const country: FieldKit<string> = {
  Cell: ({ value, scene }) => <span title={value}>{countryName(value, scene.locale)}</span>,
  Input: CountryBox,
  format: (value, _, scene) => countryName(value, scene.locale),
  // A name is understood by the server, in either language.
  parse: (typed) => (/^[A-Za-z]{2}$/.test(typed.trim()) ? ok(typed.trim().toUpperCase()) : typed.trim() ? ok(typed.trim()) : no('empty')),
  filters: CODE_FILTERS,
  aggregates: [],
  width: 140,
}
