//! A span without records says so, and where the next ones are.
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/client.ts'
import type { Entity, Field } from '@/api/types.ts'
import { formatDay } from '@/lib/dates.ts'
import { both } from '@/meta/filter.ts'
import { useScene } from '@/meta/meta.ts'
import { listParams, type Query } from '@/meta/query.ts'
import { bounds, dayOf } from './fields.ts'

interface NearestProps { entity: Entity; query: Query; field: Field; from: string; to: string; onGo: (day: string) => void }

export function Nearest({ entity, query, field, from, to, onGo }: NearestProps) {
  const { t } = useTranslation()
  const { locale } = useScene()
  const before = useDay(entity, query, field, '<', bounds(field, from, to)[0])
  const after = useDay(entity, query, field, '>', bounds(field, from, to)[1])
  return (
    <div className="time-nothing" role="status">
      <span>{before || after ? t('calendar.nothing') : t('calendar.nothing_at_all')}</span>
      {before && <button type="button" className="quiet framed" data-nearest="before" onClick={() => onGo(before)}>‹ {formatDay(before, locale)}</button>}
      {after && <button type="button" className="quiet framed" data-nearest="after" onClick={() => onGo(after)}>{formatDay(after, locale)} ›</button>}
    </div>
  )
}

function useDay(entity: Entity, query: Query, field: Field, side: '<' | '>', value: string): string | null {
  const { sort: _, ...params } = listParams({ ...query, filter: both(query.filter, [field.name, side, value]) }, [])
  const asked = { ...params, sort: side === '<' ? `-${field.name}` : field.name, limit: 1, fields: `id,${field.name}` }
  const { data } = useQuery({ queryKey: ['list', entity.name, 'nearest', asked], queryFn: ({ signal }) => api.list(entity.name, asked, signal), staleTime: 30_000 })
  return dayOf(data?.rows[0]?.[field.name], field)
}
