//! A grouped list: its groups in their order, what is told of each, which are open, and their rows.
import { useQueries } from '@tanstack/react-query'
import { useMemo, useRef, useState } from 'react'
import { api } from '@/api/client.ts'
import { queries } from '@/api/queries.ts'
import type { Entity, Filter, Group, Json, Rec } from '@/api/types.ts'
import { useLatest } from '@/lib/hooks.ts'
import { both, group as join } from '@/meta/filter.ts'
import { textOf, useScene } from '@/meta/meta.ts'
import { listParams, type Query } from '@/meta/query.ts'
import type { Column, Columns, Total, Totals } from './columns.ts'
import { condition, readKey, tree, type Branch } from './groups.ts'
import { figuresOf, GroupRow, MoreRow } from './GroupRow.tsx'
import { keyOrder } from './keys.ts'
import { useKeyText } from './keyText.ts'
import { linesOf, openLeaves, ordered, pathName, type Feed, type GroupLine, type Line } from './lines.ts'
import { currencyField, questions } from './totals.ts'
import type { Gap } from './trail.ts'
import { useFeeds } from './useFeeds.ts'
import { useGroups } from './useGroups.ts'

const ROWS = 40
/** As many as the server gives in one answer. */
const IDS = 1_000

const NONE: ReadonlySet<string> = new Set()
/** Which groups of a list were left open, by entity and grouping. */
const left = new Map<string, ReadonlySet<string>>()

export interface Grouping {
  entity: string
  lines: readonly Line[]
  /** All rows that are loaded, in the order they stand in. */
  rows: readonly Rec[]
  /** How many records there are in all groups; undefined until it is known. */
  count: number | undefined
  /** How many stand in the open groups, and where more of them are to be had. */
  inOpen: number
  gaps: readonly Gap[]
  columns: Columns
  error: unknown
  retry: () => void
  turn: (id: string) => void
  more: (under: string) => void
  /** The answers for a column of a group, one for each currency. */
  told: (line: GroupLine, column: Column) => readonly Group[]
  /** How many figures stand one below the other in the head of a group. */
  tall: (line: GroupLine) => number
  GroupRow: typeof GroupRow
  MoreRow: typeof MoreRow
  /** The records of a group, as far as they are known: none when some are not. */
  idsOf: (branch: Branch) => readonly string[] | null
  fetchIds: (branch: Branch) => Promise<readonly string[]>
}

/** Where nobody has said what the columns tell, the amounts are added up. */
function usualTotals(columns: readonly Column[]): Totals {
  return Object.fromEntries(columns.filter((column) => column.field.kind === 'amount' && !column.path.includes('.')).map((column): [string, Total] => [column.path, 'sum']))
}

/** Told for each group: a question of the foot once more, for every level of groups. */
function useTold(entity: Entity, query: Query, keys: readonly string[], columns: readonly Column[], totals: Totals): ReadonlyMap<string, readonly Group[]> {
  const { filter, search } = listParams(query, [])
  const asked = questions(entity, columns, totals).flatMap(({ group: by, ...figures }) => keys.map((_, depth) => {
    const path = keys.slice(0, depth + 1)
    return { by, depth, own: by !== undefined && !path.includes(by), params: { filter, search, group: [...path, ...(by !== undefined && !path.includes(by) ? [by] : [])].join(','), ...figures } }
  }))
  const answers = useQueries({ queries: asked.map(({ params }) => ({ ...queries.groups(entity.name, params), placeholderData: undefined })) })
  const known = useRef<{ asked: string; data: readonly unknown[]; told: ReadonlyMap<string, readonly Group[]> }>({ asked: '', data: [], told: new Map() })
  const data = answers.map((one) => one.data)
  const all = JSON.stringify(asked)
  if (known.current.asked !== all || data.some((one, at) => one !== known.current.data[at])) {
    const told = new Map<string, Group[]>()
    asked.forEach(({ by, depth, own }, at) => {
      for (const one of data[at]?.groups ?? []) {
        const name = `${by ?? ''} ${pathName(one.key.slice(0, depth + 1))}`
        const currency = by === undefined ? [] : [one.key[own ? depth + 1 : keys.indexOf(by)] ?? null]
        told.set(name, [...(told.get(name) ?? []), { ...one, key: currency }])
      }
    })
    known.current = { asked: all, data, told }
  }
  return known.current.told
}

export function useGrouping(entity: Entity, query: Query, own: Columns, fields: string | undefined): Grouping {
  const scene = useScene()
  const { meta, locale } = scene
  const keyText = useKeyText()
  const { group } = query
  const { shown, error, retry } = useGroups(entity, query, group, [])
  const kept = `${entity.name} ${group.join()}`
  const [, redraw] = useState(0)
  const open = left.get(kept) ?? NONE
  const [silent, setSilent] = useState(false)
  const chosen = Object.keys(own.totals).length > 0 || silent
  const columns = useMemo((): Columns => chosen ? own : {
    ...own,
    totals: usualTotals(own.shown),
    setTotal: (path, total) => {
      const usual = Object.entries(usualTotals(own.shown)).filter(([one]) => one !== path)
      for (const [one, how] of usual) own.setTotal(one, how)
      if (total) own.setTotal(path, total)
      else if (usual.length === 0) setSilent(true)
    },
  }, [own, chosen])
  const drawn = useMemo(() => {
    const keys = (shown?.group ?? []).flatMap((text) => readKey(meta, entity, text) ?? [])
    const orders = keys.map((key, at) => {
      const compare = keyOrder(key, meta, locale, (value) => keyText(key, value))
      return query.turned.includes(shown?.group[at] ?? '') ? (a: Json, b: Json) => compare(b, a) : compare
    })
    return { keys, branches: ordered(tree(shown?.groups ?? []), orders) }
  }, [shown, entity, meta, locale, query.turned])
  const { keys, branches } = drawn
  const told = useTold(entity, query, shown?.group ?? [], columns.shown, columns.totals)
  const within = (branch: Branch): Filter | null => both(query.filter, join('and', branch.path.flatMap((value, at) => (keys[at] ? [condition(keys[at], value)] : []))))
  const asked = openLeaves(branches, open).map((branch) => ({ id: pathName(branch.path), branch, params: { ...listParams({ ...query, filter: within(branch) }, entity.default_sort), limit: ROWS, ...(fields ? { fields } : {}) } }))
  const feeds = useFeeds(entity.name, asked.map(({ id, params }) => ({ id, params })))
  const lines = useMemo(() => linesOf(branches, keys, open, feeds), [branches, keys, open, feeds])
  const rows = useMemo(() => lines.flatMap((line) => (line.kind === 'record' ? [line.row] : [])), [lines])
  const gaps = useMemo(() => asked.flatMap(({ id, branch, params }): Gap[] => {
    const feed = feeds.get(id)
    const last = feed?.rows.at(-1)
    return feed?.next && last ? [{ after: textOf(last['id']), missing: branch.count - feed.rows.length, params, cursor: feed.next }] : []
  }), [lines, JSON.stringify(asked.map(({ params }) => params))])
  const [fetched] = useState(() => new Map<string, readonly string[]>())
  const idsOf = (branch: Branch): readonly string[] | null => {
    const feed: Feed | undefined = feeds.get(pathName(branch.path))
    if (feed && !feed.next && feed.rows.length >= branch.count) return feed.rows.map((row) => textOf(row['id']))
    const known = fetched.get(`${kept} ${JSON.stringify(within(branch))}`)
    if (known && known.length === branch.count) return known
    const below = branch.below.map(idsOf)
    return below.length && below.every((ids) => ids !== null) ? below.flat() : null
  }
  const again = useLatest(retry)
  const toldOf = (line: GroupLine, column: Column): readonly Group[] => told.get(`${currencyField(entity, column.field) ?? ''} ${line.id}`) ?? []
  // The same as long as nothing of it changed: whoever draws it is told of each new one.
  return useMemo((): Grouping => ({
    entity: entity.name, lines, rows, gaps, columns, error, retry: () => again.current(), idsOf, GroupRow, MoreRow,
    count: shown ? branches.reduce((sum, branch) => sum + branch.count, 0) : undefined,
    inOpen: asked.reduce((sum, { branch }) => sum + branch.count, 0),
    turn: (id) => {
      const next = new Set(open)
      if (!next.delete(id)) next.add(id)
      left.set(kept, next)
      redraw((times) => times + 1)
    },
    more: (under) => feeds.get(under)?.more(),
    told: toldOf,
    tall: (line) => Math.max(1, ...columns.shown.map((column) => figuresOf(columns.totals, toldOf(line, column), column, scene.companyCurrency).length)),
    fetchIds: async (branch) => {
      const { filter, search } = listParams({ ...query, filter: within(branch) }, [])
      const ids: string[] = []
      let cursor: string | undefined
      do {
        const page = await api.list(entity.name, { filter, search, fields: 'id', limit: IDS, ...(cursor ? { cursor } : {}) })
        ids.push(...page.rows.map((row) => textOf(row['id'])))
        cursor = page.next ?? undefined
      } while (cursor)
      fetched.set(`${kept} ${JSON.stringify(within(branch))}`, ids)
      return ids
    },
  }), [entity, query, fields, lines, rows, gaps, columns, error, told, shown, feeds, kept, open, scene])
}
