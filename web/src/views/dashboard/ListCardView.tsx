//! A list in a card, as it would be shown by itself: rows with as many columns as there is room for, groups, a chart, a board, days, a tree.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '@/api/queries.ts'
import type { Entity, Field } from '@/api/types.ts'
import { kitOf, Show } from '@/fields/kits.tsx'
import { Go, href, useGo } from '@/lib/go.tsx'
import { useWidth } from '@/lib/hooks.ts'
import { both, group as join } from '@/meta/filter.ts'
import { textOf, useScene, type Meta } from '@/meta/meta.ts'
import { listParams, readQuery, writeQuery, type Query, type SearchParams } from '@/meta/query.ts'
import { Empty, Skeleton, Trouble } from '@/ui/parts.tsx'
import type { Column } from '../list/columns.ts'
import { condition, measures, readKey, tree } from '../list/groups.ts'
import { useKeyText } from '../list/keyText.ts'
import { keptOf } from '../list/Views.tsx'
import { COUNT } from '../list/keys.ts'
import { usualGroup } from '../chart/shape.ts'
import { WithEntity, type CardViewProps, type Face } from './CardView.tsx'
import type { ListCard } from './cards.ts'
import { ChartBody } from './ChartBody.tsx'
import { LINE_PX, useNeed } from './need.ts'
import '../list/list.css'

const PivotView = lazy(() => import('../pivot/PivotView.tsx'))
const Board = lazy(() => import('../board/Board.tsx'))
const CalendarView = lazy(() => import('../calendar/CalendarView.tsx'))
const TimelineView = lazy(() => import('../timeline/TimelineView.tsx'))
const TreeView = lazy(() => import('../tree/TreeView.tsx'))

const ROWS = 20
/** Words give room, down to this share of their usual width; a figure or a day that is cut says something else. */
const SHRINK = 0.66
/** As the style has them: a row with its line, and the way to all others below. */
const ROW_PX = 33
const MORE_PX = 36
/** A list has no gaps at its edges, as other cards have. */
const BARE_PX = 20

/** How many rows stand whole in a card: all, or as many as leave room for the way to the others. */
export function rowsIn(height: number, count: number, more: boolean): number {
  const room = height + BARE_PX - ROW_PX
  return !more && count * ROW_PX <= room ? count : Math.max(1, Math.floor((room - MORE_PX) / ROW_PX))
}
const isFlexible = (field: Field): boolean => ['text', 'long_text', 'ref', 'doc', 'email', 'url'].includes(field.kind)

/** Numbers of documents need no more room than they take, and leave it to the names beside them. */
const leadWidth = (texts: readonly string[]): string => `calc(${Math.min(24, Math.max(6, ...texts.map((text) => [...text].reduce((sum, letter) => sum + (letter > '\u2e7f' ? 2 : 1), 0))))}ch + 30px)`

/** In one line: that there is nothing, and where to begin. */
function Nothing({ entity, narrowed }: { entity: Entity; narrowed: boolean }) {
  const { t } = useTranslation()
  const { meta } = useScene()
  const what = meta.say(entity.plural)
  return (
    <p className="faint dash-none">
      {narrowed ? t('dashboard.none') : t('list.none_yet', { what })}
      {narrowed ? <Go to={`/${entity.name}`}>{t('dashboard.none_all', { what })}</Go> : entity.can.add && <Go to={`/${entity.name}/new`}>{t('dashboard.none_new', { what: meta.say(entity.label) })}</Go>}
    </p>
  )
}

export function ListCardView({ card, face, height }: CardViewProps<ListCard>) {
  if (card.view !== undefined) return <OfView view={card.view} title={card.title} face={face} height={height} />
  const columns = (card.query['columns'] ?? '').split(',').filter(Boolean)
  return <WithEntity name={card.entity} face={face} title={card.title}>{(entity) => <Shown entity={entity} params={card.query} columns={columns} title={card.title} view="" face={face} height={height} />}</WithEntity>
}

function OfView({ view, title, face, height }: { view: string; title?: string; face: Face; height: number }) {
  const answer = useQuery({ ...queries.record('saved_view', view), retry: false })
  if (answer.isError) return face({ title: title ?? '', children: <Trouble error={answer.error} retry={() => void answer.refetch()} /> })
  if (!answer.data) return face({ title: title ?? '', children: <Skeleton rows={4} /> })
  const { record } = answer.data
  const kept = keptOf(record['query'])
  const name = title ?? textOf(record['name'])
  return <WithEntity name={textOf(record['entity'])} face={face} title={name}>{(entity) => <Shown entity={entity} params={kept.params} columns={kept.columns} title={name} view={view} face={face} height={height} />}</WithEntity>
}

interface ShownProps { entity: Entity; params: SearchParams; columns: readonly string[]; title?: string; view: string; face: Face; height: number }

function Shown({ entity, params, columns, title, view, face, height }: ShownProps) {
  const { meta } = useScene()
  const query = useMemo(() => readQuery(params), [params])
  const name = title ?? meta.say(entity.plural)
  const to = href(`/${entity.name}`, { ...writeQuery(query), view: view || undefined })
  const usual = usualGroup(entity)
  if (query.look === 'chart') {
    const group = query.group.length ? query.group : [usual].filter(Boolean)
    const measure = query.measure.split(',')[0] || (measures(entity, group)[0]?.name ?? COUNT)
    return face({ title: name, to, children: <div className="dash-chart"><ChartBody entity={entity} query={{ ...query, group, measure }} height={height} title={name} /></div> })
  }
  if (query.look !== 'list') return face({ title: name, to, children: <Looked key={JSON.stringify(params)} entity={entity} query={query} columns={columns} /> })
  return face({ title: name, to, children: query.group.length ? <Groups entity={entity} query={query} /> : <Rows entity={entity} query={query} columns={columns} to={to} height={height} /> })
}

/** Turned, sorted and unfolded as one likes while one looks at it; the card stays as it is. */
function Looked({ entity, query, columns: paths }: { entity: Entity; query: Query; columns: readonly string[] }) {
  const { meta } = useScene()
  const [own, setOwn] = useState(query)
  const columns = useMemo(() => columnsOf(meta, entity, paths), [meta, entity, paths])
  const shared = { entity, query: own, put: setOwn, bare: true }
  return (
    <div className={`dash-look of-${own.look}`}>
      <Suspense fallback={<Skeleton rows={5} />}>
        {own.look === 'board' ? <Board {...shared} columns={columns} />
        : own.look === 'calendar' ? <CalendarView {...shared} columns={columns} />
        : own.look === 'timeline' ? <TimelineView {...shared} columns={columns} />
        : own.look === 'tree' ? <TreeView {...shared} columns={columns} fields={fieldsOf(entity, columns)} />
        : <PivotView {...shared} />}
      </Suspense>
    </div>
  )
}

const columnsOf = (meta: Meta, entity: Entity, paths: readonly string[]): Column[] => (paths.length ? paths : entity.list).flatMap((path) => {
  const field = meta.fieldAt(entity, path)
  return field ? [{ path, field, label: path.includes('.') ? meta.pathLabel(entity, path) : meta.say(field.label), width: kitOf(field.kind).width, own: false }] : []
})

/** A column of another entity has to be asked for by name; then so have all others. */
function fieldsOf(entity: Entity, columns: readonly Column[]): string | undefined {
  const far = columns.filter(({ path }) => path.includes('.')).map(({ path }) => path)
  return far.length ? ['id', 'version', ...entity.fields.filter((field) => field.kind !== 'owned' && !field.hidden).map((field) => field.name), ...far].join(',') : undefined
}

function Rows({ entity, query, columns, to, height }: { entity: Entity; query: Query; columns: readonly string[]; to: string; height: number }) {
  const { t } = useTranslation()
  const scene = useScene()
  const go = useGo()
  const box = useRef<HTMLDivElement>(null)
  const room = useWidth(box)
  const wanted = useMemo(() => columnsOf(scene.meta, entity, columns), [scene.meta, entity, columns])
  let left = room
  const shown = wanted.filter(({ field }, at) => {
    left -= kitOf(field.kind).width * (isFlexible(field) ? SHRINK : 1)
    return at === 0 || left > 0
  })
  const fields = fieldsOf(entity, wanted)
  const answer = useInfiniteQuery(queries.list(entity.name, { ...listParams(query, entity.default_sort), limit: ROWS, ...(fields ? { fields } : {}) }))
  const page = answer.data?.pages[0]
  const path = (id: string): string => `/${entity.name}/${id}`
  const rows = page?.rows ?? []
  const seen = rows.slice(0, rowsIn(height, rows.length, Boolean(page?.next)))
  const more = Boolean(page && (page.next || seen.length < rows.length))
  useNeed(!page ? null : rows.length === 0 ? LINE_PX : more ? null : (rows.length + 1) * ROW_PX)
  return (
    <div ref={box} className="dash-rows">
      {answer.isError ? <Trouble error={answer.error} retry={() => void answer.refetch()} />
      : !page ? <Skeleton rows={5} />
      : page.rows.length === 0 ? <Nothing entity={entity} narrowed={Boolean(query.filter || query.search)} />
      : (
        <table className="table small">
          <colgroup>{shown.map(({ path: name, field }, at) => <col key={name} style={{ width: at === 0 && field.kind === 'text' && shown.length > 1 ? leadWidth(seen.map((row) => textOf(row[name]))) : isFlexible(field) ? undefined : kitOf(field.kind).width }} />)}</colgroup>
          <thead><tr>{shown.map(({ path: name, field, label }) => <th key={name} className={kitOf(field.kind).end ? 'end clip' : 'clip'} title={label}>{label}</th>)}</tr></thead>
          <tbody>
            {seen.map((row) => {
              const id = textOf(row['id'])
              return (
                <tr key={id} className="opens" onClick={() => {
                  if (!String(getSelection() ?? '')) go(path(id))
                }}>
                  {shown.map(({ path: name, field }, at) => (
                    <td key={name} className={kitOf(field.kind).end ? 'end clip' : 'clip'}>
                      {at === 0 ? <Go to={path(id)} className="lead"><Show field={field} record={row} value={row[name]} scene={scene} plain={field.kind !== 'choice'} /></Go> : <Show field={field} record={row} value={row[name]} scene={scene} plain />}
                    </td>
                  ))}
                </tr>
              )
            })}
          </tbody>
        </table>
      )}
      {more && <p className="dash-more"><Go to={to}>{t('list.show_group', { count: page?.count ?? rows.length })}</Go></p>}
    </div>
  )
}

function Groups({ entity, query }: { entity: Entity; query: Query }) {
  const { t } = useTranslation()
  const scene = useScene()
  const keyText = useKeyText()
  const [first] = query.group.flatMap((text) => readKey(scene.meta, entity, text) ?? [])
  const [measure] = measures(entity, query.group)
  const { filter, search } = listParams(query, [])
  const answer = useQuery({ ...queries.groups(entity.name, { filter, search, group: query.group.slice(0, 1).join(','), sum: measure?.name }), enabled: Boolean(first) })
  if (!first) return <Empty title={t('chart.nothing_to_group')} />
  if (answer.isError) return <Trouble error={answer.error} retry={() => void answer.refetch()} />
  if (!answer.data) return <Skeleton rows={5} />
  const branches = tree(answer.data.groups)
  if (branches.length === 0) return <Empty title={t('list.no_match')} />
  return (
    <div className="dash-rows">
      <table className="table small">
        <thead><tr><th>{scene.meta.pathLabel(entity, first.path)}</th><th className="end">{t('list.count')}</th>{measure && <th className="end">{scene.meta.say(measure.label)}</th>}</tr></thead>
        <tbody>
          {branches.map((branch) => (
            <tr key={JSON.stringify(branch.key)}>
              <td className="clip"><Go to={href(`/${entity.name}`, writeQuery({ ...query, group: [], filter: both(query.filter, join('and', [condition(first, branch.key)])) }))}>{keyText(first, branch.key)}</Go></td>
              <td className="end num">{branch.count}</td>
              {measure && <td className="end"><Show field={measure} record={{}} value={branch.sum[measure.name] ?? '0'} scene={scene} /></td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
