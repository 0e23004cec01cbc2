//! Days as a grid: a month of them with lines, or a week with cards. One day has the place in the tab order; the arrows go on from it.
import { PlusOutlined } from '@ant-design/icons'
import { Popover } from 'antd'
import { useLayoutEffect, useRef, useState, type DragEvent, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Rec } from '@/api/types.ts'
import { addDays, formatLongDay } from '@/lib/dates.ts'
import { daysOf, formatMonthDay, formatWeekday, isoWeek } from '@/lib/spans.ts'
import { textOf } from '@/meta/meta.ts'
import { Chip, type Sheet } from './Chip.tsx'
import { DayList } from './DayList.tsx'

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
  records: ReadonlyMap<string, Rec[]>
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
  const lines = Math.max(LINES_MIN, Math.floor((room / weeks.length - HEAD_PX) / LINE_PX))
  return (
    <div className={month ? 'days month' : 'days week'} role="grid" aria-label={t('calendar.title')}>
      <div className="days-head" role="row">
        <span role="columnheader" className="week-no"><span className="sr">{t('calendar.week_head')}</span></span>
        {days.slice(0, 7).map((day) => <span key={day} role="columnheader" className={!month && day === today ? 'today' : undefined}>{formatWeekday(day, locale, 'short')}</span>)}
      </div>
      <div className="days-body" ref={grid} role="rowgroup">
        {weeks.map((week) => (
          <div key={week[0]} role="row" className="days-row">
            <span role="rowheader" className="week-no" aria-label={t('calendar.week', { week: isoWeek(week[0] ?? from) })}>{isoWeek(week[0] ?? from)}</span>
            {week.map((day) => <Day key={day} {...props} day={day} lines={lines} />)}
          </div>
        ))}
      </div>
    </div>
  )
}

function Day({ sheet, day, lines, cursor, month, records, count, onCursor, onDay, listHref }: DaysProps & { day: string; lines: number }) {
  const { t } = useTranslation()
  const { locale, today } = sheet.scene
  const [over, setOver] = useState(false)
  const [open, setOpen] = useState(false)
  const more = useRef<HTMLButtonElement>(null)
  const rows = records.get(day) ?? []
  const all = Math.max(count(day), rows.length)
  const seen = !month || all <= lines ? rows : rows.slice(0, Math.max(0, lines - 1))

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.altKey || event.ctrlKey || event.metaKey) return
    const step = STEPS[event.key]
    if (step && !(step % 7 === 0 && !month)) onCursor(addDays(day, step))
    else if (event.key === 'Enter') (sheet.create ?? onDay)(day)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const drop = (event: DragEvent): void => {
    event.preventDefault()
    setOver(false)
    if (sheet.dragged.current) sheet.moveTo(sheet.dragged.current, day)
    sheet.dragged.current = null
  }
  const close = (): void => {
    setOpen(false)
    more.current?.focus()
  }
  const classes = ['day', month && day.slice(0, 7) !== month && 'other', day === today && 'today', over && 'over', sheet.create && 'open'].filter(Boolean).join(' ')
  return (
    <div
      role="gridcell" data-day={day} className={classes} tabIndex={day === cursor ? 0 : -1} aria-current={day === today ? 'date' : undefined}
      onKeyDown={onKeyDown}
      onClick={() => sheet.create?.(day)}
      onDragOver={(event) => {
        if (!sheet.dragged.current) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <span className="day-head">
        <button type="button" className="day-number" tabIndex={-1} title={t('calendar.show_day')} aria-label={formatLongDay(day, locale)} onClick={(event) => {
          event.stopPropagation()
          onDay(day)
        }}>{month && day.endsWith('-01') ? formatMonthDay(day, locale) : Number(day.slice(8))}</button>
        {sheet.create && <PlusOutlined className="day-plus" aria-hidden="true" />}
      </span>
      {seen.map((row) => <Chip key={textOf(row['id'])} sheet={sheet} row={row} day={day} card={!month} />)}
      {all > seen.length && (
        <Popover open={open} onOpenChange={setOpen} trigger="click" arrow={false} placement="rightTop" destroyOnHidden content={<DayList sheet={sheet} day={day} rows={rows} count={all} href={listHref(day)} onClose={close} />}>
          <button ref={more} type="button" className="day-more" data-more={day} aria-haspopup="dialog" aria-expanded={open} onClick={(event) => event.stopPropagation()}>{t('calendar.more', { count: all - seen.length })}</button>
        </Popover>
      )}
    </div>
  )
}
