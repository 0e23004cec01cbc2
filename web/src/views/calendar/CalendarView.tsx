//! A list as a calendar: the records of a month, a week or a day, on the day one of their fields names.
import { App } from 'antd'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/client.ts'
import { queries } from '@/api/queries.ts'
import type { Entity, Rec } from '@/api/types.ts'
import { addDays, formatLongDay } from '@/lib/dates.ts'
import { href, useGo } from '@/lib/go.tsx'
import { usePhone } from '@/lib/hooks.ts'
import { daysOf, formatDays, formatMonth, isoWeek, spanDays, stepSpan, type Span } from '@/lib/spans.ts'
import { both } from '@/meta/filter.ts'
import { textOf, useScene } from '@/meta/meta.ts'
import { listParams, writeQuery, type Query } from '@/meta/query.ts'
import { Skeleton, Tag, Trouble } from '@/ui/parts.tsx'
import type { Column } from '../list/columns.ts'
import { listAddress, rememberList } from '../list/trail.ts'
import type { Sheet } from './Chip.tsx'
import { DayList } from './DayList.tsx'
import { Days } from './Days.tsx'
import { Dots } from './Dots.tsx'
import { askedFields, canMove, canPlace, dateFields, dayOf, onDay, toneOf, usualDate, within } from './fields.ts'
import { Nearest } from './Nearest.tsx'
import { Option, TimeBar } from './TimeBar.tsx'
import { useFollow } from './useFollow.ts'
import { KEYS_MS, useMoves } from './useMoves.tsx'

/** The most records asked for at once; beyond them days are only counted. */
const ROWS_MAX = 500

const find = (root: HTMLElement, wanted: string): HTMLElement | null => {
  const [record, day] = wanted.split('@')
  return (record ? root.querySelector<HTMLElement>(`[data-record="${record}"] a`) : null) ?? root.querySelector<HTMLElement>(`[data-day="${day}"]`)
}

interface CalendarProps { entity: Entity; query: Query; columns: readonly Column[]; put: (query: Query) => void }

export default function CalendarView({ entity, query, columns, put }: CalendarProps) {
  const { t } = useTranslation()
  const scene = useScene()
  const { meta, locale, today } = scene
  const go = useGo()
  const phone = usePhone()
  const { message } = App.useApp()
  const root = useRef<HTMLDivElement>(null)
  const dragged = useRef<Rec | null>(null)
  const follow = useFollow(root, find)
  const moves = useMoves(entity)
  const fields = dateFields(entity)
  const field = fields.find((one) => one.name === query.date) ?? usualDate(entity)
  const at = query.at || today
  const span = query.span || 'month'
  const [cursor, setCursor] = useState(at)
  useEffect(() => setCursor(at), [at])

  const [from, to] = spanDays(span, at)
  const { sort: _, ...params } = listParams({ ...query, filter: field ? both(query.filter, within(field, from, to)) : query.filter }, [])
  // By days, and in a day as the list is sorted.
  const asked = { ...params, sort: field ? [field.name, ...query.sort].join(',') : '', limit: ROWS_MAX, count: true, ...askedFields(entity, columns) }
  const answer = useQuery({ queryKey: ['list', entity.name, 'span', asked], queryFn: ({ signal }) => api.list(entity.name, asked, signal), placeholderData: keepPreviousData, staleTime: 10_000, enabled: field !== undefined })
  const partial = Boolean(answer.data?.next)
  // Where not all records came, the days still tell how many they have.
  const counts = useQuery({ ...queries.groups(entity.name, { ...params, group: `${field?.name ?? ''}:day` }), enabled: partial && field?.kind === 'date' })
  const rows = useMemo(() => moves.shown(answer.data?.rows ?? []), [answer.data, moves])
  const records = useMemo(() => {
    const days = new Map<string, Rec[]>(daysOf(from, to).map((day) => [day, []]))
    if (field) for (const row of rows) days.get(dayOf(row[field.name], field) ?? '')?.push(row)
    return days
  }, [rows, from, to, field])
  const counted = useMemo(() => new Map((partial ? counts.data?.groups ?? [] : []).map((group) => [textOf(group.key[0]), group.count])), [counts.data, partial])
  const count = (day: string): number => Math.max(counted.get(day) ?? 0, records.get(day)?.length ?? 0)
  useEffect(() => rememberList(entity.name, listAddress(entity.name), [...records.values()].flat().map((row) => textOf(row['id']))), [records])
  if (!field) return null

  const turn = (day: string, next: Span = span): void => put({ ...query, at: day === today ? '' : day, span: next === 'month' ? '' : next })
  const moveTo = (row: Rec, day: string, patience = 0): void => moves.move(row, { [field.name]: onDay(row[field.name], field, day) }, patience)
  const sheet: Sheet = {
    entity, field, columns, scene, moves, dragged,
    movable: canMove(entity, field),
    moveTo,
    nudge: (row, day, days) => {
      const next = addDays(day, days)
      moveTo(row, next, KEYS_MS)
      follow(`${textOf(row['id'])}@${next}`)
      if (next < from || next > to) turn(next)
    },
    create: canPlace(entity, field) ? (day) => go(href(`/${entity.name}/new`, { [field.name]: textOf(onDay(null, field, day)) })) : null,
    say: (text) => void message.info({ key: 'fixed', content: text, duration: 5 }),
  }
  const stand = (day: string): void => {
    setCursor(day)
    follow(`@${day}`)
    if (day < from || day > to) turn(day)
  }
  const listHref = (day: string): string => href(`/${entity.name}`, writeQuery({ ...query, look: 'list', group: [], filter: both(query.filter, within(field, day, day)) }))
  const title = span === 'month' ? formatMonth(at, locale) : span === 'day' ? formatLongDay(at, locale) : formatDays(from, to, locale)
  const total = answer.data?.count ?? rows.length
  const stages = new Map(rows.map((row) => toneOf(meta, entity, row)).filter((one) => one.word).map((one) => [one.code, one]))
  const dayList = (day: string, brief = false) => <DayList key={day} sheet={sheet} day={day} rows={records.get(day) ?? []} count={count(day)} href={listHref(day)} card brief={brief} />
  const month = at.slice(0, 7)

  return (
    <div ref={root} className="calendar-page" onKeyDown={(event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key !== 'z') return
      event.preventDefault()
      moves.undo()
    }}>
      <TimeBar
        title={title} note={span === 'week' ? t('calendar.week', { week: isoWeek(at) }) : undefined}
        span={span} onSpan={(next) => turn(cursor, next)} onStep={(by) => turn(stepSpan(span, at, by))} onToday={() => turn(today)}
      >
        {fields.length > 1 && <Option name="date" label={t('calendar.field')} value={field.name} options={fields.map((one) => ({ value: one.name, label: meta.say(one.label) }))} onChange={(name) => put({ ...query, date: name === usualDate(entity)?.name ? '' : name })} />}
      </TimeBar>
      {answer.isError ? <Trouble error={answer.error} retry={() => void answer.refetch()} /> : !answer.data ? <Skeleton rows={10} /> : (
        <>
          {!answer.isPlaceholderData && rows.length === 0 && <Nearest entity={entity} query={query} field={field} from={from} to={to} onGo={(day) => turn(day)} />}
          {partial && <p className="time-partial faint">{t('calendar.partial', { count: ROWS_MAX, all: total })}</p>}
          {span === 'day' ? <div className="agenda">{dayList(at)}</div>
          : phone && span === 'month' ? <div className="agenda"><Dots sheet={sheet} from={from} to={to} month={month} chosen={at} records={records} count={count} onDay={(day) => turn(day)} />{dayList(at)}</div>
          : phone ? <div className="agenda">{daysOf(from, to).map((day) => dayList(day, true))}</div>
          : <Days sheet={sheet} from={from} to={to} cursor={cursor >= from && cursor <= to ? cursor : at} month={span === 'month' ? month : ''} records={records} count={count} onCursor={stand} onDay={(day) => turn(day, 'day')} listHref={listHref} />}
          {stages.size > 0 && !phone && <footer className="time-legend" aria-label={t('calendar.legend')}>{[...stages.values()].map((one) => <Tag key={one.code} tone={one.tone}>{one.word}</Tag>)}<span className="faint">{t('list.records', { count: total })}</span></footer>}
        </>
      )}
    </div>
  )
}
