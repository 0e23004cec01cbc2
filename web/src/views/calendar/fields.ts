//! Days of records: which fields hold them, which may be changed, and how those of a span are asked for.
import type { Condition, Entity, Field, Filter, Json, Rec, Tone } from '@/api/types.ts'
import { addDays, isIsoDay } from '@/lib/dates.ts'
import { textOf, type Meta } from '@/meta/meta.ts'

export const dateFields = (entity: Entity): Field[] => entity.fields.filter((field) => (field.kind === 'date' || field.kind === 'instant') && !field.hidden)

/** What a calendar goes by when nobody has said: the first date of the list. */
export function usualDate(entity: Entity): Field | undefined {
  const all = dateFields(entity)
  return all.find((field) => field.name === entity.list.find((name) => all.some((one) => one.name === name))) ?? all[0]
}

/** The day after the start that belongs to it: one people set, or look at in the list. */
export function usualEnd(entity: Entity, start: Field): Field | undefined {
  const all = dateFields(entity)
  return all.slice(all.indexOf(start) + 1).find((field) => field.kind === start.kind && (entity.list.includes(field.name) || isSet(field)))
}

const isSet = (field: Field): boolean => !field.readonly && !field.computed
export const canMove = (entity: Entity, field: Field | undefined): boolean => field !== undefined && isSet(field) && entity.can.edit && entity.kind !== 'ledger'
export const canPlace = (entity: Entity, field: Field): boolean => entity.can.add && isSet(field)

const pad = (n: number): string => String(n).padStart(2, '0')
const plain = (instant: Date): string => instant.toISOString().replace('.000Z', 'Z')

/** The day a record stands on; a moment counts where the reader is. */
export function dayOf(value: Rec[string], field: Field): string | null {
  const text = textOf(value)
  if (field.kind === 'date') return isIsoDay(text) ? text : null
  const at = new Date(text)
  return text === '' || Number.isNaN(at.getTime()) ? null : `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`
}

export function timeOf(value: Rec[string], field: Field): string {
  const at = new Date(textOf(value))
  return field.kind !== 'instant' || Number.isNaN(at.getTime()) ? '' : `${pad(at.getHours())}:${pad(at.getMinutes())}`
}

const MORNING = '09:00'
/** The value for another day: a moment keeps its time. */
export const onDay = (value: Rec[string], field: Field, day: string): Json => (field.kind === 'date' ? day : plain(new Date(`${day}T${timeOf(value, field) || MORNING}`)))

/** The same day at a minute of it. */
export function atMinute(value: Json, field: Field, minute: number | undefined): Json {
  if (field.kind === 'date' || minute === undefined) return value
  const at = new Date(textOf(value))
  at.setHours(Math.floor(minute / 60), minute % 60, 0, 0)
  return plain(at)
}

/** The first and last value of some days. */
export const bounds = (field: Field, from: string, to: string): [string, string] =>
  field.kind === 'date' ? [from, to] : [plain(new Date(`${from}T00:00`)), plain(new Date(new Date(`${addDays(to, 1)}T00:00`).getTime() - 1000))]

export const within = (field: Field, from: string, to: string): Condition => [field.name, 'between', bounds(field, from, to)]

/** What touches some days: begun before they end, and ended, or without an end begun, after they began. */
export function touching(start: Field, end: Field | undefined, from: string, to: string): Filter {
  if (!end) return within(start, from, to)
  return ['and', [start.name, '<=', bounds(start, from, to)[1]], ['or', [end.name, '>=', bounds(end, from, to)[0]], [start.name, '>=', bounds(start, from, to)[0]]]]
}

/** A column of another entity has to be asked for by name; then so have all others. */
export function askedFields(entity: Entity, columns: readonly { path: string }[]): { fields?: string } {
  if (!columns.some((column) => column.path.includes('.'))) return {}
  const own = entity.fields.filter((field) => field.kind !== 'owned' && !field.hidden).map((field) => field.name)
  return { fields: [...new Set(['id', 'version', ...own, ...columns.map((column) => column.path)])].join(',') }
}

/** How a record stands, as a colour and the word for it. */
export function toneOf(meta: Meta, entity: Entity, row: Rec): { tone: Tone; word: string; code: string } {
  const field = entity.fields.find((one) => one.name === entity.stage_field)
    ?? entity.fields.find((one) => one.kind === 'choice' && !one.hidden && meta.choices(one.choice).some((choice) => choice.tone !== 'neutral'))
  const code = field ? textOf(row[field.name]) : ''
  const choice = meta.choice(field?.choice, code)
  return { tone: choice?.tone ?? 'neutral', word: choice ? meta.say(choice.label) : '', code }
}
