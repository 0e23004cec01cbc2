//! One thing that happened, or several changes that stand in one line until it is opened.
import { DeleteOutlined, DownOutlined, EditOutlined, RightOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/client.ts'
import type { Entity, TimelineItem } from '@/api/types.ts'
import { asText } from '@/fields/kits.tsx'
import { formatAgo, formatInstant } from '@/lib/dates.ts'
import { isEmpty, useScene, type Scene } from '@/meta/meta.ts'
import { useSnack } from '@/ui/Snack.tsx'
import { useDoing, useTold } from './doing.ts'
import { keyOf } from './fold.ts'
import { asTyped, withMentions } from './mentions.ts'
import { NoteBox } from './NoteBox.tsx'

function When({ at, scene }: { at: string; scene: Scene }) {
  return <time className="faint" dateTime={at} title={formatInstant(at, scene.locale)}>{formatAgo(at, scene.locale, Date.now())}</time>
}

export function Item({ item, entity, id }: { item: TimelineItem; entity: Entity; id: string }) {
  const { t } = useTranslation()
  const scene = useScene()
  if (item.kind === 'note') return <Note item={item} entity={entity} id={id} />
  return (
    <li className={item.kind}>
      <div className="spread"><b className="clip">{item.by?.label || t('aside.system')}</b><When at={item.at} scene={scene} /></div>
      {item.kind === 'attachment' ? <span className="muted">{t('aside.attached')} <a href={`/api/attachment/${item.attachment?.id ?? ''}/content`} download={item.text ?? undefined}><bdi>{item.text}</bdi></a></span>
      : item.kind === 'activity' ? <span className="muted">{t('aside.activity_done')} <bdi>{item.text}</bdi>{item.activity?.result && <><br /><span className="result"><bdi>{item.activity.result}</bdi></span></>}</span>
      : <Changes item={item} entity={entity} scene={scene} />}
    </li>
  )
}

/** What was done to the record, and the values before and after. */
function Changes({ item, entity, scene }: { item: TimelineItem; entity: Entity; scene: Scene }) {
  const { t } = useTranslation()
  const words = item.kind === 'created' ? t('aside.created') : item.text ? actionLabel(item, entity, scene) : ''
  return (
    <>
      {words && <span className="muted">{words}</span>}
      {item.changes?.map((change) => {
        const field = scene.meta.fieldAt(entity, change.field)
        const show = (value: typeof change.old) => (isEmpty(value) ? '–' : field ? asText(value, { field, record: {} }, scene) : typeof value === 'string' ? value : JSON.stringify(value))
        return (
          <div key={change.field} className="change"><span className="muted">{field ? scene.meta.say(field.label) : change.field}</span> {field?.kind === 'owned' ? t('aside.lines_changed') : <>{!isEmpty(change.old) && <><s dir="auto">{show(change.old)}</s> → </>}<bdi>{show(change.new)}</bdi></>}</div>
        )
      })}
    </>
  )
}

function actionLabel(item: TimelineItem, entity: Entity, scene: Scene): string {
  const action = item.kind === 'action' ? entity.actions.find((one) => one.name === item.text) : undefined
  return action ? scene.meta.say(action.label) : (item.text ?? '')
}

/** Changes that follow each other: how many, by whom, and of what. */
export function Folded({ items, entity }: { items: readonly TimelineItem[]; entity: Entity }) {
  const { t } = useTranslation()
  const scene = useScene()
  const [open, setOpen] = useState(false)
  const [newest] = items
  if (!newest) return null
  const who = [...new Set(items.map((item) => item.by?.label || t('aside.system')))]
  const what = [...new Set(items.flatMap((item) => {
    if (item.kind === 'created') return [t('aside.made')]
    if (item.text) return [actionLabel(item, entity, scene)]
    return (item.changes ?? []).map((change) => scene.meta.say(scene.meta.fieldAt(entity, change.field)?.label) || change.field)
  }))]
  return (
    <li className="folded">
      <div className="spread"><b className="clip">{who.join(t('list.or_comma'))}</b><When at={newest.at} scene={scene} /></div>
      <button type="button" className="fold" aria-expanded={open} data-fold onClick={() => setOpen(!open)}>
        {open ? <DownOutlined /> : <RightOutlined />}<span>{t('aside.changes', { count: items.length })}</span>{!open && <span className="faint clip">{what.join(t('list.or_comma'))}</span>}
      </button>
      {open && (
        <ul>
          {items.map((item) => (
            <li key={keyOf(item)} className={item.kind}>
              <div className="spread"><span className="clip">{item.by?.label || t('aside.system')}</span><When at={item.at} scene={scene} /></div>
              <Changes item={item} entity={entity} scene={scene} />
            </li>
          ))}
        </ul>
      )}
    </li>
  )
}

/** A note; one's own can be changed and deleted, and both taken back. */
function Note({ item, entity, id }: { item: TimelineItem; entity: Entity; id: string }) {
  const { t } = useTranslation()
  const scene = useScene()
  const { note } = item
  const text = item.text ?? ''
  const doing = useDoing()
  const snack = useSnack()
  const told = useTold({ entity, id })
  const [typed, setTyped] = useState<ReturnType<typeof asTyped> | null>(null)
  const [busy, setBusy] = useState(false)
  const save = async (): Promise<void> => {
    if (!note || !typed?.text.trim() || busy) return
    setBusy(true)
    const well = await doing(async () => {
      const { record } = await api.change('note', note.id, { version: note.version, body: withMentions(typed.text.trim(), typed.named) })
      snack(t('aside.note_changed'), async () => {
        await api.change('note', note.id, { version: record['version'], body: text })
        told()
      })
    })
    setBusy(false)
    if (!well) return
    told()
    setTyped(null)
  }
  const remove = (): void => void doing(async () => {
    if (!note) return
    await api.remove('note', note.id)
    told()
    snack(t('aside.note_deleted'), async () => {
      await api.restore('note', note.id)
      told()
    })
  })
  const mine = note?.mine && !typed
  return (
    <li className="note">
      <div className="spread">
        <b className="clip">{item.by?.label || t('aside.system')}</b>
        <span className="note-tools">
          {note?.edited && <span className="faint">{t('aside.edited')}</span>}
          {mine && <button type="button" className="quiet" data-note="edit" aria-label={t('aside.edit_note')} title={t('aside.edit_note')} onClick={() => setTyped(asTyped(text))}><EditOutlined /></button>}
          {mine && <button type="button" className="quiet" data-note="remove" aria-label={t('aside.delete_note')} title={t('aside.delete_note')} onClick={remove}><DeleteOutlined /></button>}
          <When at={item.at} scene={scene} />
        </span>
      </div>
      {typed && note ? (
        <div className="composer" data-note-edit>
          <NoteBox autoFocus value={typed.text} onChange={(next) => setTyped({ ...typed, text: next })} named={typed.named} kind={note.kind} label={t('aside.edit_note')} onSend={() => void save()} onGiveUp={() => setTyped(null)} />
          <div className="note-buttons"><Button size="small" onClick={() => setTyped(null)}>{t('form.cancel')}</Button><Button size="small" type="primary" loading={busy} disabled={!typed.text.trim()} onClick={() => void save()}>{t('form.save')}</Button></div>
        </div>
      ) : <p className={note?.kind === 'message' ? 'message' : undefined} dir="auto">{spoken(text)}</p>}
    </li>
  )
}

/** The name of who is mentioned, in place of what the server reads. */
const spoken = (text: string): ReactNode[] => text.split(/(@\[[^\]]*\]\(us_[a-z0-9]+\))/).map((part, index) => {
  const name = /^@\[([^\]]*)\]/.exec(part)?.[1]
  return name === undefined ? part : <b key={index} className="mention">@{name}</b>
})
