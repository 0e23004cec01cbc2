//! The list as columns, one a stage. A card opens the record; its stage is changed there, by an action that may refuse.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '@/api/queries.ts'
import type { Choice, Entity, Field } from '@/api/types.ts'
import { Show } from '@/fields/kits.tsx'
import { Go } from '@/lib/go.tsx'
import { setFacet } from '@/meta/filter.ts'
import { textOf, useScene } from '@/meta/meta.ts'
import { listParams, type Query } from '@/meta/query.ts'
import { Skeleton, Tag } from '@/ui/parts.tsx'
import { fact, type Column } from './columns.ts'
import { measures } from './groups.ts'

const CARDS = 30

export const boardField = (entity: Entity): Field | undefined => entity.fields.find((field) => field.name === entity.stage_field && field.kind === 'choice') ?? entity.fields.find((field) => field.kind === 'choice' && field.group)

export default function Board({ entity, query, columns }: { entity: Entity; query: Query; columns: readonly Column[] }) {
  const scene = useScene()
  const by = boardField(entity)
  const [measure] = measures(entity, [])
  const { filter, search } = listParams(query, [])
  const sums = useQuery({ ...queries.groups(entity.name, { filter, search, group: by?.name ?? '', sum: measure?.name }), enabled: Boolean(by) })
  if (!by) return null
  return (
    <div className="board">
      {scene.meta.choices(by.choice).map((choice) => {
        const group = sums.data?.groups.find((one) => one.key[0] === choice.code)
        return <Lane key={choice.code} entity={entity} query={query} columns={columns} by={by} choice={choice} count={group?.count ?? 0} sum={measure && <Show field={measure} record={{}} value={group?.sum?.[measure.name] ?? '0'} scene={scene} />} />
      })}
    </div>
  )
}

function Lane({ entity, query, columns, by, choice, count, sum }: { entity: Entity; query: Query; columns: readonly Column[]; by: Field; choice: Choice; count: number; sum: ReactNode }) {
  const { t } = useTranslation()
  const scene = useScene()
  const params = { ...listParams({ ...query, filter: setFacet(query.filter, [by.name, '=', choice.code]) }, entity.default_sort), limit: CARDS }
  const { data, fetchNextPage, hasNextPage } = useInfiniteQuery(queries.list(entity.name, params))
  const rows = data?.pages.flatMap((page) => page.rows) ?? []
  const money = columns.find((column) => column.field.kind === 'amount')
  const facts = columns.filter((column) => column !== money && !entity.title.includes(column.path) && column.path !== by.name)
  return (
    <section className="lane" data-stage={choice.code}>
      <header className="spread"><span className="row-flex"><Tag tone={choice.tone}>{scene.meta.say(choice.label)}</Tag><span className="faint">{count}</span></span><span className="muted num">{sum}</span></header>
      {!data && <Skeleton rows={3} />}
      {rows.map((row) => (
        <Go key={textOf(row['id'])} to={`/${entity.name}/${textOf(row['id'])}`} className="card">
          <span className="spread"><b className="clip">{scene.meta.title(entity, row)}</b>{money && <b className="num"><Show field={money.field} record={row} value={row[money.path]} scene={scene} plain /></b>}</span>
          <span className="card-words">
            {facts.slice(0, 4).map((column) => {
              const text = fact(column, row, scene)
              return text && <span key={column.path} className="clip">{text}</span>
            })}
          </span>
        </Go>
      ))}
      {hasNextPage && <button type="button" className="quiet" onClick={() => void fetchNextPage()}>{t('list.more', { count: Math.max(0, count - rows.length) })}</button>}
    </section>
  )
}
