//! Different values are counted by the server for every total: who stands in two parts is one in their whole.
import { useQueries } from '@tanstack/react-query'
import { queries } from '@/api/queries.ts'
import type { Entity } from '@/api/types.ts'
import { listParams, type Query } from '@/meta/query.ts'
import { exactKeys, type Exact } from './pivot.ts'

const NOTHING: readonly Exact[] = []

export function useExact(entity: Entity, query: Query, keys: readonly string[], depth: number, unique: readonly string[]): readonly Exact[] {
  const { filter, search } = listParams(query, [])
  const asked = unique.length && keys.length ? exactKeys(keys, depth) : []
  return useQueries({
    queries: asked.map((one) => queries.groups(entity.name, { filter, search, group: one.keys.join(',') || undefined, unique: unique.join(',') })),
    combine: (answers) => (asked.length === 0 ? NOTHING : answers.flatMap(({ data, isPlaceholderData }, at) => (data && !isPlaceholderData && asked[at] ? [{ rows: asked[at].rows, groups: data.groups }] : []))),
  })
}
