import { expect, test } from 'vitest'
import { shownRow, type Row } from '@/views/form/draft.ts'
import { ALL, givenOf, inherited, withScope, written } from '@/views/form/rights.ts'

const rows = (...lines: [string, string, string, string?][]): Row[] => lines.map(([subject, verbs, row_rule, hides = ''], at) => ({ key: `k${at}`, base: { id: `rg_${at}`, subject, verbs, row_rule, hides }, typed: {}, filled: {} }))
const told = (all: readonly Row[]): string[] => all.map((row) => ['subject', 'verbs', 'row_rule', 'hides'].map((name) => String(shownRow(row)[name])).join('|'))

test('each verb reaches as far as the widest line that has it', () => {
  const given = givenOf(rows(['party', 'see export', 'all'], ['party', 'see edit', 'own'], ['product', '*', 'all']), 'party')
  expect(given.scopes).toEqual({ see: 'all', export: 'all', edit: 'own' })
})

test('a field is kept back when every line that shows the record keeps it back', () => {
  expect(givenOf(rows(['party', 'see', 'own', 'notes credit_limit'], ['party', 'edit', 'all']), 'party').hides).toEqual(['notes', 'credit_limit'])
  expect(givenOf(rows(['party', 'see', 'own', 'credit_limit'], ['party', 'see', 'all']), 'party').hides).toEqual([])
})

test('a field is read-only when every line that writes the record leaves it, and stays so when its lines are written anew', () => {
  const before = rows(['party', 'see add', 'all'], ['party', 'edit', 'own']).map((row) => ({ ...row, base: { ...row.base, read_only: 'credit_limit terms' } }))
  const own = givenOf(before, 'party')
  expect(own.reads).toEqual(['credit_limit', 'terms'])
  const after = written(before, 'party', { ...withScope(own, 'edit', 'all'), reads: ['terms'] })
  expect(after.map((row) => [shownRow(row)['verbs'], shownRow(row)['read_only']])).toEqual([['see add edit', 'terms']])
  expect(givenOf([...before, ...rows(['party', 'add', 'team'])], 'party').reads).toEqual([])
})

test('what another line gives is told as such', () => {
  const all = rows(['*', 'see export', 'all'], ['party', '*', 'own'], ['product', 'edit', 'all'])
  expect(inherited(givenOf(all, 'product'), givenOf(all, ALL), 'see')).toBe('all')
  expect(inherited(givenOf(all, 'product'), givenOf(all, ALL), 'edit')).toBe('none')
  expect(inherited(givenOf(all, 'party'), givenOf(all, ALL), 'edit')).toBe('own')
  expect(inherited(givenOf(all, ALL), undefined, 'see')).toBe('none')
  expect(inherited(givenOf(rows(['*', '*', 'all']), ALL), undefined, 'see')).toBe('all')
})

test('what is changed goes back into the lines of its subject, and the others are the same', () => {
  const before = rows(['party', 'see', 'all', 'credit_limit'], ['product', 'see', 'all'], ['party', 'edit', 'own'])
  const own = withScope(withScope(givenOf(before, 'party'), 'remove', 'own'), 'import', 'team')
  const after = written(before, 'party', own)
  expect(told(after)).toEqual(['party|see|all|credit_limit', 'party|import|team|', 'party|edit remove|own|', 'product|see|all|'])
  expect(after[0]).toBe(before[0])
  expect(after[3]).toBe(before[1])
  expect(shownRow(after[2] as Row)['id']).toBe('rg_2')
  expect(told(written(before, 'party', { scopes: {}, hides: [], reads: [] }))).toEqual(['product|see|all|'])
  expect(told(written(before, 'tax', { scopes: { see: 'all' }, hides: [], reads: [] })).at(-1)).toBe('tax|see|all|')
})

test('verbs this table does not know stay, and every verb swallows what is no wider', () => {
  const before = rows(['api_key', 'see field.key_hash', 'all'], ['api_key', 'edit', 'own'])
  expect(told(written(before, 'api_key', withScope(givenOf(before, 'api_key'), 'add', 'all')))[0]).toBe('api_key|see add field.key_hash|all|')
  expect(told(written(before, 'api_key', withScope(givenOf(before, 'api_key'), ALL, 'own')))).toEqual(['api_key|see field.key_hash|all|', 'api_key|*|own|'])
  expect(told(written(before, 'api_key', withScope(givenOf(before, 'api_key'), ALL, 'all')))).toEqual(['api_key|*|all|'])
})
