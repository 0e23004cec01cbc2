import { describe, expect, test } from 'vitest'
import type { Entity, Field, Group } from '@/api/types.ts'
import { addSort } from '@/meta/query.ts'
import { isSame, moved, settingOf, type Column } from '@/views/list/columns.ts'
import { figures, questions, totalsOf } from '@/views/list/totals.ts'
import { typed } from '@/views/list/useEditing.ts'

const label = { en: 'x', zh: 'x' }
const field = (name: string, kind: Field['kind'], more: Partial<Field> = {}): Field => ({ name, kind, label, ...more })
const fields = [field('currency', 'currency'), field('total', 'amount', { currency: 'currency' }), field('base', 'amount', { currency: 'company.currency' }), field('name', 'text')]
const entity = { name: 'order', fields } as unknown as Entity
const columns = fields.map((one): Column => ({ path: one.name, field: one, label: one.name, width: 1, own: false }))
const column = (name: string): Column => columns.find((one) => one.path === name) as Column

describe('sorting by several fields', () => {
  test('a field is added, turned round and taken away again', () => {
    expect(addSort([], 'a')).toEqual(['a'])
    expect(addSort(['a'], 'b')).toEqual(['a', 'b'])
    expect(addSort(['a', 'b'], 'b')).toEqual(['a', '-b'])
    expect(addSort(['a', '-b'], 'b')).toEqual(['a'])
  })
})

describe('the foot of a list', () => {
  test('what can be told depends on the kind', () => {
    expect(totalsOf('total', field('total', 'amount'))).toContain('sum')
    expect(totalsOf('price', field('price', 'price'))).not.toContain('sum')
    expect(totalsOf('name', field('name', 'text'))).toEqual(['filled', 'empty', 'unique', 'share'])
    expect(totalsOf('customer.name', field('name', 'text'))).toEqual([])
  })
  test('one question for all, one for the amounts of each currency', () => {
    expect(questions(entity, columns, { total: 'average', base: 'sum', name: 'unique' })).toEqual([
      { group: 'currency', sum: 'total', filled: 'total' },
      { sum: 'base', unique: 'name' },
    ])
    expect(questions(entity, columns, {})).toEqual([])
  })
  test('figures are exact, each currency for itself', () => {
    const groups = [
      { key: ['EUR'], count: 3, sum: { total: '10.00' }, filled: { total: 3 } },
      { key: ['JPY'], count: 2, sum: { total: '5' }, filled: { total: 2 } },
    ] as unknown as Group[]
    expect(figures(column('total'), 'average', groups, 'CNY')).toEqual([{ currency: 'EUR', value: '3.33' }, { currency: 'JPY', value: '3' }])
    const all = [{ key: [], count: 8, sum: { base: '0.30' }, filled: { name: 6, base: 0 }, unique: { name: 5 } }] as unknown as Group[]
    expect(figures(column('base'), 'sum', all, 'CNY')).toEqual([{ currency: 'CNY', value: '0.30' }])
    expect(figures(column('name'), 'empty', all, 'CNY')[0]?.value).toBe('2')
    expect(figures(column('name'), 'share', all, 'CNY')[0]?.value).toBe('75')
    expect(figures(column('base'), 'average', all, 'CNY')[0]?.value).toBe(null)
  })
})

describe('rows typed in a list', () => {
  test('typed back to what it was is no change', () => {
    const base = { id: 'pa_1', name: 'A', phone: null }
    const once = typed(undefined, base, 'name', 'B')
    expect(once?.typed).toEqual({ name: 'B' })
    expect(typed(once ?? undefined, base, 'name', 'A')).toBe(null)
    expect(typed(once ?? undefined, base, 'phone', '')?.typed).toEqual({ name: 'B', phone: '' })
    expect(typed({ base, typed: { name: 'B' }, errors: { name: 'no', phone: 'no' }, busy: false }, base, 'name', 'C')?.errors).toEqual({ phone: 'no' })
  })
})

describe('columns of a list', () => {
  test('what is kept is read as far as it can be understood', () => {
    expect(settingOf({ paths: ['a'], widths: { a: 90 }, totals: { a: 'sum' } })).toEqual({ paths: ['a'], widths: { a: 90 }, totals: { a: 'sum' } })
    expect(settingOf({ paths: 'a', widths: { a: 'wide' }, totals: { a: 'most' } })).toEqual({ paths: [], widths: {}, totals: {} })
    expect(settingOf(null)).toEqual({ paths: [], widths: {}, totals: {} })
  })
  test('a column goes to where another stands, from either side', () => {
    expect(moved(['a', 'b', 'c'], 'a', 'c')).toEqual(['b', 'c', 'a'])
    expect(moved(['a', 'b', 'c'], 'c', 'a')).toEqual(['c', 'a', 'b'])
    expect(moved(['a', 'b', 'c'], 'a', 'b')).toEqual(['b', 'a', 'c'])
  })
  test('the order of widths does not tell two settings apart, that of columns does', () => {
    const one = { paths: ['a', 'b'], widths: { a: 1, b: 2 }, totals: {} }
    expect(isSame(one, { ...one, widths: { b: 2, a: 1 } })).toBe(true)
    expect(isSame(one, { ...one, paths: ['b', 'a'] })).toBe(false)
    expect(isSame(one, { ...one, totals: { a: 'sum' } })).toBe(false)
  })
})
