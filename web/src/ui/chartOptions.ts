//! What a chart is made of, as values: the drawing itself is done by Chart.
import type { EChartsCoreOption } from 'echarts/core'
import { add, approximate, divide, isNegative, round as exactly, shift, trim } from '@/lib/decimal.ts'
import type { ChartKind } from '@/meta/query.ts'

export interface Series { label: string; values: readonly (string | null)[] }
export interface Ink { text: string; line: string; ground: string; shadow: string; palette: readonly string[]; rise: string; fall: string }

// One accent, then colours that stay apart for people who see few of them.
export const LIGHT: Ink = { text: '#56605f', line: '#e6e9e9', ground: '#ffffff', shadow: '#0000000a', palette: ['#0e6e6f', '#d08a2e', '#5b74b8', '#a65a7e', '#7d9b3c', '#8a8f94', '#3c9fb5', '#c46a4b', '#b9bfc0', '#8e6bbf', '#b5a642', '#4f6d8f'], rise: '#4a8f3a', fall: '#c2504a' }
export const DARK: Ink = { text: '#a7b1af', line: '#2a3232', ground: '#191e1e', shadow: '#ffffff0a', palette: ['#39a5a1', '#e0ab5c', '#8ea4e0', '#cf8bab', '#a9c567', '#9aa3a3', '#6fc3d6', '#e29478', '#5d6666', '#b79be6', '#d9cc72', '#7f9fc6'], rise: '#84c86f', fall: '#f0857c' }

/** What part of another value one is, in percent; empty where that cannot be told. */
export function rateOf(values: readonly (string | null)[], at: number, of: number): string {
  const rate = at > 0 ? divide(values[at] ?? '0', values[of] ?? '0') : null
  return rate === null ? '' : `${trim(exactly(shift(rate, 2), 1))}%`
}

export interface Drawn {
  kind: Exclude<ChartKind, 'heat'>
  categories: readonly string[]
  series: readonly Series[]
  stacked: boolean
  ink: Ink
  pointed: boolean
  /** Its width and height in px. */
  room: number
  height: number
  short: (value: string, series: number) => string
}

const NAME_MAX = 12
const LABEL_MAX = 150
/** A chart narrower than this has no room beside a pie. */
const NARROW = 420
const NAMES_MAX = 18
/** The sign before a name and the gap behind it. */
const KEY_PX = 28
const ROW_PX = 24
/** Steps closer to each other would have their labels overlap. */
const STEP_PX = 58
const TICK_PX = 90

export interface Step { from: string; to: string; change: string }

/** Each value begins where the one before ended; the last step is the sum of all, from nought. */
export function steps(values: readonly (string | null)[]): Step[] {
  const made: Step[] = []
  let here = '0'
  for (const value of values) {
    const next = add(here, value ?? '0')
    made.push({ from: here, to: next, change: value ?? '0' })
    here = next
  }
  return [...made, { from: '0', to: here, change: here }]
}

/** The parts of a bar from one height to another: what carries it unseen, and what is seen above and below the axis. */
export function barOf({ from, to }: Pick<Step, 'from' | 'to'>): { base: number; above: number; below: number } {
  const [a, b] = [approximate(from), approximate(to)]
  const [low, high] = a < b ? [a, b] : [b, a]
  if (low >= 0) return { base: low, above: high - low, below: 0 }
  if (high <= 0) return { base: high, above: 0, below: low - high }
  return { base: 0, above: high, below: low }
}

const number = (value: string | null): number | null => (value === null ? null : approximate(value))

const shortName = (name: string): string => (name.length > NAMES_MAX ? `${name.slice(0, NAMES_MAX - 1)}…` : name)
const widthOf = (name: string): number => KEY_PX + [...shortName(name)].reduce((sum, letter) => sum + (letter > '\u2e7f' ? 12 : 7), 0)

/** How many rows names need that stand one after the other. */
export function rowsOf(names: readonly string[], room: number): number {
  let rows = 1
  let used = 0
  for (const name of names) {
    const width = widthOf(name)
    if (used > 0 && used + width > room) {
      rows += 1
      used = 0
    }
    used += width
  }
  return rows
}

/** A pie on a phone: its names stand below, all of them where they leave it half the room. */
function below(names: readonly string[], room: number, height: number, pie: object): EChartsCoreOption {
  const all = rowsOf(names, room) * ROW_PX
  const fits = all <= height / 2
  const left = height - (fits ? all : ROW_PX)
  const radius = Math.min(room, left) / 2 - 8
  return {
    legend: { orient: 'horizontal', top: 'auto', bottom: 0, left: 'center', right: 'auto', type: fits ? 'plain' : 'scroll', itemGap: 10, formatter: shortName },
    series: [{ type: 'pie', radius: [radius * 0.62, radius], center: [room / 2, left / 2], ...pie }],
  }
}

function round({ kind, categories, series, ink, pointed, room, height, short }: Drawn): EChartsCoreOption {
  const cursor = pointed ? 'pointer' : 'default'
  const data = categories.map((name, at) => ({ name, value: approximate(series[0]?.values[at] ?? '0') }))
  const border = { borderColor: ink.ground, borderWidth: 2 }
  if (kind === 'funnel') {
    const label = { show: true, position: 'inside', color: '#ffffff', textBorderColor: '#1c2323', textBorderWidth: 3, fontSize: 12, formatter: ({ dataIndex, name }: { dataIndex: number; name: string }) => [name, short(series[0]?.values[dataIndex] ?? '0', 0), rateOf(series[0]?.values ?? [], dataIndex, dataIndex - 1)].filter(Boolean).join('  ') }
    return { legend: { show: false }, series: [{ type: 'funnel', sort: 'none', left: '8%', right: '8%', top: 8, bottom: 8, minSize: '6%', gap: 2, label, labelLine: { show: false }, itemStyle: border, cursor, data }] }
  }
  if (room > 0 && room < NARROW) return below(categories, room, height, { label: { show: false }, itemStyle: border, cursor, data })
  // The ring ends before the names begin, however wide the card is.
  const radius = room > 0 && height > 0 ? Math.min(height * 0.4, room * 0.27) : 0
  return {
    legend: { orient: 'vertical', top: 'middle', left: '58%', right: 'auto', type: 'scroll', itemGap: 12, formatter: shortName },
    series: [{ type: 'pie', radius: radius ? [radius * 0.65, radius] : ['52%', '80%'], center: ['29%', '50%'], label: { show: false }, itemStyle: border, cursor, data }],
  }
}

function falling({ series, ink, pointed, room, short }: Drawn, lying: boolean): unknown[] {
  const all = steps(series[0]?.values ?? [])
  const bars = all.map(barOf)
  const colour = (at: number): string => (at === all.length - 1 ? (ink.palette[0] ?? ink.text) : isNegative(all[at]?.change ?? '0') ? ink.fall : ink.rise)
  const shared = { type: 'bar', stack: 'steps', barMaxWidth: lying ? 16 : 36, cursor: pointed ? 'pointer' : 'default' }
  const label = { show: lying || all.length * STEP_PX <= room, position: lying ? 'right' : 'top', color: ink.text, fontSize: 11, formatter: ({ dataIndex }: { dataIndex: number }) => short(all[dataIndex]?.change ?? '0', 0) }
  const seen = (part: 'above' | 'below') => bars.map((bar, at) => ({ value: bar[part], itemStyle: { color: colour(at) }, label: part === 'above' ? { show: label.show && (bar.above !== 0 || bar.below === 0) } : { show: label.show && bar.above === 0 && bar.below !== 0 } }))
  return [
    { ...shared, name: 'base', silent: true, itemStyle: { color: 'transparent' }, data: bars.map((bar) => bar.base), tooltip: { show: false } },
    { ...shared, name: 'above', label, data: seen('above') },
    { ...shared, name: 'below', label: { ...label, position: lying ? 'left' : 'bottom' }, data: seen('below') },
  ]
}

/** Along the axis of lying bars: so few that none of their labels has to give way to the next. */
export const ticks = (room: number): number => Math.max(2, Math.min(4, Math.floor((room - LABEL_MAX) / TICK_PX)))

/** The options of a chart but for tooltip and animation. `lying`: bars with long names, which stand beside them. */
export function optionsOf(drawn: Drawn, total: string): EChartsCoreOption {
  const { kind, series, stacked, ink, pointed, short } = drawn
  if (kind === 'pie' || kind === 'funnel') return round(drawn)
  const bars = kind === 'bar' || kind === 'waterfall'
  const categories = kind === 'waterfall' ? [...drawn.categories, total] : drawn.categories
  const lying = bars && categories.some((name) => name.length > NAME_MAX)
  const many = kind !== 'waterfall' && series.length > 1
  const lines = (one: Series): object => ({
    type: 'line', symbol: 'circle', symbolSize: 5, showSymbol: categories.length < 40, lineStyle: { width: 2 },
    areaStyle: kind === 'area' ? { opacity: stacked && many ? 0.55 : 0.25 } : series.length === 1 ? { opacity: 0.08 } : undefined, name: one.label,
  })
  return {
    legend: { show: many, type: 'scroll', left: 'auto' },
    grid: { left: 4, right: lying && kind === 'waterfall' ? 56 : 8, top: many ? 32 : kind === 'waterfall' ? 24 : 12, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    [lying ? 'yAxis' : 'xAxis']: { type: 'category', data: [...categories], inverse: lying, boundaryGap: bars || kind === 'line', axisTick: { show: false }, axisLine: { lineStyle: { color: ink.line } }, axisLabel: { color: ink.text, fontSize: 12, ...(lying ? { width: LABEL_MAX, overflow: 'truncate' } : { hideOverlap: true }) } },
    [lying ? 'xAxis' : 'yAxis']: { type: 'value', splitNumber: lying ? ticks(drawn.room) : 4, splitLine: { lineStyle: { color: ink.line } }, axisLabel: { color: ink.text, fontSize: 12, hideOverlap: !lying, formatter: (value: number) => short(String(value), 0) } },
    // Where nothing is, a line runs along nought: a gap would lift what lies on it.
    series: kind === 'waterfall' ? falling(drawn, lying) : series.map((one) => ({
      name: one.label, data: one.values.map(bars ? number : (value) => number(value ?? '0')), cursor: pointed ? 'pointer' : 'default', ...(stacked && many ? { stack: 'all' } : {}),
      ...(bars
        ? { type: 'bar', barMaxWidth: lying ? 16 : 28, itemStyle: { borderRadius: stacked && many ? 0 : lying ? [0, 3, 3, 0] : [3, 3, 0, 0] } }
        : lines(one)),
    })),
  }
}
