//! What a person's home shows. Which dashboard, and what has been put away, is kept with the server, so that it is the same on every
//! device: as a view of a list that does not exist, of which each has one.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { api, newKey, Refused } from '@/api/client.ts'
import { useSession } from '@/api/queries.ts'
import type { Rec } from '@/api/types.ts'
import { isText, isTexts, recall, remember } from '@/lib/local.ts'
import { idOf, textOf, useMeta } from '@/meta/meta.ts'

/** The page the server draws up, by this name. */
export const OVERVIEW = 'overview'
const LIST = 'home'

export interface Wish {
  /** A dashboard, the overview, or nothing: then what is meant for one's role. */
  dashboard: string
  /** Companies whose list of first steps is not wanted any more. */
  dismissed: string[]
}

function wishOf(query: unknown): Wish {
  const known = typeof query === 'object' && query !== null ? (query as Record<string, unknown>) : {}
  return { dashboard: isText(known['dashboard']) ? known['dashboard'] : '', dismissed: isTexts(known['dismissed']) ? known['dismissed'] : [] }
}
const isWish = (value: unknown): value is Wish => typeof value === 'object' && value !== null

export function useWish(): { wish: Wish; ready: boolean; change: (part: Partial<Wish>) => Promise<void> } {
  const meta = useMeta()
  const session = useSession()
  const client = useQueryClient()
  const kept = meta.entity('saved_view')?.can.add ?? false
  const local = `home.${session.user.id}`
  const read = async (): Promise<Rec | null> => (await api.list('saved_view', { filter: JSON.stringify(['and', ['entity', '=', LIST], ['owner', 'is', 'me']]), sort: 'name', limit: 1 })).rows[0] ?? null
  const answer = useQuery({ queryKey: ['list', 'saved_view', LIST, session.user.id], queryFn: read, enabled: kept, staleTime: 60_000 })
  const wish = answer.data ? wishOf(answer.data['query']) : wishOf(recall(local, isWish, { dashboard: '', dismissed: [] }))
  const change = useCallback(async (part: Partial<Wish>): Promise<void> => {
    const write = async (): Promise<void> => {
      const row = kept ? await read() : null
      const next: Wish = { ...wishOf(row ? row['query'] : recall(local, isWish, { dashboard: '', dismissed: [] })), ...part }
      remember(local, next)
      if (!kept) return
      const query = { ...next }
      if (row) await api.change('saved_view', textOf(row['id']), { version: row['version'] ?? 0, query })
      else await api.create('saved_view', { entity: LIST, name: LIST, shared: false, query }, newKey())
    }
    try {
      await write()
    } catch (error) {
      // Another window was faster: on top of what it chose.
      if (error instanceof Refused && error.status === 412) await write()
      else throw error
    } finally {
      await client.invalidateQueries({ queryKey: ['list', 'saved_view', LIST] })
    }
  }, [kept, local, client])
  return { wish, ready: !kept || !answer.isPending, change }
}

/** The dashboards one may see, by name. */
export function useDashboards(): { rows: Rec[]; ready: boolean } {
  const meta = useMeta()
  const there = meta.entity('dashboard')?.can.see ?? false
  const answer = useQuery({ queryKey: ['list', 'dashboard', 'all'], queryFn: async () => (await api.list('dashboard', { sort: 'name', limit: 200, fields: 'id,version,name,owner,for_role,shared' })).rows, enabled: there, staleTime: 30_000 })
  return { rows: answer.data ?? [], ready: !there || !answer.isPending }
}

/** Which dashboard home shows: the one chosen, else that of one's role, else none: the overview. */
export function firstDashboard(rows: readonly Rec[], wish: Wish, user: string, roles: readonly string[]): Rec | null {
  if (wish.dashboard === OVERVIEW) return null
  const chosen = rows.find((row) => textOf(row['id']) === wish.dashboard)
  if (chosen) return chosen
  const meant = rows.filter((row) => roles.includes(textOf(row['for_role'])))
  return meant.find((row) => idOf(row['owner']) === user) ?? meant[0] ?? null
}
