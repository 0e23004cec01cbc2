//! What one is told at once, what next morning, what never; and when it shall be quiet.
import { App, Checkbox, Modal, Segmented } from 'antd'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/client.ts'
import { NOTICES, type InboxSettings, type NoticeWhen } from '@/api/types.ts'
import { TextBox } from '@/ui/boxes.tsx'
import { Skeleton, Trouble } from '@/ui/parts.tsx'
import { useComplain } from '@/ui/Snack.tsx'

const WHENS: readonly NoticeWhen[] = ['now', 'digest', 'never']
const QUIET = { from: '22:00', to: '07:00' }

export default function NoticeSettings({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const complain = useComplain()
  const client = useQueryClient()
  const answer = useQuery({ queryKey: ['inbox', 'settings'], queryFn: () => api.inboxSettings(), staleTime: 0 })
  const [typed, setTyped] = useState<Partial<InboxSettings>>({})
  const [busy, setBusy] = useState(false)
  const now: InboxSettings | null = answer.data ? { ...answer.data, ...typed } : null
  const quiet = Boolean(now && (now.quiet_from !== null || now.quiet_to !== null))
  const able = now !== null && (!quiet || (Boolean(now.quiet_from) && Boolean(now.quiet_to)))
  const save = async (): Promise<void> => {
    if (!able || !now || busy) return
    setBusy(true)
    try {
      client.setQueryData(['inbox', 'settings'], await api.changeInboxSettings(now))
      void message.success(t('form.saved'))
      onClose()
    } catch (problem) {
      complain(problem)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal open title={t('inbox.settings')} width={520} onCancel={onClose} onOk={() => void save()} okText={t('form.save')} cancelText={t('form.cancel')} okButtonProps={{ disabled: !able, loading: busy }}>
      {answer.isError ? <Trouble error={answer.error} retry={() => void answer.refetch()} /> : !now ? <Skeleton rows={6} /> : (
        <form className="notices" data-notices onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}>
          {NOTICES.map((kind) => (
            <div key={kind} className="notice" data-notice={kind}>
              <span id={`notice-${kind}`}>{t(`inbox.kind_${kind}`)}</span>
              <Segmented<NoticeWhen> value={now[kind]} aria-labelledby={`notice-${kind}`} onChange={(when) => setTyped({ ...typed, [kind]: when })} options={WHENS.map((when) => ({ value: when, label: t(`inbox.${when}`) }))} />
            </div>
          ))}
          <p className="faint">{t('inbox.settings_text')}</p>
          <Checkbox checked={quiet} onChange={(event) => setTyped({ ...typed, quiet_from: event.target.checked ? QUIET.from : null, quiet_to: event.target.checked ? QUIET.to : null })}>{t('inbox.quiet')}</Checkbox>
          {quiet && (
            <div className="row-flex">
              <Time label={t('inbox.quiet_from')} value={now.quiet_from ?? ''} onChange={(quiet_from) => setTyped({ ...typed, quiet_from })} />
              <span className="faint">–</span>
              <Time label={t('inbox.quiet_to')} value={now.quiet_to ?? ''} onChange={(quiet_to) => setTyped({ ...typed, quiet_to })} />
            </div>
          )}
          <button type="submit" hidden />
        </form>
      )}
    </Modal>
  )
}

/** Hours and minutes; the browser knows how the person writes them. */
function Time({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  return <div style={{ width: 140 }}><TextBox type="time" label={label} value={value} onChange={onChange} /></div>
}
