import { InboxOutlined } from '@ant-design/icons'
import { Button, Modal } from 'antd'
import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, fileUrl } from '@/api/client.ts'
import type { Entity, ImportResult } from '@/api/types.ts'
import { useMeta } from '@/meta/meta.ts'
import { HintText, useSay } from '@/ui/parts.tsx'

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const typeOf = (file: File): string => (/\.xlsx$/i.test(file.name) ? XLSX : 'text/csv')

/** A trial first: nothing is saved until the person has seen what would happen. */
export default function ImportDialog({ entity, onClose }: { entity: Entity; onClose: () => void }) {
  const { t } = useTranslation()
  const meta = useMeta()
  const client = useQueryClient()
  const say = useSay()
  const input = useRef<HTMLInputElement>(null)
  const [file, setFile] = useState<File | null>(null)
  const [trial, setTrial] = useState<ImportResult | null>(null)
  const [done, setDone] = useState<ImportResult | null>(null)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState('')

  const run = async (from: File, dry: boolean): Promise<void> => {
    setBusy(true)
    setError('')
    try {
      const result = await api.importFile(entity.name, from, typeOf(from), dry)
      if (dry) setTrial(result)
      else {
        setDone(result)
        void client.invalidateQueries()
      }
    } catch (problem) {
      setError(say(problem))
    } finally {
      setBusy(false)
    }
  }
  const choose = (chosen: File | undefined): void => {
    if (!chosen) return
    setFile(chosen)
    setTrial(null)
    setDone(null)
    void run(chosen, true)
  }
  const result = done ?? trial
  const good = result ? result.created + result.changed : 0
  return (
    <Modal open title={t('import.title', { what: meta.say(entity.plural) })} onCancel={onClose} width={640} footer={
      done ? <Button type="primary" onClick={onClose}>{t('import.close')}</Button> : (
        <>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
          <Button type="primary" disabled={!trial || good === 0} loading={busy} onClick={() => file && void run(file, false)}>{t('import.run', { count: good })}</Button>
        </>
      )
    }>
      <button type="button" className="drop" onClick={() => input.current?.click()} onDragOver={(event) => event.preventDefault()} onDrop={(event) => {
        event.preventDefault()
        choose(event.dataTransfer.files[0])
      }}>
        <InboxOutlined style={{ fontSize: 28, color: 'var(--accent)' }} />
        <b>{file ? file.name : t('import.drop')}</b>
        <span className="faint">{t('import.hint')}</span>
      </button>
      <input ref={input} type="file" accept=".csv,.xlsx" hidden onChange={(event) => choose(event.target.files?.[0])} />
      <p className="muted" style={{ fontSize: 13 }}><a href={fileUrl(entity.name, { limit: '1' }, 'csv')} download>{t('import.template')}</a></p>
      {busy && <p role="status">{t('import.reading')}</p>}
      {error && <HintText tone="bad">{error}</HintText>}
      {result && (
        <>
          <p><b>{done ? t('import.done', { count: good }) : t('import.trial', { rows: result.rows, created: result.created, changed: result.changed, failed: result.failed.length })}</b></p>
          {result.failed.length > 0 && (
            <div style={{ maxHeight: 240, overflow: 'auto' }}>
              <table className="table small">
                <thead><tr><th style={{ width: 70 }}>{t('import.row')}</th><th>{t('import.problem')}</th></tr></thead>
                <tbody>{result.failed.slice(0, 200).map(({ row, line, problems }) => <tr key={row}><td className="num">{line}</td><td style={{ whiteSpace: 'normal' }}>{problems.map((problem) => [problem.field && (meta.fieldAt(entity, problem.field) ? meta.pathLabel(entity, problem.field) : problem.field), problem.message].filter(Boolean).join(': ')).join(' ')}</td></tr>)}</tbody>
              </table>
            </div>
          )}
        </>
      )}
    </Modal>
  )
}
