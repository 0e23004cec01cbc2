//! From groups to what a chart shows: categories, series, and the keys behind each of them.
import type { Entity, Group, Json } from '@/api/types.ts'
import { add, compare } from '@/lib/decimal.ts'
import type { ChartKind } from '@/meta/query.ts'
import { groupable, tree, type Branch, type GroupKey } from '../list/groups.ts'
import { COUNT, isBare, periodsBetween } from '../list/keys.ts'

/** More bars than this nobody reads. */
export const BARS_MAX = 40
const SLICES_MAX = 10
/** As many series as there are colours that stay apart; a heat map needs none. */
const SERIES_MAX = 8
const HEAT_MAX = 31

export interface Mark { key: Json; label: string; rest?: true }
export interface Shape {
  categories: Mark[]
  series: { mark: Mark | null; values: (string | null)[] }[]
  /** Of each category, all series together. */
  totals: string[]
  counts: number[]
  /** How many categories there are in all. */
  of: number
}

/** What a chart is drawn by when nobody has said. */
export function usualGroup(entity: Entity): string {
  const date = entity.fields.find((field) => field.kind === 'date' && entity.list.includes(field.name))
  if (entity.kind === 'document' && date) return `${date.name}:month`
  const first = groupable(entity)[0]
  return entity.stage_field ?? first?.name ?? ''
}

const nameOf = (key: Json): string => JSON.stringify(typeof key === 'object' && key !== null && 'id' in key ? key['id'] : key)

interface Ask {
  kind: ChartKind
  keys: readonly GroupKey[]
  /** A field, or the count. */
  measure: string
  order: readonly ((a: Json, b: Json) => number)[]
  text: (key: GroupKey, value: Json) => string
  rest: string
}

export function shapeOf(groups: readonly Group[], { kind, keys, measure, order, text, rest }: Ask): Shape {
  const [first, second] = keys
  if (!first) return { categories: [], series: [], totals: [], counts: [], of: 0 }
  const value = (branch: Branch | undefined): string | null => (branch ? (measure === COUNT ? String(branch.count) : (branch.sum[measure] ?? '0')) : null)
  const branches = tree(groups)
  const known = branches.filter((branch) => !isBare(branch.key))
  const byKey = (a: Branch, b: Branch): number => order[0]?.(a.key, b.key) ?? 0
  const bySize = (a: Branch, b: Branch): number => compare(value(b) ?? '0', value(a) ?? '0')
  const inTime = Boolean(first.part)
  const inOrder = inTime || first.field.kind === 'choice' || first.field.kind === 'date'
  const sorted = [...branches].sort(kind === 'pie' || !inOrder ? bySize : byKey)
  const single = kind === 'pie' || kind === 'funnel' || kind === 'waterfall' || !second

  let rows: { mark: Mark; branch?: Branch }[] = sorted.map((branch) => ({ mark: { key: branch.key, label: text(first, branch.key) }, branch }))
  const ends = inTime && known.length > 1 && kind !== 'pie' && kind !== 'funnel' ? known.map((branch) => String(branch.key)).sort() : []
  const periods = ends.length ? periodsBetween(ends[0] ?? '', ends.at(-1) ?? '', first.part ?? '') : []
  if (periods.length) {
    const held = new Map(rows.map((row) => [row.mark.key, row]))
    rows = [...periods.map((period) => held.get(period) ?? { mark: { key: period, label: text(first, period) } }), ...rows.filter(({ mark }) => isBare(mark.key))]
  }
  const of = rows.length
  const most = kind === 'pie' ? SLICES_MAX : BARS_MAX
  const left = rows.slice(most)
  // The latest of a time, the greatest of all else.
  rows = inTime && kind !== 'pie' ? rows.slice(-most) : rows.slice(0, most)
  const totals = rows.map(({ branch }) => value(branch) ?? '0')
  const counts = rows.map(({ branch }) => branch?.count ?? 0)
  if (kind === 'pie' && left.length) {
    rows.push({ mark: { key: null, label: rest, rest: true } })
    totals.push(left.reduce((sum, { branch }) => add(sum, value(branch) ?? '0'), '0'))
    counts.push(left.reduce((sum, { branch }) => sum + (branch?.count ?? 0), 0))
  }
  const categories = rows.map((row) => row.mark)
  if (single) return { categories, series: [{ mark: null, values: totals }], totals, counts, of }

  const inner = new Map<string, { key: Json; sum: string }>()
  for (const { branch } of rows) {
    for (const below of branch?.below ?? []) {
      const held = inner.get(nameOf(below.key)) ?? { key: below.key, sum: '0' }
      inner.set(nameOf(below.key), { key: held.key, sum: add(held.sum, value(below) ?? '0') })
    }
  }
  const bySum = [...inner.values()].sort((a, b) => compare(b.sum, a.sum))
  const shown = bySum.slice(0, kind === 'heat' ? HEAT_MAX : SERIES_MAX).map((one) => one.key).sort((a, b) => order[1]?.(a, b) ?? 0)
  const names = new Set(shown.map(nameOf))
  const cell = (branch: Branch | undefined, name: string): string | null => value(branch?.below.find((below) => nameOf(below.key) === name))
  const series: Shape['series'] = shown.map((key) => ({ mark: { key, label: text(second, key) }, values: rows.map(({ branch }) => cell(branch, nameOf(key))) }))
  if (bySum.length > shown.length) {
    const others = rows.map(({ branch }) => branch?.below.filter((below) => !names.has(nameOf(below.key))) ?? [])
    series.push({ mark: { key: null, label: rest, rest: true }, values: others.map((parts) => (parts.length ? parts.reduce((sum, part) => add(sum, value(part) ?? '0'), '0') : null)) })
  }
  return { categories, series, totals, counts, of }
}

/** What a heat map is split by when it has one grouping only: where the records stand, else a choice, else the months. */
export function secondGroup(entity: Entity, group: readonly string[]): string | undefined {
  const taken = new Set(group.map((key) => key.split(':')[0]))
  const free = groupable(entity).filter((field) => !taken.has(field.name))
  const found = free.find((field) => field.name === entity.stage_field) ?? free.find((field) => field.kind === 'choice') ?? free.find((field) => field.kind === 'date') ?? free[0]
  return found && group.length === 1 ? (found.kind === 'date' ? `${found.name}:month` : found.name) : undefined
}
