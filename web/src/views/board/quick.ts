//! What a new card asks for: its name and what it cannot be without, three boxes at most.
import type { Entity, Field, Json, Problem, Rec } from '@/api/types.ts'
import { idOf, isEmpty, isRef, type Meta } from '@/meta/meta.ts'

const BOXES_MAX = 3
const TOO_MUCH = new Set<Field['kind']>(['id', 'owned', 'doc', 'json', 'long_text', 'instant', 'rate', 'currency', 'bool'])

export interface Quick {
  fields: Field[]
  /** A document that is worth what its lines are worth begins with one. */
  line?: { owned: Field; fields: Field[] }
}

const isTyped = (field: Field): boolean => !field.hidden && !field.readonly && !field.computed

function lineOf(meta: Meta, entity: Entity): Quick['line'] {
  if (entity.kind !== 'document' || !entity.fields.some((field) => field.kind === 'amount' && field.computed)) return undefined
  const owned = entity.fields.find((field) => field.kind === 'owned' && isTyped(field))
  const fields = (owned?.entity && meta.entity(owned.entity)?.fields.filter((field) => isTyped(field) && field.required)) || []
  const lead = fields.find((field) => field.kind === 'ref')
  const qty = fields.find((field) => field.kind === 'qty')
  return owned && lead && qty ? { owned, fields: [lead, qty] } : undefined
}

/** `blank` is the record as the server fills it in, `problems` what it misses first. */
export function quickOf(meta: Meta, entity: Entity, by: Field, blank: Rec, problems: readonly Problem[]): Quick {
  const line = lineOf(meta, entity)
  const named = (names: readonly string[]): Field[] => names.flatMap((name) => meta.field(entity, name) ?? [])
  const missing = named(problems.flatMap((problem) => problem.field ?? [])).filter((field) => isTyped(field) && field.kind !== 'owned')
  const usual = (field: Field): boolean => isTyped(field) && !TOO_MUCH.has(field.kind) && isEmpty(blank[field.name])
  const order = [
    ...named(entity.title).filter(usual),
    ...missing,
    ...entity.fields.filter((field) => field.required && usual(field)),
    ...named(entity.list).filter(usual),
  ].filter((field) => field.name !== by.name)
  const fields = [...new Set(order)].slice(0, BOXES_MAX - (line?.fields.length ?? 0))
  return { fields, ...(line ? { line } : {}) }
}

/** The typed boxes as a record: the line in its place, refs as they were chosen. */
export function recordOf(quick: Quick, values: Rec, lineValues: Rec, by: Field, key: string, preset: boolean): Rec {
  const record: Rec = Object.fromEntries(Object.entries(values).filter(([, value]) => !isEmpty(value)))
  if (preset && key !== '') record[by.name] = key
  const [lead] = quick.line?.fields ?? []
  if (quick.line && lead && !isEmpty(lineValues[lead.name])) record[quick.line.owned.name] = [Object.fromEntries(Object.entries(lineValues).filter(([, value]) => !isEmpty(value))) as Json]
  return record
}

/** As the server wants it. */
export function wireOf(record: Rec): Rec {
  const plain = (value: Json | undefined): Json => (isRef(value) ? idOf(value) : Array.isArray(value) ? value.map((one) => (typeof one === 'object' && one !== null && !Array.isArray(one) ? Object.fromEntries(Object.entries(one).map(([name, inner]) => [name, plain(inner)])) : one)) : (value ?? null))
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, plain(value)]))
}
