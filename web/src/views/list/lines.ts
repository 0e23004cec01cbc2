//! The lines of a table: records, and where the list is grouped the heads of the groups between them.
import type { Json, Rec } from '@/api/types.ts'
import { isRef, textOf } from '@/meta/meta.ts'
import type { Branch, GroupKey } from './groups.ts'

export interface RecordLine { kind: 'record'; id: string; row: Rec; /** The group it stands in. */ under?: string }
export interface GroupLine { kind: 'group'; id: string; under?: string; depth: number; key: GroupKey; branch: Branch; open: boolean }
/** The end of a group of which not all is here. */
export interface MoreLine { kind: 'more'; id: string; under: string; depth: number; loaded: number; count: number; state: 'more' | 'loading' | 'failed' }
export type Line = RecordLine | GroupLine | MoreLine

/** The rows of one open group, as far as they are loaded. */
export interface Feed { rows: readonly Rec[]; next: string; loading: boolean; failed: boolean; more: () => void }

const bare = (value: Json): Json => (isRef(value) ? value.id : value)
/** As the key of a group is told from outside. */
export const keyName = (value: Json): string => (isRef(value) ? value.id : textOf(value))
/** Names a group by the keys that lead to it. */
export const pathName = (path: readonly Json[]): string => JSON.stringify(path.map(bare))

export const recordLines = (rows: readonly Rec[]): RecordLine[] => rows.map((row) => ({ kind: 'record', id: textOf(row['id']), row }))

/** The branches in their order, each level by its own. */
export function ordered(branches: readonly Branch[], orders: readonly ((a: Json, b: Json) => number)[], depth = 0): Branch[] {
  const compare = orders[depth]
  const sorted = compare ? [...branches].sort((a, b) => compare(a.key, b.key)) : [...branches]
  return sorted.map((branch) => (branch.below.length ? { ...branch, below: ordered(branch.below, orders, depth + 1) } : branch))
}

/** The groups without others below that are open, with all above them: those whose rows are wanted. */
export function openLeaves(branches: readonly Branch[], open: ReadonlySet<string>): Branch[] {
  return branches.flatMap((branch) => (!open.has(pathName(branch.path)) ? [] : branch.below.length ? openLeaves(branch.below, open) : [branch]))
}

export function linesOf(branches: readonly Branch[], keys: readonly GroupKey[], open: ReadonlySet<string>, feeds: ReadonlyMap<string, Feed>, depth = 0, under?: string): Line[] {
  const key = keys[depth]
  if (!key) return []
  return branches.flatMap((branch): Line[] => {
    const id = pathName(branch.path)
    const isOpen = open.has(id)
    const head: GroupLine = { kind: 'group', id, depth, key, branch, open: isOpen, ...(under === undefined ? {} : { under }) }
    if (!isOpen) return [head]
    if (branch.below.length) return [head, ...linesOf(branch.below, keys, open, feeds, depth + 1, id)]
    const feed = feeds.get(id)
    const rows = (feed?.rows ?? []).map((row): Line => ({ kind: 'record', id: textOf(row['id']), row, under: id }))
    const whole = feed && !feed.failed && !feed.loading && feed.next === ''
    if (whole) return [head, ...rows]
    return [head, ...rows, { kind: 'more', id: `${id} more`, under: id, depth: depth + 1, loaded: rows.length, count: branch.count, state: feed?.failed ? 'failed' : !feed || feed.loading ? 'loading' : 'more' }]
  })
}
