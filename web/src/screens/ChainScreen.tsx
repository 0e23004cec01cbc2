import { ArrowLeftOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { queries } from '@/api/queries.ts'
import type { Entity } from '@/api/types.ts'
import { useCommands } from '@/lib/commands.ts'
import { theWay, useGo } from '@/lib/go.tsx'
import { usePhone, useTitle } from '@/lib/hooks.ts'
import { useMeta } from '@/meta/meta.ts'
import { Crumbs } from '@/ui/Crumbs.tsx'
import { Empty, Skeleton, Trouble } from '@/ui/parts.tsx'
import { ChainGraph } from '@/views/form/ChainGraph.tsx'
import '@/views/form/form.css'
import '@/views/list/list.css'

/** Pages of the way that are shown. */
const CRUMBS = 3

/** The whole chain of documents one belongs to. */
export default function ChainScreen({ entity, id }: { entity: Entity; id: string }) {
  const { t } = useTranslation()
  const meta = useMeta()
  const go = useGo()
  const phone = usePhone()
  const answer = useQuery(queries.links(entity.name, id))
  const label = answer.data?.nodes.find((node) => node.id === id)?.label ?? ''
  const way = theWay()
  const crumbs = way.length ? way.slice(phone ? -1 : -CRUMBS) : [{ to: `/${entity.name}/${id}`, title: `${meta.say(entity.label)} ${label}` }]
  useTitle(`${t('aside.links')} ${label}`)
  const back = (): void => go(crumbs.at(-1)?.to ?? `/${entity.name}/${id}`)
  useCommands([{ id: 'back', label: t('form.back'), group: 'page', hotkey: 'escape', run: back }])
  return (
    <div className="list-page">
      <header className="page-head" style={{ borderBottom: '1px solid var(--line)' }}>
        <div className="form-title">
          <button type="button" className="quiet" aria-label={t('form.back')} onClick={back}><ArrowLeftOutlined /></button>
          <div style={{ minWidth: 0 }}>
            <Crumbs way={crumbs} />
            <h1 className="clip">{t('aside.links')} <bdi>{label}</bdi></h1>
          </div>
        </div>
      </header>
      <div className="list-body" style={{ padding: 24, background: 'var(--page)' }}>
        {answer.isError ? <Trouble error={answer.error} retry={() => void answer.refetch()} /> : !answer.data ? <Skeleton /> : answer.data.nodes.length === 0 ? <Empty title={t('aside.no_links')} /> : <ChainGraph links={answer.data} current={id} upright={phone} />}
      </div>
    </div>
  )
}
