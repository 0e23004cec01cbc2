//! How the fields of an entity are laid out: sections as the server has them, lines across, totals below the lines.
import type { Entity, Field, Text } from '@/api/types.ts'

export interface Part { label: Text | null; fields: Field[]; lines: Field[] }
export interface Layout { parts: Part[]; totals: Field[] }

const QUIET = new Set(['id', 'version', 'company', 'external_id', 'created_at', 'created_by', 'changed_at', 'changed_by'])

export function layout(entity: Entity): Layout {
  const shown = entity.fields.filter((field) => !field.hidden && field.kind !== 'id' && field.name !== entity.stage_field)
  const hasLines = shown.some((field) => field.kind === 'owned')
  // The sums of a document stand where the eye arrives after the lines.
  const totals = hasLines ? shown.filter((field) => field.kind === 'amount' && (field.computed || field.readonly)) : []
  const rates = totals.length ? shown.filter((field) => field.kind === 'rate' && field.computed && /margin/.test(field.name)) : []
  const summed = [...totals, ...rates]
  const placed = new Set<Field>(summed)
  const parts = entity.sections.map((section): Part => {
    const fields = section.fields.flatMap((name) => shown.find((field) => field.name === name) ?? []).filter((field) => !placed.has(field))
    for (const field of fields) placed.add(field)
    return { label: section.label, fields: fields.filter((field) => field.kind !== 'owned'), lines: fields.filter((field) => field.kind === 'owned') }
  })
  // What the heading says already is not said again.
  const inTitle = (field: Field): boolean => entity.title.includes(field.name) && Boolean(field.readonly || field.computed)
  const rest = shown.filter((field) => !placed.has(field) && !QUIET.has(field.name) && !inTitle(field))
  if (rest.length) {
    const other: Part = { label: null, fields: rest.filter((field) => field.kind !== 'owned'), lines: rest.filter((field) => field.kind === 'owned') }
    parts.push(other)
  }
  return { parts: parts.filter((part) => part.fields.length || part.lines.length), totals: summed }
}
