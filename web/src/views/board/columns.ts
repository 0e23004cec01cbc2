//! The columns of a board: what they are, what stands in their heads, and which are folded.
import type { Condition, Entity, Field, Group, Json, Rec, Tone } from '@/api/types.ts'
import { add, divide, subtract, sum } from '@/lib/decimal.ts'
import { idOf, textOf, type Meta } from '@/meta/meta.ts'

/** More columns nobody looks through. */
export const COLUMNS_MAX = 20

export interface BoardColumn {
  /** The code of the choice, the id of the record; empty: no value. */
  key: string
  label: string
  tone: Tone
  count: number
  sum: Readonly<Record<string, string>>
}

export const keyOf = (value: Json | undefined): string => idOf(value ?? null)

function sumsOf(group: Group | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(group?.sum ?? {}).flatMap(([name, value]) => (value === null ? [] : [[name, value]])))
}

/** Groups by two keys, as groups by one of them. */
export function merged(groups: readonly Group[], at: 0 | 1): Group[] {
  const found = new Map<string, Group>()
  for (const group of groups) {
    const name = keyOf(group.key[at])
    const held = found.get(name)
    const sums = sumsOf(group)
    if (held) {
      held.count += group.count
      for (const [field, value] of Object.entries(sums)) held.sum = { ...held.sum, [field]: add(held.sum?.[field] ?? '0', value) }
    } else found.set(name, { ...group, key: [group.key[at] ?? null], sum: sums })
  }
  return [...found.values()]
}

/** Where a card stands: a column, and on a board with rows the row. */
export interface Place { column: string; row: string | null }
const BETWEEN = '|'
export const placeText = ({ column, row }: Place): string => (row === null ? column : `${row}${BETWEEN}${column}`)
export function readPlace(text: string): Place {
  const at = text.indexOf(BETWEEN)
  return at < 0 ? { column: text, row: null } : { column: text.slice(at + 1), row: text.slice(0, at) }
}

/** Choices in their own order, each of them; records by name, those that occur. What has no value comes last. */
export function columnsOf(meta: Meta, field: Field, groups: readonly Group[], nothing: string): BoardColumn[] {
  const found = new Map(groups.map((group) => [keyOf(group.key[0]), group]))
  const column = (key: string, label: string, tone: Tone): BoardColumn => ({ key, label, tone, count: found.get(key)?.count ?? 0, sum: sumsOf(found.get(key)) })
  const none = found.has('') || !field.required ? [column('', nothing, 'neutral')] : []
  if (field.kind === 'choice') return [...meta.choices(field.choice).map((choice) => column(choice.code, meta.say(choice.label), choice.tone)), ...none]
  const records = groups.filter((group) => keyOf(group.key[0]) !== '').sort((a, b) => b.count - a.count).slice(0, COLUMNS_MAX)
  return [...records.map((group) => column(keyOf(group.key[0]), textOf(group.key[0]), 'neutral')).sort((a, b) => a.label.localeCompare(b.label)), ...none]
}

export const conditionOf = (field: Field, key: string): Condition => (key === '' ? [field.name, 'empty'] : [field.name, '=', key])

/** A stage from which no way leads on. Where the ways are not told, a good or bad end is one. */
export function isTerminal(entity: Entity, field: Field, codes: readonly string[], key: string, tone: Tone): boolean {
  if (field.name !== entity.stage_field || key === '') return false
  const steps = entity.transitions ?? []
  if (steps.length === 0) return tone === 'good' || tone === 'bad'
  return !steps.some(([from, , to]) => from === key && codes.indexOf(to ?? '') > codes.indexOf(key))
}

/** What a person set: true folded, false unfolded. */
export type Folds = Readonly<Record<string, boolean>>

/**
 * Empty columns and ends are folded unless the person wants it otherwise; what has been open in this visit stays open.
 * A board never opens with nothing to see.
 */
export function foldedOf(columns: readonly BoardColumn[], ends: ReadonlySet<string>, wish: Folds, kept: ReadonlySet<string>): ReadonlySet<string> {
  const folded = new Set(columns.filter(({ key, count }) => wish[key] ?? ((count === 0 || ends.has(key)) && !kept.has(key))).map(({ key }) => key))
  if (columns.some(({ key, count }) => count > 0 && !folded.has(key))) return folded
  const full = columns.filter(({ key, count }) => count > 0 && wish[key] !== true)
  const well = full.filter(({ tone }) => tone !== 'bad')
  for (const { key } of well.length ? well : full) folded.delete(key)
  return folded
}

export interface Aggregate { how: 'count' | 'sum' | 'average'; field?: Field }

/** `total_base`, `avg.total_base`, `#` for the count alone; the first sum where nothing is said. */
export function readAggregate(text: string, measures: readonly Field[]): Aggregate {
  const [first] = measures
  if (text === '' && first) return { how: 'sum', field: first }
  const average = text.startsWith('avg.')
  const field = measures.find((one) => one.name === (average ? text.slice(4) : text))
  return field ? { how: average ? 'average' : 'sum', field } : { how: 'count' }
}

/** Which can be chosen. An average over records that may lack the value would mislead. */
export const aggregateCodes = (measures: readonly Field[]): string[] => ['#', ...measures.flatMap((field) => [field.name, ...(field.required ? [`avg.${field.name}`] : [])])]

export function aggregateValue({ how, field }: Aggregate, column: { count: number; sum: Readonly<Record<string, string>> }): string | null {
  if (how === 'count' || !field) return null
  const total = column.sum[field.name] ?? '0'
  return how === 'sum' ? total : (divide(total, String(column.count)) ?? '0')
}

/** With the cards that came and without those that went, before the server has said so. */
export function adjusted(column: BoardColumn, come: readonly Rec[], gone: readonly Rec[], measures: readonly Field[]): BoardColumn {
  if (come.length + gone.length === 0) return column
  const total = (rows: readonly Rec[], name: string): string => sum(rows.map((row) => textOf(row[name]) || '0'))
  const sums = measures.map(({ name }) => [name, subtract(add(column.sum[name] ?? '0', total(come, name)), total(gone, name))] as const)
  return { ...column, count: Math.max(0, column.count + come.length - gone.length), sum: Object.fromEntries(sums) }
}
