//! Beside a record: what happened, what belongs to it, what it posted.
import { Button, Tabs } from 'antd'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/client.ts'
import { queries } from '@/api/queries.ts'
import type { Entity, Rec, TimelineItem } from '@/api/types.ts'
import { asText } from '@/fields/kits.tsx'
import { formatAgo, formatInstant } from '@/lib/dates.ts'
import { Go } from '@/lib/go.tsx'
import { isText, recall, remember } from '@/lib/local.ts'
import { isComposing } from '@/lib/keys.ts'
import { isEmpty, useScene } from '@/meta/meta.ts'
import { Skeleton, Trouble } from '@/ui/parts.tsx'
import { ChainGraph } from './ChainGraph.tsx'
import { BooksTab } from './Books.tsx'

export function Aside({ entity, id, record }: { entity: Entity; id: string; record: Rec }) {
  const { t } = useTranslation()
  const isDocument = entity.kind === 'document'
  const [tab, setTab] = useState(() => recall('aside', isText, 'timeline'))
  const items = [
    { key: 'timeline', label: t('aside.timeline'), children: <Timeline entity={entity} id={id} record={record} /> },
    ...(isDocument ? [{ key: 'links', label: t('aside.links'), children: <LinksTab entity={entity} id={id} /> }, { key: 'books', label: t('aside.books'), children: <BooksTab entity={entity} id={id} /> }] : []),
  ]
  return (
    <aside className="aside" aria-label={t('aside.title')}>
      <Tabs
        size="small" items={items} activeKey={items.some((item) => item.key === tab) ? tab : 'timeline'} destroyOnHidden
        onChange={(next) => {
          remember('aside', next)
          setTab(next)
        }}
      />
    </aside>
  )
}

function Timeline({ entity, id }: { entity: Entity; id: string; record: Rec }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [note, setNote] = useState('')
  const answer = useQuery(queries.timeline(entity.name, id))
  const send = useMutation({
    mutationFn: (text: string) => api.note(entity.name, id, text),
    onSuccess: () => {
      setNote('')
      void client.invalidateQueries({ queryKey: ['aside', entity.name, id, 'timeline'] })
    },
  })
  const submit = (): void => {
    if (note.trim() && !send.isPending) send.mutate(note.trim())
  }
  return (
    <div className="timeline">
      <div className="composer">
        <div className="box"><textarea rows={2} value={note} aria-label={t('aside.note')} placeholder={t('aside.note')} onChange={(event) => setNote(event.target.value)} onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !isComposing(event.nativeEvent)) {
            event.preventDefault()
            event.stopPropagation()
            submit()
          }
        }} /></div>
        {(note || send.isPending) && <div style={{ textAlign: 'end' }}><Button size="small" type="primary" loading={send.isPending} disabled={!note.trim()} onClick={submit}>{t('aside.send')}</Button></div>}
        {send.isError && <span className="hint bad">{t('state.error')}</span>}
      </div>
      {answer.isError ? <Trouble error={answer.error} retry={() => void answer.refetch()} /> : !answer.data ? <Skeleton rows={4} /> : answer.data.items.length === 0 ? <p className="faint">{t('aside.nothing')}</p> : (
        <ul>{answer.data.items.map((item, index) => <Item key={index} item={item} entity={entity} />)}</ul>
      )}
    </div>
  )
}

function Item({ item, entity }: { item: TimelineItem; entity: Entity }) {
  const { t } = useTranslation()
  const scene = useScene()
  const changes = item.changes ?? []
  const who = item.by?.label || t('aside.system')
  const action = item.kind === 'action' ? entity.actions.find((one) => one.name === item.text) : undefined
  return (
    <li className={item.kind}>
      <div className="spread"><b className="clip">{who}</b><time className="faint" dateTime={item.at} title={formatInstant(item.at, scene.locale)}>{formatAgo(item.at, scene.locale, Date.now())}</time></div>
      {item.kind === 'created' && <span className="muted">{t('aside.created')}</span>}
      {item.kind === 'note' ? <p>{item.text}</p> : item.text && <span className="muted">{action ? scene.meta.say(action.label) : item.text}</span>}
      {changes.map((change) => {
        const field = scene.meta.fieldAt(entity, change.field)
        const show = (value: typeof change.old) => (isEmpty(value) ? '–' : field ? asText(value, { field, record: {} }, scene) : typeof value === 'string' ? value : JSON.stringify(value))
        return (
          <div key={change.field} className="change"><span className="muted">{field ? scene.meta.say(field.label) : change.field}</span> {field?.kind === 'owned' ? t('aside.lines_changed') : <>{!isEmpty(change.old) && <><s>{show(change.old)}</s> → </>}<span>{show(change.new)}</span></>}</div>
        )
      })}
    </li>
  )
}

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
