//! What colleagues do about a record: who follows it, what is to be done next, and its files.
import { BellFilled, BellOutlined, CheckOutlined, CloseOutlined, DeleteOutlined, PaperClipOutlined, PlusOutlined } from '@ant-design/icons'
import { App, Button, Input, Modal } from 'antd'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, newKey, Refused } from '@/api/client.ts'
import { useSession } from '@/api/queries.ts'
import { sendOrKeep } from '@/api/queue.ts'
import type { Acted, Entity, Rec } from '@/api/types.ts'
import { searchRefs } from '@/fields/ref.tsx'
import { useCommands } from '@/lib/commands.ts'
import { addDays, formatDay } from '@/lib/dates.ts'
import { idOf, textOf, useScene } from '@/meta/meta.ts'
import { DateBox, TextBox } from '@/ui/boxes.tsx'
import { ComboBox, type Option } from '@/ui/ComboBox.tsx'
import { useSay } from '@/ui/parts.tsx'
import { useSnack } from '@/ui/Snack.tsx'

interface TogetherProps { entity: Entity; id: string }

/** Everything beside a record is asked for again. */
function useTold({ entity, id }: TogetherProps): () => void {
  const client = useQueryClient()
  return () => void client.invalidateQueries({ queryKey: ['aside', entity.name, id] })
}

/** Shows what went wrong, and whether it went well. */
function useDoing(): (work: () => Promise<unknown>) => Promise<boolean> {
  const { message } = App.useApp()
  const say = useSay()
  return async (work) => {
    try {
      await work()
      return true
    } catch (problem) {
      void message.error({ content: say(problem), duration: 6 })
      return false
    }
  }
}

/** Tells that an activity is over, and opens it again if that was a slip; what followed by itself goes with it. */
function useOver(): (acted: Acted) => void {
  const client = useQueryClient()
  const snack = useSnack()
  const { t } = useTranslation()
  return ({ record, actions, posted }) => {
    const reopen = async (): Promise<void> => {
      await api.act('activity', textOf(record['id']), 'reopen', { version: record['version'] })
      for (const one of posted?.created ?? []) if (one.entity === 'activity') await api.remove('activity', one.id)
      void client.invalidateQueries({ predicate: ({ queryKey }) => ['aside', 'list', 'groups', 'count', 'home', 'record'].includes(String(queryKey[0])) })
    }
    snack(t(record['stage'] === 'done' ? 'together.is_done' : 'together.is_cancelled', { what: textOf(record['summary']) }), actions.some((one) => one.name === 'reopen' && one.allowed) ? reopen : undefined)
  }
}

export function Together(props: TogetherProps) {
  const { entity, id } = props
  const { t } = useTranslation()
  const doing = useDoing()
  const told = useTold(props)
  const answer = useQuery({ queryKey: ['aside', entity.name, id, 'together'], queryFn: () => api.together(entity.name, id) })
  const [planning, setPlanning] = useState(false)
  const file = useRef<HTMLInputElement>(null)
  useCommands([{ id: 'plan', label: t('form.plan'), group: 'page', hotkey: 'alt+shift+a', run: () => setPlanning(true) }])
  const [over, setOver] = useState(false)
  const [busy, setBusy] = useState(false)
  const upload = async (files: readonly File[]): Promise<void> => {
    setBusy(true)
    for (const one of files) await doing(() => api.attach(entity.name, id, one))
    setBusy(false)
    told()
  }
  // A picture of the screen is pasted wherever one is, unless into a field.
  useEffect(() => {
    const paste = (event: ClipboardEvent): void => {
      const files = [...(event.clipboardData?.files ?? [])]
      const at = event.target
      if (files.length === 0 || (at instanceof HTMLElement && at.closest('.sheet, .ant-modal'))) return
      event.preventDefault()
      void upload(files)
    }
    addEventListener('paste', paste)
    return () => removeEventListener('paste', paste)
  })
  const now = answer.data
  return (
    <div
      className={over ? 'together over' : 'together'}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        void upload([...event.dataTransfer.files])
      }}
    >
      <div className="together-bar">
        <button type="button" className="quiet" data-together="plan" onClick={() => setPlanning(true)}><PlusOutlined />{t('together.plan')}</button>
        <button type="button" className="quiet" data-together="attach" disabled={busy} onClick={() => file.current?.click()}><PaperClipOutlined />{t('together.attach')}</button>
        <input ref={file} type="file" multiple hidden aria-label={t('together.attach')} onChange={(event) => {
          const files = [...(event.target.files ?? [])]
          event.target.value = ''
          void upload(files)
        }} />
        <span style={{ flex: 1 }} />
        {now && <button type="button" className={now.following ? 'quiet on' : 'quiet'} aria-pressed={now.following} data-together="follow" title={t(now.following ? 'together.unfollow' : 'together.follow')} onClick={() => void doing(() => api.follow(entity.name, id, !now.following)).then(told)}>{now.following ? <BellFilled /> : <BellOutlined />}{t('together.followers', { count: now.followers })}</button>}
      </div>
      <Activities {...props} />
      <Files {...props} />
      {planning && <Plan about={id} first={{}} told={told} onClose={() => setPlanning(false)} />}
    </div>
  )
}

const TONES: Record<string, string> = { overdue: 'bad', today: 'warn', planned: 'good' }

function Activities(props: TogetherProps) {
  const { entity, id } = props
  const { t } = useTranslation()
  const scene = useScene()
  const doing = useDoing()
  const over = useOver()
  const told = useTold(props)
  const [done, setDone] = useState<Rec | null>(null)
  const [next, setNext] = useState<Rec | null>(null)
  const answer = useQuery({
    queryKey: ['aside', entity.name, id, 'activities'],
    queryFn: () => api.list('activity', { filter: JSON.stringify(['and', ['about_doc', '=', id], ['stage', '=', 'planned']]), sort: 'due_on', limit: 20, fields: 'id,version,activity_type,summary,due_on,assigned_to,due_state' }),
  })
  return (
    <>
      {(answer.data?.rows ?? []).length > 0 && (
        <ul className="activities">
          {answer.data?.rows.map((row) => (
            <li key={textOf(row['id'])} className={TONES[textOf(row['due_state'])]}>
              <div style={{ flex: 1, minWidth: 0 }}>
                <b>{textOf(row['activity_type'])}</b> <span>{textOf(row['summary'])}</span>
                <div className="faint"><span className="due">{t(`together.${textOf(row['due_state'])}`)}</span> {formatDay(textOf(row['due_on']), scene.locale)} · {textOf(row['assigned_to'])}</div>
              </div>
              <button type="button" className="quiet" data-activity="done" aria-label={t('together.done')} title={t('together.done')} onClick={() => setDone(row)}><CheckOutlined /></button>
              <button type="button" className="quiet" aria-label={t('together.cancel')} title={t('together.cancel')} data-activity="cancel" onClick={() => void doing(async () => over(await api.act('activity', textOf(row['id']), 'cancel', { version: row['version'] }))).then(told)}><CloseOutlined /></button>
            </li>
          ))}
        </ul>
      )}
      {done && <Done activity={done} onClose={() => setDone(null)} onDone={(suggested) => {
        setDone(null)
        setNext(suggested)
        told()
      }} />}
      {next && <Plan about={id} first={next} told={told} onClose={() => setNext(null)} />}
    </>
  )
}

/** What came of it; the type may suggest what comes next. */
export function Done({ activity, onClose, onDone }: { activity: Rec; onClose: () => void; onDone: (next: Rec | null) => void }) {
  const { t } = useTranslation()
  const doing = useDoing()
  const over = useOver()
  const [result, setResult] = useState('')
  const finish = (): void => void doing(async () => {
    over(await api.act('activity', textOf(activity['id']), 'done', { version: activity['version'], result: result.trim() || null }))
    try {
      onDone((await api.prefilled('activity', `activity:${textOf(activity['id'])}`)).record)
    } catch (problem) {
      // Nothing follows: the type suggests nothing.
      if (problem instanceof Refused) onDone(null)
      else throw problem
    }
  })
  return (
    <Modal open title={`${textOf(activity['activity_type'])}: ${textOf(activity['summary'])}`} width={440} onCancel={onClose} onOk={finish} okText={t('together.done')} cancelText={t('form.cancel')}>
      <label className="muted">{t('together.result')}<Input.TextArea autoFocus rows={3} value={result} name="result" aria-label={t('together.result')} onChange={(event) => setResult(event.target.value)} /></label>
    </Modal>
  )
}

function optionOf(value: Rec[string]): Option | null {
  const key = idOf(value)
  return key ? { key, label: textOf(value) } : null
}

export function Plan({ about, first, told, onClose }: { about: string | null; first: Rec; told: () => void; onClose: () => void }) {
  const { t } = useTranslation()
  const scene = useScene()
  const session = useSession()
  const { message } = App.useApp()
  const doing = useDoing()
  const [type, setType] = useState<Option | null>(optionOf(first['activity_type']))
  const [summary, setSummary] = useState(textOf(first['summary']))
  const [due, setDue] = useState<string | null>(textOf(first['due_on']) || addDays(scene.today, 1))
  const [who, setWho] = useState<Option | null>(optionOf(first['assigned_to']) ?? { key: session.user.id, label: session.user.name })
  const key = useRef(newKey())
  const ready = type !== null && due !== null && who !== null
  const plan = async (): Promise<void> => {
    if (!ready) return
    const body = { about_doc: about, activity_type: type.key, summary: summary.trim(), due_on: due, assigned_to: who.key }
    const made = async (): Promise<void> => {
      if (!(await sendOrKeep(session.user.id, '/activity', body, type.label, summary.trim() || type.label, key.current))) void message.info(t('offline.kept'))
    }
    if (await doing(made)) {
      told()
      onClose()
    }
  }
  return (
    <Modal open title={t('together.plan')} width={440} onCancel={onClose} onOk={() => void plan()} okText={t('together.plan')} cancelText={t('form.cancel')} okButtonProps={{ disabled: !ready }}>
      <form className="sign-in-form" data-plan onSubmit={(event) => {
        event.preventDefault()
        void plan()
      }}>
        <label>{t('together.type')}<ComboBox value={type} onChange={setType} label={t('together.type')} autoFocus search={(text, signal) => searchRefs(scene.meta, 'activity_type', null, text, signal)} /></label>
        <label>{t('together.summary')}<TextBox value={summary} onChange={setSummary} name="summary" label={t('together.summary')} /></label>
        <label>{t('together.due')}<DateBox value={due} onChange={setDue} today={scene.today} locale={scene.locale} label={t('together.due')} /></label>
        <label>{t('together.who')}<ComboBox value={who} onChange={setWho} label={t('together.who')} search={(text, signal) => searchRefs(scene.meta, 'user', null, text, signal)} /></label>
        <button type="submit" hidden />
      </form>
    </Modal>
  )
}

const size = (bytes: number): string => (bytes < 1024 ? `${bytes} B` : bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`)

function Files(props: TogetherProps) {
  const { entity, id } = props
  const { t } = useTranslation()
  const { modal } = App.useApp()
  const session = useSession()
  const doing = useDoing()
  const told = useTold(props)
  const [shown, setShown] = useState<Rec | null>(null)
  const answer = useQuery({
    queryKey: ['aside', entity.name, id, 'files'],
    queryFn: () => api.list('attachment', { filter: JSON.stringify(['about_doc', '=', id]), limit: 50 }),
  })
  const rows = answer.data?.rows ?? []
  if (rows.length === 0) return null
  const address = (row: Rec): string => `/api/attachment/${textOf(row['id'])}/content`
  const isPicture = (row: Rec): boolean => textOf(row['media_type']).startsWith('image/')
  return (
    <>
      <ul className="files">
        {rows.map((row) => (
          <li key={textOf(row['id'])}>
            {isPicture(row) ? <button type="button" className="thumb" aria-label={textOf(row['name'])} onClick={() => setShown(row)}><img src={`${address(row)}?inline=true`} alt="" loading="lazy" /></button> : <PaperClipOutlined className="faint" />}
            <a className="clip" href={address(row)} download={textOf(row['name'])}>{textOf(row['name'])}</a>
            <span className="faint num">{size(Number(row['size']))}</span>
            {(idOf(row['owner']) === session.user.id || session.roles.includes('administrator')) && <button type="button" className="quiet" aria-label={t('together.remove', { what: textOf(row['name']) })} onClick={() => void modal.confirm({ title: t('together.remove', { what: textOf(row['name']) }), okText: t('form.remove'), cancelText: t('form.cancel'), okButtonProps: { danger: true }, onOk: () => doing(() => api.remove('attachment', textOf(row['id']))).then(told) })}><DeleteOutlined /></button>}
          </li>
        ))}
      </ul>
      {shown && <Modal open title={textOf(shown['name'])} width={960} footer={<Button href={address(shown)}>{t('together.download')}</Button>} onCancel={() => setShown(null)}><img className="file-shown" src={`${address(shown)}?inline=true`} alt={textOf(shown['name'])} /></Modal>}
    </>
  )
}
