//! How a person keeps a board: folded, hidden and coloured columns, their order and limits; kept with the server.
import { useMemo } from 'react'
import { isFlag, isTexts } from '@/lib/local.ts'
import { useKept } from '@/meta/kept.ts'
import { useComplain } from '@/ui/Snack.tsx'
import type { Folds } from './columns.ts'

export const COLOURS = ['neutral', 'info', 'good', 'warn', 'bad', 'accent'] as const
export type Colour = (typeof COLOURS)[number]
const LIST = 'board'
/** Where what holds for all boards is kept. */
const ALL = 'all'

interface Kept {
  folds: Folds
  /** Folded rows. */
  rows: Folds
  hidden: readonly string[]
  colours: Readonly<Record<string, string>>
  sorts: Readonly<Record<string, string>>
  /** The most cards a column should hold. */
  limits: Readonly<Record<string, number>>
}
export interface Prefs extends Kept {
  ready: boolean
  compact: boolean
  setCompact: (compact: boolean) => void
  fold: (key: string, folded: boolean) => void
  foldRow: (key: string, folded: boolean) => void
  hide: (key: string) => void
  showAll: () => void
  colour: (key: string, colour: Colour | null) => void
  sort: (key: string, sort: string) => void
  limit: (key: string, limit: number | null) => void
}

const thing = (value: unknown): Record<string, unknown> => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {})
const mapOf = <V>(value: unknown, of: (inner: unknown) => inner is V): Record<string, V> => Object.fromEntries(Object.entries(thing(value)).filter((pair): pair is [string, V] => of(pair[1])))
const isWord = (value: unknown): value is string => typeof value === 'string'
const isLimit = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value > 0
const without = <V>(map: Readonly<Record<string, V>>, key: string): Record<string, V> => Object.fromEntries(Object.entries(map).filter(([name]) => name !== key))
const withKey = <V>(map: Readonly<Record<string, V>>, key: string, value: V | null | ''): Record<string, V> => (value === null || value === '' ? without(map, key) : { ...map, [key]: value })

export function keptOf(value: unknown): Kept {
  const known = thing(value)
  return { folds: mapOf(known['folds'], isFlag), rows: mapOf(known['rows'], isFlag), hidden: isTexts(known['hidden']) ? known['hidden'] : [], colours: mapOf(known['colours'], isWord), sorts: mapOf(known['sorts'], isWord), limits: mapOf(known['limits'], isLimit) }
}
const compactOf = (value: unknown): { compact: boolean } => ({ compact: thing(value)['compact'] === true })

export function usePrefs(entity: string, by: string): Prefs {
  const { value, ready, change } = useKept(LIST, `${entity}.${by}`, keptOf)
  const all = useKept(LIST, ALL, compactOf)
  const complain = useComplain()
  return useMemo(() => {
    const keep = (next: (now: Kept) => Partial<Kept>): void => void change((now) => ({ ...now, ...next(now) })).catch(complain)
    return {
      ...value,
      ready,
      compact: all.value.compact,
      setCompact: (compact) => void all.change(() => ({ compact })).catch(complain),
      fold: (key, folded) => keep((now) => ({ folds: { ...now.folds, [key]: folded } })),
      foldRow: (key, folded) => keep((now) => ({ rows: { ...now.rows, [key]: folded } })),
      hide: (key) => keep((now) => ({ hidden: [...now.hidden, key] })),
      showAll: () => keep(() => ({ hidden: [] })),
      colour: (key, colour) => keep((now) => ({ colours: withKey(now.colours, key, colour) })),
      sort: (key, sort) => keep((now) => ({ sorts: withKey(now.sorts, key, sort) })),
      limit: (key, limit) => keep((now) => ({ limits: withKey(now.limits, key, limit) })),
    }
  }, [value, ready, change, all, complain])
}
