import { describe, expect, test } from 'vitest'
import type { Filter } from '@/api/types.ts'
import { addFacet, asFilter, facets, finished, readFilter, simplify, withoutFacet, writeFilter } from '@/meta/filter.ts'
import { cycleSort, EMPTY, listParams, readQuery, writeQuery, type Query } from '@/meta/query.ts'
import { condition, periodDays, tree } from '@/views/list/groups.ts'

const deep: Filter = ['and', ['stage', 'in', ['draft', 'confirmed']], ['or', ['customer.country', '=', 'CN'], ['not', ['total', '<', '100.00']]], ['ordered_on', 'within', 'this_month']]

describe('the state of a list is its address', () => {
  const states: Query[] = [
    EMPTY,
    { ...EMPTY, search: '华信 & Co', sort: ['-ordered_on', 'number'] },
    { ...EMPTY, filter: deep, group: ['customer', 'ordered_on:month'], look: 'chart', measure: 'total_base', chart: 'line' },
    { ...EMPTY, filter: ['total', 'between', ['1', '2']], look: 'board' },
    { ...EMPTY, group: ['customer.country', 'customer'], cols: ['ordered_on:month', 'stage'], look: 'pivot', measure: '#,total_base', order: '-total_base@["2026-11","done"]', share: 'column' },
    { ...EMPTY, look: 'chart', group: ['stage', 'owner'], chart: 'area', stacked: true },
    { ...EMPTY, look: 'tree', parent: 'warehouse', search: 'x' },
    { ...EMPTY, look: 'calendar', date: 'wanted_on', at: '2026-11-03', span: 'week' },
    { ...EMPTY, look: 'timeline', group: ['customer'], date: 'ordered_on', until: '-', span: 'month' },
  ]
  for (const state of states) {
    test(`there and back: ${JSON.stringify(writeQuery(state))}`, () => {
      const address = new URLSearchParams(Object.entries(writeQuery(state)).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
      expect(readQuery(Object.fromEntries(new URLSearchParams(address.toString())))).toEqual(state)
    })
  }
  test('nonsense in the address is ignored, not shown as an error', () => {
    for (const text of ['{', '[]', '["a"]', '["a","like","b"]', '[1,"=",2]', '["and",["a"]]']) expect(readFilter(text)).toBeNull()
    expect(readQuery({ look: 'spiral', chart: 'cake', share: 'cake', stacked: 'yes', at: '2026-02-30', span: 'age' })).toEqual(EMPTY)
  })
  test('a bottomless filter is ignored', () => {
    expect(asFilter(JSON.parse('["not",'.repeat(40) + '["a","empty"]' + ']'.repeat(40)))).toBeNull()
  })
  test('a head cycles ascending, descending, the usual order', () => {
    expect(cycleSort([], 'a')).toEqual(['a'])
    expect(cycleSort(['a'], 'a')).toEqual(['-a'])
    expect(cycleSort(['-a'], 'a')).toEqual([])
    expect(listParams(EMPTY, ['-ordered_on'])).toEqual({ sort: '-ordered_on' })
  })
})

describe('facets', () => {
  test('each can be taken away', () => {
    expect(facets(deep)).toHaveLength(3)
    expect(withoutFacet(deep, 1)).toEqual(['and', ['stage', 'in', ['draft', 'confirmed']], ['ordered_on', 'within', 'this_month']])
    expect(withoutFacet(['a', '=', '1'], 0)).toBeNull()
  })
  test('the same field widens, another one narrows', () => {
    const one = addFacet(null, ['stage', 'in', ['draft']])
    const two = addFacet(one, ['stage', 'in', ['done']])
    expect(two).toEqual(['stage', 'in', ['draft', 'done']])
    expect(addFacet(two, ['stage', 'in', ['done']])).toEqual(two)
    expect(addFacet(['stage', '=', 'draft'], ['stage', 'in', ['done']])).toEqual(['stage', 'in', ['draft', 'done']])
    expect(addFacet(one, ['total', '>', '1'])).toEqual(['and', ['stage', 'in', ['draft']], ['total', '>', '1']])
  })
  test('days and words of one field stand side by side in one facet', () => {
    const days = addFacet(addFacet(['total', '>', '1'], ['day', 'within', 'today']), ['day', 'within', 'last_month'])
    expect(days).toEqual(['and', ['total', '>', '1'], ['or', ['day', 'within', 'today'], ['day', 'within', 'last_month']]])
    expect(facets(days)).toHaveLength(2)
    expect(addFacet(days, ['day', '=', '2026-11-01'])).toEqual(['and', ['total', '>', '1'], ['or', ['day', 'within', 'today'], ['day', 'within', 'last_month'], ['day', '=', '2026-11-01']]])
    expect(addFacet(addFacet(['name', 'contains', 'a'], ['name', 'contains', 'b']), ['name', 'contains', 'b'])).toEqual(['or', ['name', 'contains', 'a'], ['name', 'contains', 'b']])
  })
  test('what is excluded stays excluded', () => {
    // From and to.
    expect(addFacet(['total', '>=', '500'], ['total', '<=', '1000'])).toEqual(['and', ['total', '>=', '500'], ['total', '<=', '1000']])
    expect(addFacet(['total', '=', '5'], ['total', '<=', '1000'])).toEqual(['and', ['total', '=', '5'], ['total', '<=', '1000']])
    expect(addFacet(['stage', '!=', 'draft'], ['stage', 'in', ['done']])).toEqual(['and', ['stage', '!=', 'draft'], ['stage', 'in', ['done']]])
    expect(addFacet(['or', ['stage', '=', 'draft'], ['total', '>', '1']], ['stage', 'in', ['done']])).toEqual(['and', ['or', ['stage', '=', 'draft'], ['total', '>', '1']], ['stage', 'in', ['done']]])
  })
  test('empty and lonely groups vanish', () => {
    expect(simplify(['and', ['or'], ['and', ['a', 'empty']]])).toEqual(['a', 'empty'])
    expect(writeFilter(null)).toBeUndefined()
  })
  test('what is still being typed is not asked', () => {
    expect(finished(['and', ['a', '=', null], ['b', 'in', []], ['c', 'between', ['1', null]], ['d', 'empty']])).toEqual(['d', 'empty'])
  })
})

describe('groups', () => {
  const field = { name: 'ordered_on', kind: 'date', label: { en: '', zh: '' } } as const
  test('a period stands for its days', () => {
    expect(periodDays('2026-02')).toEqual(['2026-02-01', '2026-02-28'])
    expect(periodDays('2028-02')).toEqual(['2028-02-01', '2028-02-29'])
    expect(periodDays('2026-Q4')).toEqual(['2026-10-01', '2026-12-31'])
    expect(periodDays('2026')).toEqual(['2026-01-01', '2026-12-31'])
    expect(periodDays('2026-W01')).toEqual(['2025-12-29', '2026-01-04'])
    expect(condition({ field, path: 'ordered_on', part: 'week' }, '2026-11-23')).toEqual(['ordered_on', 'between', ['2026-11-23', '2026-11-29']])
  })
  test('no value is a group too', () => {
    expect(condition({ field, path: 'ordered_on' }, null)).toEqual(['ordered_on', 'empty'])
  })
  test('sums add up on the way to the top', () => {
    const [first] = tree([
      { key: [{ id: 'pa_1', label: 'A' }, 'draft'], count: 2, sum: { total: '1.10' } },
      { key: [{ id: 'pa_1', label: 'A' }, 'done'], count: 3, sum: { total: '2.20' } },
    ])
    expect(first).toMatchObject({ count: 5, sum: { total: '3.30' } })
    expect(first?.below.map((below) => below.count)).toEqual([2, 3])
  })
})
