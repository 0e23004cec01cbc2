import { expect, test } from 'vitest'
import { countries, searchCountries } from '@/fields/countries.ts'
import { countryName } from '@/fields/country.tsx'

const all = await countries()
const first = (typed: string): string | undefined => searchCountries(all, typed, ({ en }) => en, (a, b) => a.localeCompare(b))[0]?.code

test('a country is found by name in either language, pinyin, initials, code and what else it is called', () => {
  for (const [typed, code] of [['Germany', 'DE'], ['德国', 'DE'], ['deguo', 'DE'], ['DE', 'DE'], ['deu', 'DE'], ['Deutschland', 'DE'], ['yg', 'GB'], ['UK', 'GB'], ['united k', 'GB'], ['中国', 'CN'], ['Germny', 'DE'], ['Cote d’Ivoire', 'CI']] as const) expect(first(typed), typed).toBe(code)
  expect(first('zzzz')).toBe(undefined)
})
test('all are shown where nothing was typed', () => {
  expect(searchCountries(all, '', ({ en }) => en, (a, b) => a.localeCompare(b))).toHaveLength(all.length)
})
test('a country is called by its name in the language of the reader, and what is none stays', () => {
  expect([countryName('GB', 'zh-CN'), countryName('GB', 'en-GB'), countryName('TW', 'zh-CN'), countryName('nowhere', 'en-GB')]).toEqual(['英国', 'United Kingdom', '中国台湾', 'nowhere'])
})
