import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { queries } from '@/api/queries.ts'
import type { Entity } from '@/api/types.ts'
import { useCommands } from '@/lib/commands.ts'
import { Go, useGo } from '@/lib/go.tsx'
import { usePhone, useTitle } from '@/lib/hooks.ts'
import { useMeta } from '@/meta/meta.ts'
import { Empty, Skeleton, Trouble } from '@/ui/parts.tsx'
import { ChainGraph } from '@/views/form/ChainGraph.tsx'
import '@/views/form/form.css'
import '@/views/list/list.css'

/** The whole chain of documents one belongs to. */
export default function ChainScreen({ entity, id }: { entity: Entity; id: string }) {
  const { t } = useTranslation()
  const meta = useMeta()
  const go = useGo()
  const phone = usePhone()
  const answer = useQuery(queries.links(entity.name, id))
  const label = answer.data?.nodes.find((node) => node.id === id)?.label ?? ''
  useTitle(`${t('aside.links')} ${label}`)
  useCommands([{ id: 'back', label: t('form.back'), group: 'page', hotkey: 'escape', run: () => go(`/${entity.name}/${id}`) }])
  return (
    <div className="list-page">
      <header className="page-head" style={{ borderBottom: '1px solid var(--line)' }}>
        <h1>{t('aside.links')}</h1>
        <Go to={`/${entity.name}/${id}`}>{meta.say(entity.label)} {label}</Go>
      </header>
      <div className="list-body" style={{ padding: 24, background: 'var(--page)' }}>
        {answer.isError ? <Trouble error={answer.error} retry={() => void answer.refetch()} /> : !answer.data ? <Skeleton /> : answer.data.nodes.length === 0 ? <Empty title={t('aside.no_links')} /> : <ChainGraph links={answer.data} current={id} upright={phone} />}
      </div>
    </div>
  )
}
