//! Groups: which fields can be grouped and summed, and which rows stand behind a group.
import type { Condition, Entity, Field, Group, Json } from '@/api/types.ts'
import { add } from '@/lib/decimal.ts'
import { addDays } from '@/lib/dates.ts'
import { isRef, type Meta } from '@/meta/meta.ts'

export const PARTS = ['day', 'week', 'month', 'quarter', 'year'] as const

export interface GroupKey { field: Field; path: string; part?: string }

export function readKey(meta: Meta, entity: Entity, text: string): GroupKey | null {
  const [path = '', part] = text.split(':')
  const field = meta.fieldAt(entity, path)
  return field ? { field, path, ...(part ? { part } : {}) } : null
}

export const groupable = (entity: Entity): Field[] => entity.fields.filter((field) => !field.hidden && (field.group || field.kind === 'choice' || field.kind === 'currency' || field.kind === 'bool' || field.kind === 'date'))

/** Amounts in different currencies are not added, unless each group has one currency. */
export function measures(entity: Entity, group: readonly string[]): Field[] {
  const oneCurrency = group.some((key) => entity.fields.some((field) => field.name === key && field.kind === 'currency'))
  return entity.fields.filter((field) => !field.hidden && ((field.kind === 'amount' && (field.currency === 'company.currency' || oneCurrency)) || field.kind === 'qty'))
}

const lastDayOf = (year: number, month: number): string => addDays(`${month === 12 ? year + 1 : year}-${String(month === 12 ? 1 : month + 1).padStart(2, '0')}-01`, -1)

/** First and last day of `2026-11`, `2026-Q3`, `2026-W07`, `2026`, `2026-11-25`. */
export function periodDays(text: string): [string, string] | null {
  const [, year = '', rest = ''] = /^(\d{4})(?:-(.+))?$/.exec(text) ?? []
  if (!year) return null
  if (!rest) return [`${year}-01-01`, `${year}-12-31`]
  if (/^\d\d-\d\d$/.test(rest)) return [text, text]
  const quarter = /^Q([1-4])$/.exec(rest)
  if (quarter) {
    const first = (Number(quarter[1]) - 1) * 3 + 1
    return [`${year}-${String(first).padStart(2, '0')}-01`, lastDayOf(Number(year), first + 2)]
  }
  const week = /^W(\d\d)$/.exec(rest)
  if (week) {
    // The ISO week with the fourth of January is the first.
    const fourth = `${year}-01-04`
    const weekday = (new Date(`${fourth}T00:00:00Z`).getUTCDay() + 6) % 7
    const monday = addDays(fourth, (Number(week[1]) - 1) * 7 - weekday)
    return [monday, addDays(monday, 6)]
  }
  return /^\d\d$/.test(rest) ? [`${year}-${rest}-01`, lastDayOf(Number(year), Number(rest))] : null
}

/** The condition a group stands for. */
export function condition(key: GroupKey, value: Json): Condition {
  if (value === null) return [key.path, 'empty']
  if (isRef(value)) return [key.path, '=', value.id]
  if (key.part && typeof value === 'string') {
    const days = periodDays(value)
    // A week or a day given as its first day.
    if (days) return key.part === 'week' && days[0] === days[1] ? [key.path, 'between', [days[0], addDays(days[0], 6)]] : [key.path, 'between', days]
  }
  return [key.path, '=', value]
}

export interface Branch { key: Json; path: Json[]; count: number; sum: Record<string, string>; below: Branch[] }

/** The flat answer of the server as a tree, sums added up on the way. */
export function tree(groups: readonly Group[], depth = 0, path: Json[] = []): Branch[] {
  const branches = new Map<string, { key: Json; parts: Group[] }>()
  for (const one of groups) {
    const key = one.key[depth] ?? null
    const name = isRef(key) ? key.id : JSON.stringify(key)
    const found = branches.get(name) ?? { key, parts: [] }
    found.parts.push(one)
    branches.set(name, found)
  }
  return [...branches.values()].map(({ key, parts }) => {
    const sum: Record<string, string> = {}
    for (const part of parts) for (const [name, value] of Object.entries(part.sum ?? {})) if (value !== null) sum[name] = add(sum[name] ?? '0', value)
    const own = [...path, key]
    const deeper = (parts[0]?.key.length ?? 0) > depth + 1
    return { key, path: own, count: parts.reduce((total, part) => total + part.count, 0), sum, below: deeper ? tree(parts, depth + 1, own) : [] }
  })
}
