//! The list as columns, one a value of a field: cards are moved, counted, made and looked through there.
import { AppstoreOutlined, EyeOutlined, MenuOutlined, ProjectOutlined } from '@ant-design/icons'
import { Dropdown } from 'antd'
import { useQuery, useQueryClient, type InfiniteData, type QueryClient } from '@tanstack/react-query'
import { useMemo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/client.ts'
import { queries } from '@/api/queries.ts'
import type { Entity, Field, Page, Rec } from '@/api/types.ts'
import { useLatest, usePhone } from '@/lib/hooks.ts'
import { textOf, useScene } from '@/meta/meta.ts'
import { listParams, type Query } from '@/meta/query.ts'
import { Empty, Trouble } from '@/ui/parts.tsx'
import { Waiting } from '@/ui/Waiting.tsx'
import type { Column } from '../list/columns.ts'
import { measures } from '../list/groups.ts'
import { faceOf } from './card.ts'
import type { Hands } from './CardView.tsx'
import { adjusted, COLUMNS_MAX, columnsOf, foldedOf, isTerminal, keyOf, merged, placeText, readAggregate, readPlace, type BoardColumn, type Place } from './columns.ts'
import { boardField, boardFields, rowField } from './fields.ts'
import { Lane } from './Lane.tsx'
import { FoldedLane, type HeadHands } from './LaneHead.tsx'
import { quickOf } from './quick.ts'
import { Swim } from './Swim.tsx'
import { useDrag } from './useDrag.ts'
import { useKeys } from './useKeys.ts'
import { useMoves, type Moved, type Turn } from './useMoves.tsx'
import { usePrefs } from './usePrefs.ts'
import { mayTurn, wayBetween } from './ways.ts'
import './board.css'

interface BoardProps { entity: Entity; query: Query; columns: readonly Column[]; put: (query: Query) => void; /** Only the columns, as in a card of a dashboard. */ bare?: boolean; /** Instead of columns that are all empty. */ nothing?: ReactNode }

export default function Board(props: BoardProps) {
  const { t } = useTranslation()
  const by = boardField(props.entity, props.query.by)
  return by ? <BoardOf key={by.name} {...props} by={by} /> : <Empty title={t('chart.nothing_to_group')} />
}

const NO_ROWS = '-'
const NOBODY: ReadonlySet<string> = new Set()
const NOWHERE: readonly BoardColumn[] = []

function BoardOf({ entity, query, columns: listed, put, by, bare = false, nothing }: BoardProps & { by: Field }) {
  const { t } = useTranslation()
  const scene = useScene()
  const { meta } = scene
  const phone = usePhone()
  const prefs = usePrefs(entity.name, by.name)
  const sums = useMemo(() => measures(entity, [by.name]), [entity, by])
  const aggregate = readAggregate(query.measure, sums)
  const { filter, search } = listParams(query, [])
  const swim = rowField(entity, by, query.group)
  const groups = useQuery(queries.groups(entity.name, { filter, search, group: swim ? `${by.name},${swim.name}` : by.name, sum: sums.map((field) => field.name).join(',') || undefined }))
  const told = useMemo(() => (groups.data ? columnsOf(meta, by, merged(groups.data.groups, 0), t('list.no_value')) : NOWHERE), [groups.data, meta, by, t])
  const rows = useMemo(() => (groups.data && swim ? columnsOf(meta, swim, merged(groups.data.groups, 1), t('list.no_value')).filter(({ count }) => count > 0) : NOWHERE), [groups.data, meta, swim, t])
  const labelOf = (key: string): string => told.find((column) => column.key === key)?.label ?? key
  const moves = useMoves(entity, by, labelOf)
  // What was moved since the groups were counted.
  const ahead = useMemo(() => [...moves.moved.values()].filter((one) => groups.dataUpdatedAt < one.doneAt), [moves.moved, groups.dataUpdatedAt])
  const settled = (column: BoardColumn, come: (one: Moved) => boolean, gone: (one: Moved) => boolean): BoardColumn => adjusted(column, ahead.filter(come).map(({ row }) => row), ahead.filter(gone).map(({ row }) => row), sums)
  const columns = useMemo(() => told.map((column) => settled(column, ({ to }) => to === column.key, ({ from }) => from === column.key)), [told, ahead, sums])
  const cells = useMemo(() => new Map(rows.map(({ key }) => [key, columnsOf(meta, by, (groups.data?.groups ?? []).filter((one) => keyOf(one.key[1]) === key), '')])), [rows, groups.data, meta, by])
  const cellOf = (row: string, column: BoardColumn): BoardColumn => {
    const found = cells.get(row)?.find(({ key }) => key === column.key)
    const rowOf = (one: Moved): string => (swim ? keyOf(one.row[swim.name]) : '')
    return settled({ ...column, count: found?.count ?? 0, sum: found?.sum ?? {} }, (one) => one.to === column.key && rowOf(one) === row, (one) => one.from === column.key && (one.turn ? one.turn.from : rowOf(one)) === row)
  }

  const codes = columns.map(({ key }) => key)
  const ends = useMemo(() => new Set(columns.filter(({ key, tone }) => isTerminal(entity, by, codes, key, tone)).map(({ key }) => key)), [columns, entity, by])
  const visible = columns.filter(({ key }) => !prefs.hidden.includes(key))
  // A column that has been open does not close under the hand that empties it.
  const asked = `${filter ?? ''} ${search ?? ''}`
  const kept = useRef({ asked, keys: new Set<string>() })
  if (kept.current.asked !== asked) kept.current = { asked, keys: new Set() }
  const folded = foldedOf(visible, ends, prefs.folds, kept.current.keys)
  if (!groups.isPlaceholderData) for (const { key } of visible) if (!folded.has(key)) kept.current.keys.add(key)

  const face = useMemo(() => faceOf(entity, listed, by), [entity, listed, by])
  const turnTo = (from: string | null, to: string | null): Turn | null => (swim && from !== null && to !== null && from !== to ? { field: swim, from, to, label: rows.find(({ key }) => key === to)?.label ?? to } : null)
  const { dragging, press } = useDrag((row, from, to) => {
    const [a, b] = [readPlace(from), readPlace(to)]
    moves.move(row, a.column, b.column, turnTo(a.row, b.row))
  })
  const root = useRef<HTMLDivElement>(null)
  const client = useQueryClient()
  useKeys({ entity, by, bare, columns: visible.map(({ key }) => key), ...(swim ? { turn: { rows: rows.map(({ key }) => key), to: turnTo } } : {}), find: (id) => moves.moved.get(id)?.row ?? rowIn(client, entity.name, id), moves, root })
  const latest = useLatest({ press, move: moves.move, columns })
  const hands = useMemo((): Hands => ({
    press: (event, id, row, from) => latest.current.press(event, id, row, from),
    move: (row, from, to) => latest.current.move(row, from, to),
    targets: (from) => latest.current.columns.filter(({ key }) => wayBetween(entity, by, from, key)).map(({ key, label }) => ({ key, label })),
  }), [entity, by, latest])
  const blank = useQuery({ queryKey: ['new', entity.name, 'blank'], queryFn: ({ signal }) => api.preview(entity.name, {}, signal), enabled: entity.can.add, staleTime: 300_000, retry: false })
  const preset = !by.readonly && !by.computed
  const quick = useMemo(() => (blank.data ? quickOf(meta, entity, by, blank.data.record, blank.data.problems ?? []) : null), [blank.data, meta, entity, by])
  const start = blank.data?.record[by.name]
  const begins = (key: string): boolean => quick !== null && (quick.fields.length > 0 || quick.line !== undefined) && (preset || (start !== undefined && keyText(start) === key))
  const types = useQuery({ queryKey: ['list', 'activity_type', 'icons'], queryFn: () => api.list('activity_type', { limit: 200 }), enabled: meta.entity('activity_type')?.can.see === true, staleTime: 300_000 })
  const icons = useMemo(() => Object.fromEntries((types.data?.rows ?? []).map((row) => [textOf(row['id']), textOf(row['icon'])])), [types.data])
  const [chosen, setChosen] = useState<string | null>(null)

  const head: HeadHands = { measures: sums, setMeasure: (code) => put({ ...query, measure: code }), fold: prefs.fold, hide: prefs.hide, colour: prefs.colour, sort: prefs.sort, limit: prefs.limit }
  const takes = (from: Place, to: Place): boolean => {
    const turn = turnTo(from.row, to.row)
    const way = from.column === to.column ? null : wayBetween(entity, by, from.column, to.column)
    return turn ? mayTurn(entity, turn.field, turn.to) && (from.column === to.column || way?.by === 'change') : way !== null
  }
  const drop = (place: Place) => {
    const key = placeText(place)
    if (!dragging || dragging.from === key) return undefined
    return !takes(readPlace(dragging.from), place) ? ('cannot' as const) : dragging.over === key ? ('over' as const) : ('can' as const)
  }
  const inColumn = (key: string) => drop({ column: key, row: null })
  const fields = boardFields(entity)
  const bar = bare ? null : (
    <div className="board-bar">
      <Dropdown trigger={['click']} disabled={fields.length < 2} menu={{ selectedKeys: [by.name], items: fields.map((field) => ({ key: field.name, label: meta.say(field.label) })), onClick: ({ key }) => put({ ...query, by: key === boardField(entity)?.name ? '' : key }) }}>
        <button type="button" className="quiet" data-board="by" disabled={fields.length < 2}><ProjectOutlined aria-hidden="true" />{t('board.by', { what: meta.say(by.label) })}</button>
      </Dropdown>
      {fields.length > 1 && (
        <Dropdown trigger={['click']} menu={{ selectedKeys: [swim?.name ?? NO_ROWS], items: [{ key: NO_ROWS, label: t('board.no_rows') }, ...fields.filter((field) => field !== by).map((field) => ({ key: field.name, label: meta.say(field.label) }))], onClick: ({ key }) => put({ ...query, group: key === NO_ROWS ? [] : [key] }) }}>
          <button type="button" className={swim ? 'quiet on' : 'quiet'} data-board="rows"><MenuOutlined aria-hidden="true" />{swim ? t('board.rows', { what: meta.say(swim.label) }) : t('board.no_rows')}</button>
        </Dropdown>
      )}
      <button type="button" className={prefs.compact ? 'quiet on' : 'quiet'} data-board="compact" aria-pressed={prefs.compact} onClick={() => prefs.setCompact(!prefs.compact)}><AppstoreOutlined aria-hidden="true" />{t('board.compact')}</button>
      {prefs.hidden.length > 0 && <button type="button" className="quiet" data-board="show" onClick={prefs.showAll}><EyeOutlined aria-hidden="true" />{t('board.show_hidden', { count: columns.length - visible.length })}</button>}
      {by.kind === 'ref' && (groups.data?.groups.length ?? 0) > COLUMNS_MAX && <span className="faint">{t('board.too_many', { count: COLUMNS_MAX })}</span>}
    </div>
  )
  const live = <div className="sr" role="status" aria-live="polite">{moves.said}</div>

  if (groups.isError) return <Trouble error={groups.error} retry={() => void groups.refetch()} />
  if (!groups.data || !prefs.ready) return <Waiting shape="board" />
  if (columns.every(({ count }) => count === 0)) {
    const none = <p className="faint dash-none">{query.filter || query.search ? t('list.no_match') : t('list.none_yet', { what: meta.say(entity.plural) })}</p>
    return <div className="board-page">{bar}{nothing ?? none}</div>
  }
  const lane = (column: BoardColumn) => (
    <Lane key={column.key} entity={entity} by={by} query={query} column={column} face={face} aggregate={aggregate} compact={prefs.compact} colour={prefs.colours[column.key]} sort={prefs.sorts[column.key] ?? ''} limit={prefs.limits[column.key]} end={ends.has(column.key)} drop={inColumn(column.key)} lifted={dragging?.id} moved={moves.moved} quick={begins(column.key) ? quick : null} preset={preset} icons={icons} hands={hands} head={head} />
  )
  const shown = visible.find(({ key }) => key === chosen) ?? visible.find(({ key }) => !folded.has(key)) ?? visible[0]
  return (
    <div className="board-page" ref={root}>
      {bar}
      {phone && (
        <div className="lane-chooser" role="group" aria-label={t('board.choose_column')}>
          {visible.map((column) => <button key={column.key} type="button" className={column.key === shown?.key ? 'quiet on' : 'quiet'} data-choose={column.key} aria-pressed={column.key === shown?.key} onClick={() => setChosen(column.key)}>{column.label} <span className="num">{column.count}</span></button>)}
        </div>
      )}
      <div className={swim ? 'board swim' : phone ? 'board one' : 'board'} data-dragging={dragging ? true : undefined}>
        {swim ? <Swim entity={entity} by={by} swim={swim} query={query} rows={rows} columns={phone ? (shown ? [shown] : []) : visible} cellOf={cellOf} folded={phone ? NOBODY : folded} ends={ends} face={face} aggregate={aggregate} prefs={prefs} drop={drop} lifted={dragging?.id} moved={moves.moved} hands={hands} head={head} />
        : phone ? shown && lane(shown) : visible.map((column) => (folded.has(column.key) ? <FoldedLane key={column.key} column={column} colour={prefs.colours[column.key]} drop={inColumn(column.key)} onUnfold={() => prefs.fold(column.key, false)} /> : lane(column)))}
      </div>
      {moves.dialog}
      {live}
    </div>
  )
}

const keyText = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'object' && value !== null && 'id' in value ? String(value.id) : '')

/** A card's record as the columns have it. */
function rowIn(client: QueryClient, entity: string, id: string): Rec | undefined {
  const pages = client.getQueriesData<InfiniteData<Page>>({ queryKey: ['list', entity], type: 'active' }).flatMap(([, data]) => (data && 'pages' in data ? data.pages : []))
  return pages.flatMap((page) => page.rows).find((row) => row['id'] === id)
}
