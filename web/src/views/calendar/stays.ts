//! Where records stand in a calendar: from which day to which, at what hours, and beside what else.
import type { Entity, Field, Json, Rec } from '@/api/types.ts'
import { addDays } from '@/lib/dates.ts'
import { daysBetween } from '@/lib/spans.ts'
import { textOf } from '@/meta/meta.ts'
import { canMove, dayOf, onDay } from './fields.ts'

export const DAY_MIN = 24 * 60
/** Times are set in steps of so many minutes, and nothing is shorter. */
export const STEP_MIN = 15
/** What has a beginning and no end is drawn as long as this. */
const POINT_MIN = 30

export interface Stay {
  id: string
  row: Rec
  /** First and last day. */
  from: string
  to: string
  /** Minutes of the first and the last day; null: the whole day. */
  begins: number | null
  ends: number | null
}

const minuteOf = (value: Rec[string]): number => {
  const at = new Date(textOf(value))
  return at.getHours() * 60 + at.getMinutes()
}

export function stayOf(row: Rec, start: Field, end: Field | undefined): Stay | null {
  const from = dayOf(row[start.name], start)
  if (!from) return null
  const last = end ? dayOf(row[end.name], end) : null
  const id = textOf(row['id'])
  const timed = start.kind === 'instant'
  const begins = timed ? minuteOf(row[start.name]) : null
  if (!end || !last) return { id, row, from, to: from, begins, ends: begins === null ? null : Math.min(DAY_MIN, begins + POINT_MIN) }
  // What ended before it began is still shown where it happened.
  if (last < from) return { id, row, from: last, to: from, begins: null, ends: null }
  if (!timed || end.kind !== 'instant') return { id, row, from, to: last, begins: null, ends: null }
  const ends = minuteOf(row[end.name])
  // Midnight is the end of the day before.
  if (ends === 0 && last > from) return { id, row, from, to: addDays(last, -1), begins, ends: DAY_MIN }
  return { id, row, from, to: last, begins, ends: last === from ? Math.max(ends, Math.min(DAY_MIN, (begins ?? 0) + STEP_MIN)) : ends }
}

/** As long as a day and longer, or without times: it stands above the hours. */
export function isLong({ from, to, begins, ends }: Stay): boolean {
  return begins === null || ends === null || daysBetween(from, to) * DAY_MIN + ends - begins >= DAY_MIN
}

export type Part = 'both' | 'start' | 'end'

/** Which ends of a stay may be moved. */
export const reach = (entity: Entity, start: Field, end: Field | undefined): Record<Part, boolean> => ({ both: canMove(entity, start), start: canMove(entity, start) && end !== undefined, end: canMove(entity, end) })

const later = (value: Json, field: Field, minutes: number): Json => (field.kind === 'instant' && minutes !== 0 ? new Date(new Date(textOf(value)).getTime() + minutes * 60_000).toISOString().replace('.000Z', 'Z') : value)
const isBefore = (a: Json, b: Json): boolean => Date.parse(textOf(a)) < Date.parse(textOf(b))
const step = (field: Field): number => (field.kind === 'instant' ? STEP_MIN : 0)

/** The fields that change when a record, or one end of it, is moved by some days and minutes. It keeps at least one day, or a quarter of an hour. */
export function shifted(row: Rec, start: Field, end: Field | undefined, part: Part, days: number, can: Record<Part, boolean>, minutes = 0): Rec {
  const from = dayOf(row[start.name], start)
  if (!from || !can[part]) return {}
  const to = end ? dayOf(row[end.name], end) : null
  const value = (field: Field, day: string, now = row[field.name]): Json => later(onDay(now, field, addDays(day, days)), field, minutes)
  const alike = end?.kind === start.kind
  if (part === 'end') {
    if (!end) return {}
    const moved = value(end, to ?? from, to ? row[end.name] : later(textOf(row[start.name]), start, POINT_MIN))
    const least = alike ? later(textOf(row[start.name]), start, step(start)) : moved
    return { [end.name]: isBefore(moved, least) ? least : moved }
  }
  const moved = value(start, from)
  if (part === 'both') return { [start.name]: moved, ...(end && to && can.end ? { [end.name]: value(end, to) } : {}) }
  const most = alike && to && end ? later(textOf(row[end.name]), end, -step(end)) : moved
  return { [start.name]: isBefore(most, moved) ? most : moved }
}

/** A stay as far as some days show it. */
export interface Bar { stay: Stay; from: number; to: number; lane: number; /** It goes on before and after. */ before: boolean; after: boolean }

/** The stays of some days as bars below one another: the earliest and longest first. */
export function barsOf(stays: readonly Stay[], days: readonly string[]): Bar[] {
  const [first = '', last = ''] = [days[0], days.at(-1)]
  const ends: number[] = []
  const seen = stays.filter(({ from, to }) => from <= last && to >= first).sort((a, b) => a.from.localeCompare(b.from) || b.to.localeCompare(a.to))
  return seen.map((stay) => {
    const [from, to] = [Math.max(0, daysBetween(first, stay.from)), Math.min(days.length - 1, daysBetween(first, stay.to))]
    const free = ends.findIndex((end) => end < from)
    const lane = free < 0 ? ends.length : free
    ends[lane] = to
    return { stay, from, to, lane, before: stay.from < first, after: stay.to > last }
  })
}

/** A stay as it stands among the hours of one day: in its column of so many that are side by side. `knot`: those that meet each other. */
export interface Block { stay: Stay; begins: number; ends: number; column: number; of: number; knot: number; before: boolean; after: boolean }
/** More side by side than `most` nobody can read: the others are behind the last column. */
export const isBehind = ({ column, of }: Block, most: number): boolean => of > most && column >= most - 1

export function blocksOf(stays: readonly Stay[], day: string): Block[] {
  const blocks = stays.filter((stay) => stay.from <= day && stay.to >= day).map((stay): Block => ({ stay, begins: stay.from < day ? 0 : stay.begins ?? 0, ends: stay.to > day ? DAY_MIN : stay.ends ?? DAY_MIN, column: 0, of: 1, knot: 0, before: stay.from < day, after: stay.to > day }))
    .sort((a, b) => a.begins - b.begins || b.ends - a.ends)
  let together: Block[] = []
  let until = -1
  let knot = 0
  const settle = (): void => {
    const of = Math.max(0, ...together.map((one) => one.column)) + 1
    for (const one of together) Object.assign(one, { of, knot })
    knot += 1
    together = []
  }
  for (const block of blocks) {
    if (block.begins >= until) settle()
    const taken = new Set(together.filter((one) => one.ends > block.begins).map((one) => one.column))
    while (taken.has(block.column)) block.column += 1
    together.push(block)
    until = Math.max(together.length === 1 ? -1 : until, block.ends)
  }
  settle()
  return blocks
}

/** The end that belongs to a start by its name: `valid_from` and `valid_until`, `starts_at` and `ends_at`. Other days of a record are points of its story. */
export function pairedEnd(fields: readonly Field[], start: Field): Field | undefined {
  const [, stem] = /^(.*?)(?:from|starts?|started|begins?|begun)(?:_on|_at)?$/.exec(start.name) ?? []
  return stem === undefined ? undefined : fields.find((one) => one !== start && one.kind === start.kind && one.name.startsWith(stem) && /^(?:to|until|ends?|ended|finished)(?:_on|_at)?$/.test(one.name.slice(stem.length)))
}
