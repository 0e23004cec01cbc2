import { describe, expect, test } from 'vitest'
import { KINDS, type Field, type Kind, type Value } from '@/api/types.ts'
import { asText, kitOf, kits } from '@/fields/kits.tsx'
import { Meta, type Scene } from '@/meta/meta.ts'
import { fact, fitted, whole, type Column } from '@/views/list/columns.ts'
import { meta as data } from '../dev/mock_meta.ts'

const scene = (lang: 'en' | 'zh'): Scene => ({ meta: new Meta(data, lang), lang, locale: lang === 'zh' ? 'zh-CN' : 'en-GB', today: '2026-11-25', companyCurrency: 'CNY' })
const field = (kind: Kind, more: Partial<Field> = {}): Field => ({ name: 'x', kind, label: { en: 'X', zh: 'X' }, ...more })
const parse = (kind: Kind, text: string): Value => {
  const read = kitOf(kind).parse(text, scene('en'))
  return read.ok ? read.value : undefined
}

test('every kind of the contract has its kit', () => {
  expect(Object.keys(kits).sort()).toEqual([...KINDS].sort())
  for (const kind of KINDS) expect(kits[kind].width).toBeGreaterThan(50)
})

describe('parse', () => {
  const cases: [Kind, string, Value][] = [
    ['text', ' a ', 'a'], ['text', '  ', undefined], ['email', 'a@b.cn', 'a@b.cn'], ['email', 'a@b', undefined], ['phone', '+86 138-1234-5678', '+86 138-1234-5678'], ['phone', 'call me', undefined],
    ['url', 'heyi.example/a', 'https://heyi.example/a'], ['url', 'javascript:alert(1)', undefined], ['barcode', '6901234567892', '6901234567892'], ['barcode', '条码', undefined],
    ['int', '1,200', 1200], ['int', '3*4', 12], ['int', '1.5', undefined], ['bool', '是', true], ['bool', 'no', false], ['bool', 'maybe', undefined],
    ['amount', '¥1,234.50', '1234.50'], ['amount', 'ten', undefined], ['qty', '2.5000000', '2.5'], ['qty', '1/3', '0.333333'], ['price', '12.3456789', '12.345679'], ['rate', '13', '0.13'], ['rate', '13.5%', '0.135'],
    ['date', '2026-11-25', '2026-11-25'], ['date', '20261125', '2026-11-25'], ['date', '12-1', '2026-12-01'], ['date', '3', '2026-11-03'], ['date', 't', '2026-11-25'], ['date', '+7', '2026-12-02'], ['date', '2026年3月5日', '2026-03-05'], ['date', '2026-02-30', undefined], ['date', '今天', '2026-11-25'],
    ['instant', '2026-11-25T08:00:00Z', '2026-11-25T08:00:00Z'], ['instant', 'soon', undefined], ['currency', 'usd', 'USD'], ['currency', 'dollar', undefined], ['json', '{"a":1}', { a: 1 }], ['json', '{', undefined], ['ref', 'anything', undefined],
  ]
  for (const [kind, text, value] of cases) test(`${kind}: ${text}`, () => expect(parse(kind, text)).toEqual(value))
})

describe('format', () => {
  const show = (kind: Kind, value: Value, lang: 'en' | 'zh', more: Partial<Field> = {}, record = {}): string => asText(value, { field: field(kind, more), record }, scene(lang))
  test('money in its own currency', () => {
    expect(show('amount', '1234.5', 'zh')).toBe('¥1,234.50')
    expect(show('amount', '1234.5', 'en', { currency: 'currency' }, { currency: 'JPY' })).toBe('¥1,235')
    expect(show('amount', '-8', 'en', { currency: 'currency' }, { currency: 'EUR' })).toBe('-€8.00')
  })
  test('rates are per cent, factors are not', () => {
    expect(show('rate', '0.13', 'en')).toBe('13%')
    expect(show('rate', '0.0525', 'en')).toBe('5.25%')
    expect(show('rate', '7.12', 'en', { name: 'exchange_rate' })).toBe('7.12')
  })
  test('days in either language', () => {
    expect(show('date', '2026-11-05', 'zh')).toBe('2026-11-05')
    expect(show('date', '2026-11-05', 'en')).toBe('5 Nov 2026')
  })
  test('the rest', () => {
    expect(show('price', '2.5', 'en')).toBe('2.50')
    expect(show('qty', '1200.5', 'en')).toBe('1,200.5')
    expect(show('phone', '13812345678', 'zh')).toBe('138 1234 5678')
    expect(show('choice', 'draft', 'zh', { choice: 'sales_order.stage' })).toBe('草稿')
    expect(show('ref', { id: 'pa_1', label: 'Blue Wheel' }, 'en')).toBe('Blue Wheel')
    expect(show('bool', false, 'zh')).toBe('否')
    expect(show('text', null, 'en')).toBe('')
  })
})

test('what is formatted for typing is read back the same', () => {
  for (const [kind, value] of [['int', 42], ['qty', '2.5'], ['rate', '0.135'], ['date', '2026-11-25'], ['amount', '12.50']] as [Kind, Value][]) {
    const text = kind === 'amount' ? '12.50' : asText(value, { field: field(kind), record: {} }, scene('zh'))
    expect(parse(kind, text), kind).toEqual(value)
  }
})

describe('columns of a list', () => {
  const column = (path: string, kind: Kind, width: number, own = false): Column => ({ path, field: { name: path, kind, label: { en: path, zh: path } }, label: path, width, own })
  const widths = (columns: readonly Column[], room: number): number[] => fitted(columns, room).map((one) => one.width)
  test('words take the room that is left, figures and what a person set stay as they are', () => {
    expect(widths([column('number', 'text', 150), column('memo', 'text', 150), column('customer', 'ref', 190), column('total', 'amount', 120), column('note', 'text', 100, true)], 910)).toEqual([150, 250, 290, 120, 100])
  })
  test('no column grows without end, and what one cannot take is given to the others', () => {
    expect(widths([column('a', 'text', 340), column('b', 'text', 100)], 560)).toEqual([360, 200])
    expect(widths([column('a', 'text', 100)], 2000)).toEqual([360])
  })
  test('where it is short they give some, but stay readable', () => {
    expect(widths([column('a', 'text', 200), column('b', 'amount', 200)], 350)).toEqual([150, 200])
    expect(widths([column('a', 'text', 200), column('b', 'amount', 200)], 100)).toEqual([136, 200])
    expect(widths([column('number', 'text', 150), column('customer', 'ref', 190)], 100)).toEqual([135, 129])
  })
  test('a card names its figures, and leaves out what is nought or no', () => {
    const says = (kind: Kind, value: Value): string => fact({ ...column('x', kind, 100), label: 'Open' }, { x: value, currency: 'CNY' }, scene('en'))
    expect(says('qty', '3')).toBe('Open 3')
    expect(says('qty', '0.00')).toBe('')
    expect(says('int', 0)).toBe('')
    expect(says('bool', true)).toBe('Open')
    expect(says('bool', false)).toBe('')
    expect(says('date', '2026-11-27')).toMatch(/^Open 27/)
    expect(says('text', 'a word')).toBe('a word')
  })
})

describe('columns beside a panel and with a name', () => {
  const column = (path: string, kind: Field['kind'], width: number): Column => ({ path, field: { name: path, kind, label: { en: path, zh: path } } as unknown as Field, label: path, width, own: false })
  const columns = [column('code', 'text', 100), column('name', 'text', 180), column('owner', 'ref', 190), column('tags', 'text', 180), column('total', 'amount', 130)]
  test('a column that holds nothing gives its room to the name', () => {
    const widths = Object.fromEntries(fitted(columns, 780, 'name', new Set(['tags'])).map((one) => [one.path, one.width]))
    expect(widths['tags']).toBe(104)
    expect(widths['name']).toBe(780 - 100 - 190 - 104 - 130)
  })
  test('where room is short the name is the last to give some', () => {
    const widths = Object.fromEntries(fitted(columns, 700, 'name').map((one) => [one.path, one.width]))
    expect(widths['name']).toBe(180)
    expect(widths['owner']).toBeLessThan(190)
  })
  test('a column stands whole or not at all, and what a record is worth is the last to go', () => {
    expect(whole(columns, 400).map((one) => one.path)).toEqual(['code', 'name', 'total'])
    expect(whole(columns, 10).map((one) => one.path)).toEqual(['code'])
    expect(whole(columns, 2000)).toHaveLength(5)
  })
})
