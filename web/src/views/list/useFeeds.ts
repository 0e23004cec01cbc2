//! Pages of several lists at once, as many as there are open groups; each goes on by itself.
import { InfiniteQueryObserver, notifyManager, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useReducer, useRef } from 'react'
import type { ListParams } from '@/api/client.ts'
import { queries } from '@/api/queries.ts'
import type { Page } from '@/api/types.ts'
import type { Feed } from './lines.ts'

export interface Wanted { id: string; params: ListParams }
type Held = { observer: InfiniteQueryObserver<Page, Error, { pages: Page[] }>; stop: () => void }

export function useFeeds(entity: string, wanted: readonly Wanted[]): ReadonlyMap<string, Feed> {
  const client = useQueryClient()
  const [drawn, redraw] = useReducer((times: number) => times + 1, 0)
  const held = useRef(new Map<string, Held>())
  const asked = JSON.stringify(wanted)
  const options = useMemo(() => new Map(wanted.map(({ id, params }) => [id, queries.list(entity, params)])), [asked, entity])
  useEffect(() => {
    for (const [id, { stop }] of held.current) {
      if (options.has(id)) continue
      stop()
      held.current.delete(id)
    }
    for (const [id, option] of options) {
      const known = held.current.get(id)
      if (known) known.observer.setOptions(client.defaultQueryOptions(option) as never)
      else {
        const observer = new InfiniteQueryObserver(client, option as never) as unknown as Held['observer']
        held.current.set(id, { observer, stop: observer.subscribe(notifyManager.batchCalls(redraw)) })
      }
    }
    redraw()
  }, [options, client])
  useEffect(() => () => {
    for (const { stop } of held.current.values()) stop()
    held.current.clear()
  }, [])
  return useMemo(() => new Map([...options].map(([id, option]): [string, Feed] => {
    const { observer } = held.current.get(id) ?? {}
    const result = observer?.getCurrentResult()
    // Before it is watched: what is known from the last time.
    const pages = result?.data?.pages ?? client.getQueryData<{ pages: Page[] }>(option.queryKey)?.pages ?? []
    return [id, {
      rows: pages.flatMap((page) => page.rows),
      next: pages.at(-1)?.next ?? '',
      loading: pages.length === 0 ? !result?.isError : result?.isFetchingNextPage ?? false,
      failed: result?.isError ?? false,
      more: () => void (result?.isError && pages.length === 0 ? observer?.refetch() : observer?.fetchNextPage()),
    }]
  })), [options, drawn, client])
}
