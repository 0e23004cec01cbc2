//! What happened to a record and what was said about it, newest first.
import { App, Button } from 'antd'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries, useSession } from '@/api/queries.ts'
import { sendOrKeep } from '@/api/queue.ts'
import type { Entity, Rec } from '@/api/types.ts'
import { useCommands } from '@/lib/commands.ts'
import { useScene } from '@/meta/meta.ts'
import { Skeleton, Trouble, useSay } from '@/ui/parts.tsx'
import { keyOf, pieces } from './fold.ts'
import { withMentions } from './mentions.ts'
import { NoteBox } from './NoteBox.tsx'
import { Folded, Item } from './TimelineItem.tsx'
import { Together } from './Together.tsx'

const KINDS = ['', 'note', 'changes'] as const

export function Timeline({ entity, id, record }: { entity: Entity; id: string; record: Rec }) {
  const { t } = useTranslation()
  const [kind, setKind] = useState<(typeof KINDS)[number]>('')
  const answer = useInfiniteQuery(queries.timeline(entity.name, id, kind))
  const items = answer.data?.pages.flatMap((page) => page.items) ?? []
  // Who asks for the changes wants to see each.
  const shown = kind === 'changes' ? items.map((item) => ({ item, folded: undefined })) : pieces(items)
  return (
    <div className="timeline">
      <Together entity={entity} id={id} />
      <Composer entity={entity} id={id} record={record} />
      <div className="timeline-kinds" role="group" aria-label={t('aside.show')}>
        {KINDS.map((one) => <button key={one} type="button" className={kind === one ? 'quiet on' : 'quiet'} aria-pressed={kind === one} data-timeline={one || 'all'} onClick={() => setKind(one)}>{t(`aside.show_${one || 'all'}`)}</button>)}
      </div>
      {answer.isError && items.length === 0 ? <Trouble error={answer.error} retry={() => void answer.refetch()} /> : !answer.data ? <Skeleton rows={4} /> : items.length === 0 ? <p className="faint">{t(kind === 'note' ? 'aside.no_notes' : 'aside.nothing')}</p> : (
        <ul>{shown.map((piece) => (piece.folded ? <Folded key={keyOf(piece.folded.at(-1) ?? piece.folded[0]!)} items={piece.folded} entity={entity} /> : <Item key={keyOf(piece.item)} item={piece.item} entity={entity} id={id} />))}</ul>
      )}
      {answer.hasNextPage && <button type="button" className="quiet on" data-timeline-older disabled={answer.isFetchingNextPage} onClick={() => void answer.fetchNextPage()}>{t('aside.older')}</button>}
    </div>
  )
}

function Composer({ entity, id, record }: { entity: Entity; id: string; record: Rec }) {
  const { message } = App.useApp()
  const session = useSession()
  const { t } = useTranslation()
  const client = useQueryClient()
  const { meta } = useScene()
  const say = useSay()
  const [note, setNote] = useState('')
  const [kind, setKind] = useState<'log' | 'message'>('log')
  const named = useRef(new Map<string, string>())
  const composer = useRef<HTMLDivElement>(null)
  const may = meta.entity('note')?.can.add !== false
  const send = useMutation({
    mutationFn: (text: string) => sendOrKeep(session.user.id, `/${entity.name}/${encodeURIComponent(id)}/note`, { text: withMentions(text, named.current), kind }, meta.title(entity, record), text),
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
  useCommands(may ? [
    { id: 'message', label: t('form.message'), group: 'page', hotkey: 'alt+m', run: () => begin('message') },
    { id: 'note', label: t('form.note'), group: 'page', hotkey: 'alt+shift+m', run: () => begin('log') },
  ] : [])
  const submit = (): void => {
    if (note.trim() && !send.isPending) send.mutate(note.trim())
  }
  if (!may) return null
  return (
    <div className="composer" ref={composer}>
      <div className="composer-kinds" role="group" aria-label={t('aside.kind')}>
        {(['log', 'message'] as const).map((one) => <button key={one} type="button" className={kind === one ? 'quiet on' : 'quiet'} aria-pressed={kind === one} data-kind={one} onClick={() => setKind(one)}>{t(`aside.${one}`)}</button>)}
      </div>
      <NoteBox value={note} onChange={setNote} named={named.current} kind={kind} label={t('aside.note')} placeholder={t(kind === 'message' ? 'aside.message_text' : 'aside.note')} onSend={submit} />
      {(note || send.isPending) && <div style={{ textAlign: 'end' }}><Button size="small" type="primary" loading={send.isPending} disabled={!note.trim()} onClick={submit}>{t(kind === 'message' ? 'aside.send_message' : 'aside.send')}</Button></div>}
      {send.isError && <span className="hint bad">{say(send.error)}</span>}
    </div>
  )
}
