//! The program without a network: a note of the visit is written down at once, and sent when the network is back.
import { Button, Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { sendOrKeep, useQueue } from '@/api/queue.ts'
import { outing } from '@/lib/outing.ts'
import { Trouble } from '@/ui/parts.tsx'
import './sign_in.css'

export default function Offline({ error, retry }: { error: unknown; retry: () => void }) {
  const { t } = useTranslation()
  const known = outing()
  const queue = useQueue().filter((one) => one.user === known?.user)
  const [about, setAbout] = useState<string | undefined>(known?.met[0]?.id)
  const [text, setText] = useState('')
  const [kept, setKept] = useState(false)
  const record = known?.met.find((one) => one.id === about)
  const write = async (): Promise<void> => {
    if (!known || !record || !text.trim()) return
    const sent = await sendOrKeep(known.user, `/${record.entity}/${encodeURIComponent(record.id)}/note`, { text: text.trim(), kind: 'log' }, record.label, text.trim())
    setText('')
    setKept(!sent)
    if (sent) retry()
  }
  return (
    <div className="offline">
      <Trouble error={error} retry={retry} />
      {known && known.met.length > 0 && (
        <form className="offline-note" data-offline onSubmit={(event) => {
          event.preventDefault()
          void write()
        }}>
          <h2>{t('offline.title', { name: known.name })}</h2>
          <p className="muted">{t('offline.text')}</p>
          <Select<string> value={about} style={{ width: '100%' }} aria-label={t('offline.about')} showSearch={{ optionFilterProp: 'label' }} onChange={setAbout} options={known.met.map((one) => ({ value: one.id, label: one.label }))} />
          <Input.TextArea dir="auto" rows={4} maxLength={10000} value={text} name="note" aria-label={t('form.note')} placeholder={t('offline.placeholder')} onChange={(event) => setText(event.target.value)} />
          <Button type="primary" htmlType="submit" disabled={!text.trim() || !record}>{t('offline.keep')}</Button>
          {kept && <p role="status" className="hint good"><span aria-hidden="true">✓</span><span>{t('offline.kept')}</span></p>}
          {queue.length > 0 && <ul className="plain-list">{queue.map((one) => <li key={one.key}><b>{one.about}</b> {one.text.slice(0, 120)}</li>)}</ul>}
        </form>
      )}
    </div>
  )
}
