import type { Action, Entity, Field, Rec, Value } from '@/api/types.ts'
import type { Meta } from './meta.ts'

/** What stands in a parameter nobody has filled; days may be named. */
export function defaultOf(field: Field, today: string): Value {
  const usual = field.default
  if (usual === undefined || usual === null) return null
  if (field.kind === 'bool') return usual === true || usual === 'true' || usual === '1'
  if (field.kind === 'int') return Number(usual)
  if (field.kind !== 'date') return usual
  if (usual === 'today') return today
  if (usual === 'month_start') return `${today.slice(0, 7)}-01`
  return usual === 'year_start' ? `${today.slice(0, 4)}-01-01` : usual
}

/** What stands in the boxes of an action before anything is typed. */
export const usualArgs = (action: Action, today: string): Rec =>
  Object.fromEntries((action.args ?? []).map((field) => [field.name, defaultOf(field, today) ?? (field.kind === 'date' && field.required ? today : null)]))

export const missingArgs = (action: Action, values: Rec): Field[] => (action.args ?? []).filter((field) => field.required && (values[field.name] === null || values[field.name] === undefined || values[field.name] === ''))

/** What this device knows of the place it stands in and a new record asks for: the zone of its clocks. */
export function ofHere(meta: Meta, entity: Entity, zone = Intl.DateTimeFormat().resolvedOptions().timeZone): Rec {
  const field = meta.field(entity, 'time_zone')
  return field && meta.choices(field.choice).some((choice) => choice.code === zone) ? { time_zone: zone } : {}
}
