//! A list as a timeline: each record a bar from one of its days to another, in a row of its own or in that of its resource.
import { App } from 'antd'
import { useEffect, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entity, Field, Rec } from '@/api/types.ts'
import { addDays } from '@/lib/dates.ts'
import { usePhone, useWidth } from '@/lib/hooks.ts'
import { daysBetween, formatMonths, type Span } from '@/lib/spans.ts'
import { isRef, useScene, type Scene } from '@/meta/meta.ts'
import type { Query } from '@/meta/query.ts'
import { inPlace } from '@/ui/inPlace.ts'
import { Trouble } from '@/ui/parts.tsx'
import { Waiting } from '@/ui/Waiting.tsx'
import { dateFields, usualEnd } from '../calendar/fields.ts'
import { Nearest } from '../calendar/Nearest.tsx'
import { Option, TimeBar } from '../calendar/TimeBar.tsx'
import { reach, shifted, type Part } from '../calendar/stays.ts'
import { useFollow } from '../calendar/useFollow.ts'
import { KEYS_MS, useMoves, type Moves } from '../calendar/useMoves.tsx'
import type { Column } from '../list/columns.ts'
import { groupable, readKey } from '../list/groups.ts'
import { useKeyText } from '../list/keyText.ts'
import { listAddress, rememberList } from '../list/trail.ts'
import { Arrows, Head, Lines, Rows, SEEN_PX, type Seen } from './Canvas.tsx'
import { canvasDays, DAY_PX, dependencies, groupLanes, HEAD_PX, recordLanes, ROW_PX, type Bar, type Lane } from './layout.ts'
import { useBars } from './useBars.ts'
import './timeline.css'

const NAME_PX = 232
const NAME_PHONE_PX = 120
/** The day one looks at stands this far from the left. */
const LEAD = 0.25
/** So near the end of the days they are laid out anew, once the hand rests. */
const EDGE_PX = 160
const REST_MS = 160
/** How much of the screen a step goes on. */
const STEP = 0.6
/** Rows above and below the window that are drawn all the same. */
const OVER_PX = 300
/** No end is wanted: every record is a point. */
const NONE = '-'
const ZOOMS: readonly Span[] = ['quarter', 'month', 'week', 'day']

/** What every bar knows. */
export interface Chart {
  entity: Entity
  scene: Scene
  columns: readonly Column[]
  start: Field
  end: Field | undefined
  zoom: Span
  px: number
  head: number
  from: string
  to: string
  phone: boolean
  /** Bars say their names beside them where they have no room. */
  named: boolean
  label: string
  rowsLabel: string
  can: Record<Part, boolean>
  /** The row a bar would come to. */
  over: string | null
  setOver: (key: string | null) => void
  /** Where rows are of a field that may be changed: the row at a place of the screen, and the way into one, or the next one. */
  laneAt: ((y: number) => Lane | null) | null
  take: (bar: Bar, to: Lane | 1 | -1, days?: number) => void
  moves: Moves
  scroller: RefObject<HTMLDivElement | null>
  x: (day: string) => number
  move: (bar: Bar, part: Part, days: number, patience?: number) => void
  stepTo: (bar: Bar, by: 1 | -1) => void
  reveal: (bar: Bar, focus?: boolean) => void
  say: (text: string) => void
}

interface TimelineProps { entity: Entity; query: Query; columns: readonly Column[]; put: (query: Query) => void; /** Only the days, as in a card of a dashboard. */ bare?: boolean }

export default function TimelineView(props: TimelineProps) {
  const [first] = dateFields(props.entity)
  const start = dateFields(props.entity).find((field) => field.name === props.query.date) ?? first
  return start ? <Timeline {...props} start={start} /> : null
}

const find = (root: HTMLElement, id: string): HTMLElement | null => root.querySelector<HTMLElement>(`[data-record="${id}"] a`)

function Timeline({ entity, query, columns, put, start, bare = false }: TimelineProps & { start: Field }) {
  const { t } = useTranslation()
  const scene = useScene()
  const { meta, locale, today } = scene
  const phone = usePhone()
  const { message } = App.useApp()
  const keyText = useKeyText()
  const scroller = useRef<HTMLDivElement>(null)
  const follow = useFollow(scroller, find)
  const moves = useMoves(entity)
  const fields = dateFields(entity)
  const end = query.until === NONE ? undefined : fields.find((one) => one.name === query.until && one !== start) ?? usualEnd(entity, start)
  const zoom = query.span || 'week'
  const px = DAY_PX[zoom]
  const at = query.at || today
  const head = phone ? NAME_PHONE_PX : NAME_PX
  const room = Math.max(0, useWidth(scroller) - head)
  const [from, to] = canvasDays(at, zoom, room)
  const x = (day: string): number => daysBetween(from, day) * px
  const width = x(to) + px
  const { bars, total, partial, fresh, error, ready, retry } = useBars(entity, columns, query, start, end, from, to, at, moves)

  const resources = groupable(entity).filter((field) => field.kind === 'ref' || field.kind === 'choice' || field.kind === 'currency' || field.kind === 'bool')
  const by = query.group.map((text) => readKey(meta, entity, text)).find((key) => key && !key.part && resources.includes(key.field)) ?? null
  const keyOf = (bar: Bar): Rec[string] => (by ? bar.row[by.path] ?? null : null)
  const lanes = useMemo(() => {
    if (!by) return recordLanes(bars, (bar) => meta.title(entity, bar.row))
    const groups = new Map<string, { key: string; label: string; value: Rec[string]; bars: Bar[] }>()
    for (const bar of bars) {
      const value = keyOf(bar) ?? null
      const key = isRef(value) ? value.id : JSON.stringify(value)
      const group = groups.get(key) ?? { key, label: keyText(by, value), value, bars: [] }
      group.bars.push(bar)
      groups.set(key, group)
    }
    const order = meta.choices(by.field.choice).map((choice) => JSON.stringify(choice.code))
    return groupLanes([...groups.values()].sort((a, b) => order.indexOf(a.key) - order.indexOf(b.key) || a.label.localeCompare(b.label, locale)), zoom)
  }, [bars, by?.path, zoom, meta, locale])
  const last = lanes.at(-1)
  const height = last ? last.top + last.height : 0
  const links = useMemo(() => dependencies(entity, bars), [entity, bars])

  // Only what is near the window is drawn.
  const [seen, setSeen] = useState<Seen & { top: number; height: number }>({ left: 0, width: 0, top: 0, height: 0 })
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined)
  const lead = room * LEAD
  const anchor = (): string => addDays(from, Math.round(((scroller.current?.scrollLeft ?? 0) + lead) / px))
  const turn = (day: string, next: Span = zoom): void => put({ ...query, at: day === today ? '' : day, span: next === 'week' ? '' : next })
  const look = (): void => {
    const area = scroller.current
    if (!area) return
    const left = Math.round(area.scrollLeft / SEEN_PX) * SEEN_PX
    const top = Math.round(area.scrollTop / SEEN_PX) * SEEN_PX
    setSeen((now) => (now.left === left && now.top === top && now.width === room && now.height === area.clientHeight ? now : { left, top, width: room, height: area.clientHeight }))
    clearTimeout(rest.current)
    rest.current = setTimeout(() => {
      const end = area.scrollWidth - area.clientWidth
      if (room > 0 && end > 4 * EDGE_PX && (area.scrollLeft < EDGE_PX || area.scrollLeft > end - EDGE_PX)) turn(anchor())
    }, REST_MS)
  }
  useEffect(() => () => clearTimeout(rest.current), [])
  const goTo = (day: string): void => {
    if (scroller.current && room > 0) scroller.current.scrollLeft = x(day) - lead
  }
  useLayoutEffect(() => {
    goTo(at)
    look()
  }, [at, px, from, room])
  // The first row one sees is one with a bar in sight.
  useLayoutEffect(() => {
    const area = scroller.current
    if (!area || !ready || !fresh || room === 0 || by) return
    const lane = lanes.find((one) => one.bars.some((bar) => x(bar.to) + px > area.scrollLeft))
    area.scrollTop = lane ? Math.max(0, lane.top - ROW_PX) : 0
    look()
  }, [ready, fresh, room === 0, at, zoom, by?.path])
  useEffect(() => bare ? undefined : rememberList(entity.name, listAddress(entity.name), bars.map((bar) => bar.id)), [bars])

  const can = reach(entity, start, end)
  const [over, setOver] = useState<string | null>(null)
  const opens = by !== null && entity.can.edit && entity.kind !== 'ledger' && !by.field.readonly && !by.field.computed
  const reveal = (bar: Bar, focus = false): void => {
    const area = scroller.current
    const lane = lanes.find((one) => one.bars.some((other) => other.id === bar.id))
    if (!area) return
    const [left, right] = [x(bar.from), x(bar.to) + px]
    if (left < area.scrollLeft || (right > area.scrollLeft + room && right - left < room) || left > area.scrollLeft + room) area.scrollLeft = Math.max(0, left - lead)
    if (lane) {
      const top = lane.top + lane.offset(bar)
      if (top < area.scrollTop) area.scrollTop = lane.top
      else if (top + HEAD_PX + 40 > area.scrollTop + area.clientHeight) area.scrollTop = top + HEAD_PX + 40 - area.clientHeight
    }
    if (focus) follow(bar.id)
  }
  const chart: Chart = {
    entity, scene, start, end, zoom, px, head, from, to, phone, can, moves, scroller, x, reveal,
    // What the row already says is not said again in its bars.
    columns: by ? columns.filter((column) => column.path !== by.path) : columns,
    named: by === null,
    label: meta.say(entity.plural),
    rowsLabel: by ? meta.say(by.field.label) : meta.say(entity.label),
    move: (bar, part, days, patience = KEYS_MS) => {
      const values = shifted(bar.row, start, end, part, days, can)
      if (Object.keys(values).length === 0) return
      moves.move(bar.row, values, patience)
      follow(bar.id)
    },
    stepTo: (bar, step) => {
      const order = lanes.flatMap((lane) => lane.bars)
      const next = order[order.findIndex((one) => one.id === bar.id) + step]
      if (next) reveal(next, true)
    },
    over, setOver,
    laneAt: !opens ? null : (y) => {
      const area = scroller.current
      const place = area ? y - area.getBoundingClientRect().top + area.scrollTop - HEAD_PX : -1
      return lanes.find((lane) => place >= lane.top && place < lane.top + lane.height) ?? null
    },
    take: (bar, to, days = 0) => {
      const at = lanes.findIndex((lane) => lane.bars.some((one) => one.id === bar.id))
      const lane = typeof to === 'number' ? lanes[at + to] : to
      if (!by || !lane) return
      // Nobody is no answer where somebody is wanted.
      if (lane.value === null && by.field.required) return void message.info({ key: inPlace(message, 'fixed'), content: t('timeline.wanted', { what: meta.say(by.field.label) }), duration: 5 })
      moves.move(bar.row, { ...(days ? shifted(bar.row, start, end, 'both', days, can) : {}), [by.path]: lane.value }, typeof to === 'number' ? KEYS_MS : 0)
      follow(bar.id)
    },
    say: (text) => void message.info({ key: inPlace(message, 'fixed'), content: text, duration: 5 }),
  }
  const band: [number, number] = [seen.top - OVER_PX, seen.top + seen.height + OVER_PX]
  const drawn = lanes.filter((lane) => lane.top + lane.height >= band[0] && lane.top <= band[1])
  const names = (list: readonly Field[]) => list.map((one) => ({ value: one.name, label: meta.say(one.label) }))
  const leftDay = addDays(from, Math.max(0, Math.floor(seen.left / px)))

  return (
    <div className="timeline-page" onKeyDown={(event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key !== 'z') return
      event.preventDefault()
      moves.undo()
    }}>
      <TimeBar
        title={seen.width ? formatMonths(leftDay, addDays(leftDay, Math.floor(seen.width / px)), locale) : ''}
        note={phone || bare || !ready ? undefined : t('list.records', { count: total })}
        bare={bare} spans={ZOOMS} span={zoom} onSpan={(next) => turn(anchor(), next)} onStep={(step) => turn(addDays(anchor(), step * Math.max(1, Math.round((room * STEP) / px))))}
        onToday={() => {
          goTo(today)
          turn(today)
        }}
      >
        {resources.length > 0 && <Option name="rows" label={t('timeline.rows')} value={by?.path ?? NONE} options={[{ value: NONE, label: t('timeline.records') }, ...names(resources)]} onChange={(name) => put({ ...query, group: name === NONE ? [] : [name] })} />}
        {fields.length > 1 && <Option name="start" label={t('timeline.start')} value={start.name} options={names(fields)} onChange={(name) => put({ ...query, date: name === fields[0]?.name ? '' : name })} />}
        {fields.length > 1 && <Option name="end" label={t('timeline.end')} value={end?.name ?? NONE} options={[{ value: NONE, label: t('timeline.point') }, ...names(fields.filter((one) => one !== start))]} onChange={(name) => put({ ...query, until: name })} />}
      </TimeBar>
      {error ? <Trouble error={error} retry={retry} /> : null}
      {ready && fresh && bars.length === 0 && <Nearest entity={entity} query={query} field={start} from={from} to={to} onGo={(day) => turn(day)} />}
      {partial && <p className="time-partial faint">{t('timeline.partial', { count: bars.length, all: total })}</p>}
      <div ref={scroller} className="tl-scroll" role="region" tabIndex={0} aria-label={t('timeline.title', { what: meta.say(entity.plural) })} onScroll={look} hidden={Boolean(error)}>
        <div className="tl-canvas" style={{ width: head + width, height: HEAD_PX + height }}>
          <Head chart={chart} seen={seen} />
          <div className="tl-body">
            <div className="tl-side" style={{ width: head, height: Math.max(height, seen.height - HEAD_PX) }} />
            <Lines chart={chart} seen={seen} height={Math.max(height, seen.height - HEAD_PX)} />
            <Arrows chart={chart} seen={seen} lanes={lanes} links={links} band={band} width={width} height={height} />
            <Rows chart={chart} seen={seen} lanes={drawn} query={query} groupKey={by} keyOf={keyOf} />
          </div>
        </div>
        {!ready && <div className="tl-wait"><Waiting shape="table" /></div>}
      </div>
    </div>
  )
}
