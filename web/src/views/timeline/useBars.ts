//! The records a timeline shows: those that touch its days, the nearest to the day one looks at first.
import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api } from '@/api/client.ts'
import type { Entity, Field, Filter, Page, Rec } from '@/api/types.ts'
import { mondayOf } from '@/lib/spans.ts'
import { both } from '@/meta/filter.ts'
import { useScene } from '@/meta/meta.ts'
import { listParams, type Query } from '@/meta/query.ts'
import { askedFields, bounds, touching } from '../calendar/fields.ts'
import type { Moves } from '../calendar/useMoves.tsx'
import type { Column } from '../list/columns.ts'
import { barOf, type Bar } from './layout.ts'
import { bySort } from './order.ts'

/** The most on either side of the day one looks at. */
const SIDE_MAX = 250

function usePage(entity: Entity, columns: readonly Column[], query: Query, filter: Filter, sort: string): UseQueryResult<Page> {
  const { sort: _, ...params } = listParams({ ...query, filter: both(query.filter, filter) }, [])
  const asked = { ...params, sort, limit: SIDE_MAX, count: true, ...askedFields(entity, columns) }
  return useQuery({ queryKey: ['list', entity.name, 'line', asked], queryFn: ({ signal }) => api.list(entity.name, asked, signal), placeholderData: keepPreviousData, staleTime: 10_000 })
}

export interface Bars { bars: Bar[]; total: number; partial: boolean; fresh: boolean; error: unknown; ready: boolean; retry: () => void }

export function useBars(entity: Entity, columns: readonly Column[], query: Query, start: Field, end: Field | undefined, from: string, to: string, at: string, moves: Moves): Bars {
  const scene = useScene()
  const [pivot] = bounds(start, mondayOf(at), mondayOf(at))
  const touches = touching(start, end, from, to)
  const past = usePage(entity, columns, query, ['and', touches, [start.name, '<', pivot]], `-${start.name}`)
  const coming = usePage(entity, columns, query, ['and', touches, [start.name, '>=', pivot]], start.name)
  const bars = useMemo(() => {
    const rows = new Map<string, Rec>()
    // While one side is asked anew, the other may hold the same record.
    for (const row of [...(past.data?.rows ?? []), ...(coming.data?.rows ?? [])]) rows.set(String(row['id']), row)
    const asked = bySort(scene, entity, query.sort)
    return moves.shown([...rows.values()])
      .flatMap((row) => barOf(row, start, end) ?? [])
      .filter((bar) => bar.from <= to && bar.to >= from)
      .sort((a, b) => asked(a.row, b.row) || a.from.localeCompare(b.from) || a.to.localeCompare(b.to) || a.id.localeCompare(b.id))
  }, [past.data, coming.data, moves, start, end, from, to, scene, entity, query.sort])
  return {
    bars,
    total: (past.data?.count ?? 0) + (coming.data?.count ?? 0),
    partial: Boolean(past.data?.next ?? coming.data?.next),
    fresh: !past.isPlaceholderData && !coming.isPlaceholderData,
    error: past.error ?? coming.error,
    ready: Boolean(past.data && coming.data),
    retry: () => void Promise.all([past.refetch(), coming.refetch()]),
  }
}
