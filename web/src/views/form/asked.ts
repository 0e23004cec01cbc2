//! What is asked of whoever makes a record in a window.
import type { Entity, Field, Problem, Rec } from '@/api/types.ts'
import { isEmpty, type Meta } from '@/meta/meta.ts'
import { layout } from './layout.ts'

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
