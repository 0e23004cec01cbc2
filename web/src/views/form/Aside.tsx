//! Beside a record: what happened, what belongs to it, what it posted.
import { Tabs } from 'antd'
import { useQuery } from '@tanstack/react-query'
import { memo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '@/api/queries.ts'
import type { Entity, Rec } from '@/api/types.ts'
import { Go } from '@/lib/go.tsx'
import { isText, recall, remember } from '@/lib/local.ts'
import { useScene } from '@/meta/meta.ts'
import { Skeleton, Trouble } from '@/ui/parts.tsx'
import { ChainGraph } from './ChainGraph.tsx'
import { BooksTab } from './Books.tsx'
import { Timeline } from './Timeline.tsx'

export const Aside = memo(function Aside({ entity, id, record }: { entity: Entity; id: string; record: Rec }) {
  const { t } = useTranslation()
  const { meta } = useScene()
  const isDocument = entity.kind === 'document'
  // Who sees nothing of the books is not told that there is nothing.
  const hasBooks = isDocument && Boolean(meta.entity('entry') ?? meta.entity('stock_move'))
  const [tab, setTab] = useState(() => recall(`aside.${entity.name}`, isText, recall('aside', isText, 'timeline')))
  const items = [
    { key: 'timeline', label: t('aside.timeline'), children: <Timeline entity={entity} id={id} record={record} /> },
    ...(isDocument ? [{ key: 'links', label: t('aside.links'), children: <LinksTab entity={entity} id={id} /> }] : []),
    ...(hasBooks ? [{ key: 'books', label: t('aside.books'), children: <BooksTab entity={entity} id={id} /> }] : []),
  ]
  return (
    <aside className="aside" aria-label={t('aside.title')}>
      <Tabs
        size="small" tabBarGutter={18} items={items} activeKey={items.some((item) => item.key === tab) ? tab : 'timeline'} destroyOnHidden
        onChange={(next) => {
          remember('aside', next)
          remember(`aside.${entity.name}`, next)
          setTab(next)
        }}
      />
    </aside>
  )
})

function LinksTab({ entity, id }: { entity: Entity; id: string }) {
  const { t } = useTranslation()
  const answer = useQuery(queries.links(entity.name, id))
  if (answer.isError) return <Trouble error={answer.error} retry={() => void answer.refetch()} />
  if (!answer.data) return <Skeleton rows={4} />
  if (answer.data.nodes.length < 2) return <p className="faint">{t('aside.no_links')}</p>
  return (
    <>
      <ChainGraph links={answer.data} current={id} upright />
      <p><Go to={`/chain/${entity.name}/${id}`}>{t('aside.whole_chain')}</Go></p>
    </>
  )
}
