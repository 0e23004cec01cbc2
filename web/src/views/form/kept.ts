//! What was typed and not saved yet, kept on this device: a closed tab, a dead battery or a lost session takes nothing away.
import { useEffect, useRef, useState } from 'react'
import type { Entity, Rec } from '@/api/types.ts'
import { draftOf, isDirty, rebase, type Draft, type Row } from './draft.ts'

const PREFIX = 'heyi.draft.'
const WAIT_MS = 400
const DAYS = 14
const MOST = 40

interface Kept {
  at: number
  base: Rec
  typed: Rec
  rows: Record<string, { base: Rec; typed: Rec }[]>
  touched: string[]
}

const isKept = (value: unknown): value is Kept => typeof value === 'object' && value !== null && 'typed' in value && 'rows' in value && 'touched' in value && 'at' in value

/** Where the draft of a form is kept: of this person, this record. */
export const placeOf = (user: string, entity: Entity, id: string | null, from = ''): string => `${PREFIX}${user}.${entity.name}.${id ?? `new.${from}`}`

export function keep(place: string, draft: Draft, now: number): void {
  const bare = (row: Row): { base: Rec; typed: Rec } => ({ base: row.base, typed: row.typed })
  const kept: Kept = { at: now, base: draft.base, typed: draft.typed, rows: Object.fromEntries(draft.touched.map((name) => [name, (draft.rows[name] ?? []).map(bare)])), touched: [...draft.touched] }
  try {
    localStorage.setItem(place, JSON.stringify(kept))
  } catch {
    // No room: what is on the screen is all there is.
  }
}

export function forget(place: string): void {
  try {
    localStorage.removeItem(place)
  } catch {
    // Nothing is kept where nothing can be.
  }
}

export function found(place: string): Kept | null {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(place) ?? 'null')
    return isKept(value) ? value : null
  } catch {
    return null
  }
}

let keys = 0
/** The draft again, on top of the record as it is now. */
export function thawed(entity: Entity, kept: Kept, now: Rec, saved: boolean): Draft {
  const rows = Object.fromEntries(Object.entries(kept.rows).map(([name, all]) => [name, all.map(({ base, typed }): Row => ({ key: `kept${(keys += 1)}`, base, typed, filled: {} }))]))
  const before = draftOf(entity, kept.base, saved)
  const draft: Draft = { ...before, typed: kept.typed, touched: kept.touched, rows: { ...before.rows, ...rows } }
  return saved ? rebase(draft, now) : draft
}

/** Forgets what is old, and the oldest where there is too much. */
export function tidy(now: number): void {
  try {
    const all = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).map((key) => ({ key, at: found(key)?.at ?? 0 })).sort((a, b) => b.at - a.at)
    for (const { key } of all.filter(({ at }, index) => index >= MOST || at < now - DAYS * 86_400_000)) localStorage.removeItem(key)
  } catch {
    // As above.
  }
}

export interface Keeping { kept: Kept | null; restore: () => void; drop: () => void }

/** Keeps a form's draft while it has changes, and offers the one that was kept before. */
export function useKept(place: string, draft: Draft, current: Rec, change: (step: (draft: Draft) => Draft) => void): Keeping {
  const [kept, setKept] = useState<Kept | null>(() => found(place))
  const dirty = isDirty(draft)
  const latest = useRef(draft)
  latest.current = draft
  useEffect(() => tidy(Date.now()), [])
  useEffect(() => {
    if (!dirty) return
    // What is typed now takes the place of what was left before, once there is something.
    const timer = setTimeout(() => keep(place, latest.current, Date.now()), WAIT_MS)
    return () => clearTimeout(timer)
  }, [place, draft, dirty])
  useEffect(() => {
    if (!dirty) return
    const write = (): void => keep(place, latest.current, Date.now())
    addEventListener('pagehide', write)
    return () => removeEventListener('pagehide', write)
  }, [place, dirty])
  const was = useRef(false)
  useEffect(() => {
    if (was.current && !dirty) {
      forget(place)
      setKept(null)
    }
    was.current = dirty
  }, [dirty, place])
  return {
    kept: dirty ? null : kept,
    restore: () => {
      if (kept) change(() => thawed(draft.entity, kept, current, draft.saved))
      setKept(null)
    },
    drop: () => {
      forget(place)
      setKept(null)
    },
  }
}
