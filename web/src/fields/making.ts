//! A record made from the field that is to name it: what it has to be for that, and what is asked of whoever makes it.
import type { Entity, Field, Filter, Problem, Rec } from '@/api/types.ts'
import { isEmpty, type Meta } from '@/meta/meta.ts'
import { codeField, latestCodes, nextCode } from '@/views/form/proposedCode.ts'
import { layout } from '@/views/form/layout.ts'

/** What a record has to be so that the field finds it: a customer where customers are chosen. Only what every record found has. */
export function asWanted(entity: Entity, only: Filter | null | undefined): Rec {
  if (!only) return {}
  const [head, operator, value] = only as readonly unknown[]
  if (head === 'and') return Object.assign({}, ...only.slice(1).map((part) => asWanted(entity, part as Filter))) as Rec
  const field = operator === '=' && entity.fields.find((one) => one.name === head)
  const isPlain = typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number'
  return field && isPlain && !field.readonly && !field.computed ? { [field.name]: value } : {}
}

/** The code it gets where those before it were counted on. */
export async function proposed(entity: Entity): Promise<Rec> {
  const field = codeField(entity)
  const code = field && entity.kind === 'master' ? nextCode(await latestCodes(entity.name)) : null
  return code ? { code } : {}
}

const typed = (field: Field): boolean => !field.hidden && !field.readonly && !field.computed && field.kind !== 'owned' && field.kind !== 'id'

/** All that can be said of it in a window, or only its name, what it must have and what was missed. */
export function askedOf(meta: Meta, entity: Entity, begun: Rec, problems: readonly Problem[], whole: boolean): Field[] {
  const all = layout(entity).parts.flatMap((part) => part.fields).filter(typed)
  if (whole) return all
  const missed = problems.map((problem) => meta.field(entity, problem.field ?? ''))
  // What it must be, and nobody can place: then it is asked for in full.
  if (missed.some((field) => !field || !all.includes(field))) return all
  return all.filter((field) => entity.title.includes(field.name) || field.name in begun || missed.includes(field) || (field.required && isEmpty(begun[field.name]) && field.default === undefined))
}
