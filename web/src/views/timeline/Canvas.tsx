//! The days and rows as far as they are seen: what lies outside the window is not drawn.
import { LeftOutlined, RightOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { addDays, formatDay } from '@/lib/dates.ts'
import { Go, href } from '@/lib/go.tsx'
import { daysBetween, formatMonth, formatMonthName, formatMonths, formatWeekday, weekdayOf } from '@/lib/spans.ts'
import { both } from '@/meta/filter.ts'
import { writeQuery, type Query } from '@/meta/query.ts'
import { condition, type GroupKey } from '../list/groups.ts'
import type { Rec } from '@/api/types.ts'
import { BarView } from './BarView.tsx'
import { arrowPath, BAR_PX, HEAD_PX, tickWeek, ticks, type Bar, type Lane, type Link, type Tick } from './layout.ts'
import type { Chart } from './TimelineView.tsx'

/** Days and bars this far outside are drawn all the same, so that scrolling shows no gaps. */
const OVER_PX = 320
/** What is seen is told in steps of so many pixels, so that scrolling does not draw anew all the time. */
export const SEEN_PX = 48

export interface Seen { left: number; width: number }

const near = (seen: Seen, left: number, width: number): boolean => left + width >= seen.left - OVER_PX && left <= seen.left + seen.width + OVER_PX

export function Head({ chart, seen }: { chart: Chart; seen: Seen }) {
  const { t } = useTranslation()
  const { scene, zoom, x, px, head, from, to } = chart
  const { large, small } = ticks(from, to, zoom)
  const place = (tick: Tick) => ({ left: head + x(tick.day), width: tick.days * px })
  const words = (tick: Tick): string =>
    zoom === 'day' ? String(Number(tick.day.slice(8))) : zoom === 'week' ? (chart.phone ? String(tickWeek(tick)) : t('calendar.week', { week: tickWeek(tick) })) : zoom === 'quarter' ? `Q${Math.ceil(Number(tick.day.slice(5, 7)) / 3)}` : formatMonthName(tick.day, scene.locale)
  const visible = (tick: Tick): boolean => near(seen, x(tick.day), tick.days * px)
  return (
    <div className="tl-head" style={{ height: HEAD_PX }} aria-hidden="true">
      <div className="tl-corner" style={{ width: head }}><span className="clip">{chart.rowsLabel}</span></div>
      {large.filter(visible).map((tick) => <div key={`l${tick.day}`} className="tl-large" style={place(tick)}><span style={{ left: head + 8 }}>{zoom === 'month' || zoom === 'quarter' ? tick.day.slice(0, 4) : formatMonth(tick.day, scene.locale)}</span></div>)}
      {small.filter(visible).map((tick) => <div key={`s${tick.day}`} className={tick.day === scene.today ? 'tl-small today' : 'tl-small'} style={place(tick)} title={zoom === 'month' || zoom === 'quarter' ? formatMonths(tick.day, addDays(tick.day, tick.days - 1), scene.locale) : formatDay(tick.day, scene.locale)}>{zoom === 'day' && <span className="faint">{formatWeekday(tick.day, scene.locale, 'narrow')}</span>} {words(tick)}</div>)}
    </div>
  )
}

export function Lines({ chart, seen, height }: { chart: Chart; seen: Seen; height: number }) {
  const { t } = useTranslation()
  const { scene, zoom, x, px, head, from, to } = chart
  const { small } = ticks(from, to, zoom)
  const shades = zoom === 'month' || zoom === 'quarter' ? [] : small.flatMap((tick) => (zoom === 'week' ? [{ day: tick.day, left: x(tick.day) + 5 * px, width: 2 * px }] : weekdayOf(tick.day) > 4 ? [{ day: tick.day, left: x(tick.day), width: px }] : []))
  const today = x(scene.today) + px / 2
  return (
    <div className="tl-lines" style={{ height }} aria-hidden="true">
      {shades.filter((one) => near(seen, one.left, one.width)).map((one) => <div key={`w${one.day}`} className="tl-weekend" style={{ left: head + one.left, width: one.width }} />)}
      {small.filter((tick) => near(seen, x(tick.day), 0)).map((tick) => <div key={tick.day} className="tl-line" style={{ left: head + x(tick.day) }} />)}
      {scene.today >= from && scene.today <= to && <div className="tl-today" style={{ left: head + today }} data-today title={t('calendar.today')} />}
    </div>
  )
}

interface RowsProps { chart: Chart; seen: Seen; lanes: readonly Lane[]; query: Query; groupKey: GroupKey | null; keyOf: (bar: Bar) => Rec[string] }

export function Rows({ chart, seen, lanes, query, groupKey, keyOf }: RowsProps) {
  const { t } = useTranslation()
  const { x, px, head, entity } = chart
  const visible = (bar: Bar): boolean => near(seen, x(bar.from), (daysBetween(bar.from, bar.to) + 1) * px)
  return (
    <div role="list" aria-label={chart.label}>
      {lanes.map((lane) => {
        const [first] = lane.bars
        const key = groupKey && first ? condition(groupKey, keyOf(first) ?? null) : null
        const gone = first && !key ? (x(first.to) + px < seen.left - SEEN_PX / 2 ? 'before' : x(first.from) > seen.left + seen.width + SEEN_PX / 2 ? 'after' : null) : null
        return (
          <div key={lane.key} role="listitem" className={chart.over === lane.key ? 'tl-row over' : 'tl-row'} data-row={lane.key} style={{ top: lane.top, height: lane.height }}>
            <div className="tl-name" style={{ width: head }}>
              {first && !key && <Go to={`/${entity.name}/${first.id}`} className="clip" title={lane.label}>{lane.label}</Go>}
              {key && <><Go to={href(`/${entity.name}`, writeQuery({ ...query, look: 'list', group: [], filter: both(query.filter, key) }))} className="clip" title={lane.label}>{lane.label}</Go><span className="faint num">{lane.count}</span></>}
            </div>
            {first && gone === 'before' && <button type="button" className="quiet tl-gone" style={{ left: head + 4 }} aria-label={t('timeline.show', { what: lane.label })} onClick={() => chart.reveal(first, true)}><LeftOutlined /></button>}
            {first && gone === 'after' && <button type="button" className="quiet tl-gone after" aria-label={t('timeline.show', { what: lane.label })} onClick={() => chart.reveal(first, true)}><RightOutlined /></button>}
            {lane.bars.filter((bar) => visible(bar)).map((bar) => <BarView key={bar.id} chart={chart} bar={bar} top={lane.offset(bar)} seenLeft={seen.left} />)}
          </div>
        )
      })}
    </div>
  )
}

export function Arrows({ chart, seen, lanes, links, band, width, height }: { chart: Chart; seen: Seen; lanes: readonly Lane[]; links: readonly Link[]; band: [number, number]; width: number; height: number }) {
  if (links.length === 0) return null
  const { x, px } = chart
  const wanted = new Set(links.flatMap((link) => [link.from, link.to]))
  const places = new Map<string, { left: number; right: number; y: number }>()
  for (const lane of lanes) {
    for (const bar of lane.bars) {
      if (!wanted.has(bar.id)) continue
      const middle = x(bar.from) + px / 2
      places.set(bar.id, { left: bar.point ? middle - BAR_PX / 2 : x(bar.from), right: bar.point ? middle + BAR_PX / 2 : x(bar.to) + px, y: lane.top + lane.offset(bar) + BAR_PX / 2 })
    }
  }
  return (
    <svg className="tl-arrows" width={width} height={height} style={{ left: chart.head }} aria-hidden="true">
      <defs>{['tl-tip', 'tl-tip-early'].map((id) => <marker key={id} id={id} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" /></marker>)}</defs>
      {links.flatMap(({ from, to, early }) => {
        const a = places.get(from)
        const b = places.get(to)
        if (!a || !b || Math.max(a.y, b.y) < band[0] || Math.min(a.y, b.y) > band[1]) return []
        const left = Math.min(a.right, b.left)
        return near(seen, left, Math.abs(a.right - b.left)) ? [<path key={`${from}-${to}`} className={early ? 'early' : undefined} data-arrow={`${from}-${to}`} d={arrowPath(a.right, a.y, b.left - 1, b.y)} markerEnd={early ? 'url(#tl-tip-early)' : 'url(#tl-tip)'} />] : []
      })}
    </svg>
  )
}
