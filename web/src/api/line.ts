//! Whether the server answers. A request without an answer is a suspicion: the server is asked once more, and from then
//! on again and again until it answers; then everybody who waits for that is told.
import { useSyncExternalStore } from 'react'

const AGAIN_MS = 5_000
/** A server that needs longer to say who one is does not answer. */
const ANSWER_MS = 10_000
/** What stands before the server says that there is none behind it. */
const NOBODY_THERE: ReadonlySet<number> = new Set([502, 503, 504])

let since: number | null = null
let asking: Promise<void> | null = null
let timer: ReturnType<typeof setTimeout> | undefined
const watchers = new Set<() => void>()
const waiters = new Set<() => void>()

export const isNobodyThere = (status: number): boolean => NOBODY_THERE.has(status)

function put(next: number | null): void {
  if (next === since) return
  since = next
  for (const watcher of watchers) watcher()
  if (next === null) for (const waiter of waiters) waiter()
}

async function answers(): Promise<boolean> {
  try {
    const { status } = await fetch('/api/session', { credentials: 'same-origin', cache: 'no-store', signal: AbortSignal.timeout(ANSWER_MS) })
    return !isNobodyThere(status)
  } catch {
    return false
  }
}

/** Asks whether the server answers; while it does not, it is asked again. */
export function probe(): Promise<void> {
  clearTimeout(timer)
  asking ??= answers().then((well) => {
    put(well ? null : (since ?? Date.now()))
    if (!well) timer = setTimeout(() => void probe(), AGAIN_MS)
  }).finally(() => {
    asking = null
  })
  return asking
}

/** The server answered something. */
export const heard = (): void => put(null)

/** Runs when there is a line to the server again, whichever part of it was down. Gives what ends that. */
export function whenBack(run: () => void): () => void {
  waiters.add(run)
  addEventListener('online', run)
  return () => {
    waiters.delete(run)
    removeEventListener('online', run)
  }
}

/** Since when the server does not answer; null while it does. */
export const useSilence = (): number | null => useSyncExternalStore((watch) => {
  watchers.add(watch)
  return () => watchers.delete(watch)
}, () => since)
