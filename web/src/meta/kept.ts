//! What a person chose, kept with the server so that it is the same on every device: as views of a list that does not exist, one a name.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo } from 'react'
import { api, newKey, Refused } from '@/api/client.ts'
import { useMetaData, useSession } from '@/api/queries.ts'
import type { Rec } from '@/api/types.ts'
import { recall, remember } from '@/lib/local.ts'
import { textOf } from './meta.ts'

/** As many choices of one sort as a person makes in years. */
const ROWS_MAX = 200

export interface Kept<T> { value: T; ready: boolean; change: (next: (now: T) => T) => Promise<void> }

/** One write after the other: hands are faster than the line, and each needs the version the one before made. */
let before: Promise<unknown> = Promise.resolve()
/** Changes that wait for the one under way are written at once. */
const waiting = new Map<string, ((now: unknown) => unknown)[]>()

const isThing = (value: unknown): value is unknown => value !== undefined

/** `read` understands whatever is found, also nothing. */
export function useKept<T>(list: string, name: string, read: (value: unknown) => T): Kept<T> {
  const { user } = useSession()
  const client = useQueryClient()
  const may = useMetaData().entities['saved_view']?.can.add ?? false
  const local = `${list}.${user.id}.${name}`
  const key = useMemo(() => ['list', 'saved_view', list, user.id], [list, user.id])
  const rowsNow = useCallback(async (): Promise<Rec[]> => (await api.list('saved_view', { filter: JSON.stringify(['and', ['entity', '=', list], ['owner', 'is', 'me']]), sort: 'name', limit: ROWS_MAX })).rows, [list])
  const answer = useQuery({
    queryKey: key,
    queryFn: async () => {
      // An answer from before a write would put back, for a moment, what was just chosen.
      await before
      return rowsNow()
    },
    enabled: may,
    staleTime: 60_000,
  })
  const named = (rows: readonly Rec[] | undefined): Rec | undefined => rows?.find((row) => textOf(row['name']) === name)
  // What the server said last is what one sees first when the program opens again.
  const told = JSON.stringify(named(answer.data)?.['query'] ?? null)
  useEffect(() => {
    if (told !== 'null') remember(local, JSON.parse(told))
  }, [local, told])
  const text = JSON.stringify(named(answer.data)?.['query'] ?? recall(local, isThing, null))
  const value = useMemo(() => read(JSON.parse(text)), [text, read])

  const change = useCallback(async (next: (now: T) => T): Promise<void> => {
    await client.cancelQueries({ queryKey: key })
    // Read after waiting: of two changes in one breath the second stands on the first.
    const soon = next(read(named(client.getQueryData<Rec[]>(key))?.['query'] ?? recall(local, isThing, null)))
    remember(local, soon)
    client.setQueryData<Rec[]>(key, (rows) => [...(rows ?? []).filter((row) => textOf(row['name']) !== name), { ...named(rows), name, query: soon as Rec[string] }])
    if (!may) return
    const queued = waiting.get(local)
    const own = next as (now: unknown) => unknown
    if (queued) queued.push(own)
    else waiting.set(local, [own])
    const write = async (): Promise<void> => {
      const row = named(await rowsNow())
      const steps = [...(waiting.get(local) ?? [])]
      if (steps.length === 0) return
      const query = steps.reduce<unknown>((now, step) => step(now), read(row?.['query'] ?? null)) as Rec[string]
      if (row) await api.change('saved_view', textOf(row['id']), { version: row['version'] ?? 0, query })
      else await api.create('saved_view', { entity: list, name, shared: false, query }, newKey())
      waiting.set(local, (waiting.get(local) ?? []).slice(steps.length))
    }
    const mine = before.then(async () => {
      try {
        await write()
      } catch (error) {
        // Another window was faster: on top of what it chose.
        if (error instanceof Refused && error.status === 412) await write()
        else {
          waiting.delete(local)
          throw error
        }
      }
    })
    before = mine.catch(() => undefined)
    try {
      await mine
    } finally {
      await client.invalidateQueries({ queryKey: key })
    }
  }, [may, local, key, list, name, read, rowsNow, client])
  return { value, ready: !may || !answer.isPending, change }
}
