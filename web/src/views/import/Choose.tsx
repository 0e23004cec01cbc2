import { InboxOutlined } from '@ant-design/icons'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { fileUrl } from '@/api/client.ts'
import type { Entity } from '@/api/types.ts'

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
export const typeOf = (file: File): string => (/\.xlsx$/i.test(file.name) ? XLSX : 'text/csv')

export function Choose({ entity, file, busy, onFile }: { entity: Entity; file: File | null; busy: boolean; onFile: (file: File) => void }) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const take = (chosen: File | undefined): void => {
    if (chosen) onFile(chosen)
  }
  return (
    <>
      <button type="button" className="drop" onClick={() => input.current?.click()} onDragOver={(event) => event.preventDefault()} onDrop={(event) => {
        event.preventDefault()
        take(event.dataTransfer.files[0])
      }}>
        <InboxOutlined style={{ fontSize: 28, color: 'var(--accent)' }} />
        <b>{file ? file.name : t('import.drop')}</b>
        <span className="faint">{t('import.hint')}</span>
      </button>
      <input ref={input} type="file" accept=".csv,.txt,.tsv,.xlsx" hidden aria-label={t('import.drop')} onChange={(event) => {
        const [chosen] = event.target.files ?? []
        // The same file again, mended meanwhile, is chosen again.
        event.target.value = ''
        take(chosen)
      }} />
      <p className="muted" style={{ fontSize: 13 }}><a href={fileUrl(entity.name, { example: 'true' }, 'xlsx')} download>{t('import.template')}</a></p>
      {busy && <p role="status">{t('import.reading')}</p>}
    </>
  )
}
