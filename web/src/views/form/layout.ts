//! How the fields of an entity are laid out: sections as the server has them, lines across, totals below the lines.
import type { Entity, Field, Rec, Text } from '@/api/types.ts'
import { isZero } from '@/lib/decimal.ts'
import { textOf } from '@/meta/meta.ts'

export interface Part { label: Text | null; fields: Field[]; lines: Field[] }
export interface Layout { parts: Part[]; totals: Field[] }

/** A sum that not every document has, such as a discount or a rounding, is not told where it is nothing. */
export const isTold = (field: Field, record: Rec): boolean => field.required || !field.computed || !isZero(textOf(record[field.name]))

/** As many groups below the first are read at a glance; more stand behind each other. */
const GROUPS = 2

/** What stands above, and the groups of which one is seen at a time: where there are many. */
export function tabbed(parts: readonly Part[]): { above: Part[]; tabs: Part[] } {
  const groups = parts.slice(1).filter((part) => part.label !== null && part.lines.length === 0)
  return groups.length > GROUPS ? { above: parts.filter((part) => !groups.includes(part)), tabs: groups } : { above: [...parts], tabs: [] }
}

const QUIET = new Set(['id', 'version', 'company', 'external_id', 'created_at', 'created_by', 'changed_at', 'changed_by'])

export function layout(entity: Entity): Layout {
  // The page of a line of the books tells where it came from by itself.
  // A record belongs to the company one works in: the frame says which.
  const shown = entity.fields.filter((field) => !field.hidden && field.kind !== 'id' && field.name !== entity.stage_field && !(field.name === 'company' && field.entity === 'company') && !(field.name === 'doc_entity' && entity.kind === 'ledger'))
  const hasLines = shown.some((field) => field.kind === 'owned')
  // The sums of a document stand where the eye arrives after the lines.
  const totals = hasLines ? shown.filter((field) => field.kind === 'amount' && (field.computed || field.readonly)) : []
  const rates = totals.length ? shown.filter((field) => field.kind === 'rate' && field.computed && /margin/.test(field.name)) : []
  const summed = [...totals, ...rates]
  const placed = new Set<Field>(summed)
  // What the heading says already is not said again.
  const inTitle = (field: Field): boolean => entity.title.includes(field.name) && Boolean(field.readonly || field.computed)
  const order: { field: Field; label: Text | null }[] = []
  // What the server lays out beside the lines and is no sum opens the section after them.
  const beside = new Set(entity.sections.filter((section) => shown.some((field) => field.kind === 'owned' && field.label.en === section.label.en)))
  const sections = entity.sections.map((section, index) => {
    const before = entity.sections[index - 1]
    return beside.has(section) && entity.sections[index + 1] ? { ...section, fields: [] } : before && beside.has(before) ? { ...section, fields: [...section.fields, ...before.fields] } : section
  })
  for (const section of sections) {
    for (const name of section.fields) {
      const field = shown.find((one) => one.name === name)
      if (!field || placed.has(field) || inTitle(field)) continue
      placed.add(field)
      order.push({ field, label: section.label })
    }
  }
  // Lines nobody placed stand where the entity has them: after the field before them.
  for (const field of shown) {
    if (field.kind !== 'owned' || placed.has(field)) continue
    placed.add(field)
    const before = entity.fields.slice(0, entity.fields.indexOf(field)).reverse()
    const after = before.find((one) => order.some((placedOne) => placedOne.field === one))
    order.splice(order.findIndex((one) => one.field === after) + 1, 0, { field, label: null })
  }
  const parts: Part[] = []
  const named = new Set<Text>()
  for (const { field, label } of order) {
    const last = parts.at(-1)
    if (field.kind === 'owned') parts.push({ label: null, fields: [], lines: [field] })
    else if (last && last.lines.length === 0 && (last.label === label || label === null || named.has(label))) last.fields.push(field)
    else {
      parts.push({ label: label && !named.has(label) ? label : null, fields: [field], lines: [] })
      if (label) named.add(label)
    }
  }
  const rest = shown.filter((field) => !placed.has(field) && !QUIET.has(field.name) && !inTitle(field))
  if (rest.length) {
    const other: Part = { label: null, fields: rest.filter((field) => field.kind !== 'owned'), lines: rest.filter((field) => field.kind === 'owned') }
    parts.push(other)
  }
  return { parts: parts.filter((part) => part.fields.length || part.lines.length), totals: summed }
}
