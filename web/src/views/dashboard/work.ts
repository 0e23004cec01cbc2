//! Writing dashboards: every write says what it was based on, and what went wrong is told.
import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { api, newKey } from '@/api/client.ts'
import type { Rec } from '@/api/types.ts'
import { textOf } from '@/meta/meta.ts'
import { useComplain } from '@/ui/Snack.tsx'
import { readLayout, withCard, writeLayout, type Card, type Content } from './cards.ts'

export interface DashboardWork {
  /** Its id, or null when it was refused. */
  create: (name: string, cards: readonly Card[]) => Promise<string | null>
  /** An own one with the same cards: its id, or null when it was refused. */
  copy: (id: string, name: string) => Promise<string | null>
  change: (record: Rec, part: Rec) => Promise<Rec | null>
  append: (id: string, content: Content) => Promise<boolean>
  remove: (id: string) => Promise<boolean>
  refresh: (id?: string) => Promise<void>
}

export function useDashboardWork(): DashboardWork {
  const client = useQueryClient()
  const complain = useComplain()
  const refresh = useCallback(async (id?: string): Promise<void> => {
    await Promise.all([client.invalidateQueries({ queryKey: ['list', 'dashboard'] }), ...(id ? [client.invalidateQueries({ queryKey: ['record', 'dashboard', id] })] : [])])
  }, [client])
  const attempt = async <T>(work: () => Promise<T>): Promise<T | null> => {
    try {
      return await work()
    } catch (problem) {
      complain(problem)
      return null
    }
  }
  const create = async (name: string, cards: readonly Card[]): Promise<string> => {
    const { record } = await api.create('dashboard', { name, shared: false, layout: writeLayout(cards) }, newKey())
    await refresh()
    return textOf(record['id'])
  }
  return {
    refresh,
    create: (name, cards) => attempt(() => create(name, cards)),
    copy: (id, name) => attempt(async () => create(name, readLayout((await api.read('dashboard', id)).record['layout']))),
    change: (record, part) => attempt(async () => {
      const id = textOf(record['id'])
      const changed = await api.change('dashboard', id, { version: record['version'] ?? 0, ...part })
      client.setQueryData(['record', 'dashboard', id], changed)
      await refresh()
      return changed.record
    }),
    append: async (id, content) => (await attempt(async () => {
      const { record } = await api.read('dashboard', id)
      const changed = await api.change('dashboard', id, { version: record['version'] ?? 0, layout: writeLayout(withCard(readLayout(record['layout']), content)) })
      client.setQueryData(['record', 'dashboard', id], changed)
      await refresh()
      return true
    })) ?? false,
    remove: async (id) => (await attempt(async () => {
      await api.remove('dashboard', id)
      client.removeQueries({ queryKey: ['record', 'dashboard', id] })
      await refresh()
      return true
    })) ?? false,
  }
}
