//! Kinds of records, where a field names one: told by their name in the menus, kept by their code.
import type { Entity, Field } from '@/api/types.ts'
import type { Meta } from '@/meta/meta.ts'

/** Whether a text is the code of an entity, as in `about_entity`. */
export const namesKind = (field: Field): boolean => /(^|_)entity$/.test(field.name)

/** Whether a text is a part of an address that a map knows. */
export const isPlace = (field: Field): boolean => ['region', 'city', 'district'].includes(field.name)

/** Whether a text is the part of an address that no map knows. */
export const isStreet = (field: Field): boolean => field.name === 'line'

/** Whether a field only says of what kind the record is that stands beside it. */
export const isBesideDoc = (field: Field, all: readonly Field[]): boolean =>
  field.name.endsWith('_entity') && all.some((one) => one.kind === 'doc' && one.name === field.name.replace(/_entity$/, '_doc'))

/** Kinds of which one sees the records, in the order of the menus; those that hang on a record themselves are none to hang on. */
export function kindsOf(meta: Meta): Entity[] {
  const listed = meta.data.modules.flatMap((module) => module.menu.flatMap((item) => meta.entity(item.entity ?? '') ?? []))
  return [...new Set(listed)].filter((entity) => entity.can.see && (entity.kind === 'document' || entity.kind === 'master') && !entity.fields.some((field) => field.kind === 'doc'))
}
