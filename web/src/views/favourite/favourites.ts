//! What one keeps at hand, read and written.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api, newKey } from '@/api/client.ts'
import type { Rec } from '@/api/types.ts'
import { useMeta } from '@/meta/meta.ts'
import { useComplain, useSnack } from '@/ui/Snack.tsx'
import { readFavourite, type Favourite } from './order.ts'

/** As long as the server keeps an address. */
const ADDRESS_MAX = 4000
const NAME_MAX = 120

/** One after the other: hands are faster than the line, and each write needs the version the one before made. */
let before: Promise<unknown> = Promise.resolve()

const KEY = ['list', 'favourite', 'mine']

async function read(): Promise<Rec[]> {
  // An answer from before a write would put back, for a moment, what was just moved.
  await before
  return (await api.list('favourite', { sort: 'folder,position', limit: 500 })).rows
}

export interface Favourites {
  all: readonly Favourite[]
  may: boolean
  add: (name: string, to: { about: string } | { query: string }) => Promise<void>
  remove: (id: string) => Promise<void>
  change: (favourites: readonly Favourite[]) => Promise<void>
}

export function useFavourites(): Favourites {
  const meta = useMeta()
  const client = useQueryClient()
  const complain = useComplain()
  const snack = useSnack()
  const { t } = useTranslation()
  const entity = meta.entity('favourite')
  const answer = useQuery({ queryKey: KEY, queryFn: read, staleTime: 60_000, enabled: entity?.can.see ?? false })
  const all = useMemo(() => (answer.data ?? []).map(readFavourite), [answer.data])
  /** Shown at once, and as the server has it afterwards. */
  const attempt = async (soon: (rows: Rec[]) => Rec[], work: () => Promise<unknown>): Promise<boolean> => {
    await client.cancelQueries({ queryKey: KEY })
    client.setQueryData<Rec[]>(KEY, (rows) => soon(rows ?? []))
    const mine = before.then(work)
    before = mine.catch(() => undefined)
    try {
      await mine
      return true
    } catch (problem) {
      complain(problem)
      return false
    } finally {
      await client.invalidateQueries({ queryKey: ['list', 'favourite'] })
    }
  }
  return {
    all,
    may: entity?.can.add ?? false,
    add: async (name, to) => {
      if ('query' in to && to.query.length > ADDRESS_MAX) return
      const position = Math.max(0, ...all.filter((one) => one.folder === '').map((one) => one.position)) + 1
      const record: Rec = { name: name.slice(0, NAME_MAX), position, ...('about' in to ? { about_doc: to.about } : { query: to.query }) }
      await attempt((rows) => rows, () => api.create('favourite', record, newKey()))
    },
    remove: async (id) => {
      const name = all.find((one) => one.id === id)?.name ?? ''
      const well = await attempt((rows) => rows.filter((row) => row['id'] !== id), () => api.remove('favourite', id))
      if (well) snack(t('favourite.removed', { name }), async () => {
        await api.restore('favourite', id)
        await client.invalidateQueries({ queryKey: ['list', 'favourite'] })
      })
    },
    change: async (changed) => {
      if (changed.length === 0) return
      const next = (one: Favourite): Rec => ({ name: one.name, folder: one.folder || null, position: one.position })
      await attempt(
        (rows) => rows.map((row) => {
          const found = changed.find((one) => one.id === row['id'])
          return found ? { ...row, ...next(found) } : row
        }),
        async () => {
          const { rows } = await api.list('favourite', { limit: 500, fields: 'id,version' })
          const versions = new Map(rows.map((row) => [row['id'], row['version']]))
          const { results } = await api.batch('favourite', changed.filter((one) => versions.has(one.id)).map((one): Rec => ({ op: 'change', id: one.id, version: versions.get(one.id), record: { ...next(one) } as Rec[string] })), true)
          const refused = results.flatMap((result) => result.problems ?? [])[0]
          if (refused) throw new Error(refused.message)
        },
      )
    },
  }
}
