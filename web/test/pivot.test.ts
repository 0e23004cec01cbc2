import { describe, expect, test } from 'vitest'
import type { Field, Group, Json } from '@/api/types.ts'
import { csvOf } from '@/lib/save.ts'
import { cellOf, cycleSorting, exactKeys, figure, filterOf, foldColumns, howsOf, isMixed, linesOf, nameOfMeasure, pivotOf, questionOf, readSorting, shareOf, sheetOf, sortedBy, writeSorting, type How, type Measure } from '@/views/pivot/pivot.ts'

const label = { en: '', zh: '' }
const customer: Field = { name: 'customer', kind: 'ref', entity: 'party', label }
const ordered: Field = { name: 'ordered_on', kind: 'date', label }
const stage: Field = { name: 'stage', kind: 'choice', label }
const base: Field = { name: 'total_base', kind: 'amount', currency: 'company.currency', label }
const own: Field = { name: 'total', kind: 'amount', currency: 'currency', label }
const ada = { id: 'pa_1', label: 'Ada' }
const blue = { id: 'pa_2', label: 'Blue' }
const one = (key: Json[], count: number, total: string | null): Group => ({ key, count, sum: { total_base: total } })
const groups = [
  one([blue, '2026-10', 'draft'], 1, '0.10'), one([blue, '2026-11', 'done'], 2, '0.20'), one([ada, '2026-11', 'draft'], 3, '9007199254740993.01'),
  one([ada, '2026-10', 'done'], 1, '-5.00'), one([ada, '2026-11', 'done'], 1, null),
]
const text = (value: Json): string => (typeof value === 'object' && value !== null && 'label' in value ? String(value['label']) : String(value))
const order = (a: Json, b: Json): number => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0)
const orders = [order, order, order]
const sum: Measure = { name: 'total_base', field: base, label: 'Total', how: 'sum' }
const count: Measure = { name: '#', field: null, label: 'Count', how: 'count' }
const keys = [{ field: customer, path: 'customer' }, { field: ordered, path: 'ordered_on', part: 'month' }]

describe('a pivot', () => {
  const pivot = pivotOf(groups, 2, orders)
  const [first, second] = pivot.root.below
  test('adds exactly, for every row, column and the whole', () => {
    expect(figure(pivot.root.total, sum)).toBe('9007199254740988.31')
    expect(figure(pivot.root.total, count)).toBe('8')
    expect(pivot.columns.map((column) => [column.path[0], figure(cellOf(pivot.root, column), sum), figure(cellOf(pivot.root, column), count)])).toEqual([['done', '-4.80', '4'], ['draft', '9007199254740993.11', '4']])
    expect(figure(first?.total, sum)).toBe('9007199254740988.01')
    expect(figure(second?.total, sum)).toBe('0.30')
  })
  test('columns folded under their head stand as one with their sum', () => {
    const wide = pivotOf(groups, 1, orders)
    const folded = foldColumns(wide, new Set(['["2026-11"]']))
    expect(wide.columns).toHaveLength(4)
    expect(folded.columns.map((column) => [column.name, cellOf(folded.root, column)?.count])).toEqual([['["2026-10","done"]', 1], ['["2026-10","draft"]', 1], ['["2026-11"]', 6]])
    const { rows } = sheetOf(folded, { measures: [count], rowLabels: ['Customer'], rowText: (_, value) => text(value), columnText: (_, value) => text(value), total: 'Total', cell: (node, column) => figure(cellOf(node, column), count) ?? '' })
    expect(rows.slice(0, 2)).toEqual([['', '2026-10', '2026-10', '2026-11', 'Total'], ['', 'done', 'draft', 'Total', '']])
    expect(rows.at(-1)).toEqual(['Total', '1', '1', '6', '8'])
  })
  test('the parts of every row, and the rows of every column, make up its total', () => {
    const all = [pivot.root, ...linesOf(pivot.root, () => true)]
    for (const node of all) {
      expect(pivot.columns.reduce((total, column) => total + (cellOf(node, column)?.count ?? 0), 0)).toBe(node.total.count)
      if (node.below.length) expect(node.below.reduce((total, below) => total + below.total.count, 0)).toBe(node.total.count)
    }
  })
  test('rows and columns stand in the order of their keys, open or closed', () => {
    expect(linesOf(pivot.root, () => true).map((node) => text(node.key))).toEqual(['Ada', '2026-10', '2026-11', 'Blue', '2026-10', '2026-11'])
    expect(linesOf(pivot.root, (node) => node === second).map((node) => text(node.key))).toEqual(['Ada', 'Blue', '2026-10', '2026-11'])
  })
  test('a cell without records is empty, not nought; one without values is nought', () => {
    const [october] = second?.below ?? []
    expect(october && figure(cellOf(october, pivot.columns[0] ?? null), sum)).toBeNull()
    const done = first?.below[1]
    expect(done && figure(cellOf(done, pivot.columns[0] ?? null), sum)).toBe('0')
  })
  test('a cell leads to its records', () => {
    const line = second?.below[1]
    expect(line && filterOf(keys, [{ field: stage, path: 'stage' }], line, pivot.columns[0] ?? null)).toEqual(['and', ['customer', '=', 'pa_2'], ['ordered_on', 'between', ['2026-11-01', '2026-11-30']], ['stage', '=', 'done']])
    expect(filterOf(keys, [], pivot.root, null)).toEqual(['and'])
  })
  test('shares are of the row, the column or all', () => {
    const [done, draft] = pivot.columns
    expect(second && [shareOf(pivot, second, draft ?? null, sum, 'row'), shareOf(pivot, second, done ?? null, count, 'column'), shareOf(pivot, second, null, count, 'all')]).toEqual(['0.333333', '0.500000', '0.375000'])
    const nought = pivotOf([one([ada], 1, '0.00')], 1, orders)
    expect(shareOf(nought, nought.root, null, sum, 'all')).toBeNull()
  })
  test('rows are sorted by a column of figures, the empty ones last either way', () => {
    const names = (sorting: string): string[] => sortedBy(pivot, readSorting(sorting), [sum, count]).root.below.map((node) => text(node.key))
    expect(names('total_base')).toEqual(['Blue', 'Ada'])
    expect(names('-total_base')).toEqual(['Ada', 'Blue'])
    expect(names('total_base@["done"]')).toEqual(['Ada', 'Blue'])
    expect(names('-total_base@["done"]')).toEqual(['Blue', 'Ada'])
    expect(names('-total_base@["nowhere"]')).toEqual(['Ada', 'Blue'])
    const inner = (sorting: string): string[] => (sortedBy(pivot, readSorting(sorting), [sum]).root.below.find((node) => text(node.key) === 'Blue')?.below ?? []).map((node) => text(node.key))
    expect(inner('-total_base@["draft"]')).toEqual(['2026-10', '2026-11'])
    expect(inner('total_base@["draft"]')).toEqual(['2026-10', '2026-11'])
  })
  test('a head sorts down, up, and back', () => {
    const name = '["2026-11","pa_2"]'
    const down = cycleSorting('', 'total_base', name)
    const up = cycleSorting(down, 'total_base', name)
    expect([down, up, cycleSorting(up, 'total_base', name)]).toEqual([`-total_base@${name}`, `total_base@${name}`, ''])
    expect(cycleSorting(down, '#', '')).toBe('-#')
    for (const sorting of [down, up, '-#', '#']) expect(writeSorting(readSorting(sorting) ?? { down: false, measure: '', column: '' })).toBe(sorting)
    expect(readSorting('A b')).toBeNull()
  })
  test('amounts of several currencies are not added', () => {
    const mixed = pivotOf([{ key: [ada, 'CNY'], count: 1, sum: { total: '1.00' } }, { key: [ada, 'EUR'], count: 1, sum: { total: '2.00' } }, { key: [blue, 'EUR'], count: 1, sum: { total: '4.00' } }], 1, orders, 1)
    const measure: Measure = { name: 'total', field: own, label: '', how: 'sum' }
    expect(mixed.root.below.map((node) => figure(node.total, measure))).toEqual([null, '4.00'])
    expect(isMixed(mixed.root.total, measure)).toBe(true)
    expect(mixed.columns.map((column) => [figure(cellOf(mixed.root, column), measure), cellOf(mixed.root, column)?.currency])).toEqual([['1.00', 'CNY'], ['6.00', 'EUR']])
  })
  test('without columns, and without rows', () => {
    expect(pivotOf(groups.map((group) => ({ ...group, key: group.key.slice(0, 1) })), 1, orders).columns).toEqual([])
    const across = pivotOf(groups.map((group) => ({ ...group, key: group.key.slice(2) })), 0, orders)
    expect([across.root.below, across.columns.length]).toEqual([[], 2])
  })
  test('as a sheet: every level, its subtotals, and the total', () => {
    const sheet = sheetOf(pivot, { measures: [count, sum], rowLabels: ['Customer', 'Month'], rowText: (_, value) => text(value), columnText: (_, value) => text(value), total: 'Total', cell: (node, column, measure) => ({ digits: figure(cellOf(node, column), measure) ?? '' }) })
    expect([sheet.heads, sheet.leads]).toEqual([2, 2])
    expect(csvOf(sheet.rows).trim().split('\r\n')).toEqual([
      ',,done,done,draft,draft,Total,Total',
      'Customer,Month,Count,Total,Count,Total,Count,Total',
      'Ada,Total,2,-5.00,3,9007199254740993.01,5,9007199254740988.01',
      'Ada,2026-10,1,-5.00,,,1,-5.00',
      'Ada,2026-11,1,0,3,9007199254740993.01,4,9007199254740993.01',
      'Blue,Total,2,0.20,1,0.10,3,0.30',
      'Blue,2026-10,,,1,0.10,1,0.10',
      'Blue,2026-11,2,0.20,,,2,0.20',
      'Total,,4,-4.80,4,9007199254740993.11,8,9007199254740988.31',
    ])
  })
})

describe('figures that do not add up', () => {
  const of = (how: How, field: Field): Measure => ({ name: nameOfMeasure(how, field.name), field, label: '', how })
  const group = (key: Json[], count: number, more: Partial<Group>): Group => ({ key, count, ...more })
  const told = [
    group([ada, '2026-10'], 1, { sum: { total_base: '9.00' }, filled: { total_base: 1 }, min: { total_base: '9.00', ordered_on: '2026-10-05' }, max: { total_base: '9.00', ordered_on: '2026-10-05' } }),
    group([ada, '2026-11'], 4, { sum: { total_base: '1.00' }, filled: { total_base: 3 }, min: { total_base: '-10.00', ordered_on: '2026-11-01' }, max: { total_base: '11.00', ordered_on: '2026-11-30' } }),
    group([blue, '2026-11'], 1, { sum: { total_base: null }, filled: { total_base: 0 }, min: { total_base: null }, max: { total_base: null } }),
  ]
  const exact = [
    { rows: 1, groups: [group([ada, '2026-10'], 1, { unique: { stage: 1 } }), group([ada, '2026-11'], 4, { unique: { stage: 2 } }), group([blue, '2026-11'], 1, { unique: { stage: 1 } })] },
    { rows: 1, groups: [group([ada], 5, { unique: { stage: 2 } }), group([blue], 1, { unique: { stage: 1 } })] },
    { rows: 0, groups: [group(['2026-10'], 1, { unique: { stage: 1 } }), group(['2026-11'], 5, { unique: { stage: 2 } })] },
    { rows: 0, groups: [group([], 6, { unique: { stage: 2 } })] },
  ]
  const pivot = pivotOf(told, 1, orders, -1, exact)
  const [first, second] = pivot.root.below
  const november = pivot.columns[1] ?? null
  test('an average of a total is that of its records, never of averages', () => {
    const mean = of('avg', base)
    expect(first && figure(first.total, mean)).toBe('2.50')
    expect(first && figure(cellOf(first, november), mean)).toBe('0.33')
    expect(second && figure(second.total, mean)).toBeNull()
    expect(figure(pivot.root.total, mean)).toBe('2.50')
    expect(shareOf(pivot, pivot.root, november, mean, 'all')).toBeNull()
  })
  test('the smallest and greatest of a total are those of its parts, of days as of amounts', () => {
    expect([of('min', base), of('max', base), of('min', ordered), of('max', ordered)].map((one) => figure(pivot.root.total, one))).toEqual(['-10.00', '11.00', '2026-10-05', '2026-11-30'])
    expect(second && figure(second.total, of('min', base))).toBeNull()
  })
  test('different values are counted for every total, not added up', () => {
    const different = of('unique', stage)
    expect(first && figure(first.total, different)).toBe('2')
    expect(figure(cellOf(pivot.root, november), different)).toBe('2')
    expect(figure(pivot.root.total, different)).toBe('2')
    expect(figure(pivotOf(told, 1, orders).root.total, different)).toBeNull()
    expect(exactKeys(['customer', 'ordered_on:month'], 1).map((one) => `${one.rows} ${one.keys.join()}`)).toEqual(['0 ', '0 ordered_on:month', '1 customer', '1 customer,ordered_on:month'])
  })
  test('rows are sorted by them, and those without stand last', () => {
    expect(sortedBy(pivot, readSorting('avg.total_base'), [of('avg', base)]).root.below.map((node) => text(node.key))).toEqual(['Ada', 'Blue'])
    expect(sortedBy(pivotOf(told.slice(0, 2), 2, orders), readSorting('-max.ordered_on'), [of('max', ordered)]).root.below).toHaveLength(1)
    expect(readSorting('-avg.total_base@["2026-11"]')).toEqual({ down: true, measure: 'avg.total_base', column: '["2026-11"]' })
  })
  test('what is asked of the server, and what can be asked of a field', () => {
    expect(questionOf([sum, of('avg', base), of('max', ordered), of('unique', customer), count])).toEqual({ sum: ['total_base'], filled: ['total_base'], min: [], max: ['ordered_on'], unique: ['customer'] })
    expect([howsOf(base, true), howsOf(own, false), howsOf(ordered, true), howsOf(customer, true), howsOf({ ...customer, hidden: true }, true)]).toEqual([['avg', 'min', 'max'], [], ['min', 'max', 'unique'], ['unique'], []])
  })
})
