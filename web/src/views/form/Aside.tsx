//! Beside a record: what happened, what belongs to it, what it posted.
import { App, Button, Mentions, Tabs } from 'antd'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { memo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { queries, useSession } from '@/api/queries.ts'
import { sendOrKeep } from '@/api/queue.ts'
import type { Entity, Rec, TimelineItem } from '@/api/types.ts'
import { asText } from '@/fields/kits.tsx'
import { searchRefs } from '@/fields/ref.tsx'
import { formatAgo, formatInstant } from '@/lib/dates.ts'
import { useCommands } from '@/lib/commands.ts'
import { Go } from '@/lib/go.tsx'
import { isText, recall, remember } from '@/lib/local.ts'
import { isComposing } from '@/lib/keys.ts'
import { isEmpty, useScene } from '@/meta/meta.ts'
import type { Option } from '@/ui/ComboBox.tsx'
import { Skeleton, Trouble, useSay } from '@/ui/parts.tsx'
import { ChainGraph } from './ChainGraph.tsx'
import { BooksTab } from './Books.tsx'
import { Together } from './Together.tsx'

export const Aside = memo(function Aside({ entity, id, record }: { entity: Entity; id: string; record: Rec }) {
  const { t } = useTranslation()
  const isDocument = entity.kind === 'document'
  const [tab, setTab] = useState(() => recall(`aside.${entity.name}`, isText, recall('aside', isText, 'timeline')))
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
          remember(`aside.${entity.name}`, next)
          setTab(next)
        }}
      />
    </aside>
  )
})

/** `@Li Wei` becomes what the server reads, for those who were chosen from the list. */
export function withMentions(text: string, named: ReadonlyMap<string, string>): string {
  // Longer names first: one may begin with another.
  const names = [...named.keys()].sort((a, b) => b.length - a.length)
  let told = ''
  let rest = text
  while (rest) {
    const name = rest.startsWith('@') ? names.find((one) => rest.startsWith(`@${one}`)) : undefined
    if (name) {
      told += `@[${name}](${named.get(name)})`
      rest = rest.slice(name.length + 1)
    } else {
      told += rest[0]
      rest = rest.slice(1)
    }
  }
  return told
}

function Timeline({ entity, id, record }: { entity: Entity; id: string; record: Rec }) {
  const { message } = App.useApp()
  const session = useSession()
  const { t } = useTranslation()
  const client = useQueryClient()
  const scene = useScene()
  const say = useSay()
  const [note, setNote] = useState('')
  const [kind, setKind] = useState<'log' | 'message'>('log')
  const [people, setPeople] = useState<readonly Option[]>([])
  const named = useRef(new Map<string, string>())
  const composer = useRef<HTMLDivElement>(null)
  const find = (text: string): void => void searchRefs(scene.meta, 'user', null, text, new AbortController().signal).then(setPeople, () => undefined)
  const answer = useQuery(queries.timeline(entity.name, id))
  const send = useMutation({
    mutationFn: (text: string) => sendOrKeep(session.user.id, `/${entity.name}/${encodeURIComponent(id)}/note`, { text: withMentions(text, named.current), kind }, scene.meta.title(entity, record), text),
    onSuccess: (sent) => {
      if (!sent) void message.info(t('offline.kept'))
      setNote('')
      named.current.clear()
      void client.invalidateQueries({ queryKey: ['aside', entity.name, id] })
    },
  })
  const begin = (wanted: 'log' | 'message'): void => {
    setKind(wanted)
    composer.current?.querySelector('textarea')?.focus()
  }
  useCommands([
    { id: 'message', label: t('form.message'), group: 'page', hotkey: 'alt+m', run: () => begin('message') },
    { id: 'note', label: t('form.note'), group: 'page', hotkey: 'alt+shift+m', run: () => begin('log') },
  ])
  const submit = (): void => {
    if (note.trim() && !send.isPending) send.mutate(note.trim())
  }
  return (
    <div className="timeline">
      <Together entity={entity} id={id} />
      <div className="composer" ref={composer}>
        <div className="composer-kinds" role="group" aria-label={t('aside.kind')}>
          {(['log', 'message'] as const).map((one) => <button key={one} type="button" className={kind === one ? 'quiet on' : 'quiet'} aria-pressed={kind === one} data-kind={one} onClick={() => setKind(one)}>{t(`aside.${one}`)}</button>)}
        </div>
        <Mentions
          className={`composer-text ${kind}`} rows={2} autoSize={{ minRows: 2, maxRows: 10 }} value={note} maxLength={10000} aria-label={t('aside.note')} placeholder={t(kind === 'message' ? 'aside.message_text' : 'aside.note')}
          options={people.map((one) => ({ value: one.label, label: one.label }))} filterOption={false} onSearch={find}
          onSelect={({ value }) => {
            const chosen = people.find((one) => one.label === value)
            if (chosen) named.current.set(chosen.label, chosen.key)
          }}
          onChange={setNote}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !isComposing(event.nativeEvent)) {
              event.preventDefault()
              event.stopPropagation()
              submit()
            }
          }}
        />
        {(note || send.isPending) && <div style={{ textAlign: 'end' }}><Button size="small" type="primary" loading={send.isPending} disabled={!note.trim()} onClick={submit}>{t(kind === 'message' ? 'aside.send_message' : 'aside.send')}</Button></div>}
        {send.isError && <span className="hint bad">{say(send.error)}</span>}
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
      {item.kind === 'note' ? <p className={item.note?.kind === 'message' ? 'message' : undefined}>{spoken(item.text ?? '')}</p> : item.kind === 'attachment' ? <span className="muted">{t('aside.attached')} <a href={`/api/attachment/${item.attachment?.id ?? ''}/content`} download={item.text ?? undefined}>{item.text}</a></span>
      : item.kind === 'activity' ? <span className="muted">{t('aside.activity_done')} {item.text}{item.activity?.result && <><br /><span className="result">{item.activity.result}</span></>}</span>
      : item.text && <span className="muted">{action ? scene.meta.say(action.label) : item.text}</span>}
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

/** The name of who is mentioned, in place of what the server reads. */
const spoken = (text: string): ReactNode[] => text.split(/(@\[[^\]]*\]\(us_[a-z0-9]+\))/).map((part, index) => {
  const name = /^@\[([^\]]*)\]/.exec(part)?.[1]
  return name === undefined ? part : <b key={index} className="mention">@{name}</b>
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
