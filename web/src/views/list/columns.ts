//! Which columns a person wants to see, in which order and how wide; kept on this device per person and entity.
import { useCallback, useMemo, useState } from 'react'
import { useSession } from '@/api/queries.ts'
import type { Entity, Field, Rec } from '@/api/types.ts'
import { asText, kitOf } from '@/fields/kits.tsx'
import { isZero } from '@/lib/decimal.ts'
import { isNumbers, isTexts, recall, remember } from '@/lib/local.ts'
import { isEmpty, type Meta, type Scene } from '@/meta/meta.ts'

export interface Column {
  path: string
  field: Field
  label: string
  width: number
  /** Set by the person: it stays as it is. */
  own: boolean
}

/** What the foot of a column tells of all rows that match. */
export const TOTALS = ['sum', 'average', 'min', 'max', 'filled', 'empty', 'unique', 'share'] as const
export type Total = (typeof TOTALS)[number]
export type Totals = Readonly<Record<string, Total>>
export const isTotals = (value: unknown): value is Record<string, Total> => typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every((one) => TOTALS.some((total) => total === one))

/** What is kept of columns with a view. */
export interface Setting { paths: readonly string[]; widths: Readonly<Record<string, number>>; totals: Totals }

export interface Columns {
  shown: Column[]
  totals: Totals
  isDefault: boolean
  setPaths: (paths: string[]) => void
  setWidth: (path: string, width: number) => void
  setTotal: (path: string, total: Total | null) => void
  /** Puts a column before another. */
  move: (path: string, before: string) => void
  /** All at once, as a view has them. */
  take: (setting: Setting) => void
  setting: Setting
  reset: () => void
}

export const WIDTH_MIN = 64
/** What holds words of any length takes the room that is left, and gives some where it is short. */
const FLEXIBLE = new Set<Field['kind']>(['text', 'long_text', 'ref', 'email', 'url'])
/** A number or code never needs more. */
const STEADY = new Set(['number', 'code', 'login', 'phone'])
const WIDEST = 360
const SHRINK = 0.68

/** The columns as wide as the room makes sensible. */
export function fitted(columns: readonly Column[], room: number): Column[] {
  let spare = room - columns.reduce((sum, column) => sum + column.width, 0)
  const widths = new Map(columns.map((column) => [column, column.width]))
  let open = columns.filter((column) => !column.own && FLEXIBLE.has(column.field.kind) && (spare < 0 || !STEADY.has(column.field.name)))
  // What one column cannot take is offered to the others.
  while (room > 0 && open.length > 0 && Math.abs(spare) >= 1) {
    const share = spare / open.length
    const still: Column[] = []
    for (const column of open) {
      const now = widths.get(column) ?? column.width
      const next = Math.max(column.width * SHRINK, Math.min(WIDEST, now + share))
      widths.set(column, next)
      spare -= next - now
      if (next === now + share) still.push(column)
    }
    if (still.length === open.length) break
    open = still
  }
  return columns.map((column) => ({ ...column, width: Math.floor(widths.get(column) ?? column.width) }))
}

export function useColumns(meta: Meta, entity: Entity): Columns {
  const { user } = useSession()
  const key = `columns.${user.id}.${entity.name}`
  const [, redraw] = useState(0)
  const paths = recall(key, isTexts, entity.list)
  const widths = recall(`${key}.widths`, isNumbers, {})
  const totals = recall(`${key}.totals`, isTotals, {})
  const signature = JSON.stringify([paths, widths, totals])
  const shown = useMemo(
    () =>
      paths.flatMap((path): Column[] => {
        const field = meta.fieldAt(entity, path)
        return field ? [{ path, field, label: path.includes('.') ? meta.pathLabel(entity, path) : meta.say(field.label), width: widths[path] ?? kitOf(field.kind).width, own: path in widths }] : []
      }),
    [meta, entity, signature],
  )
  const setPaths = useCallback((next: string[]) => {
    remember(key, next.length ? next : entity.list)
    redraw((n) => n + 1)
  }, [key, entity])
  const setWidth = useCallback((path: string, width: number) => {
    remember(`${key}.widths`, { ...recall(`${key}.widths`, isNumbers, {}), [path]: Math.max(WIDTH_MIN, Math.round(width)) })
    redraw((n) => n + 1)
  }, [key])
  const setTotal = useCallback((path: string, total: Total | null) => {
    const { [path]: _, ...rest } = recall(`${key}.totals`, isTotals, {})
    remember(`${key}.totals`, total ? { ...rest, [path]: total } : rest)
    redraw((n) => n + 1)
  }, [key])
  const move = useCallback((path: string, before: string) => {
    const now = recall(key, isTexts, entity.list)
    const rest = now.filter((one) => one !== path)
    rest.splice(now.indexOf(before) > now.indexOf(path) ? rest.indexOf(before) + 1 : rest.indexOf(before), 0, path)
    remember(key, rest)
    redraw((n) => n + 1)
  }, [key, entity])
  const take = useCallback((setting: Setting) => {
    remember(key, setting.paths.length ? setting.paths : entity.list)
    remember(`${key}.widths`, setting.widths)
    remember(`${key}.totals`, setting.totals)
    redraw((n) => n + 1)
  }, [key, entity])
  const reset = useCallback(() => take({ paths: entity.list, widths: {}, totals: {} }), [take, entity])
  const setting = useMemo((): Setting => ({ paths, widths, totals }), [signature])
  return useMemo(() => ({ shown, totals: setting.totals, isDefault: setting.paths.join() === entity.list.join(), setPaths, setWidth, setTotal, move, take, setting, reset }), [shown, setting, entity, setPaths, setWidth, setTotal, move, take, reset])
}

const FIGURES = new Set<Field['kind']>(['amount', 'qty', 'price', 'rate', 'int'])

/** What a card says of a field: words stand for themselves, a figure needs its name, and nought says nothing. */
export function fact({ path, field, label }: Column, row: Rec, scene: Scene): string {
  const value = row[path]
  if (isEmpty(value) || value === false || value === 0) return ''
  if (field.kind === 'bool') return label
  const text = asText(value, { field, record: row }, scene)
  if (!FIGURES.has(field.kind)) return text
  return typeof value === 'string' && isZero(value) ? '' : `${label} ${text}`
}
