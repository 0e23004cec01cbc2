//! Keys of groups: in which order they stand, what can be added up under them, and which periods lie between two.
import type { Entity, Field, Json } from '@/api/types.ts'
import { addDays } from '@/lib/dates.ts'
import type { Meta } from '@/meta/meta.ts'
import { periodDays, type GroupKey } from './groups.ts'

/** Stands for the number of records where a field is named. */
export const COUNT = '#'

export const isBare = (key: Json | undefined): boolean => key === null || key === undefined || key === ''

/** As people expect it: periods by time, choices as they follow each other, all else by what it is called, nothing last. */
export function keyOrder(key: GroupKey, meta: Meta, locale: string, text: (value: Json) => string): (a: Json, b: Json) => number {
  const { kind } = key.field
  if (key.part || kind === 'date' || kind === 'instant') return nothingLast((a, b) => (String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0))
  if (kind === 'choice') {
    const codes = meta.choices(key.field.choice).map((choice) => choice.code)
    return nothingLast((a, b) => codes.indexOf(String(a)) - codes.indexOf(String(b)))
  }
  if (kind === 'bool') return nothingLast((a, b) => Number(b) - Number(a))
  const { compare } = new Intl.Collator(locale, { numeric: true })
  return nothingLast((a, b) => compare(text(a), text(b)))
}

const nothingLast = (compare: (a: Json, b: Json) => number) => (a: Json, b: Json): number => (isBare(a) || isBare(b) ? Number(isBare(a)) - Number(isBare(b)) : compare(a, b))

/** An amount of each record's own currency is only added up where the currency is told apart. */
export const isOwnCurrency = (field: Field): boolean => field.kind === 'amount' && field.currency !== 'company.currency'

/** What can be added up, what one would add up first, first. */
export function summable(entity: Entity, group: readonly string[]): Field[] {
  const told = (field: Field): boolean => group.some((key) => key === field.currency)
  const kinds: Field['kind'][] = ['amount', 'qty', 'int', 'price']
  return kinds.flatMap((kind) => entity.fields.filter((field) => field.kind === kind && !field.hidden && (!isOwnCurrency(field) || told(field))))
}

const PERIODS_MAX = 400

/** The period after: of `2026-12` it is `2027-01`. Weeks and days are named by their first day. */
function after(period: string, part: string): string | null {
  const days = periodDays(period)
  if (!days) return null
  const next = part === 'week' ? addDays(days[0], 7) : addDays(days[1], 1)
  if (part === 'week' || part === 'day') return next
  if (part === 'month') return next.slice(0, 7)
  if (part === 'quarter') return `${next.slice(0, 4)}-Q${Math.floor((Number(next.slice(5, 7)) - 1) / 3) + 1}`
  return next.slice(0, 4)
}

/** All periods from the first to the last: a month without records is a gap in time, not in the axis. */
export function periodsBetween(first: string, last: string, part: string): string[] {
  const found: string[] = []
  for (let here: string | null = first; here !== null && here <= last; here = after(here, part)) {
    if (found.length === PERIODS_MAX) return []
    found.push(here)
  }
  return found
}
