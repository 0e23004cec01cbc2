//! Days as columns of hours: what has a time stands at it, what lasts a day and longer above them; a line says how late it is.
import { useEffect, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { addDays, formatLongDay } from '@/lib/dates.ts'
import { daysOf, formatWeekday } from '@/lib/spans.ts'
import { MarkOf } from '@/ui/DayMark.tsx'
import { Bars } from './Bars.tsx'
import { Chip, type Sheet } from './Chip.tsx'
import { More } from './More.tsx'
import { barsOf, blocksOf, DAY_MIN, isBehind, isLong, STEP_MIN, type Block, type Stay } from './stays.ts'

const HOUR_PX = 44
const LINE_PX = 26
/** A block is never lower than a line of words. */
const LEAST_PX = 20
/** More lines above the hours would leave no room for them. */
const LINES_MAX = 4
/** So many fit side by side in a day of a week, and in a day by itself. */
const SIDE = { week: 3, day: 8 }
const MORNING_MIN = 8 * 60
const TICK_MS = 30_000
/** What a click into the hours begins with. */
const CLICK_MIN = 30

interface HoursProps { sheet: Sheet; from: string; to: string; cursor: string; stays: readonly Stay[]; onCursor: (day: string) => void; onDay: (day: string) => void; listHref: (day: string) => string }

const px = (minutes: number): number => (minutes / 60) * HOUR_PX
const clock = (minutes: number): string => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

/** Minutes of today, kept going. */
function useMinute(): number {
  const read = (): number => new Date().getHours() * 60 + new Date().getMinutes()
  const [minute, setMinute] = useState(read)
  useEffect(() => {
    const timer = setInterval(() => setMinute(read()), TICK_MS)
    return () => clearInterval(timer)
  }, [])
  return minute
}

export function Hours({ sheet, from, to, cursor, stays, onCursor, onDay, listHref }: HoursProps) {
  const { t } = useTranslation()
  const area = useRef<HTMLDivElement>(null)
  const { locale, today } = sheet.scene
  const now = useMinute()
  const days = useMemo(() => daysOf(from, to), [from, to])
  const bars = useMemo(() => barsOf(stays.filter(isLong), days), [stays, days])
  const timed = useMemo(() => stays.filter((stay) => !isLong(stay)), [stays])
  const shown = bars.filter((bar) => bar.lane < LINES_MAX)
  const lanes = Math.max(1, ...shown.map((bar) => bar.lane + 1)) + (shown.length < bars.length ? 1 : 0)
  // One begins where the working day does, or earlier where something is earlier.
  const first = Math.min(MORNING_MIN, ...timed.filter((stay) => stay.from >= from && stay.from <= to).map((stay) => stay.begins ?? MORNING_MIN))
  useLayoutEffect(() => {
    if (area.current) area.current.scrollTop = px(first) - 8
  }, [from, to, first])
  const { stay: pulled } = sheet.pull
  const columns = { gridTemplateColumns: `52px repeat(${days.length}, minmax(0, 1fr))` }
  const onKeyDown = (event: KeyboardEvent, day: string): void => {
    if (event.target !== event.currentTarget || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (by) onCursor(addDays(day, by))
    else if (event.key === 'Enter' && sheet.create) sheet.create(day)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const onClick = (event: MouseEvent, day: string): void => {
    const box = event.currentTarget.getBoundingClientRect()
    const minute = Math.floor(((event.clientY - box.top) / box.height) * DAY_MIN / CLICK_MIN) * CLICK_MIN
    sheet.create?.(day, Math.min(DAY_MIN - STEP_MIN, minute))
  }
  return (
    <div ref={area} className="hours" role="grid" aria-label={t('calendar.title')}>
      <div className="hours-top" role="rowgroup">
        <div role="row" className="hours-row" style={columns}>
          <span role="columnheader" className="hours-zone"><span className="sr">{t('calendar.hours')}</span></span>
          {days.map((day) => <span key={day} role="columnheader" className={day === today ? 'hours-day today' : 'hours-day'}>{formatWeekday(day, locale, 'short')} <button type="button" className="day-number" title={t('calendar.show_day')} aria-label={formatLongDay(day, locale)} onClick={() => onDay(day)}>{Number(day.slice(8))}</button> <MarkOf mark={sheet.mark(day)} locale={locale} /></span>)}
        </div>
        <div role="row" className="hours-row hours-all" style={{ ...columns, minHeight: lanes * LINE_PX + 4 }}>
          <span role="rowheader" className="hours-zone">{t('calendar.all_day')}</span>
          {days.map((day, at) => (
            <div key={day} role="gridcell" data-day={day} className={pulled && isLong(pulled) && pulled.from <= day && pulled.to >= day ? 'day over' : sheet.mark(day).works ? 'day' : 'day rest'}>
              <Bars sheet={sheet} bars={shown.filter((bar) => bar.from === at)} day={day} top={2} step={LINE_PX} />
              <Left sheet={sheet} day={day} all={bars.filter((bar) => bar.from <= at && bar.to >= at)} href={listHref(day)} />
            </div>
          ))}
        </div>
      </div>
      <div className="hours-body" role="rowgroup">
        <div role="row" className="hours-row" style={{ ...columns, height: 24 * HOUR_PX }}>
          <div role="rowheader" className="hours-zone" aria-label={t('calendar.hours')}>{Array.from({ length: 23 }, (_, hour) => <span key={hour} aria-hidden="true" style={{ top: (hour + 1) * HOUR_PX }}>{clock((hour + 1) * 60)}</span>)}</div>
          {days.map((day) => (
            <div key={day} role="gridcell" data-day={day} data-hours className={['hours-cell', day === today && 'today', !sheet.mark(day).works && 'rest', sheet.create && 'open'].filter(Boolean).join(' ')} tabIndex={day === cursor ? 0 : -1} aria-current={day === today ? 'date' : undefined} onKeyDown={(event) => onKeyDown(event, day)} onClick={(event) => onClick(event, day)}>
              <span className="sr">{formatLongDay(day, locale)}</span>
              <Blocks sheet={sheet} day={day} most={days.length > 1 ? SIDE.week : SIDE.day} blocks={blocksOf(timed, day)} href={listHref(day)} />
              {pulled && !isLong(pulled) && blocksOf([pulled], day).map(({ begins, ends }) => <div key="pulled" className="hour-pulled" aria-hidden="true" style={{ top: px(begins), height: px(ends - begins) }}>{clock(begins)}{sheet.end && `–${clock(ends)}`}</div>)}
              {day === today && <div className="hour-now" data-now style={{ top: px(now) }} title={clock(now)} />}
            </div>
          ))}
        </div>
      </div>
    </div>
  )
}

/** How many bars a day has that are not drawn. */
function Left({ sheet, day, all, href }: { sheet: Sheet; day: string; all: readonly { stay: Stay; lane: number }[]; href: string }) {
  const left = all.filter((bar) => bar.lane >= LINES_MAX).length
  return left > 0 && <span className="hours-left" style={{ top: LINES_MAX * LINE_PX + 2 }}><More sheet={sheet} day={day} left={left} rows={all.map(({ stay }) => stay.row)} count={all.length} href={href} /></span>
}

function Blocks({ sheet, day, most, blocks, href }: { sheet: Sheet; day: string; most: number; blocks: readonly Block[]; href: string }) {
  const behind = new Map<number, Block[]>()
  for (const block of blocks) if (isBehind(block, most)) behind.set(block.knot, [...(behind.get(block.knot) ?? []), block])
  const place = (begins: number, ends: number, column: number, of: number) => ({ top: px(begins), height: Math.max(LEAST_PX, px(ends - begins) - 2), insetInlineStart: `${(column / of) * 100}%`, width: `${100 / of}%` })
  return (
    <>
      {blocks.filter((block) => !isBehind(block, most)).map(({ stay, begins, ends, column, of, before, after }) => (
        <div key={stay.id} className="hour-block" style={place(begins, ends, column, Math.min(of, most))}>
          <Chip sheet={sheet} row={stay.row} day={day} shape="block" ends={[...(before ? [] : ['start' as const]), ...(after ? [] : ['end' as const])]} until={sheet.end && stay.ends !== null ? clock(stay.ends) : undefined} />
        </div>
      ))}
      {[...behind].map(([knot, held]) => {
        const all = blocks.filter((block) => block.knot === knot)
        return <div key={`knot ${knot}`} className="hour-block more" style={place(Math.min(...held.map((one) => one.begins)), Math.max(...held.map((one) => one.ends)), most - 1, most)}><More short sheet={sheet} day={day} left={held.length} rows={all.map(({ stay }) => stay.row)} count={all.length} href={href} /></div>
      })}
    </>
  )
}
