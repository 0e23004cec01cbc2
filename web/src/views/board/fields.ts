//! Which fields can stand as the columns of a board.
import type { Entity, Field } from '@/api/types.ts'

const isColumns = (field: Field): boolean => !field.hidden && (field.kind === 'choice' || (field.kind === 'ref' && field.group === true))

/** The stage first, then what is grouped by often, then whose it is, then the rest. */
export function boardFields(entity: Entity): Field[] {
  const rank = (field: Field): number => (field.name === entity.stage_field ? 0 : field.kind === 'choice' ? (field.group ? 1 : 3) : field.entity === 'user' ? 2 : 4)
  // The lines of the books have no cards one would move or look through: only their choices make columns.
  return entity.fields.filter((field) => isColumns(field) && (entity.kind !== 'ledger' || field.kind === 'choice')).sort((a, b) => rank(a) - rank(b))
}

/** What stands as the rows, where it is asked for and is not the columns already. */
export const rowField = (entity: Entity, by: Field, group: readonly string[]): Field | null => boardFields(entity).find((field) => field !== by && field.name === group[0]) ?? null

/** The one that is asked for, else the usual one. */
export function boardField(entity: Entity, by = ''): Field | undefined {
  const fields = boardFields(entity)
  return fields.find((field) => field.name === by) ?? fields[0]
}
