//! How a person keeps a board: kept on this device per person, entity and field.
import { useCallback, useMemo, useState } from 'react'
import { useSession } from '@/api/queries.ts'
import { isFlag, isTexts, recall, remember } from '@/lib/local.ts'
import type { Folds } from './columns.ts'

export const COLOURS = ['neutral', 'info', 'good', 'warn', 'bad', 'accent'] as const
export type Colour = (typeof COLOURS)[number]

interface Kept {
  folds: Folds
  hidden: readonly string[]
  colours: Readonly<Record<string, string>>
  sorts: Readonly<Record<string, string>>
}
export interface Prefs extends Kept {
  compact: boolean
  setCompact: (compact: boolean) => void
  fold: (key: string, folded: boolean) => void
  hide: (key: string) => void
  showAll: () => void
  colour: (key: string, colour: Colour | null) => void
  sort: (key: string, sort: string) => void
}

const isMap = <V>(of: (value: unknown) => value is V) => (value: unknown): value is Record<string, V> => typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(of)
const isWord = (value: unknown): value is string => typeof value === 'string'
const isFlags = isMap(isFlag)
const isWords = isMap(isWord)

export function usePrefs(entity: string, by: string): Prefs {
  const { user } = useSession()
  const place = `board.${user.id}.${entity}.${by}`
  const compactPlace = `board.${user.id}.compact`
  const [drawn, redraw] = useState(0)
  const kept = useMemo((): Kept & { compact: boolean } => ({
    folds: recall(`${place}.folds`, isFlags, {}),
    hidden: recall(`${place}.hidden`, isTexts, []),
    colours: recall(`${place}.colours`, isWords, {}),
    sorts: recall(`${place}.sorts`, isWords, {}),
    compact: recall(compactPlace, isFlag, false),
  }), [place, compactPlace, drawn])
  const keep = useCallback((at: string, value: unknown): void => {
    remember(at, value)
    redraw((n) => n + 1)
  }, [])
  const without = (map: Readonly<Record<string, string>>, key: string): Record<string, string> => Object.fromEntries(Object.entries(map).filter(([name]) => name !== key))
  return {
    ...kept,
    setCompact: (compact) => keep(compactPlace, compact),
    fold: (key, folded) => keep(`${place}.folds`, { ...kept.folds, [key]: folded }),
    hide: (key) => keep(`${place}.hidden`, [...kept.hidden, key]),
    showAll: () => keep(`${place}.hidden`, []),
    colour: (key, colour) => keep(`${place}.colours`, colour ? { ...kept.colours, [key]: colour } : without(kept.colours, key)),
    sort: (key, sort) => keep(`${place}.sorts`, sort ? { ...kept.sorts, [key]: sort } : without(kept.sorts, key)),
  }
}
