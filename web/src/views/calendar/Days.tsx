//! Days as a grid: a month of them with lines, or a week with cards. One day has the place in the tab order; the arrows go on from it.
import { PlusOutlined } from '@ant-design/icons'
import { useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { addDays, formatLongDay } from '@/lib/dates.ts'
import { daysOf, formatMonthDay, formatWeekday, isoWeek } from '@/lib/spans.ts'
import { MarkOf } from '@/ui/DayMark.tsx'
import { Bars } from './Bars.tsx'
import { Chip, type Sheet } from './Chip.tsx'
import { More } from './More.tsx'
import { barsOf, type Bar, type Stay } from './stays.ts'

const HEAD_PX = 28
const LINE_PX = 26
const LINES_MIN = 2
const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }

interface DaysProps {
  sheet: Sheet
  from: string
  to: string
  /** The day one stands on. */
  cursor: string
  /** Days outside this month are faint; empty for a week. */
  month: string
  /** Of each day, all that stand there, also those that began before. */
  stays: ReadonlyMap<string, readonly Stay[]>
  count: (day: string) => number
  onCursor: (day: string) => void
  onDay: (day: string) => void
  listHref: (day: string) => string
}

export function Days(props: DaysProps) {
  const { from, to, month } = props
  const { t } = useTranslation()
  const grid = useRef<HTMLDivElement>(null)
  const [room, setRoom] = useState(0)
  const days = daysOf(from, to)
  const weeks = Array.from({ length: days.length / 7 }, (_, week) => days.slice(week * 7, week * 7 + 7))
  const { locale, today } = props.sheet.scene
  useLayoutEffect(() => {
    if (!grid.current) return
    const watch = new ResizeObserver(([entry]) => entry && setRoom(entry.contentRect.height))
    watch.observe(grid.current)
    return () => watch.disconnect()
  }, [])
  // Where not all weeks have room, as in a card, the one that is meant is in sight.
  const area = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const row = grid.current?.querySelector<HTMLElement>(`[data-day="${props.cursor}"]`)?.closest<HTMLElement>('.days-row')
    const box = area.current
    if (!row || !box || box.scrollHeight <= box.clientHeight) return
    const head = grid.current?.offsetTop ?? 0
    const [top, end] = [row.offsetTop - head, row.offsetTop + row.offsetHeight]
    if (top < box.scrollTop) box.scrollTop = top
    else if (end > box.scrollTop + box.clientHeight) box.scrollTop = end - box.clientHeight
  }, [from, to, room])
  const lines = Math.max(LINES_MIN, Math.floor((room / weeks.length - HEAD_PX) / LINE_PX))
  return (
    <div ref={area} className={month ? 'days month' : 'days week'} role="grid" aria-label={t('calendar.title')}>
      <div className="days-head" role="row">
        <span role="columnheader" className="week-no"><span className="sr">{t('calendar.week_head')}</span></span>
        {days.slice(0, 7).map((day) => <span key={day} role="columnheader" className={!month && day === today ? 'today' : undefined}>{formatWeekday(day, locale, 'short')}</span>)}
      </div>
      <div className="days-body" ref={grid} role="rowgroup">
        {weeks.map((week) => <Week key={week[0]} {...props} week={week} lines={lines} />)}
      </div>
    </div>
  )
}

/** How many lines of a day bars take, and what is left for the records of this day alone. */
interface Room { bars: readonly Bar[]; taken: number; seen: readonly Stay[]; more: number }

function roomOf({ stays, count, month }: DaysProps, day: string, at: number, bars: readonly Bar[], lines: number): Room {
  const all = stays.get(day) ?? []
  const single = all.filter(({ from, to }) => from === to)
  const total = Math.max(count(day), all.length)
  const limit = !month || total <= lines ? Infinity : lines - 1
  const shown = bars.filter((bar) => bar.from <= at && bar.to >= at && bar.lane < limit)
  const taken = Math.max(0, ...shown.map((bar) => bar.lane + 1))
  const seen = single.slice(0, Math.max(0, limit - taken))
  return { bars: shown, taken, seen, more: total - shown.length - seen.length }
}

function Week({ week, lines, ...props }: DaysProps & { week: readonly string[]; lines: number }) {
  const { t } = useTranslation()
  const first = week[0] ?? ''
  const long = [...new Set(week.flatMap((day) => props.stays.get(day) ?? []))].filter(({ from, to }) => from !== to)
  const all = barsOf(long, week)
  // A bar that has no room on one of its days is told there, and so is not drawn on the others either.
  const cut = new Set(week.flatMap((day, at) => {
    const { bars } = roomOf(props, day, at, all, lines)
    return all.filter((bar) => bar.from <= at && bar.to >= at && !bars.includes(bar))
  }))
  const bars = all.filter((bar) => !cut.has(bar))
  return (
    <div role="row" className="days-row">
      <span role="rowheader" className="week-no" aria-label={t('calendar.week', { week: isoWeek(first) })}>{isoWeek(first)}</span>
      {week.map((day, at) => <Day key={day} {...props} day={day} room={roomOf(props, day, at, bars, lines)} own={bars.filter((bar) => bar.from === at)} />)}
    </div>
  )
}

function Day({ sheet, day, room, own, cursor, month, stays, count, onCursor, onDay, listHref }: DaysProps & { day: string; room: Room; own: readonly Bar[] }) {
  const { t } = useTranslation()
  const { locale, today } = sheet.scene
  const { stay: pulled } = sheet.pull
  const over = pulled !== null && pulled.from <= day && pulled.to >= day

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
    const step = STEPS[event.key]
    if (step && !(step % 7 === 0 && !month)) onCursor(addDays(day, step))
    else if (event.key === 'Enter') (sheet.create ?? onDay)(day)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const classes = ['day', month && day.slice(0, 7) !== month && 'other', day === today && 'today', !sheet.mark(day).works && 'rest', over && 'over', sheet.create && 'open'].filter(Boolean).join(' ')
  return (
    <div role="gridcell" data-day={day} className={classes} tabIndex={day === cursor ? 0 : -1} aria-current={day === today ? 'date' : undefined} onKeyDown={onKeyDown} onClick={() => sheet.create?.(day)}>
      <span className="day-head">
        <button type="button" className="day-number" tabIndex={-1} title={t('calendar.show_day')} aria-label={formatLongDay(day, locale)} onClick={(event) => {
          event.stopPropagation()
          onDay(day)
        }}>{month && day.endsWith('-01') ? formatMonthDay(day, locale) : Number(day.slice(8))}</button>
        <MarkOf mark={sheet.mark(day)} locale={locale} named />
        {sheet.create && <PlusOutlined className="day-plus" aria-hidden="true" />}
      </span>
      {room.taken > 0 && <span className="day-bars" style={{ height: room.taken * LINE_PX - 2 }} />}
      {own.length > 0 && <Bars sheet={sheet} bars={own} day={day} top={HEAD_PX} step={LINE_PX} />}
      {room.seen.map(({ id, row }) => <Chip key={id} sheet={sheet} row={row} day={day} shape={month ? 'line' : 'card'} />)}
      {room.more > 0 && <More sheet={sheet} day={day} left={room.more} rows={(stays.get(day) ?? []).map(({ row }) => row)} count={Math.max(count(day), stays.get(day)?.length ?? 0)} href={listHref(day)} />}
    </div>
  )
}
