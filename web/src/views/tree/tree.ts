//! Records that stand under records of their own kind, as lines of a tree.
import type { Entity, Field, Rec } from '@/api/types.ts'
import { idOf, textOf } from '@/meta/meta.ts'

/** The fields a tree can hang by; those a person may change first, and among them the one that says what stands above. */
export function selfRefs(entity: Entity): Field[] {
  const rank = (field: Field): number => Number(field.readonly === true || field.computed === true) * 2 + Number(field.name !== 'parent')
  return entity.fields.filter((field) => field.kind === 'ref' && field.entity === entity.name && !field.hidden).sort((a, b) => rank(a) - rank(b))
}

/** What stands directly under a record, or at the top. */
export interface Children {
  rows: readonly Rec[]
  /** How many stand under each of them. */
  counts: Readonly<Record<string, number>>
  /** How many there are in all. */
  count: number
}

export type Line =
  | { kind: 'row'; id: string; row: Rec; depth: number; parent: string; below: number; open: boolean; place: number; of: number; found: boolean }
  /** Still on its way. */
  | { kind: 'wait'; id: string; depth: number; parent: string }
  | { kind: 'more'; id: string; depth: number; parent: string; left: number }
  /** What stands above this very place stands under it again. */
  | { kind: 'ring'; id: string; depth: number; parent: string; row: Rec }

export type RowLine = Extract<Line, { kind: 'row' }>

/** No tree of a business is as deep. */
const DEPTH_MAX = 40

/** The lines in sight: `children` of the top is under the empty id. */
export function linesOf(children: (id: string) => Children | undefined, open: ReadonlySet<string>, found: ReadonlySet<string> | null = null): Line[] {
  const lines: Line[] = []
  // While a record moves, its old and its new place may both name it; and a ring would be endless.
  const seen = new Set<string>()
  const walk = (parent: string, depth: number, above: readonly string[]): void => {
    const held = children(parent)
    if (!held) {
      lines.push({ kind: 'wait', id: `wait ${parent}`, depth, parent })
      return
    }
    held.rows.forEach((row, index) => {
      const id = textOf(row['id'])
      if (above.includes(id)) return void lines.push({ kind: 'ring', id: `ring ${parent} ${id}`, depth, parent, row })
      if (seen.has(id)) return
      seen.add(id)
      const below = held.counts[id] ?? 0
      const isOpen = below > 0 && open.has(id)
      lines.push({ kind: 'row', id, row, depth, parent, below, open: isOpen, place: index + 1, of: held.count, found: found?.has(id) ?? false })
      if (isOpen) walk(id, depth + 1, [...above, id])
    })
    const left = held.count - held.rows.length
    if (left > 0) lines.push({ kind: 'more', id: `more ${parent}`, depth, parent, left })
  }
  walk('', 0, [])
  return lines
}

/** Of each ring of records, that stand under each other all the way round, the first. */
export function ringHeads(rows: readonly Rec[], parent: string): string[] {
  const above = new Map(rows.map((row) => [textOf(row['id']), idOf(row[parent])]))
  const known = new Set<string>()
  const heads: string[] = []
  for (const row of rows) {
    const way: string[] = []
    let here: string | undefined = textOf(row['id'])
    for (; here && above.has(here) && !known.has(here) && !way.includes(here); here = above.get(here)) way.push(here)
    if (here && way.includes(here)) heads.push(here)
    for (const id of way) known.add(id)
  }
  return heads
}

/** What was found and what stands above it, as the children of each. Whose parent is not there stands at the top. */
export function forest(rows: readonly Rec[], parent: string): Map<string, Children> {
  const known = new Set(rows.map((row) => textOf(row['id'])))
  const under = new Map<string, Rec[]>([['', []]])
  for (const row of rows) {
    const above = idOf(row[parent])
    const at = known.has(above) ? above : ''
    under.set(at, [...(under.get(at) ?? []), row])
  }
  // Records in a ring have no top: one of each is put there, or none of them would be seen.
  for (const id of ringHeads(rows, parent)) {
    const head = rows.find((row) => textOf(row['id']) === id)
    if (head) under.get('')?.push(head)
  }
  const counts = Object.fromEntries([...under].map(([id, below]) => [id, below.length]))
  return new Map([...under].map(([id, below]) => [id, { rows: below, counts, count: below.length }]))
}

/** Who stands above the rows and is not among them. */
export function missingAbove(rows: readonly Rec[], parent: string): string[] {
  const known = new Set(rows.map((row) => textOf(row['id'])))
  return [...new Set(rows.map((row) => idOf(row[parent])).filter((id) => id !== '' && !known.has(id)))]
}

/** Whether a line stands under another, or is it: there it cannot be moved. */
export function isWithin(lines: readonly Line[], id: string, above: string): boolean {
  const parents = new Map(lines.map((line) => [line.id, line.parent]))
  for (let here: string | undefined = id, step = 0; here && step <= DEPTH_MAX; here = parents.get(here), step += 1) if (here === above) return true
  return false
}

/** Where a key of a tree leads from a line: to another line, or to opening or closing this one. */
export function stepTo(lines: readonly Line[], at: number, key: string): { at: number } | { open: string } | { close: string } | null {
  const line = lines[at]
  const last = lines.length - 1
  const within = (index: number): number => Math.max(0, Math.min(last, index))
  switch (key) {
    case 'ArrowDown': return { at: within(at + 1) }
    case 'ArrowUp': return { at: within(at - 1) }
    case 'PageDown': return { at: within(at + 20) }
    case 'PageUp': return { at: within(at - 20) }
    case 'Home': return { at: 0 }
    case 'End': return { at: last }
    case 'ArrowRight':
      if (line?.kind !== 'row' || line.below === 0) return null
      return line.open ? { at: within(at + 1) } : { open: line.id }
    case 'ArrowLeft': {
      if (line?.kind === 'row' && line.open) return { close: line.id }
      const above = lines.findIndex((one) => one.id === line?.parent)
      return above < 0 ? null : { at: above }
    }
    default: return null
  }
}
