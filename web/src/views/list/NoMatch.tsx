//! Nothing matches: which of the conditions keeps most away is said, and taken away at a click.
import { Button } from 'antd'
import { useQueries } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '@/api/queries.ts'
import type { Entity, Filter } from '@/api/types.ts'
import { facets, withoutFacet } from '@/meta/filter.ts'
import type { Query } from '@/meta/query.ts'
import { Empty } from '@/ui/parts.tsx'
import { FacetText } from './FacetText.tsx'

interface Way { without: Query; facet: Filter | null }

interface NoMatchProps { entity: Entity; query: Query; put: (query: Query) => void; /** What else is known of it, and what to do then. */ note: string; first: ReactNode }

export function NoMatch({ entity, query, put, note, first }: NoMatchProps) {
  const { t } = useTranslation()
  const parts = facets(query.filter)
  const ways: Way[] = [
    ...parts.map((facet, at) => ({ facet, without: { ...query, filter: withoutFacet(query.filter, at) } })),
    ...(query.search ? [{ facet: null, without: { ...query, search: '' } }] : []),
  ]
  // Only where taking one of several away could help.
  const answers = useQueries({ queries: ways.map(({ without }) => ({ ...queries.count(entity.name, without.filter ? JSON.stringify(without.filter) : '', without.search), enabled: ways.length > 1 })) })
  const best = ways.length === 1 ? 0 : answers.reduce((most, answer, at) => ((answer.data ?? 0) > (most < 0 ? 0 : (answers[most]?.data ?? 0)) ? at : most), -1)
  const way = ways[best]
  return (
    <Empty title={t('list.no_match')} text={note || t('list.no_match_text')}>
      {first}
      {way && (
        <Button type={first ? 'default' : 'primary'} data-remove-most onClick={() => put(way.without)}>
          {/* One text: it wraps as a sentence does, not part by part. */}
          <span>
            {way.facet ? <>{t('list.remove_this')} <FacetText entity={entity} filter={way.facet} /></> : t('list.remove_search', { text: query.search })}
            {ways.length > 1 && answers[best]?.data !== undefined && <>&nbsp;({t('list.records', { count: answers[best].data })})</>}
          </span>
        </Button>
      )}
      {ways.length > 1 && <Button onClick={() => put({ ...query, search: '', filter: null })}>{t('list.remove_filters')}</Button>}
    </Empty>
  )
}
