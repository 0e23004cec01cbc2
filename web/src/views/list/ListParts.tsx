//! What a list shows before there is anything to show, and the conditions one would write first.
import { type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Condition, Entity } from '@/api/types.ts'
import { ARCHIVED, IN_USE, isArchivable } from '@/meta/archived.ts'
import { addFacet } from '@/meta/filter.ts'
import { useScene } from '@/meta/meta.ts'
import type { Query } from '@/meta/query.ts'
import type { Column } from './columns.ts'

/** Behind the first words of an empty list: what it will look like. */
export function Ghosts({ columns, children }: { columns: readonly Column[]; children: ReactNode }) {
  return (
    <div className="ghosts">
      <div className="ghost-rows" aria-hidden="true">
        {Array.from({ length: 9 }, (_, row) => <div key={row} className="ghost-row">{columns.slice(0, 7).map((column, at) => <span key={column.path}>{row === 0 ? column.label : <i style={{ width: `${45 + ((row * 17 + at * 29) % 45)}%` }} />}</span>)}</div>)}
      </div>
      {children}
    </div>
  )
}

interface Offer { label: string; conditions: readonly Condition[] }

/** The conditions one would write first, at a click. */
export function QuickFilters({ entity, query, put }: { entity: Entity; query: Query; put: (query: Query) => void }) {
  const { t } = useTranslation()
  const { meta } = useScene()
  const stage = entity.fields.find((field) => field.name === entity.stage_field)
  const day = entity.fields.find((field) => field.kind === 'date' && entity.list.includes(field.name))
  const person = entity.fields.find((field) => field.kind === 'ref' && field.entity === 'user' && !field.hidden)
  const offers: Offer[] = [
    ...(person ? [{ label: t('list.mine'), conditions: [[person.name, 'is', 'me'] as Condition] }] : []),
    ...(stage ? meta.choices(stage.choice).map((choice) => ({ label: meta.say(choice.label), conditions: [[stage.name, 'in', [choice.code]] as Condition] })) : []),
    ...(day ? (['today', 'this_week', 'this_month', 'last_month'] as const).map((range) => ({ label: t(`range.${range}`), conditions: [[day.name, 'within', range] as Condition] })) : []),
    ...(isArchivable(entity) ? [{ label: t('list.archived'), conditions: [ARCHIVED] }, { label: t('list.with_archived'), conditions: [IN_USE, ARCHIVED] }] : []),
  ]
  if (offers.length === 0) return null
  return (
    <div className="quick-filters">
      {offers.map(({ label, conditions }) => <button key={JSON.stringify(conditions)} type="button" className="chip pickable" onClick={() => put({ ...query, filter: conditions.reduce(addFacet, query.filter) })}>{label}</button>)}
    </div>
  )
}

export function SkeletonRows() {
  const { t } = useTranslation()
  return (
    <div role="status" aria-label={t('state.loading')}>
      {Array.from({ length: 16 }, (_, index) => (
        <div key={index} className="skeleton-row" style={{ height: 'var(--row)' }}>
          {[90, 180, 80, 100, 70].map((width, at) => <span key={at} className="skeleton" style={{ width: width - ((index * 13 + at * 7) % 30) }} />)}
        </div>
      ))}
    </div>
  )
}

