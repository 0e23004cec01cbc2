//! A list without rows: why, and what to do. What is only archived or deleted is said to be there.
import { PlusOutlined, UploadOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/client.ts'
import { queries, useSession } from '@/api/queries.ts'
import type { Entity } from '@/api/types.ts'
import { ARCHIVED, isArchivable, saysArchived } from '@/meta/archived.ts'
import { both } from '@/meta/filter.ts'
import { useScene } from '@/meta/meta.ts'
import type { Query } from '@/meta/query.ts'
import { Empty } from '@/ui/parts.tsx'
import type { Column } from './columns.ts'
import { Ghosts } from './Ghosts.tsx'
import { NoMatch } from './NoMatch.tsx'
import { firstSentence } from './sample.ts'

/** Whether deleted records can be looked at and brought back. */
export const hasBin = (entity: Entity): boolean => entity.can.remove && entity.kind !== 'ledger'

/** Who may only look is told whom to ask; what nobody writes by hand is nobody's to give. */
function useReadOnly(entity: Entity): string {
  const { t } = useTranslation()
  const { locale } = useScene()
  const { administrators } = useSession()
  if (entity.can.add || entity.can.import || entity.kind === 'ledger') return ''
  const who = administrators.length ? new Intl.ListFormat(locale, { type: 'disjunction' }).format(administrators) : t('list.an_administrator')
  return t('list.read_only', { who })
}

interface NothingProps { entity: Entity; query: Query; put: (query: Query) => void; columns: readonly Column[]; onCreate: () => void; onImport: () => void; onBin: () => void }

export function Nothing({ entity, query, put, columns, onCreate, onImport, onBin }: NothingProps) {
  const { t } = useTranslation()
  const { meta } = useScene()
  const readOnly = useReadOnly(entity)
  const what = meta.say(entity.plural)
  const bare = !query.filter && !query.search
  const shown = { ...query, filter: both(query.filter, ARCHIVED) }
  const archived = useQuery({ ...queries.count(entity.name, JSON.stringify(shown.filter), query.search), enabled: isArchivable(entity) && !saysArchived(query.filter), staleTime: 0 })
  const bin = useQuery({ queryKey: ['bin', entity.name], queryFn: () => api.bin(entity.name), enabled: bare && hasBin(entity), staleTime: 0 })
  if (archived.isLoading || bin.isLoading) return null
  const out = archived.data ?? 0
  const deleted = bin.data?.items.length ?? 0
  const show = out > 0 && <Button type="primary" data-show-archived onClick={() => put(shown)}>{t('list.show_archived')}</Button>
  if (!bare) return <NoMatch entity={entity} query={query} put={put} note={out > 0 ? t('list.archived_match', { count: out }) : ''} first={show} />
  const hidden = [out > 0 && t('list.archived_are', { count: out }), deleted > 0 && t('list.deleted_are', { count: deleted })].filter(Boolean).join(' ')
  return (
    <Ghosts entity={entity} query={query} columns={columns}>
      <Empty title={hidden ? t('list.none_shown', { what }) : t('list.none_yet', { what })} text={hidden || firstSentence(meta.say(entity.help))}>
        {readOnly && <p data-read-only>{readOnly}</p>}
        {show}
        {deleted > 0 && <Button data-show-deleted onClick={onBin}>{t('list.show_deleted')}</Button>}
        {entity.can.add && <Button type={show ? 'default' : 'primary'} icon={<PlusOutlined />} onClick={onCreate}>{t('list.new_what', { what: meta.say(entity.label) })}</Button>}
        {entity.can.import && <Button icon={<UploadOutlined />} onClick={onImport}>{t('list.import')}</Button>}
      </Empty>
    </Ghosts>
  )
}
