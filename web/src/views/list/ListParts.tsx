//! The conditions one would write first.
import { useTranslation } from 'react-i18next'
import type { Condition, Entity } from '@/api/types.ts'
import { ARCHIVED, IN_USE, isArchivable } from '@/meta/archived.ts'
import { addFacet } from '@/meta/filter.ts'
import { useScene } from '@/meta/meta.ts'
import type { Query } from '@/meta/query.ts'

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
