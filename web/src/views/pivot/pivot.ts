//! Groups crossed: rows, columns and every total, added up exactly.
import type { Field, Filter, Group, Json } from '@/api/types.ts'
import { add, compare, digits, divide, round } from '@/lib/decimal.ts'
import type { Cell } from '@/lib/save.ts'
import { group as join } from '@/meta/filter.ts'
import { isRef, textOf } from '@/meta/meta.ts'
import type { Share } from '@/meta/query.ts'
import { condition, type GroupKey } from '../list/groups.ts'
import { isOwnCurrency } from '../list/keys.ts'

export const ROWS_MAX = 3
export const COLUMNS_MAX = 2

export const HOWS = ['sum', 'avg', 'min', 'max', 'unique'] as const
export type How = 'count' | (typeof HOWS)[number]

/** What is counted, added up, or told of all values otherwise: `#`, `total`, `avg.total`, `unique.customer`. */
export interface Measure { name: string; field: Field | null; label: string; how: How }
export const nameOfMeasure = (how: How, field: string): string => (how === 'sum' ? field : `${how}.${field}`)
/** What is added up says of a part how much of the whole it is; an average does not. */
export const isAdditive = ({ how }: Measure): boolean => how === 'count' || how === 'sum'

const NUMBERS: ReadonlySet<Field['kind']> = new Set(['amount', 'qty', 'int', 'price', 'rate'])
const NAMELESS: ReadonlySet<Field['kind']> = new Set(['owned', 'json', 'long_text', 'id', 'doc'])

/** What can be told of a field besides its sum. `told`: its currency stands among the keys, or it is the company's. */
export function howsOf(field: Field, told: boolean): Exclude<How, 'count' | 'sum'>[] {
  if (field.hidden || NAMELESS.has(field.kind)) return []
  if (NUMBERS.has(field.kind)) return told ? ['avg', 'min', 'max'] : []
  return field.kind === 'date' || field.kind === 'instant' ? ['min', 'max', 'unique'] : field.kind === 'bool' ? [] : ['unique']
}
/** What the server is to tell of each group. */
export function questionOf(measures: readonly Measure[]): Record<'sum' | 'filled' | 'min' | 'max' | 'unique', string[]> {
  const fields = (...hows: How[]): string[] => [...new Set(measures.flatMap(({ how, field }) => (field && hows.includes(how) ? [field.name] : [])))]
  return { sum: fields('sum', 'avg'), filled: fields('avg'), min: fields('min'), max: fields('max'), unique: fields('unique') }
}

export interface Figures {
  count: number
  sum: Record<string, string>
  /** How many have a value. */
  filled: Record<string, number>
  min: Record<string, string>
  max: Record<string, string>
  /** How many different values: never of parts put together, who bought in two months is one customer. */
  unique: Record<string, number>
  /** The one currency of all records in it; `*` where several meet, empty where none is told apart. */
  currency: string
}

export interface Node {
  /** Its path as text: the same for the same keys. */
  name: string
  key: Json
  path: Json[]
  below: Node[]
  cells: Map<string, Figures>
  total: Figures
}

export interface Column { name: string; path: Json[] }
export interface Pivot { root: Node; columns: Column[] }

const MIXED = '*'
export const nameOf = (path: readonly Json[]): string => JSON.stringify(path.map((key) => (isRef(key) ? key.id : key)))

const nothing = (): Figures => ({ count: 0, sum: {}, filled: {}, min: {}, max: {}, unique: {}, currency: '' })

const isDay = (value: string): boolean => /^\d{4}-\d\d-\d\d/.test(value)
const order = (a: string, b: string): number => (isDay(a) ? (a < b ? -1 : a > b ? 1 : 0) : compare(a, b))

function keep(into: Record<string, string>, more: Group['min'], sign: 1 | -1): void {
  for (const [name, value] of Object.entries(more ?? {})) {
    const text = textOf(value)
    const held = into[name]
    if (text !== '' && (held === undefined || order(text, held) * sign > 0)) into[name] = text
  }
}

function take(into: Figures, group: Group, currency: string): void {
  into.currency = into.count === 0 || into.currency === currency ? currency : MIXED
  into.count += group.count
  for (const [name, value] of Object.entries(group.sum ?? {})) if (value !== null) into.sum[name] = add(into.sum[name] ?? '0', String(value))
  for (const [name, value] of Object.entries(group.filled ?? {})) into.filled[name] = (into.filled[name] ?? 0) + Number(value)
  keep(into.min, group.min, -1)
  keep(into.max, group.max, 1)
}

/** Groups by the first so many keys of the rows, and all those of columns they have besides. */
export interface Exact { rows: number; groups: readonly Group[] }

/** The groups that have to be asked for, so that every total of different values is counted and not added up: by which keys. */
export function exactKeys(keys: readonly string[], depth: number): { rows: number; keys: string[] }[] {
  const rows = keys.slice(0, depth)
  const columns = keys.slice(depth)
  return Array.from({ length: rows.length + 1 }, (_, r) => Array.from({ length: columns.length + 1 }, (_, c) => ({ rows: r, keys: [...rows.slice(0, r), ...columns.slice(0, c)] }))).flat()
}

type Order = (a: Json, b: Json) => number

/** `depth`: how many of the keys are rows. `orders`: of each key. `currencyAt`: which key is the currency, -1 for none. `exact`: what totals are counted by. */
export function pivotOf(groups: readonly Group[], depth: number, orders: readonly Order[], currencyAt = -1, exact: readonly Exact[] = []): Pivot {
  const root: Node = { name: '[]', key: null, path: [], below: [], cells: new Map(), total: nothing() }
  const nodes = new Map<string, Node>([[root.name, root]])
  const columns = new Map<string, Column>()
  for (const group of groups) {
    const across = group.key.slice(depth)
    const column = nameOf(across)
    if (across.length && !columns.has(column)) columns.set(column, { name: column, path: across })
    const currency = currencyAt < 0 ? '' : textOf(group.key[currencyAt])
    let above = root
    for (let level = 0; level <= depth; level += 1) {
      const path = group.key.slice(0, level)
      const name = nameOf(path)
      let node = nodes.get(name)
      if (!node) {
        node = { name, key: path.at(-1) ?? null, path, below: [], cells: new Map(), total: nothing() }
        nodes.set(name, node)
        above.below.push(node)
      }
      take(node.total, group, currency)
      for (let length = 1; length <= across.length; length += 1) {
        const place = nameOf(across.slice(0, length))
        const cell = node.cells.get(place) ?? nothing()
        node.cells.set(place, cell)
        take(cell, group, currency)
      }
      above = node
    }
  }
  for (const { rows, groups: told } of exact) {
    for (const group of told) {
      const node = nodes.get(nameOf(group.key.slice(0, rows)))
      const figures = group.key.length > rows ? node?.cells.get(nameOf(group.key.slice(rows))) : node?.total
      if (figures) figures.unique = { ...group.unique }
    }
  }
  const tidy = (node: Node, level: number): void => {
    node.below.sort((a, b) => orders[level]?.(a.key, b.key) ?? 0)
    for (const below of node.below) tidy(below, level + 1)
  }
  tidy(root, 0)
  const along = (a: Column, b: Column): number => {
    for (let at = 0; at < a.path.length; at += 1) {
      const way = orders[depth + at]?.(a.path[at] ?? null, b.path[at] ?? null) ?? 0
      if (way !== 0) return way
    }
    return 0
  }
  return { root, columns: [...columns.values()].sort(along) }
}

/** Columns whose beginning is shut stand as one, with their sum. */
export function foldColumns(pivot: Pivot, shut: ReadonlySet<string>): Pivot {
  const columns: Column[] = []
  for (const column of pivot.columns) {
    const path = column.path.slice(0, 1)
    const name = nameOf(path)
    if (column.path.length < 2 || !shut.has(name)) columns.push(column)
    else if (columns.at(-1)?.name !== name) columns.push({ name, path })
  }
  return { ...pivot, columns }
}

/** So many digits more than the values have says nothing. */
const AVERAGE_DIGITS = 2

/** Null: nothing there, or amounts that cannot be put together. */
export function figure(figures: Figures | undefined, { name, field, how }: Measure): string | null {
  if (!figures || figures.count === 0) return null
  if (!field) return String(figures.count)
  if (isOwnCurrency(field) && figures.currency === MIXED) return null
  switch (how) {
    case 'avg': {
      const mean = figures.filled[field.name] ? divide(figures.sum[field.name] ?? '0', String(figures.filled[field.name])) : null
      return mean === null ? null : round(mean, field.kind === 'amount' ? digits(figures.currency || '') : AVERAGE_DIGITS)
    }
    case 'min': return figures.min[field.name] ?? null
    case 'max': return figures.max[field.name] ?? null
    case 'unique': return figures.unique[field.name] === undefined ? null : String(figures.unique[field.name])
    default: return figures.sum[name] ?? '0'
  }
}

export const isMixed = (figures: Figures | undefined, { field }: Measure): boolean => Boolean(field && isOwnCurrency(field) && figures?.currency === MIXED)

/** A cell of a row, or its total where no column is named. */
export const cellOf = (node: Node, column: Column | null): Figures | undefined => (column ? node.cells.get(column.name) : node.total)

/** What part of its row, its column or the whole a figure is; null where that whole is nought. */
export function shareOf(pivot: Pivot, node: Node, column: Column | null, measure: Measure, share: Exclude<Share, ''>): string | null {
  if (!isAdditive(measure)) return null
  const value = figure(cellOf(node, column), measure)
  const whole = figure(share === 'row' ? node.total : share === 'column' ? cellOf(pivot.root, column) : pivot.root.total, measure)
  return value === null || whole === null ? null : divide(value, whole)
}

/** By which figures the rows are sorted: `-total`, or `total@["2026-11"]` for a column by its name. */
export interface Sorting { down: boolean; measure: string; column: string }

export function readSorting(text: string): Sorting | null {
  const [, sign, measure = '', column = ''] = /^(-?)([a-z0-9_#.]+)(?:@(.+))?$/.exec(text) ?? []
  return measure ? { down: sign === '-', measure, column } : null
}
export const writeSorting = ({ down, measure, column }: Sorting): string => `${down ? '-' : ''}${measure}${column ? `@${column}` : ''}`

/** A click on a head: the greatest first, the smallest first, the usual order. */
export function cycleSorting(text: string, measure: string, column: string): string {
  const now = readSorting(text)
  if (now?.measure !== measure || now.column !== column) return writeSorting({ down: true, measure, column })
  return now.down ? writeSorting({ down: false, measure, column }) : ''
}

/** Rows with equal figures keep their usual order; those without stand last either way. */
export function sortedBy(pivot: Pivot, sorting: Sorting | null, measures: readonly Measure[]): Pivot {
  const measure = measures.find((one) => one.name === sorting?.measure)
  const column = sorting?.column ? pivot.columns.find((one) => one.name === sorting.column) : null
  if (!sorting || !measure || column === undefined) return pivot
  const value = (node: Node): string | null => figure(cellOf(node, column), measure)
  const arrange = (node: Node): Node => ({
    ...node,
    below: node.below.map(arrange).sort((a, b) => {
      const [left, right] = [value(a), value(b)]
      if (left === null || right === null) return Number(left === null) - Number(right === null)
      return sorting.down ? order(right, left) : order(left, right)
    }),
  })
  return { ...pivot, root: arrange(pivot.root) }
}

/** The rows in sight, in order. */
export function linesOf(root: Node, isOpen: (node: Node) => boolean): Node[] {
  return root.below.flatMap((node) => [node, ...(isOpen(node) ? linesOf(node, isOpen) : [])])
}

/** The records behind a cell. */
export function filterOf(rows: readonly GroupKey[], columns: readonly GroupKey[], node: Node, column: Column | null): Filter {
  const parts = (keys: readonly GroupKey[], path: readonly Json[]): Filter[] => path.flatMap((value, at) => (keys[at] ? [condition(keys[at], value)] : []))
  return join('and', [...parts(rows, node.path), ...parts(columns, column?.path ?? [])])
}

interface Layout {
  measures: readonly Measure[]
  rowLabels: readonly string[]
  rowText: (depth: number, value: Json) => string
  columnText: (depth: number, value: Json) => string
  total: string
  cell: (node: Node, column: Column | null, measure: Measure) => Cell
}

/** The whole pivot as a sheet: heads, every level of rows with its subtotals, and the total. */
export function sheetOf({ root, columns }: Pivot, { measures, rowLabels, rowText, columnText, total, cell }: Layout): { rows: Cell[][]; heads: number; leads: number } {
  const leads = Math.max(1, rowLabels.length)
  const slots = [...columns, null].flatMap((column) => measures.map((measure) => ({ column, measure })))
  const levels = Math.max(0, ...columns.map((column) => column.path.length))
  const rows: Cell[][] = Array.from({ length: levels }, (_, level) => [
    ...Array.from({ length: leads }, () => ''),
    ...slots.map(({ column }) => (!column ? (level === 0 ? total : '') : level < column.path.length ? columnText(level, column.path[level] ?? null) : total)),
  ])
  rows.push([...Array.from({ length: leads }, (_, at) => rowLabels[at] ?? ''), ...slots.map(({ measure }) => measure.label)])
  const line = (node: Node): void => {
    const names = node.path.map((value, depth) => rowText(depth, value))
    const lead = Array.from({ length: leads }, (_, at) => names[at] ?? (at === names.length ? total : ''))
    rows.push([...lead, ...slots.map(({ column, measure }) => cell(node, column, measure))])
    for (const below of node.below) line(below)
  }
  for (const node of root.below) line(node)
  rows.push([...Array.from({ length: leads }, (_, at) => (at === 0 ? total : '')), ...slots.map(({ column, measure }) => cell(root, column, measure))])
  return { rows, heads: levels + 1, leads }
}
