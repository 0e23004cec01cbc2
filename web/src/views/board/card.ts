//! What a card says of its record.
import type { Entity, Field, Rec } from '@/api/types.ts'
import { textOf } from '@/meta/meta.ts'
import type { Column } from '../list/columns.ts'

const DAY_MS = 86_400_000
/** Unchanged for so long, something may have been forgotten. */
export const STALE_DAYS = 14

export interface Face { money?: Column; whom?: Column; owner?: Field; facts: Column[] }

/** Title and amount on top, whom it is about below, then what else the list shows. */
export function faceOf(entity: Entity, columns: readonly Column[], by: Field): Face {
  const near = columns.filter(({ path }) => !path.includes('.') && !entity.title.includes(path))
  const money = near.find(({ field }) => field.kind === 'amount')
  const whom = near.find(({ path, field }) => field.kind === 'ref' && field.entity !== 'user' && path !== by.name)
  const people = entity.fields.filter((field) => field.kind === 'ref' && field.entity === 'user' && !field.hidden)
  const owner = people.find((field) => !field.readonly) ?? people[0]
  const facts = near.filter((column) => column !== money && column !== whom && column.path !== by.name && column.path !== owner?.name && column.path !== entity.stage_field).slice(0, 3)
  return { ...(money ? { money } : {}), ...(whom ? { whom } : {}), ...(owner ? { owner } : {}), facts }
}

/** Whole days from one day to a later one; null where one of them is none. */
export function daysBetween(from: string, to: string): number | null {
  const days = Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS)
  return Number.isNaN(days) ? null : Math.max(0, days)
}

/** Whole days since the record was changed; null when that is not known. */
export const daysUnchanged = (row: Rec, today: string): number | null => daysBetween(textOf(row['changed_at']).slice(0, 10), today)

/** The fields a card is drawn from: all of a list, and when the record was changed last. */
export const cardFields = (entity: Entity): string => [...new Set(['id', 'version', ...entity.fields.filter((field) => field.kind !== 'owned' && !field.hidden).map((field) => field.name), ...(entity.kind === 'ledger' ? [] : ['changed_at'])])].join(',')
