//! Where bars stand: days become pixels, what overlaps is stacked, and dates are shifted by whole days.
import type { Entity, Field, Rec } from '@/api/types.ts'
import { addDays } from '@/lib/dates.ts'
import { addMonths, daysBetween, firstOfMonth, firstOfQuarter, isoWeek, lastOfMonth, mondayOf, type Span } from '@/lib/spans.ts'
import { idOf, textOf } from '@/meta/meta.ts'
import { dayOf } from '../calendar/fields.ts'

export const DAY_PX: Record<Span, number> = { day: 40, week: 14, month: 4, quarter: 1.5 }
export const ROW_PX = 34
export const BAR_PX = 24
export const HEAD_PX = 52
const GAP_PX = 4
/** A bar in a stack is given room for some of its name. */
const NAME_PX = 110
/** What names the record another one hangs on. */
const ABOUT = 'about_doc'
/** How far one can scroll before the days are laid out anew, in screens. */
const BEFORE = 1
const AFTER = 2
const WIDTHS = [1200, 2400, 4800]

/** Whole months around a day, enough to scroll in. */
export function canvasDays(at: string, zoom: Span, room: number): [from: string, to: string] {
  const days = Math.ceil((WIDTHS.find((width) => width >= room) ?? room) / DAY_PX[zoom])
  return [firstOfMonth(addDays(at, -days * BEFORE)), lastOfMonth(addDays(at, days * AFTER))]
}

export interface Bar {
  id: string
  row: Rec
  /** First and last day. */
  from: string
  to: string
  /** One day and no span: drawn as a point. */
  point: boolean
}

export function barOf(row: Rec, start: Field, end: Field | undefined): Bar | null {
  const from = dayOf(row[start.name], start)
  if (!from) return null
  const to = end ? dayOf(row[end.name], end) : null
  const id = textOf(row['id'])
  if (!to) return { id, row, from, to: from, point: true }
  // What ended before it began is still shown where it happened.
  return to < from ? { id, row, from: to, to: from, point: false } : { id, row, from, to, point: false }
}

/** Puts what overlaps below one another. */
export function stack(bars: readonly Bar[], zoom: Span): { lane: Map<string, number>; lanes: number } {
  const least = Math.ceil(NAME_PX / DAY_PX[zoom]) - 1
  const ends: string[] = []
  const lane = new Map<string, number>()
  for (const bar of [...bars].sort((a, b) => a.from.localeCompare(b.from) || a.to.localeCompare(b.to))) {
    const short = addDays(bar.from, least)
    const end = bar.to > short ? bar.to : short
    const free = ends.findIndex((last) => last < bar.from)
    const at = free < 0 ? ends.length : free
    ends[at] = end
    lane.set(bar.id, at)
  }
  return { lane, lanes: ends.length }
}

export interface Lane { key: string; label: string; /** What the field of the rows holds here. */ value: Rec[string]; count: number; bars: Bar[]; top: number; height: number; /** Where a bar stands inside. */ offset: (bar: Bar) => number }

/** One row a record. */
export function recordLanes(bars: readonly Bar[], label: (bar: Bar) => string): Lane[] {
  return bars.map((bar, index) => ({ key: bar.id, label: label(bar), value: null, count: 0, bars: [bar], top: index * ROW_PX, height: ROW_PX, offset: () => (ROW_PX - BAR_PX) / 2 }))
}

/** One row a resource, as high as its fullest day. */
export function groupLanes(groups: readonly { key: string; label: string; value: Rec[string]; bars: Bar[] }[], zoom: Span): Lane[] {
  let top = 0
  return groups.map(({ key, label, value, bars }) => {
    const { lane, lanes } = stack(bars, zoom)
    const height = Math.max(ROW_PX, lanes * (BAR_PX + GAP_PX) + GAP_PX + 2)
    const made: Lane = { key, label, value, count: bars.length, bars: [...bars].sort((a, b) => a.from.localeCompare(b.from)), top, height, offset: (bar) => GAP_PX + 1 + (lane.get(bar.id) ?? 0) * (BAR_PX + GAP_PX) }
    top += height
    return made
  })
}

export interface Tick { day: string; days: number }

/** The months or years of the head, and the days, weeks, months or quarters under them. */
export function ticks(from: string, to: string, zoom: Span): { large: Tick[]; small: Tick[] } {
  const cut = (start: string, next: (day: string) => string): Tick[] => {
    const found: Tick[] = []
    for (let day = start; day <= to; day = next(day)) found.push({ day, days: daysBetween(day, next(day)) })
    return found
  }
  const months = cut(firstOfMonth(from), (day) => addMonths(day, 1))
  if (zoom === 'day') return { large: months, small: cut(from, (day) => addDays(day, 1)) }
  if (zoom === 'week') return { large: months, small: cut(mondayOf(from), (day) => addDays(day, 7)) }
  const years = cut(`${from.slice(0, 4)}-01-01`, (day) => addMonths(day, 12))
  return { large: years, small: zoom === 'month' ? months : cut(firstOfQuarter(from), (day) => addMonths(day, 3)) }
}
export const tickWeek = (tick: Tick): number => isoWeek(tick.day)

export interface Link { from: string; to: string; /** It begins before what it comes from. */ early: boolean }

/**
 * Which of the records on the screen come from which: a ref or link of one that names another. What hangs on the same
 * record, such as the activities about an order, follows one another by its days.
 */
export function dependencies(entity: Entity, bars: readonly Bar[]): Link[] {
  const known = new Map(bars.map((bar) => [bar.id, bar]))
  const naming = entity.fields.filter((field) => (field.kind === 'ref' && field.entity === entity.name) || field.kind === 'doc')
  const link = (a: Bar, b: Bar): Link => ({ from: a.id, to: b.id, early: b.from < a.from })
  const named = bars.flatMap((bar) => naming.flatMap((field) => {
    const from = known.get(idOf(bar.row[field.name]))
    return from && from !== bar ? [link(from, bar)] : []
  }))
  const about = new Map<string, Bar[]>()
  for (const bar of naming.some((field) => field.name === ABOUT) ? bars : []) {
    const of = idOf(bar.row[ABOUT])
    if (of && !known.has(of)) about.set(of, [...(about.get(of) ?? []), bar])
  }
  const chained = [...about.values()].flatMap((all) => [...all].sort((a, b) => a.from.localeCompare(b.from) || a.to.localeCompare(b.to)).flatMap((bar, at, sorted) => (sorted[at - 1] ? [link(sorted[at - 1] as Bar, bar)] : [])))
  return [...named, ...chained]
}

/** An arrow from the end of one bar to the start of another, round the corner where it has to go back. */
export function arrowPath(x1: number, y1: number, x2: number, y2: number): string {
  const step = 8
  if (x2 >= x1 + 2 * step) return `M${x1} ${y1}H${x1 + step}V${y2}H${x2}`
  const middle = y2 === y1 ? y1 + ROW_PX / 2 : (y1 + y2) / 2
  return `M${x1} ${y1}h${step}V${middle}H${x2 - step}V${y2}H${x2}`
}
