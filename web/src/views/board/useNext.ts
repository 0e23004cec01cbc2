//! What is to be done next about each card of a column: one question for all of them, 500 at a time.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api, type ListParams } from '@/api/client.ts'
import type { Entity, NextActivity, Rec } from '@/api/types.ts'
import { isRef, textOf, type Meta } from '@/meta/meta.ts'

/** As many as the server answers for at once. */
const ASKED_MAX = 500

export const STATES = ['planned', 'today', 'overdue', 'none'] as const
export type State = (typeof STATES)[number]
export type NextOf = Readonly<Record<string, NextActivity | null | undefined>>

export const stateOf = (next: NextActivity | null | undefined): State => STATES.find((state) => state === next?.due_state) ?? 'none'

/** The cards of each state. */
export function byState(ids: readonly string[], next: NextOf): Record<State, string[]> {
  const found: Record<State, string[]> = { planned: [], today: [], overdue: [], none: [] }
  for (const id of ids) found[stateOf(next[id])].push(id)
  return found
}

/** An activity is itself what is to be done. */
const isActivity = (entity: Entity): boolean => entity.name === 'activity'

export const hasActivities = (meta: Meta, entity: Entity): boolean => meta.entity('activity')?.can.see === true && entity.kind !== 'ledger' && entity.kind !== 'setting'

const DUE = 'id,due_state,due_on,activity_type,summary,assigned_to'

/** Of activities, those that are still open, each with when it is due. */
export const duesOf = (rows: readonly Rec[]): NextOf =>
  Object.fromEntries(rows.flatMap((row): [string, NextActivity][] => {
    const type = row['activity_type']
    const whom = row['assigned_to']
    if (!STATES.some((state) => state === row['due_state']) || !isRef(type)) return []
    const id = textOf(row['id'])
    return [[id, { id, activity_type: type, summary: textOf(row['summary']), due_on: textOf(row['due_on']), due_state: textOf(row['due_state']), ...(isRef(whom) ? { assigned_to: whom } : {}) }]]
  }))

/** Of all cards of a column, also of those not loaded yet, up to the first 500. */
export function useNext(entity: Entity, params: ListParams, rows: readonly Rec[], more: boolean, wanted: boolean): { next: NextOf; states: Record<State, string[]>; known: boolean; asked: number } {
  const beyond = useQuery({
    queryKey: ['list', entity.name, { ...params, fields: 'id', limit: ASKED_MAX }, 'ids'],
    queryFn: async ({ signal }) => (await api.list(entity.name, { ...params, fields: 'id', limit: ASKED_MAX }, signal)).rows.map((row) => textOf(row['id'])),
    enabled: wanted && more && !isActivity(entity),
    staleTime: 10_000,
    placeholderData: keepPreviousData,
  })
  const loaded = rows.map((row) => textOf(row['id']))
  const ready = !more || beyond.data !== undefined
  const signature = ready ? [...new Set([...loaded, ...(more ? (beyond.data ?? []) : [])])].join(',') : ''
  const ids = useMemo(() => (signature ? signature.split(',') : []), [signature])
  const answer = useQuery({
    // Under the name of the activities: told of by the live events as they are.
    queryKey: ['groups', 'activity', 'next', entity.name, signature],
    queryFn: async (): Promise<NextOf> => {
      const parts = Array.from({ length: Math.ceil(ids.length / ASKED_MAX) }, (_, at) => ids.slice(at * ASKED_MAX, (at + 1) * ASKED_MAX))
      const answers = await Promise.all(parts.map((part) => api.nextActivities(entity.name, part)))
      return Object.assign({}, ...answers.map(({ next }) => next)) as NextOf
    },
    enabled: wanted && ids.length > 0 && !isActivity(entity),
    staleTime: 10_000,
    placeholderData: keepPreviousData,
  })
  const own = useQuery({
    queryKey: ['list', entity.name, { ...params, limit: ASKED_MAX }, 'due'],
    queryFn: async ({ signal }) => (await api.list(entity.name, { ...params, fields: DUE, limit: ASKED_MAX }, signal)).rows,
    enabled: wanted && isActivity(entity),
    staleTime: 10_000,
    placeholderData: keepPreviousData,
  })
  const dues = useMemo(() => (own.data ? duesOf(own.data) : null), [own.data])
  const next = dues ?? answer.data ?? NOTHING
  const states = useMemo(() => byState(dues ? Object.keys(dues) : ids, next), [dues, ids, next])
  if (isActivity(entity)) return { next, states, known: dues !== null && Object.keys(dues).length > 0, asked: own.data?.length ?? 0 }
  return { next, states, known: answer.data !== undefined && ids.length > 0, asked: ids.length }
}
const NOTHING: NextOf = {}
