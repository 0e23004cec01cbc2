//! How much room a row of a table takes: kept on this device, the same in all lists.
import { useSyncExternalStore } from 'react'
import { recall, remember } from './local.ts'

export const DENSITIES = ['compact', 'normal', 'relaxed'] as const
export type Density = (typeof DENSITIES)[number]
const isDensity = (value: unknown): value is Density => DENSITIES.some((one) => one === value)

/** Height of a row in px; the same numbers stand in ui/theme.css. */
export const ROW_PX: Record<Density, number> = { compact: 28, normal: 34, relaxed: 42 }

const watchers = new Set<() => void>()
let now: Density = recall('density', isDensity, 'normal')
const draw = (): void => {
  document.documentElement.dataset['density'] = now
}
if (typeof document !== 'undefined') draw()

export function chooseDensity(next: Density): void {
  now = next
  remember('density', next)
  draw()
  for (const watcher of watchers) watcher()
}

export function useDensity(): Density {
  return useSyncExternalStore((watch) => {
    watchers.add(watch)
    return () => watchers.delete(watch)
  }, () => now)
}
