//! What colleagues do about a record: who follows it, what is to be done next, and its files.
import { BellFilled, BellOutlined, OrderedListOutlined, PaperClipOutlined, PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/client.ts'
import { useCommands } from '@/lib/commands.ts'
import { useScene } from '@/meta/meta.ts'
import { Activities } from './Activities.tsx'
import { BeginPlan } from './BeginPlan.tsx'
import { useDoing, useTold, type TogetherProps } from './doing.ts'
import { Files } from './Files.tsx'
import { Followers } from './Followers.tsx'
import { Plan } from './PlanDialog.tsx'

export function Together(props: TogetherProps) {
  const { entity, id } = props
  const { t } = useTranslation()
  const { meta } = useScene()
  const doing = useDoing()
  const told = useTold(props)
  const answer = useQuery({ queryKey: ['aside', entity.name, id, 'together'], queryFn: () => api.together(entity.name, id) })
  const [dialog, setDialog] = useState<'plan' | 'begin' | null>(null)
  const file = useRef<HTMLInputElement>(null)
  const mayPlan = meta.entity('activity')?.can.add === true
  const mayBegin = meta.entity('activity_plan')?.actions.some((action) => action.name === 'launch') === true
  const mayAttach = meta.entity('attachment')?.can.add === true
  useCommands([
    ...(mayPlan ? [{ id: 'plan', label: t('form.plan'), group: 'page' as const, hotkey: 'alt+shift+a', run: () => setDialog('plan') }] : []),
    ...(mayBegin ? [{ id: 'begin', label: t('together.begin'), group: 'page' as const, run: () => setDialog('begin') }] : []),
  ])
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
    if (!mayAttach) return
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
        if (!mayAttach || !event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        if (!mayAttach) return
        event.preventDefault()
        setOver(false)
        void upload([...event.dataTransfer.files])
      }}
    >
      <div className="together-bar">
        {mayPlan && <button type="button" className="quiet" data-together="plan" onClick={() => setDialog('plan')}><PlusOutlined />{t('together.plan')}</button>}
        {mayBegin && <button type="button" className="quiet" data-together="begin" onClick={() => setDialog('begin')}><OrderedListOutlined />{t('together.begin')}</button>}
        {mayAttach && <button type="button" className="quiet" data-together="attach" disabled={busy} onClick={() => file.current?.click()}><PaperClipOutlined />{t('together.attach')}</button>}
        <input ref={file} type="file" multiple hidden aria-label={t('together.attach')} onChange={(event) => {
          const files = [...(event.target.files ?? [])]
          event.target.value = ''
          void upload(files)
        }} />
        <span style={{ flex: 1 }} />
        {now && (
          <span className="follow">
            <button type="button" className={now.following ? 'quiet on' : 'quiet'} aria-pressed={now.following} data-together="follow" aria-label={t(now.following ? 'together.unfollow' : 'together.follow')} title={t(now.following ? 'together.unfollow' : 'together.follow')} onClick={() => void doing(() => api.follow(entity.name, id, !now.following)).then(told)}>{now.following ? <BellFilled /> : <BellOutlined />}</button>
            <Followers {...props} count={now.followers} />
          </span>
        )}
      </div>
      <Activities {...props} />
      <Files {...props} />
      {dialog === 'plan' && <Plan about={id} first={{}} told={told} onClose={() => setDialog(null)} />}
      {dialog === 'begin' && <BeginPlan {...props} told={told} onClose={() => setDialog(null)} />}
    </div>
  )
}
