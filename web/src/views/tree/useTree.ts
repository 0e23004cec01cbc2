//! What a tree shows: children as they are opened, or what was found together with all that stands above it.
import { queryOptions, useQueries, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api } from '@/api/client.ts'
import type { Entity, Field, Filter, Rec } from '@/api/types.ts'
import { idOf, textOf } from '@/meta/meta.ts'
import { listParams, type Query } from '@/meta/query.ts'
import { forest, linesOf, missingAbove, ringHeads, type Children, type Line } from './tree.ts'

const PAGE = 200
/** The most that is looked up above, or counted under, in one question. */
const ASK_MAX = 200
const FOUND_MAX = 500
const ABOVE_MAX = 40

interface Ask { entity: Entity; field: Field; sort: string | undefined; fields: string | undefined }

const some = <T>(items: readonly T[]): T[][] => Array.from({ length: Math.ceil(items.length / ASK_MAX) }, (_, at) => items.slice(at * ASK_MAX, (at + 1) * ASK_MAX))
const named = (fields: string | undefined, field: Field): string | undefined => fields && [...new Set([...fields.split(','), field.name])].join(',')

async function countsUnder({ entity, field }: Ask, ids: readonly string[], signal: AbortSignal): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const part of some(ids)) {
    const { groups } = await api.groups(entity.name, { group: field.name, filter: JSON.stringify([field.name, 'in', part]) }, signal)
    for (const group of groups) counts[idOf(group.key[0])] = group.count
  }
  return counts
}

const childrenOf = (ask: Ask, id: string, pages: number) =>
  queryOptions({
    queryKey: ['list', ask.entity.name, 'tree', ask.field.name, id, ask.sort, ask.fields, pages],
    queryFn: async ({ signal }): Promise<Children> => {
      const filter: Filter = id ? [ask.field.name, '=', id] : [ask.field.name, 'empty']
      const rows: Rec[] = []
      let cursor: string | null = ''
      let count = 0
      for (let page = 0; page < pages && cursor !== null; page += 1) {
        const answer: Awaited<ReturnType<typeof api.list>> = await api.list(ask.entity.name, { filter: JSON.stringify(filter), limit: PAGE, ...(ask.sort ? { sort: ask.sort } : {}), ...(ask.fields ? { fields: ask.fields } : {}), ...(cursor ? { cursor } : { count: true }) }, signal)
        rows.push(...answer.rows)
        if (page === 0) count = answer.count ?? answer.rows.length
        cursor = answer.next
      }
      return { rows, counts: await countsUnder(ask, rows.map((row) => textOf(row['id'])), signal), count: Math.max(count, rows.length) }
    },
    staleTime: 10_000,
  })

/** As many records are looked through for rings. */
const RINGS_MAX = 500

/** Records that stand under themselves: nothing leads to them from the top. */
const ringsOf = (ask: Ask) =>
  queryOptions({
    queryKey: ['list', ask.entity.name, 'tree-rings', ask.field.name, ask.fields],
    queryFn: async ({ signal }): Promise<Children> => {
      const all = await api.list(ask.entity.name, { fields: `id,${ask.field.name}`, filter: JSON.stringify([ask.field.name, 'not_empty']), limit: RINGS_MAX }, signal)
      const heads = all.next === null ? ringHeads(all.rows, ask.field.name) : []
      if (heads.length === 0) return { rows: [], counts: {}, count: 0 }
      const { rows } = await api.list(ask.entity.name, { filter: JSON.stringify(['id', 'in', heads]), limit: RINGS_MAX, ...(ask.fields ? { fields: ask.fields } : {}) }, signal)
      return { rows, counts: await countsUnder(ask, heads, signal), count: rows.length }
    },
    staleTime: 30_000,
  })

interface Found { children: Map<string, Children>; ids: Set<string>; all: string[]; cut: boolean }

const foundIn = (ask: Ask, query: Query) => {
  const { filter, search } = listParams(query, [])
  return queryOptions({
    queryKey: ['list', ask.entity.name, 'tree-found', ask.field.name, filter, search, ask.sort, ask.fields],
    queryFn: async ({ signal }): Promise<Found> => {
      const more = { ...(ask.sort ? { sort: ask.sort } : {}), ...(ask.fields ? { fields: ask.fields } : {}) }
      const page = await api.list(ask.entity.name, { ...(filter ? { filter } : {}), ...(search ? { search } : {}), ...more, limit: FOUND_MAX }, signal)
      const rows = [...page.rows]
      const ids = new Set(rows.map((row) => textOf(row['id'])))
      const above: Rec[] = []
      for (let level = 0; level < ABOVE_MAX; level += 1) {
        const missing = missingAbove([...rows, ...above], ask.field.name)
        if (missing.length === 0) break
        const before = above.length
        for (const part of some(missing)) above.push(...(await api.list(ask.entity.name, { filter: JSON.stringify(['id', 'in', part]), ...more, limit: ASK_MAX }, signal)).rows)
        // What one may not see stays away, and its children stand at the top.
        if (above.length === before) break
      }
      return { children: forest([...above, ...rows], ask.field.name), ids, all: [...above, ...rows].map((row) => textOf(row['id'])), cut: page.next !== null }
    },
    staleTime: 10_000,
  })
}

export interface Tree { lines: Line[]; found: { count: number; cut: boolean } | null; error: unknown; pending: boolean; retry: () => void }

/** `closed`: what was closed by hand among what was found, which is open otherwise. */
export function useTree(entity: Entity, query: Query, field: Field, fields: string | undefined, open: ReadonlySet<string>, closed: ReadonlySet<string>, pages: Readonly<Record<string, number>>): Tree {
  const searching = Boolean(query.filter || query.search)
  const ask: Ask = { entity, field, sort: listParams(query, entity.default_sort).sort, fields: named(fields, field) }
  const found = useQuery({ ...foundIn(ask, query), enabled: searching })
  const ids = useMemo(() => ['', ...open], [open])
  const answers = useQueries({ queries: (searching ? [] : ids).map((id) => childrenOf(ask, id, pages[id] ?? 1)) })
  const rings = useQuery({ ...ringsOf(ask), enabled: !searching })
  const failed = searching ? (found.isError ? found : undefined) : answers.find((answer) => answer.isError)
  const held = new Map(ids.map((id, at) => [id, answers[at]?.data]))
  const first = held.get('')
  if (first && rings.data?.rows.length) held.set('', { rows: [...first.rows, ...rings.data.rows], counts: { ...first.counts, ...rings.data.counts }, count: first.count + rings.data.count })
  const isOpen = searching ? new Set((found.data?.all ?? []).filter((id) => !closed.has(id))) : open
  const top = searching ? found.data?.children.get('') : held.get('')
  return {
    lines: top ? linesOf((id) => (searching ? found.data?.children.get(id) : held.get(id)), isOpen, searching ? (found.data?.ids ?? null) : null) : [],
    found: searching && found.data ? { count: found.data.ids.size, cut: found.data.cut } : null,
    error: failed ? failed.error : null,
    pending: !top,
    retry: () => void (searching ? found.refetch() : Promise.all(answers.map((answer) => answer.refetch()))),
  }
}
