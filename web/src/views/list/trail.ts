//! The list one came from: its address for the way back, its order for previous and next.
let last: { entity: string; address: string; ids: readonly string[] } | null = null

export function rememberList(entity: string, address: string, ids: readonly string[]): void {
  if (ids.length || last?.entity !== entity) last = { entity, address, ids }
  else last = { ...last, address }
}

export const listAddress = (entity: string): string => (last?.entity === entity ? last.address : `/${entity}`)

export function neighbours(entity: string, id: string): { previous?: string; next?: string; at: number; of: number } {
  const ids = last?.entity === entity ? last.ids : []
  const at = ids.indexOf(id)
  return at < 0 ? { at: -1, of: 0 } : { previous: ids[at - 1], next: ids[at + 1], at, of: ids.length }
}
