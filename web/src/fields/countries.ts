//! Countries: looked through by name in either language, pinyin, initials, codes and what else they are called. The
//! list is the one the server understands, and is read when it is wanted.
import { match } from '@/lib/match.ts'

export interface Country { code: string; en: string; zh: string; pinyin: string; initials: string; names: readonly string[]; folded: readonly string[] }

const folded = (text: string): string => text.normalize('NFKD').toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')

export const parseCountries = (text: string): Country[] => text.split('\n').filter(Boolean).map((line) => {
  const [code = '', three = '', en = '', zh = '', pinyin = '', others = ''] = line.split('\t')
  const parts = pinyin.split(' ')
  const names = [code, three, en, zh, ...others.split('|')].filter(Boolean)
  return { code, en, zh, pinyin: parts.join(''), initials: parts.map((part) => part[0] ?? '').join(''), names, folded: names.map(folded) }
})

let list: Promise<Country[]> | undefined
export const countries = (): Promise<Country[]> => (list ??= import('./countries.txt?raw').then((file) => parseCountries(file.default), (error: unknown) => {
  list = undefined
  throw error
}))

function scoreOf(country: Country, typed: string): number {
  const wanted = folded(typed)
  const names = country.folded
  if (names.includes(wanted)) return 9
  if (country.pinyin === wanted || country.initials === wanted) return 8
  if (names.some((name) => name.startsWith(wanted))) return 7
  if (country.pinyin.startsWith(wanted)) return 6
  if (wanted.length > 1 && country.initials.startsWith(wanted)) return 5
  if (wanted.length > 1 && names.some((name) => name.includes(wanted))) return 4
  return match(typed, country.en)
}

/** Those that are called so, the best first; all of them in the order of their names where nothing was typed. */
export function searchCountries(all: readonly Country[], typed: string, name: (country: Country) => string, compare: (a: string, b: string) => number): Country[] {
  const scored = all.map((country) => ({ country, score: typed.trim() === '' ? 1 : scoreOf(country, typed) }))
  return scored.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score || compare(name(a.country), name(b.country))).map(({ country }) => country)
}
