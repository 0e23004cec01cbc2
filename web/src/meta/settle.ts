//! The metadata as it came, settled for the screens: what a name says that the kind alone does not.
import type { Entity, Field, MetaData } from '@/api/types.ts'

/** A rate beside a currency is an exchange rate: a factor, not a percentage. */
const isExchange = (entity: Entity, field: Field): boolean => field.kind === 'rate' && field.name === 'rate' && entity.fields.some((one) => one.kind === 'currency')

/** Rows of the books name the document they come from by its entity. */
const DOCUMENT = { en: 'Document', zh: '单据' }

const settled = new WeakMap<MetaData, MetaData>()

/** The same answer is settled once: entities keep their identity. */
export function settle(meta: MetaData): MetaData {
  const before = settled.get(meta)
  if (before) return before
  const entities = Object.fromEntries(Object.entries(meta.entities).map(([name, entity]) => {
    const fields = entity.fields.map((field): Field => (isExchange(entity, field) ? { ...field, factor: true } : field.name === 'doc_entity' ? { ...field, label: DOCUMENT } : field))
    return [name, { ...entity, fields }]
  }))
  const after = { ...meta, entities }
  settled.set(meta, after)
  return after
}
