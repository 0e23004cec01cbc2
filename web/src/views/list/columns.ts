//! Which columns a person wants to see of an entity, in which order and how wide; kept with the server, so that they are the same on every device.
import { useCallback, useMemo, useState } from 'react'
import { Unreachable } from '@/api/client.ts'
import { useSession } from '@/api/queries.ts'
import type { Entity, Field, Rec } from '@/api/types.ts'
import { asText, kitOf } from '@/fields/kits.tsx'
import { isZero } from '@/lib/decimal.ts'
import { useLatest } from '@/lib/hooks.ts'
import { isNumbers, isTexts, recall } from '@/lib/local.ts'
import { useKept } from '@/meta/kept.ts'
import { isEmpty, type Meta, type Scene } from '@/meta/meta.ts'
import { useComplain } from '@/ui/Snack.tsx'

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
  /** As wide as it is pulled, not kept yet. */
  pull: (path: string, width: number) => void
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
/** A number or code never needs more, nor is it one any more where its end is cut. */
export const STEADY = new Set(['number', 'code', 'login', 'phone'])
const WIDEST = 360
const SHRINK = 0.68
const SHRINK_STEADY = 0.9
const least = ({ width, field }: Column): number => width * (STEADY.has(field.name) ? SHRINK_STEADY : FLEXIBLE.has(field.kind) ? SHRINK : 1)

/** What holds nothing in sight is no wider than its name needs. */
const BARREN = 104

/** The column that names the record: it gives room last and takes it first. */
export const nameOf = (entity: Entity): string | undefined => entity.fields.find((field) => entity.title.includes(field.name) && field.kind === 'text' && !STEADY.has(field.name))?.name

/** The columns as wide as the room makes sensible. `name`: the column that names the record; `barren`: those that hold nothing. */
export function fitted(columns: readonly Column[], room: number, name?: string, barren: ReadonlySet<string> = new Set()): Column[] {
  const widths = new Map(columns.map((column) => [column, !column.own && barren.has(column.path) && FLEXIBLE.has(column.field.kind) ? Math.min(column.width, BARREN) : column.width]))
  let spare = room - [...widths.values()].reduce((sum, width) => sum + width, 0)
  const share = (among: readonly Column[]): void => {
    let open = among
    // What one column cannot take is offered to the others.
    while (room > 0 && open.length > 0 && Math.abs(spare) >= 1) {
      const part = spare / open.length
      const still: Column[] = []
      for (const column of open) {
        const now = widths.get(column) ?? column.width
        const next = Math.max(Math.min(now, least(column)), Math.min(WIDEST, now + part))
        widths.set(column, next)
        spare -= next - now
        if (next === now + part) still.push(column)
      }
      if (still.length === open.length) break
      open = still
    }
  }
  const able = columns.filter((column) => !column.own && FLEXIBLE.has(column.field.kind) && !barren.has(column.path) && (spare < 0 || !STEADY.has(column.field.name)))
  const named = able.filter((column) => column.path === name)
  const others = able.filter((column) => column.path !== name)
  for (const among of spare < 0 ? [others, named] : [named, others]) share(among)
  return columns.map((column) => ({ ...column, width: Math.floor(widths.get(column) ?? column.width) }))
}

/** As many columns as stand whole in the room: a number whose end is cut is another number. The first one always stays, and what a record is worth is the last to go. */
export function whole(columns: readonly Column[], room: number): Column[] {
  if (room <= 0) return [...columns]
  const need = (column: Column): number => (column.own ? column.width : least(column))
  const [first, ...rest] = columns
  if (!first) return []
  let left = room - need(first)
  const worth = rest.find(({ field }) => field.kind === 'amount')
  const kept = new Set([first])
  if (worth && need(worth) <= left) {
    kept.add(worth)
    left -= need(worth)
  }
  for (const column of rest.filter((one) => one !== worth)) {
    left -= need(column)
    if (left < 0) break
    kept.add(column)
  }
  return columns.filter((column) => kept.has(column))
}

/** Under which name columns are kept. */
const LIST = 'columns'

const thing = (value: unknown): Record<string, unknown> => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {})

/** What is kept of columns, as far as it can be understood; nothing of the order is the usual one. */
export function settingOf(value: unknown): Setting {
  const { paths, widths, totals } = thing(value)
  return { paths: isTexts(paths) ? paths : [], widths: isNumbers(widths) ? widths : {}, totals: isTotals(totals) ? totals : {} }
}

/** The columns with one put where another stands. */
export function moved(paths: readonly string[], path: string, before: string): string[] {
  const rest = paths.filter((one) => one !== path)
  rest.splice(paths.indexOf(before) > paths.indexOf(path) ? rest.indexOf(before) + 1 : rest.indexOf(before), 0, path)
  return rest
}

const ordered = (values: Readonly<Record<string, unknown>>): string => JSON.stringify(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)))

/** Whether columns look the same. */
export const isSame = (a: Setting, b: Setting): boolean => a.paths.join() === b.paths.join() && ordered(a.widths) === ordered(b.widths) && ordered(a.totals) === ordered(b.totals)

/** Shown at once, and kept with the server beside. */
export function useColumns(meta: Meta, entity: Entity): Columns {
  const { user } = useSession()
  const complain = useLatest(useComplain())
  const read = useCallback((value: unknown): Setting => {
    const kept = settingOf(value ?? chosenHere(`columns.${user.id}.${entity.name}`))
    return { ...kept, paths: kept.paths.length ? kept.paths : entity.list }
  }, [user.id, entity])
  const { value: setting, ready, change } = useKept(LIST, entity.name, read)
  // While a head is pulled it follows the hand; where it is let go it is kept.
  const [pulled, setPulled] = useState<{ path: string; width: number } | null>(null)
  const shown = useMemo(
    () =>
      setting.paths.flatMap((path): Column[] => {
        const field = meta.fieldAt(entity, path)
        const own = pulled?.path === path ? pulled.width : setting.widths[path]
        return field ? [{ path, field, label: path.includes('.') ? meta.pathLabel(entity, path) : meta.say(field.label), width: own ?? kitOf(field.kind).width, own: own !== undefined }] : []
      }),
    [meta, entity, setting, pulled],
  )
  const hands = useMemo(() => {
    // Without a line to the server it stays with this device; that the line is down is said elsewhere.
    const keep = (next: (now: Setting) => Setting): Promise<void> => change(next).catch((problem: unknown) => problem instanceof Unreachable || complain.current(problem)).then(() => undefined)
    const take = (wanted: Setting): void => {
      const next = { ...wanted, paths: wanted.paths.length ? wanted.paths : entity.list }
      if (!ready || !isSame(setting, next)) void keep(() => next)
    }
    return {
      setPaths: (paths: string[]) => void keep((now) => ({ ...now, paths: paths.length ? paths : entity.list })),
      pull: (path: string, width: number) => setPulled({ path, width: within(width) }),
      setWidth: (path: string, width: number) => {
        const last = { path, width: within(width) }
        setPulled(last)
        void keep((now) => ({ ...now, widths: { ...now.widths, [path]: last.width } })).then(() => setPulled((now) => (now === last ? null : now)))
      },
      setTotal: (path: string, total: Total | null) => void keep((now) => {
        const { [path]: _, ...rest } = now.totals
        return { ...now, totals: total ? { ...rest, [path]: total } : rest }
      }),
      move: (path: string, before: string) => void keep((now) => ({ ...now, paths: moved(now.paths, path, before) })),
      take,
      reset: () => take({ paths: entity.list, widths: {}, totals: {} }),
    }
  }, [change, ready, complain, entity, setting])
  return useMemo(() => ({ shown, totals: setting.totals, isDefault: setting.paths.join() === entity.list.join(), setting, ...hands }), [shown, setting, entity, hands])
}

const within = (width: number): number => Math.max(WIDTH_MIN, Math.round(width))

/** What was chosen on this device before it was kept with the server. */
const chosenHere = (key: string): Setting => ({ paths: recall(key, isTexts, []), widths: recall(`${key}.widths`, isNumbers, {}), totals: recall(`${key}.totals`, isTotals, {}) })

const FIGURES = new Set<Field['kind']>(['amount', 'qty', 'price', 'rate', 'int'])
const NAMED = new Set<Field['kind']>(['date', 'instant', 'choice'])

/** What a card says of a field: words stand for themselves; a figure, a day and a choice such as “all” need their name, and nought says nothing. */
export function fact({ path, field, label }: Column, row: Rec, scene: Scene): string {
  const value = row[path]
  if (isEmpty(value) || value === false || value === 0) return ''
  if (field.kind === 'bool') return label
  const text = asText(value, { field, record: row }, scene)
  if (NAMED.has(field.kind)) return `${label} ${text}`
  if (!FIGURES.has(field.kind)) return text
  return typeof value === 'string' && isZero(value) ? '' : `${label} ${text}`
}
