//! What is out of use: the server keeps it out of a list until the filter speaks of it.
import type { Condition, Entity, Filter } from '@/api/types.ts'
import { inside, isGroup, isNot } from './filter.ts'

const FIELD = 'active'
export const ARCHIVED: Condition = [FIELD, '=', false]
export const IN_USE: Condition = [FIELD, '=', true]

export const isArchivable = (entity: Entity): boolean => entity.fields.some((field) => field.name === FIELD && field.kind === 'bool')

/** Whether a filter says itself if it means what is archived. */
export const saysArchived = (filter: Filter | null): boolean =>
  filter !== null && (isNot(filter) ? saysArchived(filter[1]) : isGroup(filter) ? inside(filter).some(saysArchived) : filter[0] === FIELD)

/** Just these records, in use or not. */
export const onlyThese = (entity: Entity, ids: readonly string[]): Filter => {
  const these: Filter = ['id', 'in', [...ids]]
  return isArchivable(entity) ? ['and', these, ['or', IN_USE, ARCHIVED]] : these
}

export const isSame = (condition: Condition, one: Condition): boolean => condition[0] === one[0] && condition[1] === one[1] && condition[2] === one[2]
