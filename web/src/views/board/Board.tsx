//! The list as columns, one a value of a field: cards are moved, counted, made and looked through there.
import { AppstoreOutlined, ClearOutlined, EyeOutlined, PlusOutlined, ProjectOutlined } from '@ant-design/icons'
import { Button, Dropdown } from 'antd'
import { useQuery, useQueryClient, type InfiniteData, type QueryClient } from '@tanstack/react-query'
import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/client.ts'
import { queries } from '@/api/queries.ts'
import type { Entity, Field, Page, Rec } from '@/api/types.ts'
import { useGo } from '@/lib/go.tsx'
import { useLatest, usePhone } from '@/lib/hooks.ts'
import { textOf, useScene } from '@/meta/meta.ts'
import { listParams, type Query } from '@/meta/query.ts'
import { Empty, Skeleton, Trouble } from '@/ui/parts.tsx'
import type { Column } from '../list/columns.ts'
import { measures } from '../list/groups.ts'
import { faceOf } from './card.ts'
import type { Hands } from './CardView.tsx'
import { adjusted, COLUMNS_MAX, columnsOf, foldedOf, isTerminal, readAggregate, type BoardColumn } from './columns.ts'
import { boardField, boardFields } from './fields.ts'
import { GhostCards } from './GhostCards.tsx'
import { Lane } from './Lane.tsx'
import { FoldedLane, type HeadHands } from './LaneHead.tsx'
import { quickOf } from './quick.ts'
import { useDrag } from './useDrag.ts'
import { useKeys } from './useKeys.ts'
import { useMoves } from './useMoves.tsx'
import { usePrefs } from './usePrefs.ts'
import { wayBetween } from './ways.ts'
import './board.css'

interface BoardProps { entity: Entity; query: Query; columns: readonly Column[]; put: (query: Query) => void }

export default function Board(props: BoardProps) {
  const { t } = useTranslation()
  const by = boardField(props.entity, props.query.by)
  return by ? <BoardOf key={by.name} {...props} by={by} /> : <Empty title={t('chart.nothing_to_group')} />
}

const NOWHERE: readonly BoardColumn[] = []

function BoardOf({ entity, query, columns: listed, put, by }: BoardProps & { by: Field }) {
  const { t } = useTranslation()
  const scene = useScene()
  const { meta } = scene
  const go = useGo()
  const phone = usePhone()
  const prefs = usePrefs(entity.name, by.name)
  const sums = useMemo(() => measures(entity, [by.name]), [entity, by])
  const aggregate = readAggregate(query.measure, sums)
  const { filter, search } = listParams(query, [])
  const groups = useQuery(queries.groups(entity.name, { filter, search, group: by.name, sum: sums.map((field) => field.name).join(',') || undefined }))
  const told = useMemo(() => (groups.data ? columnsOf(meta, by, groups.data.groups, t('list.no_value')) : NOWHERE), [groups.data, meta, by, t])
  const labelOf = (key: string): string => told.find((column) => column.key === key)?.label ?? key
  const moves = useMoves(entity, by, labelOf)
  const columns = useMemo(() => {
    const ahead = [...moves.moved.values()].filter((one) => groups.dataUpdatedAt < one.doneAt)
    return told.map((column) => adjusted(column, ahead.filter(({ to }) => to === column.key).map(({ row }) => row), ahead.filter(({ from }) => from === column.key).map(({ row }) => row), sums))
  }, [told, moves.moved, groups.dataUpdatedAt, sums])

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
  const { dragging, press } = useDrag(moves.move)
  const root = useRef<HTMLDivElement>(null)
  const client = useQueryClient()
  useKeys({ entity, by, columns: visible.map(({ key }) => key), find: (id) => moves.moved.get(id)?.row ?? rowIn(client, entity.name, id), moves, root })
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

  const create = (): void => go(`/${entity.name}/new`)
  const head: HeadHands = { measures: sums, setMeasure: (code) => put({ ...query, measure: code }), fold: prefs.fold, hide: prefs.hide, colour: prefs.colour, sort: prefs.sort }
  const drop = (key: string) => (!dragging || dragging.from === key ? undefined : !wayBetween(entity, by, dragging.from, key) ? ('cannot' as const) : dragging.over === key ? ('over' as const) : ('can' as const))
  const fields = boardFields(entity)
  const bar = (
    <div className="board-bar">
      <Dropdown trigger={['click']} disabled={fields.length < 2} menu={{ selectedKeys: [by.name], items: fields.map((field) => ({ key: field.name, label: meta.say(field.label) })), onClick: ({ key }) => put({ ...query, by: key === boardField(entity)?.name ? '' : key }) }}>
        <button type="button" className="quiet" data-board="by" disabled={fields.length < 2}><ProjectOutlined aria-hidden="true" />{t('board.by', { what: meta.say(by.label) })}</button>
      </Dropdown>
      <button type="button" className={prefs.compact ? 'quiet on' : 'quiet'} data-board="compact" aria-pressed={prefs.compact} onClick={() => prefs.setCompact(!prefs.compact)}><AppstoreOutlined aria-hidden="true" />{t('board.compact')}</button>
      {prefs.hidden.length > 0 && <button type="button" className="quiet" data-board="show" onClick={prefs.showAll}><EyeOutlined aria-hidden="true" />{t('board.show_hidden', { count: columns.length - visible.length })}</button>}
      {by.kind === 'ref' && (groups.data?.groups.length ?? 0) > COLUMNS_MAX && <span className="faint">{t('board.too_many', { count: COLUMNS_MAX })}</span>}
    </div>
  )
  const live = <div className="sr" role="status" aria-live="polite">{moves.said}</div>

  if (groups.isError) return <Trouble error={groups.error} retry={() => void groups.refetch()} />
  if (!groups.data) return <Skeleton rows={6} />
  if (columns.every(({ count }) => count === 0)) {
    const bare = !query.filter && !query.search
    const what = meta.say(entity.plural)
    return (
      <div className="board-page">
        {bar}
        <GhostCards>
          <Empty title={bare ? t('list.none_yet', { what }) : t('list.no_match')} text={bare ? meta.say(entity.help) : t('list.no_match_text')}>
            {entity.can.add && <Button type="primary" icon={<PlusOutlined />} onClick={create}>{t('list.new_what', { what: meta.say(entity.label) })}</Button>}
            {!bare && <Button icon={<ClearOutlined />} onClick={() => put({ ...query, filter: null, search: '' })}>{t('list.remove_filters')}</Button>}
          </Empty>
        </GhostCards>
      </div>
    )
  }
  const lane = (column: BoardColumn) => (
    <Lane key={column.key} entity={entity} by={by} query={query} column={column} face={face} aggregate={aggregate} compact={prefs.compact} colour={prefs.colours[column.key]} sort={prefs.sorts[column.key] ?? ''} end={ends.has(column.key)} drop={drop(column.key)} lifted={dragging?.id} moved={moves.moved} quick={begins(column.key) ? quick : null} preset={preset} icons={icons} hands={hands} head={head} />
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
      <div className={phone ? 'board one' : 'board'} data-dragging={dragging ? true : undefined}>
        {phone ? shown && lane(shown) : visible.map((column) => (folded.has(column.key) ? <FoldedLane key={column.key} column={column} colour={prefs.colours[column.key]} drop={drop(column.key)} onUnfold={() => prefs.fold(column.key, false)} /> : lane(column)))}
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
