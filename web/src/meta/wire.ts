//! Records as the server wants them: refs by id, nothing it computes itself.
import type { Action, Entity, Field, Json, Rec, Value } from '@/api/types.ts'
import { idOf, isRef, rowsOf, type Meta } from './meta.ts'

const wireValue = (value: Value): Json => (value === undefined || value === '' ? null : isRef(value) ? idOf(value) : value)

// The server refuses by name what only it may set.
const sent = (field: Field): boolean => !field.computed && !field.readonly && field.kind !== 'id'

/** All fields of the record that a person or a prefill may set, shown or hidden. */
export function toWire(meta: Meta, entity: Entity, record: Rec): Rec {
  const out: Rec = {}
  for (const field of entity.fields) {
    const value = record[field.name]
    if (value === undefined || !sent(field)) continue
    if (field.kind === 'owned') {
      const lines = field.entity ? meta.entity(field.entity) : undefined
      if (lines) out[field.name] = rowsOf(value).map((row) => toWire(meta, lines, row) as Json)
    } else {
      out[field.name] = wireValue(value)
    }
  }
  if (typeof record['id'] === 'string') out['id'] = record['id']
  return out
}

/** What is said with an action, as a record of its arguments. */
export const argsToWire = (meta: Meta, action: Action, values: Rec): Rec =>
  toWire(meta, { name: action.name, prefix: '', module: '', kind: 'setting', label: action.label, plural: action.label, title: [], can: { see: true, add: true, edit: true, remove: true, import: false, export: false }, list: [], default_sort: [], sections: [], actions: [], fields: action.args ?? [] }, values)
