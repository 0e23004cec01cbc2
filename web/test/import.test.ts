import { describe, expect, test } from 'vitest'
import type { Entity, FileLook } from '@/api/types.ts'
import { NEARLY_EQUAL, nearest } from '@/views/import/nearest.ts'
import { cellShown, planOf, unknownValues, waysOf, wrongRows } from '@/views/import/plan.ts'

const field = (name: string, kind: string): object => ({ name, kind, label: { en: name, zh: name } })
const entity = { name: 'thing', fields: [field('code', 'text'), field('born_on', 'date'), field('limit', 'amount'), field('state', 'choice')] } as unknown as Entity
const look = (columns: object[]): FileLook => ({ sheet: 0, head: 1, rows: 3, sheets: [], columns: columns.map((one) => ({ values: [], sure: 100, ...one })) }) as unknown as FileLook

describe('the next file of a kind', () => {
  const first = look([{ name: 'Nr', field: 'code' }, { name: 'Born', field: 'born_on', days: 'ymd', days_sure: false }, { name: 'Limit', field: 'limit' }, { name: 'State', field: 'state' }])
  const begun = planOf(entity, first, {})
  const chosen = { ...begun, columns: begun.columns.map((column) => (column?.field === 'born_on' ? { ...column, days: 'dmy' as const } : column?.field === 'limit' ? { ...column, decimal: ',' as const } : column?.field === 'state' ? { ...column, values: { offen: 'open' } } : column?.field === 'code' ? { ...column, known: 'skip' as const } : column)) }
  const ways = waysOf(chosen, first)

  test('is read as the last one was, where it leaves that open', () => {
    const next = planOf(entity, first, {}, ways)
    expect(next.columns[0]?.known).toBe('skip')
    expect(next.columns[1]?.days).toBe('dmy')
    expect(next.columns[2]?.decimal).toBe(',')
    expect(next.columns[3]?.values).toEqual({ offen: 'open' })
  })

  test('what it says of itself goes before', () => {
    const sure = look([{ name: 'Born', field: 'born_on', days: 'mdy', days_sure: true }, { name: 'Limit', field: 'limit', decimal: '.' }])
    const next = planOf(entity, sure, {}, ways)
    expect(next.columns.map((column) => column?.days ?? column?.decimal)).toEqual(['mdy', '.'])
  })

  test('a column that means something else now has none of it', () => {
    const other = look([{ name: 'State', field: 'code' }])
    expect(planOf(entity, other, {}, ways).columns[0]?.values).toBe(undefined)
  })
})

test('a cell whose value was given a meaning shows what that is called, not its id', () => {
  const column = { field: 'terms', values: { '30 Tage': 'pt_rr' } }
  expect(cellShown(column, 'pt_rr', { pt_rr: '30 days' })).toBe('30 days')
  expect(cellShown(column, 'pt_rr', {})).toBe('30 Tage')
  expect(cellShown(column, 'pt_zz', { pt_zz: 'x' })).toBe('pt_zz')
})

describe('rows to mend', () => {
  const row = { row: 0, line: 5, status: 422, cells: ['B', 'ROPE'], also: [{ line: 4, cells: ['A', 'LAMP'] }, { line: 6, cells: ['C', 'CORD'] }], problems: [{ code: 'not_one', field: 'state', line: 5, message: 'no such state' }, { code: 'missing', field: 'code', line: 4, message: 'no code' }] }
  test('are all lines of a record with something wrong, each by itself', () => {
    expect(wrongRows([row]).map(({ line, problems }) => [line, problems.map((one) => one.field)])).toEqual([[4, ['code']], [5, ['state']]])
  })
  test('a problem of no line is told at the row of the record', () => {
    expect(wrongRows([{ ...row, problems: [{ code: 'x', field: null, message: 'no' }] }]).map(({ line }) => line)).toEqual([5])
  })
  test('values nobody knows are those of their own line', () => {
    const plan = { columns: [{ field: 'code' }, { field: 'state' }] }
    expect(unknownValues(plan, entity, wrongRows([row]))).toEqual([{ column: 1, field: 'state', text: 'ROPE', count: 1 }])
  })
})

describe('what an unknown value means', () => {
  const of = (...names: string[]): { value: string; label: string; names: string[] }[] => names.map((name) => ({ value: name, label: name, names: [name] }))
  test('is taken where names are nearly equal', () => {
    for (const [text, name] of [['Shenzhen Co', 'Shenzhen Co.'], ['shenzhen co.,ltd', 'Shenzhen Co.'], ['深圳贸易', '深圳贸易有限公司'], ['ＡＢＣ', 'abc']] as const) {
      const near = nearest(text, of('Guangzhou Co.', name))
      expect(near?.value, text).toBe(name)
      expect(near?.sure, text).toBeGreaterThanOrEqual(NEARLY_EQUAL)
    }
  })
  test('is only proposed where they are alike, or words say the same', () => {
    for (const [text, name] of [['个', 'pcs'], ['piece', '件'], ['Shenzen Trading', 'Shenzhen Trading'], ['RMB', 'CNY']] as const) {
      const near = nearest(text, of('kg', name))
      expect(near?.value, text).toBe(name)
      expect(near?.sure, text).toBeLessThan(NEARLY_EQUAL)
    }
  })
  test('is not guessed where nothing is alike, and not taken where two are', () => {
    expect(nearest('Berlin', of('Guangzhou', 'kg'))).toBe(null)
    expect(nearest('Acme', of('Acme Ltd', 'Acme Inc'))?.sure).toBeLessThan(NEARLY_EQUAL)
  })
})
