import { describe, expect, test } from 'vitest'
import type { Entity, FileLook } from '@/api/types.ts'
import { planOf, waysOf } from '@/views/import/plan.ts'

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
