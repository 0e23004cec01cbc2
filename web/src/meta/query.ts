//! The state of a list is its address: what is asked, how it is sorted, grouped and drawn.
import type { Filter } from '@/api/types.ts'
import { isIsoDay } from '@/lib/dates.ts'
import type { Span } from '@/lib/spans.ts'
import { readFilter, writeFilter } from './filter.ts'

const LOOKS = ['list', 'board', 'chart', 'pivot', 'tree', 'calendar', 'timeline'] as const
export type Look = (typeof LOOKS)[number]
export const isLook = (value: unknown): value is Look => LOOKS.some((look) => look === value)

export const CHARTS = ['bar', 'line', 'area', 'pie', 'funnel', 'waterfall', 'heat'] as const
export type ChartKind = (typeof CHARTS)[number]
export const isChart = (value: unknown): value is ChartKind => CHARTS.some((chart) => chart === value)

const SHARES = ['row', 'column', 'all'] as const
/** Of which total the figures of a pivot are shown as a share; empty: as they are. */
export type Share = '' | (typeof SHARES)[number]

const isSpan = (value: unknown): value is Span => value === 'quarter' || value === 'month' || value === 'week' || value === 'day'

export interface Query {
  filter: Filter | null
  search: string
  /** `-ordered_on` is descending; empty means the entity's own order. */
  sort: string[]
  /** `customer`, `ordered_on:month`; the rows of a pivot. */
  group: string[]
  /** Those of them whose groups stand the other way round. */
  turned: string[]
  look: Look
  /** The field whose values are the columns of a board. */
  by: string
  /** What a chart or the head of a column shows: a field to sum, `#` for the count, empty for the usual one. A pivot shows several, with commas. */
  measure: string
  chart: ChartKind
  /** The series of a chart lie one on the other. */
  stacked: boolean
  /** The columns of a pivot, as `group`. */
  cols: string[]
  /** The column of figures the rows of a pivot are sorted by: see views/pivot. */
  order: string
  share: Share
  /** The field a tree hangs by, where there are several. */
  parent: string
  /** The days of records that calendar and timeline go by; empty for the usual ones. */
  date: string
  until: string
  /** The day one looks at, empty for today, and how much around it. */
  at: string
  span: Span | ''
}

export type SearchParams = Record<string, string | undefined>

export const EMPTY: Query = { filter: null, search: '', sort: [], group: [], turned: [], look: 'list', by: '', measure: '', chart: 'bar', stacked: false, cols: [], order: '', share: '', parent: '', date: '', until: '', at: '', span: '' }

const words = (text: string | undefined): string[] => (text ?? '').split(',').map((word) => word.trim()).filter(Boolean)

export function readQuery(params: SearchParams): Query {
  return {
    filter: readFilter(params['filter']),
    search: params['search'] ?? '',
    sort: words(params['sort']),
    group: words(params['group']),
    turned: words(params['turned']),
    look: isLook(params['look']) ? params['look'] : 'list',
    by: params['by'] ?? '',
    measure: params['measure'] ?? '',
    chart: isChart(params['chart']) ? params['chart'] : 'bar',
    stacked: params['stacked'] === '1',
    cols: words(params['cols']),
    order: params['order'] ?? '',
    share: SHARES.find((share) => share === params['share']) ?? '',
    parent: params['parent'] ?? '',
    date: params['date'] ?? '',
    until: params['until'] ?? '',
    at: params['at'] && isIsoDay(params['at']) ? params['at'] : '',
    span: isSpan(params['span']) ? params['span'] : '',
  }
}

export function writeQuery(query: Query): SearchParams {
  return {
    filter: writeFilter(query.filter),
    search: query.search || undefined,
    sort: query.sort.join(',') || undefined,
    group: query.group.join(',') || undefined,
    turned: query.turned.filter((key) => query.group.includes(key)).join(',') || undefined,
    look: query.look === 'list' ? undefined : query.look,
    by: query.by || undefined,
    measure: query.measure || undefined,
    chart: query.chart === 'bar' ? undefined : query.chart,
    stacked: query.stacked ? '1' : undefined,
    cols: query.cols.join(',') || undefined,
    order: query.order || undefined,
    share: query.share || undefined,
    parent: query.parent || undefined,
    ...(query.look === 'calendar' || query.look === 'timeline' ? { date: query.date || undefined, until: query.until || undefined, at: query.at || undefined, span: query.span || undefined } : {}),
  }
}

/** A click on a head: ascending, descending, the list's own order. */
export function cycleSort(sort: readonly string[], field: string): string[] {
  if (sort[0] === field) return [`-${field}`]
  if (sort[0] === `-${field}`) return []
  return [field]
}

/** The same with Shift: one more field to sort by, then the other way round, then not. */
export function addSort(sort: readonly string[], field: string): string[] {
  const at = sort.findIndex((one) => one.replace(/^-/, '') === field)
  if (at < 0) return [...sort, field]
  return sort[at] === field ? sort.map((one, index) => (index === at ? `-${field}` : one)) : sort.filter((_, index) => index !== at)
}

/** What is asked of the server. */
export function listParams(query: Query, defaultSort: readonly string[]): { filter?: string; search?: string; sort?: string } {
  const sort = (query.sort.length ? query.sort : defaultSort).join(',')
  return {
    ...(query.filter ? { filter: JSON.stringify(query.filter) } : {}),
    ...(query.search ? { search: query.search } : {}),
    ...(sort ? { sort } : {}),
  }
}
