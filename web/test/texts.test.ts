import { expect, test } from 'vitest'
import en from '@/i18n/en.json'
import zh from '@/i18n/zh.json'

type Texts = { [key: string]: string | Texts }
const flat = (texts: Texts, prefix = ''): [string, string][] => Object.entries(texts).flatMap(([key, value]): [string, string][] => (typeof value === 'string' ? [[prefix + key, value]] : flat(value, `${prefix}${key}.`)))
const holes = (text: string): string[] => [...text.matchAll(/\{\{(\w+)[^}]*\}\}/g)].map((match) => match[1] ?? '').sort()

test('both languages have the same texts', () => {
  expect(flat(zh).map(([key]) => key).sort()).toEqual(flat(en).map(([key]) => key).sort())
})
test('no text is empty, and both have the same holes', () => {
  const chinese = new Map(flat(zh))
  for (const [key, text] of flat(en)) {
    expect(text.trim(), key).not.toBe('')
    expect(chinese.get(key)?.trim(), key).not.toBe('')
    expect(holes(chinese.get(key) ?? ''), key).toEqual(holes(text))
  }
})
test('Chinese texts are Chinese', () => {
  for (const [key, text] of flat(zh)) expect(/\p{Script=Han}|、/u.test(text.replace(/\{\{[^}]*\}\}/g, '汉')), `${key}: ${text}`).toBe(true)
})
