//! What a person's home shows: which dashboard, and what has been put away.
import { useQuery } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import { api } from '@/api/client.ts'
import type { Rec } from '@/api/types.ts'
import { locale, type Lang } from '@/i18n/index.ts'
import { isText, isTexts } from '@/lib/local.ts'
import { useKept } from '@/meta/kept.ts'
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
export function useWish(): { wish: Wish; ready: boolean; change: (part: Partial<Wish>) => Promise<void> } {
  const { value, ready, change } = useKept(LIST, LIST, wishOf)
  return { wish: value, ready, change: useCallback((part: Partial<Wish>) => change((now) => ({ ...now, ...part })), [change]) }
}

/** The dashboards one may see, by what they are called. */
export function useDashboards(): { rows: Rec[]; ready: boolean } {
  const meta = useMeta()
  const there = meta.entity('dashboard')?.can.see ?? false
  const answer = useQuery({ queryKey: ['list', 'dashboard', 'all'], queryFn: async () => (await api.list('dashboard', { sort: 'name', limit: 200, fields: 'id,version,name,name_zh,owner,for_role,shared' })).rows, enabled: there, staleTime: 30_000 })
  const { lang } = meta
  const rows = useMemo(() => [...(answer.data ?? [])].sort((a, b) => calledIn(lang, a).localeCompare(calledIn(lang, b), locale(lang))), [answer.data, lang])
  return { rows, ready: !there || !answer.isPending }
}

/** What a dashboard is called by who reads this language. */
export const calledIn = (lang: Lang, row: Rec): string => (lang === 'zh' && textOf(row['name_zh'])) || textOf(row['name'])

/** Which dashboard home shows: the one chosen, else that of one's role, else none: the overview. */
export function firstDashboard(rows: readonly Rec[], wish: Wish, user: string, roles: readonly string[]): Rec | null {
  if (wish.dashboard === OVERVIEW) return null
  const chosen = rows.find((row) => textOf(row['id']) === wish.dashboard)
  if (chosen) return chosen
  return roleDashboard(rows, user, roles)
}

/** What is meant for one's role: one's own first, then what a colleague made, then what came with the house. */
export function roleDashboard(rows: readonly Rec[], user: string, roles: readonly string[]): Rec | null {
  const meant = rows.filter((row) => roles.includes(textOf(row['for_role'])))
  return meant.find((row) => idOf(row['owner']) === user) ?? meant.find((row) => idOf(row['owner'])) ?? meant[0] ?? null
}
