//! A board in rows: a second field cuts every column, and a card may be carried into another row.
import { CaretDownOutlined, CaretRightOutlined, DoubleRightOutlined } from '@ant-design/icons'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '@/api/queries.ts'
import type { Entity, Field, Rec } from '@/api/types.ts'
import { Show } from '@/fields/kits.tsx'
import { useLatest } from '@/lib/hooks.ts'
import { both, group as join } from '@/meta/filter.ts'
import { textOf, useScene } from '@/meta/meta.ts'
import { listParams, type Query } from '@/meta/query.ts'
import { Skeleton, Tip, Trouble } from '@/ui/parts.tsx'
import { rememberList } from '../list/trail.ts'
import { cardFields, type Face } from './card.ts'
import { CardView, type Hands } from './CardView.tsx'
import { aggregateValue, conditionOf, keyOf, placeText, type Aggregate, type BoardColumn, type Place } from './columns.ts'
import { LaneHead, type HeadHands } from './LaneHead.tsx'
import type { Moved } from './useMoves.tsx'
import type { Prefs } from './usePrefs.ts'

const CARDS = 10

export interface SwimProps {
  entity: Entity
  by: Field
  /** The field of the rows. */
  swim: Field
  query: Query
  rows: readonly BoardColumn[]
  columns: readonly BoardColumn[]
  cellOf: (row: string, column: BoardColumn) => BoardColumn
  folded: ReadonlySet<string>
  ends: ReadonlySet<string>
  face: Face
  aggregate: Aggregate
  prefs: Prefs
  drop: (place: Place) => 'can' | 'cannot' | 'over' | undefined
  lifted: string | undefined
  moved: ReadonlyMap<string, Moved>
  hands: Hands
  head: HeadHands
}

export function Swim(props: SwimProps) {
  const { entity, by, rows, columns, folded, aggregate, prefs, head } = props
  const { t } = useTranslation()
  return (
    <>
      <div className="swim-heads">
        {columns.map((column) => (folded.has(column.key)
          ? <div key={column.key} className="swim-head folded"><Tip text={`${t('board.unfold')}: ${column.label}`}><button type="button" className="quiet" aria-label={`${t('board.unfold')} ${column.label}`} aria-expanded="false" onClick={() => prefs.fold(column.key, false)}><DoubleRightOutlined /></button></Tip></div>
          : <div key={column.key} className="swim-head" data-colour={prefs.colours[column.key]}><LaneHead entity={entity} by={by} column={column} count={column.count} value={aggregateValue(aggregate, column)} aggregate={aggregate} colour={prefs.colours[column.key]} sort={prefs.sorts[column.key] ?? ''} limit={prefs.limits[column.key]} hands={head} /></div>))}
      </div>
      {rows.map((row) => <Row key={row.key} {...props} row={row} />)}
    </>
  )
}

function Row({ row, ...props }: SwimProps & { row: BoardColumn }) {
  const { columns, cellOf, folded, aggregate, prefs, hands } = props
  const { t } = useTranslation()
  const scene = useScene()
  const root = useRef<HTMLElement>(null)
  const [near, setNear] = useState(false)
  // Rows far below ask for their cards when one comes near them.
  useEffect(() => {
    if (!root.current || near) return
    const watch = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && setNear(true), { rootMargin: '400px' })
    watch.observe(root.current)
    return () => watch.disconnect()
  }, [near])
  const own = useMemo((): Hands => ({ ...hands, press: (event, id, record, from) => hands.press(event, id, record, placeText({ column: from, row: row.key })) }), [hands, row.key])
  const shut = prefs.rows[row.key] === true
  const value = aggregateValue(aggregate, row)
  return (
    <section ref={root} className="swim-row" data-swim={row.key} aria-label={`${row.label} · ${t('board.cards', { count: row.count })}`}>
      <button type="button" className="swim-name" aria-expanded={!shut} title={t('board.fold_row', { what: row.label })} onClick={() => prefs.foldRow(row.key, !shut)}>
        {shut ? <CaretRightOutlined aria-hidden="true" /> : <CaretDownOutlined aria-hidden="true" />}<b className="clip">{row.label}</b><span className="faint num">{row.count}</span>
        {value !== null && aggregate.field && <span className="num">{aggregate.how === 'average' && <span aria-hidden="true">⌀ </span>}<Show field={aggregate.field} record={{}} value={value} scene={scene} plain /></span>}
      </button>
      {!shut && (
        <div className="swim-cells">
          {columns.map((column) => {
            const cell = cellOf(row.key, column)
            const place = { column: column.key, row: row.key }
            const label = `${row.label}, ${column.label} · ${t('board.cards', { count: cell.count })}`
            return folded.has(column.key)
              ? <section key={column.key} className="lane cell folded" data-stage={column.key} data-place={placeText(place)} data-drop={props.drop(place)} aria-label={label}><span className="num lane-count">{cell.count || ''}</span></section>
              : <Cell key={column.key} {...props} hands={own} cell={cell} row={row.key} near={near} label={label} />
          })}
        </div>
      )}
    </section>
  )
}

function Cell({ entity, by, swim, query, cell, row, near, label, face, ends, prefs, drop, lifted, moved, hands }: Omit<SwimProps, 'rows'> & { cell: BoardColumn; row: string; near: boolean; label: string }) {
  const { t } = useTranslation()
  const { meta } = useScene()
  const place = { column: cell.key, row }
  const sort = prefs.sorts[cell.key]
  const filter = both(query.filter, join('and', [conditionOf(by, cell.key), conditionOf(swim, row)]))
  const answer = useInfiniteQuery({ ...queries.list(entity.name, { ...listParams({ ...query, filter, ...(sort ? { sort: [sort] } : {}) }, entity.default_sort), limit: CARDS, fields: cardFields(entity) }), enabled: near && cell.count > 0 })
  const isHere = (one: Moved): boolean => one.to === cell.key && (one.turn ? one.turn.to : keyOf(one.row[swim.name])) === row
  const come = [...moved.values()].filter(isHere).map((one) => one.row)
  const gone = new Set([...moved.values()].map((one) => textOf(one.row['id'])))
  const rows: Rec[] = [...come, ...(cell.count > 0 ? answer.data?.pages.flatMap((page) => page.rows) ?? [] : []).filter((one) => !gone.has(textOf(one['id'])))]
  const left = Math.max(0, cell.count - rows.length)
  const latest = useLatest(rows)
  const onOpen = useCallback(() => rememberList(entity.name, location.pathname + location.search, latest.current.map((one) => textOf(one['id']))), [entity.name, latest])
  const stage = entity.fields.find((field) => field.name === entity.stage_field && field.kind === 'choice')
  const colour = prefs.colours[cell.key]
  return (
    <section className="lane cell" data-stage={cell.key} data-place={placeText(place)} data-drop={drop(place)} data-colour={colour} aria-label={label}>
      {answer.isError ? <Trouble error={answer.error} retry={() => void answer.refetch()} />
      : cell.count > 0 && !answer.data && rows.length === 0 ? <Skeleton rows={1} />
      : rows.map((one) => {
        const id = textOf(one['id'])
        return <CardView key={id} entity={entity} row={one} at={cell.key} face={face} compact={prefs.compact} next={undefined} icon={undefined} stripe={colour ?? (stage && meta.choice(stage.choice, textOf(one[stage.name]))?.tone) ?? cell.tone} open={!ends.has(cell.key)} busy={moved.get(id)?.busy ?? false} lifted={lifted === id} hands={hands} onOpen={onOpen} />
      })}
      {answer.hasNextPage && left > 0 && <button type="button" className="quiet load-more" disabled={answer.isFetchingNextPage} onClick={() => void answer.fetchNextPage()}>{t('board.load_more', { count: left })}</button>}
    </section>
  )
}
