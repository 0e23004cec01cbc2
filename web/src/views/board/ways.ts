//! How a card gets from one column to another: by the action that leads there, or by changing the field.
import type { Action, Entity, Field } from '@/api/types.ts'

export type Way = { by: 'action'; actions: Action[] } | { by: 'change' }

/** Null: there is none. What one record may not do the server says when it is tried. */
export function wayBetween(entity: Entity, field: Field, from: string, to: string): Way | null {
  if (from === to) return null
  const steps = entity.transitions ?? []
  if (field.name === entity.stage_field && steps.length > 0) {
    const names = new Set(steps.filter((step) => step[0] === from && step[2] === to).map((step) => step[1]))
    const actions = entity.actions.filter((action) => names.has(action.name))
    return actions.length ? { by: 'action', actions } : null
  }
  return isOpen(entity, field, to) ? { by: 'change' } : null
}

const isOpen = (entity: Entity, field: Field, to: string): boolean => entity.can.edit && !field.readonly && !field.computed && !(to === '' && field.required)

/** Whether a card may go into a row: rows are changed as fields are, never by an action. */
export const mayTurn = (entity: Entity, field: Field, to: string): boolean => isOpen(entity, field, to) && !(field.name === entity.stage_field && (entity.transitions ?? []).length > 0)

/** The action that takes a move back without a question, the change that does, or none. */
export function wayBack(entity: Entity, field: Field, from: string, to: string): { action: Action | null } | null {
  const way = wayBetween(entity, field, to, from)
  if (!way) return null
  if (way.by === 'change') return { action: null }
  const action = way.actions.find((one) => !one.danger && !one.args?.some((arg) => arg.required))
  return action ? { action } : null
}

/** The nearest column on that side to which a way leads. */
export function nextColumn(entity: Entity, field: Field, keys: readonly string[], from: string, step: 1 | -1): string | null {
  for (let at = keys.indexOf(from) + step; at >= 0 && at < keys.length; at += step) {
    const key = keys[at]
    if (key !== undefined && wayBetween(entity, field, from, key)) return key
  }
  return null
}
