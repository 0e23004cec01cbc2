//! How a document stands on its way: which stages are shown, how long it stayed in each, and what its end is called.
import type { Choice, Entity, TimelineItem } from '@/api/types.ts'

/** More stages than these do not stand in a line. */
const SHOWN_MAX = 6
/** Then so many stand on each side of where it is. */
const BESIDE = 2

export interface Way { before: Choice[]; shown: Choice[]; after: Choice[] }

/** The stages in a line around `at`; the others fold to its ends. */
export function folded(way: readonly Choice[], at: number): Way {
  if (way.length <= SHOWN_MAX) return { before: [], shown: [...way], after: [] }
  const width = 2 * BESIDE + 1
  const from = Math.max(0, Math.min(at - BESIDE, way.length - width))
  return { before: way.slice(0, from), shown: way.slice(from, from + width), after: way.slice(from + width) }
}

export interface Stay { stage: string; since: string; ms: number }

/** Every stay in a stage, the last first. `items` are what happened to it, newest first; `now` ends the stay it is in. */
export function stays(items: readonly TimelineItem[], field: string, stage: string, now: number): Stay[] {
  const found: Stay[] = []
  let until = now
  let here = stage
  for (const item of items) {
    const change = item.changes?.find((one) => one.field === field)
    if (!change && item.kind !== 'created') continue
    const since = new Date(item.at).getTime()
    found.push({ stage: here, since: item.at, ms: Math.max(0, until - since) })
    if (!change || typeof change.old !== 'string') break
    here = change.old
    until = since
  }
  return found
}

/** What stands across the corner of a record that left its way: lost, cancelled. */
export function exitOf(entity: Entity, choices: readonly Choice[], stage: string): Choice | null {
  const at = choices.findIndex((choice) => choice.code === stage)
  const choice = choices[at]
  if (!choice) return null
  if (choice.tone === 'bad') return choice
  // From what is lost only a way back leads.
  const onward = (entity.transitions ?? []).filter(([from]) => from === stage).some(([, , to]) => choices.findIndex((one) => one.code === to) > at)
  return choice.tone === 'warn' && !onward && at > 0 ? choice : null
}
