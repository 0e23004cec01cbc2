//! Words that nothing has are looked for nearly, whichever way the records are looked at; this says so.
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { queries } from '@/api/queries.ts'
import type { Entity } from '@/api/types.ts'
import { listParams, type Query } from '@/meta/query.ts'

export function Near({ entity, query }: { entity: Entity; query: Query }) {
  const { t } = useTranslation()
  const { filter = '', search = '' } = listParams(query, [])
  const answer = useQuery(queries.near(entity.name, filter, search))
  return answer.data ? <p className="near hint warn" role="status" data-near>{t('list.near', { words: search.trim() })}</p> : null
}
