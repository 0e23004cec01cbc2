//! The list one came from: its address for the way back, its order for previous and next. Kept while the tab is open.
import { useEffect, useState } from 'react'
import { api, type ListParams } from '@/api/client.ts'
import { textOf } from '@/meta/meta.ts'

interface Trail {
  entity: string
  address: string
  ids: readonly string[]
  /** How many there are in all, as far as is known. */
  count: number
  /** How the next ones are asked for; none when all are here. */
  more: { params: ListParams; cursor: string } | null
}

const KEY = 'heyi.trail'
const IDS_MAX = 2_000

function kept(): Trail | null {
  try {
    const trail: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null')
    return typeof trail === 'object' && trail !== null && 'ids' in trail && Array.isArray(trail.ids) ? (trail as Trail) : null
  } catch {
    return null
  }
}
let last: Trail | null = kept()

function keep(trail: Trail): void {
  last = trail
  try {
    // A very long one is not kept whole: previous and next then end at a reload.
    sessionStorage.setItem(KEY, JSON.stringify(trail.ids.length > IDS_MAX ? { ...trail, ids: trail.ids.slice(0, IDS_MAX), more: null } : trail))
  } catch {
    // No room: it is known until the tab is loaded again.
  }
}

export function rememberList(entity: string, address: string, ids: readonly string[], count = ids.length, more: Trail['more'] = null): void {
  if (ids.length || last?.entity !== entity) keep({ entity, address, ids, count: Math.max(count, ids.length), more })
  else keep({ ...last, address })
}

export const listAddress = (entity: string): string => (last?.entity === entity ? last.address : `/${entity}`)

export interface Around { previous?: string; next?: string; at: number; of: number }

export function neighbours(entity: string, id: string): Around {
  const ids = last?.entity === entity ? last.ids : []
  const at = ids.indexOf(id)
  return at < 0 ? { at: -1, of: 0 } : { previous: ids[at - 1], next: ids[at + 1], at, of: last?.count ?? ids.length }
}

/** The records before and after one; those of the next page are fetched before they are wanted. */
export function useNeighbours(entity: string, id: string): Around {
  const [, setFetched] = useState(0)
  const around = neighbours(entity, id)
  const atEnd = around.at >= 0 && around.next === undefined
  useEffect(() => {
    const trail = last
    if (!atEnd || !trail?.more) return
    const { params, cursor } = trail.more
    const leaving = new AbortController()
    void api.list(entity, { ...params, fields: 'id', cursor }, leaving.signal).then((page) => {
      if (last !== trail) return
      keep({ ...trail, ids: [...trail.ids, ...page.rows.map((row) => textOf(row['id']))], more: page.next ? { params, cursor: page.next } : null })
      setFetched((times) => times + 1)
    }, () => undefined)
    return () => leaving.abort()
  }, [entity, id, atEnd])
  return around
}
