//! What was written without a network waits on this device and is sent when there is one: notes and activities.
//! Each carries the key of its first try, so nothing is written twice; what is refused then is told, not dropped.
import { useSyncExternalStore } from 'react'
import { api, newKey, Refused, Unreachable } from './client.ts'
import type { Json, Rec } from './types.ts'

export interface Waiting {
  key: string
  user: string
  at: number
  /** Where it is sent, after /api. */
  path: string
  body: Rec
  /** As a person recognises it: whose note, what text. */
  about: string
  text: string
  /** Why the server did not take it. */
  refused?: string
}

const PLACE = 'heyi.queue'
const MOST = 200
const EMPTY: readonly Waiting[] = []

const isWaiting = (value: unknown): value is Waiting => typeof value === 'object' && value !== null && 'key' in value && 'path' in value && 'body' in value && 'user' in value
function read(): readonly Waiting[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(PLACE) ?? '[]')
    return Array.isArray(value) ? value.filter(isWaiting) : EMPTY
  } catch {
    return EMPTY
  }
}

let all: readonly Waiting[] | undefined
const watchers = new Set<() => void>()
const now = (): readonly Waiting[] => (all ??= read())
function put(next: readonly Waiting[]): void {
  all = next
  try {
    localStorage.setItem(PLACE, JSON.stringify(next))
  } catch {
    // Kept for as long as the page is open.
  }
  for (const watcher of watchers) watcher()
}
// Another tab may have sent some.
if (typeof addEventListener === 'function') {
  addEventListener('storage', (event) => {
    if (event.key !== PLACE) return
    all = undefined
    for (const watcher of watchers) watcher()
  })
}

export const useQueue = (): readonly Waiting[] => useSyncExternalStore((watch) => {
  watchers.add(watch)
  return () => watchers.delete(watch)
}, now)

/** Sends at once; without a network it waits. True when it was sent. */
export async function sendOrKeep(user: string, path: string, body: Rec, about: string, text: string, key = newKey()): Promise<boolean> {
  try {
    await api.post(path, body, key)
    return true
  } catch (problem) {
    if (!(problem instanceof Unreachable)) throw problem
    put([...now(), { key, user, at: Date.now(), path, body, about, text }].slice(-MOST))
    return false
  }
}

export const discard = (key: string): void => put(now().filter((one) => one.key !== key))

let sending: Promise<number> | null = null

/** Sends what waits, in order, as long as the line holds. Gives how many were sent. */
export function flush(user: string): Promise<number> {
  sending ??= (async () => {
    let sent = 0
    for (const one of now().filter((waiting) => waiting.user === user && waiting.refused === undefined)) {
      try {
        await api.post(one.path, one.body as Json, one.key)
        sent += 1
        discard(one.key)
      } catch (problem) {
        // Signed out or no line: later. A refusal is shown, with what was written.
        if (!(problem instanceof Refused) || problem.status === 401 || problem.status >= 500) break
        const why = problem.problems[0]?.message ?? problem.message
        put(now().map((waiting) => (waiting.key === one.key ? { ...waiting, refused: why } : waiting)))
      }
    }
    return sent
  })().finally(() => {
    sending = null
  })
  return sending
}

/** Tries a refused one again. */
export const again = (key: string): void => put(now().map(({ refused, ...one }) => (one.key === key ? one : refused === undefined ? one : { ...one, refused })))
