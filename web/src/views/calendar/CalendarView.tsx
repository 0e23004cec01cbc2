//! A list as a calendar: the records of a month, a week or a day, on the day one of their fields names.
import { App } from 'antd'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/client.ts'
import { queries } from '@/api/queries.ts'
import { useMarks } from '@/api/worked.ts'
import type { Entity, Rec } from '@/api/types.ts'
import { formatLongDay } from '@/lib/dates.ts'
import { href, useGo } from '@/lib/go.tsx'
import { usePhone } from '@/lib/hooks.ts'
import { daysOf, formatDays, formatMonth, isoWeek, spanDays, stepSpan, type Sight } from '@/lib/spans.ts'
import { both } from '@/meta/filter.ts'
import { textOf, useScene } from '@/meta/meta.ts'
import { listParams, writeQuery, type Query } from '@/meta/query.ts'
import { inPlace } from '@/ui/inPlace.ts'
import { Tag, Trouble } from '@/ui/parts.tsx'
import { Waiting } from '@/ui/Waiting.tsx'
import type { Column } from '../list/columns.ts'
import { listAddress, rememberList } from '../list/trail.ts'
import type { Sheet } from './Chip.tsx'
import { DayList } from './DayList.tsx'
import { Days } from './Days.tsx'
import { Dots } from './Dots.tsx'
import { askedFields, atMinute, canPlace, dateFields, onDay, toneOf, touching, usualDate } from './fields.ts'
import { Hours } from './Hours.tsx'
import { Nearest } from './Nearest.tsx'
import { pairedEnd, reach, shifted, stayOf, type Part, type Stay } from './stays.ts'
import { Option, TimeBar } from './TimeBar.tsx'
import { useFollow } from './useFollow.ts'
import { KEYS_MS, useMoves } from './useMoves.tsx'
import { usePull } from './usePull.ts'

/** The most records asked for at once; beyond them days are only counted. */
const ROWS_MAX = 500
/** No end is wanted: every record stands on one day. */
const NONE = '-'
const SIGHTS: readonly Sight[] = ['month', 'week', 'day']

const find = (root: HTMLElement, wanted: string): HTMLElement | null => {
  const [record, day] = wanted.split('@')
  return (record ? root.querySelector<HTMLElement>(`[data-record="${record}"] a`) : null) ?? root.querySelector<HTMLElement>(`[data-day="${day}"]`)
}

const NOTHING: Record<Part, boolean> = { both: false, start: false, end: false }

interface CalendarProps { entity: Entity; query: Query; columns: readonly Column[]; put: (query: Query) => void; /** Only the days, as in a card of a dashboard. */ bare?: boolean }

export default function CalendarView({ entity, query, columns, put, bare = false }: CalendarProps) {
  const { t } = useTranslation()
  const scene = useScene()
  const { meta, locale, today } = scene
  const go = useGo()
  const phone = usePhone()
  const { message } = App.useApp()
  const root = useRef<HTMLDivElement>(null)
  const follow = useFollow(root, find)
  const moves = useMoves(entity)
  const mark = useMarks()
  const fields = dateFields(entity)
  const field = fields.find((one) => one.name === query.date) ?? usualDate(entity)
  const end = query.until === NONE || !field ? undefined : fields.find((one) => one.name === query.until && one !== field) ?? pairedEnd(fields, field)
  const at = query.at || today
  const span: Sight = query.span && query.span !== 'quarter' ? query.span : 'month'
  const [cursor, setCursor] = useState(at)
  useEffect(() => setCursor(at), [at])

  const [from, to] = spanDays(span, at)
  const { sort: _, ...params } = listParams({ ...query, filter: field ? both(query.filter, touching(field, end, from, to)) : query.filter }, [])
  // By days, and in a day as the list is sorted.
  const asked = { ...params, sort: field ? [field.name, ...query.sort].join(',') : '', limit: ROWS_MAX, count: true, ...askedFields(entity, columns) }
  const answer = useQuery({ queryKey: ['list', entity.name, 'span', asked], queryFn: ({ signal }) => api.list(entity.name, asked, signal), placeholderData: keepPreviousData, staleTime: 10_000, enabled: field !== undefined })
  const partial = Boolean(answer.data?.next)
  // Where not all records came, the days still tell how many they have.
  const counts = useQuery({ ...queries.groups(entity.name, { ...params, group: `${field?.name ?? ''}:day` }), enabled: partial && field?.kind === 'date' && !end })
  const rows = useMemo(() => moves.shown(answer.data?.rows ?? []), [answer.data, moves])
  const all = useMemo(() => (field ? rows.flatMap((row) => stayOf(row, field, end) ?? []) : []), [rows, field, end])
  const stays = useMemo(() => {
    const days = new Map<string, Stay[]>(daysOf(from, to).map((day) => [day, []]))
    for (const [day, held] of days) held.push(...all.filter((stay) => stay.from <= day && stay.to >= day))
    return days
  }, [all, from, to])
  const rowsOf = (day: string): Rec[] => (stays.get(day) ?? []).map(({ row }) => row)
  const counted = useMemo(() => new Map((partial ? counts.data?.groups ?? [] : []).map((group) => [textOf(group.key[0]), group.count])), [counts.data, partial])
  const count = (day: string): number => Math.max(counted.get(day) ?? 0, stays.get(day)?.length ?? 0)
  useEffect(() => bare ? undefined : rememberList(entity.name, listAddress(entity.name), [...new Set([...stays.values()].flat().map(({ id }) => id))]), [stays])
  const can = field ? reach(entity, field, end) : NOTHING
  const shift = (row: Rec, part: Part, days: number, minutes = 0, patience = 0): Rec => {
    const values = field ? shifted(row, field, end, part, days, can, minutes) : {}
    if (Object.keys(values).length > 0) moves.move(row, values, patience)
    return { ...row, ...values }
  }
  const pull = usePull(field, end, can, shift)
  if (!field) return null

  const turn = (day: string, next: Sight = span): void => put({ ...query, at: day === today ? '' : day, span: next === 'month' ? '' : next })
  const sheet: Sheet = {
    entity, field, end, columns, scene, moves, can, pull, mark,
    nudge: (row, part, days, minutes) => {
      const next = stayOf(shift(row, part, days, minutes, KEYS_MS), field, end)
      if (!next) return
      const day = part === 'end' ? next.to : next.from
      follow(`${next.id}@${day}`)
      if (day < from || day > to) turn(day)
    },
    create: canPlace(entity, field) ? (day, minute) => go(href(`/${entity.name}/new`, { [field.name]: textOf(atMinute(onDay(null, field, day), field, minute)) })) : null,
    say: (text) => void message.info({ key: inPlace(message, 'fixed'), content: text, duration: 5 }),
  }
  const stand = (day: string): void => {
    setCursor(day)
    follow(`@${day}`)
    if (day < from || day > to) turn(day)
  }
  const listHref = (day: string): string => href(`/${entity.name}`, writeQuery({ ...query, look: 'list', group: [], filter: both(query.filter, touching(field, end, day, day)) }))
  const title = span === 'month' ? formatMonth(at, locale) : span === 'day' ? formatLongDay(at, locale) : formatDays(from, to, locale)
  const total = answer.data?.count ?? rows.length
  const stages = new Map(rows.map((row) => toneOf(meta, entity, row)).filter((one) => one.word).map((one) => [one.code, one]))
  const dayList = (day: string, brief = false) => <DayList key={day} sheet={sheet} day={day} rows={rowsOf(day)} count={count(day)} href={listHref(day)} card brief={brief} />
  const month = at.slice(0, 7)
  const timed = field.kind === 'instant'

  return (
    <div ref={root} className="calendar-page" onKeyDown={(event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key !== 'z') return
      event.preventDefault()
      moves.undo()
    }}>
      <TimeBar
        title={title} note={span === 'week' ? t('calendar.week', { week: isoWeek(at) }) : undefined}
        bare={bare} spans={SIGHTS} span={span} onSpan={(next) => turn(cursor, next)} onStep={(by) => turn(stepSpan(span, at, by))} onToday={() => turn(today)}
      >
        {fields.length > 1 && <Option name="date" label={t('calendar.field')} value={field.name} options={fields.map((one) => ({ value: one.name, label: meta.say(one.label) }))} onChange={(name) => put({ ...query, date: name === usualDate(entity)?.name ? '' : name })} />}
        {fields.length > 1 && <Option name="end" label={t('calendar.end')} value={end?.name ?? NONE} options={[{ value: NONE, label: t('calendar.no_end') }, ...fields.filter((one) => one !== field).map((one) => ({ value: one.name, label: meta.say(one.label) }))]} onChange={(name) => put({ ...query, until: name === (pairedEnd(fields, field)?.name ?? NONE) ? '' : name })} />}
      </TimeBar>
      {answer.isError ? <Trouble error={answer.error} retry={() => void answer.refetch()} /> : !answer.data ? <Waiting shape="days" /> : (
        <>
          {!answer.isPlaceholderData && rows.length === 0 && <Nearest entity={entity} query={query} field={field} from={from} to={to} onGo={(day) => turn(day)} />}
          {partial && <p className="time-partial faint">{t('calendar.partial', { count: ROWS_MAX, all: total })}</p>}
          {timed && (span === 'day' || (span === 'week' && !phone)) ? <Hours sheet={sheet} from={from} to={to} cursor={cursor >= from && cursor <= to ? cursor : at} stays={all} onCursor={stand} onDay={(day) => turn(day, 'day')} listHref={listHref} />
          : span === 'day' ? <div className="agenda">{dayList(at)}</div>
          : phone && span === 'month' ? <div className="agenda"><Dots sheet={sheet} from={from} to={to} month={month} chosen={at} rowsOf={rowsOf} count={count} onDay={(day) => turn(day)} />{dayList(at)}</div>
          : phone ? <div className="agenda">{daysOf(from, to).map((day) => dayList(day, true))}</div>
          : <Days sheet={sheet} from={from} to={to} cursor={cursor >= from && cursor <= to ? cursor : at} month={span === 'month' ? month : ''} stays={stays} count={count} onCursor={stand} onDay={(day) => turn(day, 'day')} listHref={listHref} />}
          {stages.size > 0 && !phone && !bare && <footer className="time-legend" aria-label={t('calendar.legend')}>{[...stages.values()].map((one) => <Tag key={one.code} tone={one.tone}>{one.word}</Tag>)}<span className="faint">{t('list.records', { count: total })}</span></footer>}
        </>
      )}
    </div>
  )
}
