import { describe, expect, test } from 'vitest'
import type { Field, Group, Json } from '@/api/types.ts'
import { barOf, optionsOf, rateOf, rowsOf, steps, LIGHT } from '@/ui/chartOptions.ts'
import { shapeOf } from '@/views/chart/shape.ts'
import type { GroupKey } from '@/views/list/groups.ts'
import { periodsBetween, summable } from '@/views/list/keys.ts'
import type { ChartKind } from '@/meta/query.ts'

const label = { en: '', zh: '' }
const month = { field: { name: 'ordered_on', kind: 'date', label } satisfies Field, path: 'ordered_on', part: 'month' }
const stage = { field: { name: 'stage', kind: 'choice', label } satisfies Field, path: 'stage' }
const party = { field: { name: 'customer', kind: 'ref', label } satisfies Field, path: 'customer' }
const order = (a: Json, b: Json): number => Number(a === null) - Number(b === null) || (String(a) < String(b) ? -1 : 1)
const ask = (kind: ChartKind, keys: readonly GroupKey[], measure = 'total') => ({ kind, keys, measure, order: keys.map(() => order), text: (_: unknown, value: Json) => String(value), rest: 'others' })
const one = (key: Json[], total: string, count = 1): Group => ({ key, count, sum: { total } })

describe('what a chart shows', () => {
  test('a month without records is a gap in time, not in the axis', () => {
    const shape = shapeOf([one(['2026-12'], '2'), one(['2026-09'], '1'), one([null], '7')], ask('bar', [month]))
    expect(shape.categories.map((category) => category.label)).toEqual(['2026-09', '2026-10', '2026-11', '2026-12', 'null'])
    expect(shape.totals).toEqual(['1', '0', '0', '2', '7'])
  })
  test('periods of every kind follow each other, over the end of the year', () => {
    expect(periodsBetween('2026-11', '2027-01', 'month')).toEqual(['2026-11', '2026-12', '2027-01'])
    expect(periodsBetween('2026-Q3', '2027-Q1', 'quarter')).toEqual(['2026-Q3', '2026-Q4', '2027-Q1'])
    expect(periodsBetween('2026-12-28', '2027-01-11', 'week')).toEqual(['2026-12-28', '2027-01-04', '2027-01-11'])
    expect(periodsBetween('2028-02-28', '2028-03-01', 'day')).toEqual(['2028-02-28', '2028-02-29', '2028-03-01'])
    expect(periodsBetween('2025', '2027', 'year')).toEqual(['2025', '2026', '2027'])
    expect(periodsBetween('1000-01-01', '2027-01-01', 'day')).toEqual([])
  })
  test('choices follow each other, all else goes by size', () => {
    expect(shapeOf([one(['b'], '1'), one(['a'], '5'), one(['c'], '9')], ask('funnel', [stage])).categories.map((category) => category.label)).toEqual(['a', 'b', 'c'])
    expect(shapeOf([one(['b'], '1'), one(['a'], '5'), one(['c'], '9')], ask('bar', [party])).categories.map((category) => category.label)).toEqual(['c', 'a', 'b'])
  })
  test('what has no colour of its own is added up as others, exactly', () => {
    const groups = Array.from({ length: 12 }, (_, at) => one(['x', `s${String(at).padStart(2, '0')}`], `${at}.10`))
    const shape = shapeOf(groups, ask('bar', [stage, party]))
    expect(shape.series).toHaveLength(9)
    expect(shape.series.at(-1)).toEqual({ mark: { key: null, label: 'others', rest: true }, values: ['6.40'] })
    expect(shape.totals).toEqual(['67.20'])
    expect(shapeOf(groups, ask('heat', [stage, party])).series).toHaveLength(12)
    const pie = shapeOf(groups.map((group) => ({ ...group, key: group.key.slice(1) })), ask('pie', [party]))
    expect(pie.categories).toHaveLength(11)
    expect(pie.totals.at(-1)).toBe('1.20')
  })
  test('a pie of two keys shows the first, with all that is under it', () => {
    expect(shapeOf([one(['a', 'x'], '1'), one(['a', 'y'], '2'), one(['b', 'x'], '9')], ask('pie', [stage, party])).series).toEqual([{ mark: null, values: ['9', '3'] }])
  })
  test('the count needs no field', () => {
    expect(shapeOf([one(['a'], '1', 3), one(['b'], '1', 4)], ask('bar', [stage], '#')).totals).toEqual(['3', '4'])
  })
  test('only what belongs together can be added up', () => {
    const field = (name: string, kind: Field['kind'], currency?: string): Field => ({ name, kind, label, ...(currency ? { currency } : {}) })
    const entity = { fields: [field('price', 'price'), field('qty', 'qty'), field('total', 'amount', 'currency'), field('base', 'amount', 'company.currency'), field('currency', 'currency'), field('rate', 'rate'), field('days', 'int')] } as unknown as Parameters<typeof summable>[0]
    expect(summable(entity, []).map((one) => one.name)).toEqual(['base', 'qty', 'days', 'price'])
    expect(summable(entity, ['currency']).map((one) => one.name)).toEqual(['total', 'base', 'qty', 'days', 'price'])
  })
})

describe('a waterfall', () => {
  test('each step begins where the last ended, and the last is the sum', () => {
    expect(steps(['0.10', '0.20', null, '-0.40'])).toEqual([
      { from: '0', to: '0.10', change: '0.10' }, { from: '0.10', to: '0.30', change: '0.20' }, { from: '0.30', to: '0.30', change: '0' }, { from: '0.30', to: '-0.10', change: '-0.40' }, { from: '0', to: '-0.10', change: '-0.10' },
    ])
  })
  test('a bar hangs between its heights, on either side of nought or across it', () => {
    expect(barOf({ from: '2', to: '5' })).toEqual({ base: 2, above: 3, below: 0 })
    expect(barOf({ from: '5', to: '2' })).toEqual({ base: 2, above: 3, below: 0 })
    expect(barOf({ from: '-2', to: '-5' })).toEqual({ base: -2, above: 0, below: -3 })
    expect(barOf({ from: '3', to: '-4' })).toEqual({ base: 0, above: 3, below: -4 })
  })
})

test('a step of a funnel is told as a part of the one before and of the first', () => {
  const values = ['200', '80', '60', '0', null, '5']
  expect([rateOf(values, 0, 0), rateOf(values, 1, 0), rateOf(values, 2, 1), rateOf(values, 2, 0), rateOf(values, 3, 2)]).toEqual(['', '40%', '75%', '30%', '0%'])
  expect([rateOf(values, 4, 3), rateOf(values, 5, 4)]).toEqual(['', ''])
  expect(rateOf(['3', '1'], 1, 0)).toBe('33.3%')
})

describe('a pie on a phone', () => {
  const names = (many: number): string[] => Array.from({ length: many }, (_, at) => `Customer number ${at}`)
  const drawn = (many: number, room: number) => optionsOf({ kind: 'pie', categories: names(many), series: [{ label: '', values: names(many).map(() => '1') }], stacked: false, ink: LIGHT, pointed: false, room, height: 360, short: (value) => value }, '') as { legend: { type: string; left: string }; series: [{ radius: unknown[]; center: unknown[] }] }
  test('names take as many rows as they need, Chinese ones are wider', () => {
    expect(rowsOf(['a', 'b', 'c'], 340)).toBe(1)
    expect(rowsOf(['成都山野户外用品', '北京绿行商贸公司'], 240)).toBe(2)
    expect(rowsOf([], 340)).toBe(1)
  })
  test('all of them stand below it where they fit, else they are turned like pages; on a desk they stand beside', () => {
    expect(drawn(6, 340).legend.type).toBe('plain')
    expect(drawn(30, 340).legend.type).toBe('scroll')
    expect(drawn(6, 800).legend.left).toBe('58%')
    const [{ radius, center }] = drawn(6, 340).series
    expect(Number(center[1])).toBeGreaterThan(Number(radius[1]))
  })
})
