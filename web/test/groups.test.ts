import { describe, expect, test } from 'vitest'
import type { Choice, Entity, Field, Rec } from '@/api/types.ts'
import { readQuery, writeQuery } from '@/meta/query.ts'
import { asksOf, countOf, listOf, worthOf } from '@/views/form/Counters.tsx'
import type { Branch, GroupKey } from '@/views/list/groups.ts'
import { linesOf, openLeaves, ordered, pathName, type Feed } from '@/views/list/lines.ts'
import { filled, type Gap } from '@/views/list/trail.ts'

const key = (name: string): GroupKey => ({ path: name, field: { name, kind: 'text', label: { en: name, zh: name } } as Field })
const branch = (path: Branch['path'], count: number, below: Branch[] = []): Branch => ({ key: path.at(-1) ?? null, path, count, sum: {}, below })
const feed = (ids: string[], next = '', more: Partial<Feed> = {}): Feed => ({ rows: ids.map((id): Rec => ({ id })), next, loading: false, failed: false, more: () => undefined, ...more })
const keys = [key('stage'), key('customer')]
const branches = [branch(['b'], 3, [branch(['b', { id: 'pa_1', label: 'One' }], 1), branch(['b', { id: 'pa_2', label: 'Two' }], 2)]), branch(['a'], 1, [branch(['a', null], 1)])]
const ids = (lines: { kind: string; id: string }[]): string[] => lines.map((line) => line.id)

describe('the lines of a list in groups', () => {
  test('closed groups are one line each, in the order asked for', () => {
    expect(ids(linesOf(branches, keys, new Set(), new Map()))).toEqual(['["b"]', '["a"]'])
    const byName = (a: unknown, b: unknown): number => String(a).localeCompare(String(b))
    expect(ordered(branches, [byName]).map((one) => one.key)).toEqual(['a', 'b'])
    expect(ordered(branches, [(a, b) => byName(b, a)]).map((one) => one.key)).toEqual(['b', 'a'])
  })
  test('an open group has its groups, those their rows, and a line where more are to be had', () => {
    const open = new Set(['["b"]', '["b","pa_2"]'])
    expect(openLeaves(branches, open).map((one) => pathName(one.path))).toEqual(['["b","pa_2"]'])
    expect(ids(linesOf(branches, keys, open, new Map([['["b","pa_2"]', feed(['so_1', 'so_2'])]])))).toEqual(['["b"]', '["b","pa_1"]', '["b","pa_2"]', 'so_1', 'so_2', '["a"]'])
    const some = linesOf(branches, keys, open, new Map([['["b","pa_2"]', feed(['so_1'], 'on')]]))
    expect(some[4]).toMatchObject({ kind: 'more', under: '["b","pa_2"]', loaded: 1, count: 2, state: 'more' })
    expect(linesOf(branches, keys, open, new Map())[3]).toMatchObject({ kind: 'more', state: 'loading' })
    expect(linesOf(branches, keys, open, new Map([['["b","pa_2"]', feed([], '', { failed: true })]]))[3]).toMatchObject({ state: 'failed' })
  })
  test('a group below another that is folded asks for nothing', () => {
    expect(openLeaves(branches, new Set(['["b","pa_2"]']))).toEqual([])
  })
})

test('turned groups stand in the address while the list is grouped by them', () => {
  const query = readQuery({ group: 'stage,customer', turned: 'stage,gone' })
  expect(writeQuery(query)['turned']).toBe('stage')
  expect(writeQuery({ ...query, group: [] })['turned']).toBe(undefined)
})

test('a page of a gap is put where it belongs, and the gap moves behind it', () => {
  const gap: Gap = { after: 'b', missing: 3, params: {}, cursor: 'one' }
  const other: Gap = { after: 'z', missing: 1, params: {}, cursor: 'two' }
  const once = filled({ ids: ['a', 'b', 'z'], gaps: [gap, other] }, gap, ['c', 'd'], 'on')
  expect(once.ids).toEqual(['a', 'b', 'c', 'd', 'z'])
  expect(once.gaps).toEqual([other, { after: 'd', missing: 1, params: {}, cursor: 'on' }])
  expect(filled(once, once.gaps[1] as Gap, ['e'], null)).toEqual({ ids: ['a', 'b', 'c', 'd', 'e', 'z'], gaps: [other] })
})

describe('counters of what belongs to a record', () => {
  const amount = (name: string, currency: string, more: Partial<Field> = {}): Field => ({ name, kind: 'amount', currency, label: { en: '', zh: '' }, ...more })
  const of = (fields: Field[]): Entity => ({ name: 'thing', fields }) as unknown as Entity
  const currency: Field = { name: 'currency', kind: 'currency', label: { en: '', zh: '' } }
  const place = (fields: Field[]) => ({ entity: of(fields), field: currency })
  test('are worth what company currency says, else each currency by itself', () => {
    expect(worthOf(of([currency, amount('net', 'currency'), amount('hidden', 'company.currency', { hidden: true }), amount('total_base', 'company.currency')]))).toMatchObject({ sum: 'total_base' })
    expect(worthOf(of([currency, amount('paid', 'currency')]))).toMatchObject({ sum: 'paid', group: 'currency' })
    expect(worthOf(of([amount('paid', 'parent.currency')]))).toBeNull()
  })
  test('add up no currencies, and tell none of three', () => {
    const paid = place([currency, amount('paid', 'currency')])
    const group = (key: string, count: number, sum: string) => ({ key: [key], count, sum: { paid: sum } })
    expect(countOf(paid, [group('CNY', 3, '12400.00'), group('EUR', 1, '0.00')], 'CNY')).toMatchObject({ count: 4, worth: [{ currency: 'CNY', value: '12400.00' }] })
    expect(countOf(paid, [group('CNY', 1, '1.00'), group('EUR', 1, '2.00'), group('USD', 1, '3.00')], 'CNY')).toMatchObject({ count: 3, worth: [] })
    expect(countOf(place([currency]), [{ key: [], count: 7, filled: { id: 7 } }], 'CNY')).toMatchObject({ count: 7, worth: [] })
  })
  test('count no drafts and nothing cancelled or lost: drafts are told by themselves', () => {
    const choice = (code: string, tone: Choice['tone']): Choice => ({ code, label: { en: '', zh: '' }, tone })
    const stages = [choice('draft', 'neutral'), choice('posted', 'good'), choice('cancelled', 'bad')]
    const invoice = { entity: { ...of([currency, amount('total_base', 'company.currency')]), stage_field: 'stage' } as Entity, field: currency }
    const group = (stage: string, count: number, sum: string) => ({ key: [stage], count, sum: { total_base: sum } })
    const groups = [group('draft', 2, '40.00'), group('posted', 3, '90.00'), group('cancelled', 1, '7.00')]
    expect(countOf(invoice, groups, 'CNY', stages)).toMatchObject({ count: 3, drafts: 2, worth: [{ currency: 'CNY', value: '90.00' }] })
    expect(asksOf(invoice, 'pa_2')).toEqual({ filter: '["currency","=","pa_2"]', group: 'stage', sum: 'total_base' })
    expect(listOf(invoice, 'pa_2', stages)).toEqual(['and', ['currency', '=', 'pa_2'], ['stage', 'not_in', ['cancelled']]])
    expect(listOf(place([currency]), 'pa_2', [])).toEqual(['currency', '=', 'pa_2'])
  })
  test('what was given back is taken off what was sold, in every currency', () => {
    const paid = { entity: { ...of([currency, amount('paid', 'currency')]), stage_field: 'stage' } as Entity, field: currency }
    const group = (stage: string, code: string, sum: string) => ({ key: [stage, code], count: 1, sum: { paid: sum } })
    expect(countOf(paid, [group('posted', 'EUR', '10.00'), group('done', 'EUR', '-4.00'), group('done', 'USD', '1.00')], 'CNY').worth).toEqual([{ currency: 'EUR', value: '6.00' }, { currency: 'USD', value: '1.00' }])
  })
})
