//! The list one came from: its address for the way back, its order for previous and next. Kept while the tab is open.
import { useEffect, useState } from 'react'
import { api, type ListParams } from '@/api/client.ts'
import { textOf } from '@/meta/meta.ts'

/** Records that are not here yet: after which one they stand, how many, and how they are asked for. */
export interface Gap { after: string; missing: number; params: ListParams; cursor: string }

interface Trail {
  entity: string
  address: string
  ids: readonly string[]
  /** How many there are in all, as far as is known. */
  count: number
  /** At the end of a list, or of each of its groups. */
  gaps: readonly Gap[]
}

const KEY = 'heyi.trail'
const IDS_MAX = 2_000
/** How many records before a gap its page is asked for. */
const AHEAD = 10
const asked = new WeakSet<Gap>()

function kept(): Trail | null {
  try {
    const trail: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null')
    return typeof trail === 'object' && trail !== null && 'ids' in trail && Array.isArray(trail.ids) && 'gaps' in trail ? (trail as Trail) : null
  } catch {
    return null
  }
}
let last: Trail | null = kept()

function keep(trail: Trail): void {
  last = trail
  try {
    // A very long one is not kept whole: previous and next then end at a reload.
    sessionStorage.setItem(KEY, JSON.stringify(trail.ids.length > IDS_MAX ? { ...trail, ids: trail.ids.slice(0, IDS_MAX), gaps: [] } : trail))
  } catch {
    // No room: it is known until the tab is loaded again.
  }
}

export function rememberList(entity: string, address: string, ids: readonly string[], count = ids.length, gaps: readonly Gap[] = []): void {
  if (ids.length || last?.entity !== entity) keep({ entity, address, ids, count: Math.max(count, ids.length), gaps })
  else keep({ ...last, address })
}

export const listAddress = (entity: string): string => (last?.entity === entity ? last.address : `/${entity}`)

export interface Around { previous?: string; next?: string; at: number; of: number }

export function neighbours(entity: string, id: string): Around {
  const trail = last?.entity === entity ? last : null
  const at = trail?.ids.indexOf(id) ?? -1
  if (!trail || at < 0) return { at: -1, of: 0 }
  const before = trail.gaps.reduce((sum, gap) => (trail.ids.indexOf(gap.after) < at ? sum + gap.missing : sum), 0)
  // What stands behind a gap is not the next one.
  const next = trail.gaps.some((gap) => gap.after === id) ? undefined : trail.ids[at + 1]
  return { previous: trail.ids[at - 1], next, at: at + before, of: trail.count }
}

/** A trail with one gap filled by a page of its records. */
export function filled<T extends Pick<Trail, 'ids' | 'gaps'>>(trail: T, gap: Gap, found: readonly string[], cursor: string | null): T {
  const at = trail.ids.indexOf(gap.after) + 1
  const rest = trail.gaps.filter((one) => one !== gap)
  const still = found.at(-1)
  return {
    ...trail,
    ids: [...trail.ids.slice(0, at), ...found, ...trail.ids.slice(at)],
    gaps: cursor && still !== undefined ? [...rest, { ...gap, after: still, missing: Math.max(0, gap.missing - found.length), cursor }] : rest,
  }
}

/** The records before and after one; those of the next page are fetched before they are wanted. */
export function useNeighbours(entity: string, id: string): Around {
  const [, setFetched] = useState(0)
  const around = neighbours(entity, id)
  const trail = last?.entity === entity ? last : null
  const at = trail?.ids.indexOf(id) ?? -1
  // Soon enough that nobody who turns quickly stands before a page that is not there yet.
  const soon = at < 0 ? [] : (trail?.ids.slice(at, at + AHEAD) ?? [])
  const cursor = trail?.gaps.find((gap) => soon.includes(gap.after))?.cursor
  useEffect(() => {
    const gap = last?.gaps.find((one) => one.cursor === cursor)
    if (!gap || asked.has(gap)) return
    asked.add(gap)
    void api.list(entity, { ...gap.params, fields: 'id', cursor: gap.cursor }).then((page) => {
      if (!last?.gaps.includes(gap)) return
      keep(filled(last, gap, page.rows.map((row) => textOf(row['id'])), page.next ?? null))
      setFetched((times) => times + 1)
    }, () => void asked.delete(gap))
  }, [entity, cursor])
  return around
}
