//! One column: its head stays, its cards scroll.
import { PlusOutlined } from '@ant-design/icons'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '@/api/queries.ts'
import type { Entity, Field, Filter, Rec } from '@/api/types.ts'
import { useLatest } from '@/lib/hooks.ts'
import { both } from '@/meta/filter.ts'
import { idOf, textOf, useScene } from '@/meta/meta.ts'
import { listParams, type Query } from '@/meta/query.ts'
import { Skeleton, Tip, Trouble } from '@/ui/parts.tsx'
import { rememberList } from '../list/trail.ts'
import { cardFields, type Face } from './card.ts'
import { CardView, type Hands } from './CardView.tsx'
import { aggregateValue, conditionOf, type Aggregate, type BoardColumn } from './columns.ts'
import { LaneHead, type HeadHands } from './LaneHead.tsx'
import type { Quick } from './quick.ts'
import { QuickCreate } from './QuickCreate.tsx'
import { StateBar } from './StateBar.tsx'
import type { Moved } from './useMoves.tsx'
import { hasActivities, useNext, type State } from './useNext.ts'

const CARDS = 30

export interface LaneProps {
  entity: Entity
  by: Field
  query: Query
  column: BoardColumn
  face: Face
  aggregate: Aggregate
  compact: boolean
  colour: string | undefined
  sort: string
  limit: number | undefined
  /** A column whose records are done with: nothing grows stale there. */
  end: boolean
  drop: 'can' | 'cannot' | 'over' | undefined
  lifted: string | undefined
  moved: ReadonlyMap<string, Moved>
  /** What a new card asks for; null where none can begin. */
  quick: Quick | null
  preset: boolean
  icons: Readonly<Record<string, string>>
  hands: Hands
  head: HeadHands
}

export function Lane({ entity, by, query, column, face, aggregate, compact, colour, sort, limit, end, drop, lifted, moved, quick, preset, icons, hands, head }: LaneProps) {
  const { t } = useTranslation()
  const { meta } = useScene()
  const [state, setState] = useState<State | null>(null)
  const [adding, setAdding] = useState(false)
  const own = both(query.filter, conditionOf(by, column.key))
  const sorted = sort ? { ...query, sort: [sort] } : query
  const asking = (filter: Filter | null) => ({ ...listParams({ ...sorted, filter }, entity.default_sort), limit: CARDS, fields: cardFields(entity) })
  const all = useInfiniteQuery(queries.list(entity.name, asking(own)))
  const loaded: Rec[] = all.data?.pages.flatMap((page) => page.rows) ?? []
  const { fields: _fields, limit: _limit, ...plain } = asking(own)
  const { next, states, known, asked } = useNext(entity, plain, loaded, all.hasNextPage, hasActivities(meta, entity) && all.isSuccess && !all.isPlaceholderData)

  // Only those of one state: asked for by name, for they may stand beyond what is loaded.
  const ids = state ? states[state] : []
  useEffect(() => {
    if (state && known && ids.length === 0) setState(null)
  }, [state, known, ids.length])
  const part = both(own, ['id', 'in', ids])
  const some = useInfiniteQuery({ ...queries.list(entity.name, asking(part)), enabled: ids.length > 0 })
  const { filter, search } = listParams({ ...query, filter: part }, [])
  const partSum = useQuery({ ...queries.groups(entity.name, { filter, search, group: by.name, sum: Object.keys(column.sum).join(',') || undefined }), enabled: ids.length > 0 })
  const answer = ids.length > 0 ? some : all
  // What is here already is shown until the rest has come.
  const listed: Rec[] = ids.length === 0 ? loaded : some.data && !some.isPlaceholderData ? some.data.pages.flatMap((page) => page.rows) : loaded.filter((row) => ids.includes(textOf(row['id'])))
  const told = ids.length > 0 ? { count: ids.length, sum: Object.fromEntries(Object.entries(partSum.data?.groups[0]?.sum ?? {}).flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]))) } : column

  const here = (id: string): boolean => (moved.get(id)?.to ?? column.key) === column.key
  const come = [...moved.values()].filter((one) => one.to === column.key)
  const comeIds = new Set(come.map(({ row }) => textOf(row['id'])))
  const rows = [...come.map(({ row }) => row), ...listed.filter((row) => here(textOf(row['id'])) && !comeIds.has(textOf(row['id'])))]
  const left = Math.max(0, told.count - rows.length)
  const latest = useLatest(rows)
  const onOpen = useCallback(() => rememberList(entity.name, location.pathname + location.search, latest.current.map((row) => textOf(row['id']))), [entity.name, latest])
  const stage = entity.fields.find((field) => field.name === entity.stage_field && field.kind === 'choice')
  const stripeOf = (row: Rec): string => colour ?? (stage && meta.choice(stage.choice, textOf(row[stage.name]))?.tone) ?? column.tone
  const label = `${column.label} · ${t('board.cards', { count: column.count })}`
  return (
    <section className="lane" data-stage={column.key} data-drop={drop} data-colour={colour} aria-label={label}>
      <header className="lane-top">
        <LaneHead entity={entity} by={by} column={column} count={told.count} value={aggregateValue(aggregate, told)} aggregate={aggregate} colour={colour} sort={sort} limit={limit} hands={head}>
          {quick && <Tip text={t('board.add_to', { what: column.label })}><button type="button" className="quiet" data-quick="open" aria-label={t('board.add_to', { what: column.label })} aria-expanded={adding} onClick={() => setAdding(!adding)}><PlusOutlined /></button></Tip>}
        </LaneHead>
        {known && column.count > 0 && !(end && states.none.length === asked) && <StateBar states={states} asked={asked} of={column.count} chosen={state} onChoose={setState} />}
      </header>
      <div className="lane-cards">
        {adding && quick && <QuickCreate entity={entity} by={by} at={column.key} label={column.label} quick={quick} preset={preset} onClose={() => setAdding(false)} />}
        {answer.isError ? <Trouble error={answer.error} retry={() => void answer.refetch()} />
        : !answer.data && rows.length === 0 ? <Skeleton rows={3} />
        : rows.length === 0 ? <p className="lane-empty">{t('board.nothing_here')}</p>
        : rows.map((row) => {
          const id = textOf(row['id'])
          return <CardView key={id} entity={entity} row={row} at={column.key} face={face} compact={compact} next={known ? next[id] : undefined} icon={icons[idOf(next[id]?.activity_type)]} stripe={stripeOf(row)} open={!end} busy={moved.get(id)?.busy ?? false} lifted={lifted === id} hands={hands} onOpen={onOpen} />
        })}
        {answer.hasNextPage && left > 0 && <button type="button" className="quiet load-more" disabled={answer.isFetchingNextPage} onClick={() => void answer.fetchNextPage()}>{t('board.load_more', { count: left })}</button>}
      </div>
    </section>
  )
}
