//! What can be done right now. Each visible button with a hotkey is one of these, so the palette,
//! the shortcut list and the tooltips can never differ.
import { useEffect, useRef, useSyncExternalStore } from 'react'

export interface Command {
  id: string
  label: string
  group: 'page' | 'go' | 'app'
  /** As in lib/keys: `ctrl+s`, `alt+c`, `g h`. */
  hotkey?: string
  /** Further words it is found by. */
  words?: string
  /** It begins a new record: found by any word for that. */
  makes?: true
  /** Why it cannot be done now. */
  because?: string
  run: () => void
}

const layers = new Map<symbol, readonly Command[]>()
const watchers = new Set<() => void>()
let all: readonly Command[] = []

function changed(): void {
  // The screen mounted last wins a hotkey: its commands come first.
  all = [...layers.values()].reverse().flat()
  for (const watcher of watchers) watcher()
}

/** Offers commands while the component is mounted. */
export function useCommands(commands: readonly Command[]): void {
  const key = useRef(Symbol('commands'))
  const latest = useRef(commands)
  latest.current = commands
  const shape = commands.map((c) => `${c.id}|${c.label}|${c.hotkey ?? ''}|${c.because ?? ''}`).join('\n')
  useEffect(() => {
    const own = key.current
    layers.set(own, latest.current.map((command) => ({
      ...command,
      run: () => latest.current.find((c) => c.id === command.id)?.run(),
    })))
    changed()
    return () => {
      layers.delete(own)
      changed()
    }
  }, [shape])
}

export const currentCommands = (): readonly Command[] => all

export function useAllCommands(): readonly Command[] {
  return useSyncExternalStore((watch) => {
    watchers.add(watch)
    return () => watchers.delete(watch)
  }, currentCommands)
}
