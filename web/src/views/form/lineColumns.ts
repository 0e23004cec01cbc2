//! Which columns lines have, and how wide they are.
import type { Entity, Field, Rec, Value } from '@/api/types.ts'
import { isStreet } from '@/fields/kinds.ts'
import { kitOf } from '@/fields/kits.tsx'
import { isZero } from '@/lib/decimal.ts'
import { isEmpty } from '@/meta/meta.ts'
import { leadField } from './draft.ts'

/** The columns of lines: what the entity lists, else all that is shown, without the way back to the owner. */
export function lineColumns(line: Entity, rows?: readonly Rec[]): Field[] {
  const owner = line.parent?.entity
  const lead = leadField(line)
  const sums = line.fields.filter((field) => field.kind === 'amount' && field.computed && !field.hidden)
  const shownFields = line.fields.filter((field) => {
    if (field.hidden || field.kind === 'id' || field.kind === 'owned' || field.name === 'position' || (field.kind === 'ref' && field.name === owner && field !== lead)) return false
    // One sum a line is enough: the others stand below. The line another document's line came from says nothing to a reader.
    if (sums.includes(field) && sums.length > 1 && field !== sums[0]) return false
    if (field.kind === 'ref' && field !== lead && line.fields.some((one) => one !== field && one.kind === 'ref' && /_line$/.test(field.entity ?? '') && one === lead)) return false
    // How far a line has got, in goods or in the document's money, is a matter of lines that have.
    if (field.readonly && field.kind === 'amount' && (!rows || field.currency === 'company.currency')) return false
    return !(field.readonly && rows && (field.kind === 'qty' || field.kind === 'amount') && rows.every((row) => isZeroOrEmpty(row[field.name])))
  })
  const listed = line.list.flatMap((name) => shownFields.find((field) => field.name === name) ?? [])
  return listed.length ? listed : shownFields
}

const isZeroOrEmpty = (value: Value): boolean => isEmpty(value) || (typeof value === 'string' && isZero(value))

/** Not for people to type in. */
export const fixed = (field: Field): boolean => Boolean(field.readonly || field.computed)

const WIDE: Partial<Record<Field['kind'], number>> = { ref: 118, text: 120, long_text: 160, amount: 116, qty: 84, price: 92, rate: 80, date: 124 }
const LEAD = 180
const FIXED_QTY = 72
const STREET = 240
const widthOf = (field: Field, lead: Field | undefined): number => (field === lead || field.entity === 'product' ? LEAD : field.kind === 'qty' && fixed(field) ? FIXED_QTY : field.entity === 'unit' ? FIXED_QTY : isStreet(field) ? STREET : (WIDE[field.kind] ?? kitOf(field.kind).width))

/** How much narrower columns get where the timeline stands beside them, before the lines are moved sideways. */
const GIVES: Partial<Record<Field['kind'], number>> = { ref: 10, text: 56, long_text: 40, amount: 10, qty: 18, price: 12, rate: 8, date: 12 }
const LEAD_GIVES = 32
const givesOf = (field: Field, lead: Field | undefined): number => (widthOf(field, lead) === LEAD ? LEAD_GIVES : widthOf(field, lead) === FIXED_QTY ? 8 : (GIVES[field.kind] ?? 0))
/** The number before a line, and what can be done with it behind. */
export const EDGES = 84

/** Where lines have less room than this and would be moved sideways, each is a small form. */
export const CARDS_BELOW = 600

/** Widths of columns that fit the room as far as they can. */
export function fittedWidths(columns: readonly Field[], lead: Field | undefined, room: number): number[] {
  const whole = columns.reduce((sum, column) => sum + widthOf(column, lead), EDGES)
  const gives = columns.reduce((sum, column) => sum + givesOf(column, lead), 0)
  const share = room > 0 && gives > 0 ? Math.min(1, Math.max(0, (whole - room) / gives)) : 0
  return columns.map((column) => Math.floor(widthOf(column, lead) - share * givesOf(column, lead)))
}
