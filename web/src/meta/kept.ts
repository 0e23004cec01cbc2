//! What a person chose, kept with the server so that it is the same on every device: as views of a list that does not exist, one a name.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo } from 'react'
import { api, newKey, Refused } from '@/api/client.ts'
import { useMetaData, useSession } from '@/api/queries.ts'
import type { Rec } from '@/api/types.ts'
import { isFlag, recall, remember } from '@/lib/local.ts'
import { textOf } from './meta.ts'

/** As many choices of one sort as a person makes in years. */
const ROWS_MAX = 200

export interface Kept<T> { value: T; ready: boolean; change: (next: (now: T) => T) => Promise<void> }

/** One write after the other: hands are faster than the line, and each needs the version the one before made. */
let before: Promise<unknown> = Promise.resolve()
/** Changes that wait for the one under way are written at once. */
const waiting = new Map<string, ((now: unknown) => unknown)[]>()

/** What a page that goes away still says, by where it is kept: there is no time to ask first. */
const lastWords = new Map<string, () => Promise<unknown>>()
function sayLast(): void {
  // Refused when what it stands on is old: then it is taken up when the program opens again.
  for (const say of lastWords.values()) void say().catch(() => undefined)
}
/** Each is taken up once a page, whoever asks first. */
const takenUp = new Set<string>()

const isThing = (value: unknown): value is unknown => value !== undefined

/** Chosen, and not yet with the server: that outlasts a reload, a closed window and a dead line. */
const isUnsent = (local: string): boolean => recall(`${local}.unsent`, isFlag, false)
function markUnsent(local: string, unsent: boolean): void {
  if (!unsent) lastWords.delete(local)
  if (isUnsent(local) !== unsent) remember(`${local}.unsent`, unsent)
}

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
    if (told !== 'null' && !isUnsent(local)) remember(local, JSON.parse(told))
  }, [local, told])
  const text = JSON.stringify((isUnsent(local) ? null : named(answer.data)?.['query']) ?? recall(local, isThing, null))
  const value = useMemo(() => read(JSON.parse(text)), [text, read])

  const change = useCallback(async (next: (now: T) => T): Promise<void> => {
    const rows = client.getQueryData<Rec[]>(key)
    const row = named(rows)
    // Of two changes in one breath the second stands on the first, and a page may go away with the next.
    const soon = next(read((isUnsent(local) ? null : row?.['query']) ?? recall(local, isThing, null)))
    const query = soon as Rec[string]
    const fresh = newKey()
    const send = (to: Rec | undefined, what: Rec[string]): Promise<unknown> => {
      if (to?.['id']) return api.change('saved_view', textOf(to['id']), { version: to['version'] ?? 0, query: what }, true)
      return api.create('saved_view', { entity: list, name, shared: false, query: what }, fresh, true)
    }
    remember(local, soon)
    if (may) {
      markUnsent(local, true)
      // Before it is known what is there, nothing is said that might be there twice.
      if (rows) {
        lastWords.set(local, () => send(row, query))
        addEventListener('pagehide', sayLast)
      }
    }
    await client.cancelQueries({ queryKey: key })
    client.setQueryData<Rec[]>(key, (all) => [...(all ?? []).filter((one) => textOf(one['name']) !== name), { ...named(all), name, query }])
    if (!may) return
    const queued = waiting.get(local)
    const own = next as (now: unknown) => unknown
    if (queued) queued.push(own)
    else waiting.set(local, [own])
    const write = async (): Promise<void> => {
      const now = named(await rowsNow())
      const steps = [...(waiting.get(local) ?? [])]
      if (steps.length === 0) return
      await send(now, steps.reduce<unknown>((value, step) => step(value), read(now?.['query'] ?? null)) as Rec[string])
      const left = (waiting.get(local) ?? []).slice(steps.length)
      waiting.set(local, left)
      if (left.length === 0) markUnsent(local, false)
    }
    const mine = before.then(async () => {
      try {
        await write()
      } catch (error) {
        // Another window was faster: on top of what it chose.
        if (error instanceof Refused && error.status === 412) await write()
        else {
          waiting.delete(local)
          // Nobody there is no answer: it is said again when the program opens the next time.
          if (error instanceof Refused) markUnsent(local, false)
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
  useEffect(() => {
    if (!answer.isSuccess || !isUnsent(local) || lastWords.has(local) || waiting.get(local)?.length || takenUp.has(local)) return
    takenUp.add(local)
    const chosen = read(recall(local, isThing, null))
    void change(() => chosen).catch(() => undefined)
  }, [answer.isSuccess, local, read, change])
  return { value, ready: !may || !answer.isPending, change }
}
