//! Whether an administrator has taken the person's rights away meanwhile. A refusal for want of a right is a suspicion:
//! the server is asked once who one still is.
import { useSyncExternalStore } from 'react'

let denied = false
let asking: Promise<void> | null = null
const watchers = new Set<() => void>()

function put(next: boolean): void {
  if (next === denied) return
  denied = next
  for (const watcher of watchers) watcher()
}

/** Asks the server whether one may still work in this company. */
export function askRights(company: string | undefined): Promise<void> {
  asking ??= fetch('/api/session', { credentials: 'same-origin', cache: 'no-store', headers: company ? { 'x-company': company } : {} })
    .then(({ status }) => {
      if (status === 403) put(true)
      else if (status === 200) put(false)
    }, () => undefined)
    .finally(() => {
      asking = null
    })
  return asking
}

/** The server answered: one may do something. */
export const allowed = (): void => put(false)

export const isDenied = (): boolean => denied

/** Whether no role of the person allows anything in this company any more. */
export const useDenied = (): boolean => useSyncExternalStore((watch) => {
  watchers.add(watch)
  return () => watchers.delete(watch)
}, isDenied)
