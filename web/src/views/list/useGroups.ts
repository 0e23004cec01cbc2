//! Groups as the server counts them, with the keys they were asked by: while others are on their way the old ones stay, and keep their meaning.
import { useQuery } from '@tanstack/react-query'
import { useRef } from 'react'
import { queries } from '@/api/queries.ts'
import type { Entity, Group } from '@/api/types.ts'
import { listParams, type Query } from '@/meta/query.ts'

const NONE = {}

export interface Grouped { entity: string; groups: readonly Group[]; group: readonly string[]; sums: readonly string[] }

export function useGroups(entity: Entity, query: Query, group: readonly string[], sums: readonly string[], more: Readonly<Record<string, string>> = NONE): { shown: Grouped | null; stale: boolean; error: unknown; retry: () => void } {
  const { filter, search } = listParams(query, [])
  const answer = useQuery({ ...queries.groups(entity.name, { filter, search, group: group.join(','), sum: sums.join(',') || undefined, ...more }), enabled: group.length > 0 })
  const last = useRef<Grouped | null>(null)
  if (answer.data && !answer.isPlaceholderData && last.current?.groups !== answer.data.groups) last.current = { entity: entity.name, groups: answer.data.groups, group, sums }
  const shown = last.current?.entity === entity.name ? last.current : null
  return { shown, stale: answer.isPlaceholderData, error: answer.isError ? answer.error : null, retry: () => void answer.refetch() }
}
