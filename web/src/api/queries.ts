//! What is asked, under which name it is kept, and for how long.
import { infiniteQueryOptions, keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query'
import { api, type ListParams, Refused } from './client.ts'
import type { MetaData, Session } from './types.ts'

/** How much of a timeline is shown before one asks for more. */
const TIMELINE_PAGE = 30

export const queries = {
  session: () =>
    queryOptions({
      queryKey: ['session'],
      queryFn: async (): Promise<Session | null> => {
        try {
          return await api.session()
        } catch (error) {
          if (error instanceof Refused && error.status === 401) return null
          throw error
        }
      },
      staleTime: Infinity,
    }),
  /** Whom to look around as, and what has to be made first, come in the body of the 401. */
  welcome: () =>
    queryOptions({
      queryKey: ['welcome'],
      queryFn: async () => {
        try {
          await api.session()
          return { users: [], toBegin: [] }
        } catch (error) {
          return error instanceof Refused ? { users: [...error.demoUsers], toBegin: [...error.toBegin] } : { users: [], toBegin: [] }
        }
      },
      staleTime: Infinity,
    }),
  meta: () => queryOptions({ queryKey: ['meta'], queryFn: api.meta, staleTime: Infinity }),
  home: () => queryOptions({ queryKey: ['home'], queryFn: api.home, staleTime: 30_000 }),
  workingDays: () => queryOptions({ queryKey: ['working_days'], queryFn: api.workingDays, staleTime: Infinity }),
  list: (entity: string, params: ListParams) =>
    infiniteQueryOptions({
      queryKey: ['list', entity, params],
      queryFn: ({ pageParam, signal }) => api.list(entity, { ...params, ...(pageParam ? { cursor: pageParam } : { count: true }) }, signal),
      initialPageParam: '',
      getNextPageParam: (page) => page.next ?? undefined,
      placeholderData: keepPreviousData,
      staleTime: 10_000,
    }),
  groups: (entity: string, params: ListParams) =>
    queryOptions({
      queryKey: ['groups', entity, params],
      queryFn: ({ signal }) => api.groups(entity, params, signal),
      placeholderData: keepPreviousData,
      staleTime: 10_000,
    }),
  count: (entity: string, filter: string, search = '') =>
    queryOptions({
      queryKey: ['count', entity, filter, search],
      queryFn: async () => (await api.list(entity, { filter, search, limit: 1, count: true })).count ?? 0,
      staleTime: 30_000,
    }),
  /** Whether nothing has the words that are looked for, and what is shown only nearly does. */
  near: (entity: string, filter: string, search: string) =>
    queryOptions({
      queryKey: ['near', entity, filter, search],
      queryFn: async ({ signal }) => (await api.list(entity, { filter, search, fields: 'id', limit: 1 }, signal)).near ?? false,
      enabled: search.trim() !== '',
      staleTime: 30_000,
    }),
  record: (entity: string, id: string) => queryOptions({ queryKey: ['record', entity, id], queryFn: () => api.read(entity, id), staleTime: 5_000 }),
  prefilled: (entity: string, from: string) =>
    queryOptions({ queryKey: ['new', entity, from], queryFn: () => api.prefilled(entity, from), staleTime: 0, gcTime: 0 }),
  timeline: (entity: string, id: string, kind: '' | 'note' | 'changes') =>
    infiniteQueryOptions({
      queryKey: ['aside', entity, id, 'timeline', kind],
      queryFn: ({ pageParam }) => api.timeline(entity, id, { limit: TIMELINE_PAGE, kind, before: pageParam }),
      initialPageParam: '',
      getNextPageParam: (page) => page.next || undefined,
    }),
  links: (entity: string, id: string) => queryOptions({ queryKey: ['aside', entity, id, 'links'], queryFn: () => api.links(entity, id) }),
  settled: (entity: string, id: string) => queryOptions({ queryKey: ['aside', entity, id, 'settled'], queryFn: () => api.settled(entity, id) }),
  books: (entity: string, id: string) => queryOptions({ queryKey: ['aside', entity, id, 'books'], queryFn: () => api.books(entity, id) }),
  recent: (limit: number) => queryOptions({ queryKey: ['recent', limit], queryFn: async () => (await api.recent(limit)).items, staleTime: 0 }),
  report: (name: string, params: Record<string, string>) =>
    queryOptions({ queryKey: ['report', name, params], queryFn: () => api.report(name, params), placeholderData: keepPreviousData, staleTime: 5_000 }),
  search: (q: string, limit: number) =>
    queryOptions({ queryKey: ['search', q, limit], queryFn: ({ signal }) => api.search(q, limit, signal), enabled: q.trim() !== '', staleTime: 20_000, placeholderData: keepPreviousData }),
}

/** The session; the frame is only drawn when there is one. */
export function useSession(): Session {
  const { data } = useQuery(queries.session())
  if (!data) throw new Error('a screen was drawn without a session')
  return data
}

export function useMetaData(): MetaData {
  const { data } = useQuery(queries.meta())
  if (!data) throw new Error('a screen was drawn without metadata')
  return data
}
