//! All records a field may name, with what tells them apart: for when the first twenty were not enough.
import { Modal } from 'antd'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/client.ts'
import type { Entity, Filter, Rec } from '@/api/types.ts'
import { useDebounced } from '@/lib/hooks.ts'
import { isComposing } from '@/lib/keys.ts'
import { isRef, textOf, type Scene } from '@/meta/meta.ts'
import { TextBox } from '@/ui/boxes.tsx'
import { Trouble } from '@/ui/parts.tsx'
import { focusOn } from '@/ui/dialog.ts'

const SHOWN = 100
const TYPING_MS = 180

interface SearchMoreProps { entity: Entity; only: Filter | null | undefined; text: string; scene: Scene; onPick: (row: Rec) => void; onClose: () => void }

export default function SearchMore({ entity, only, text: first, scene, onPick, onClose }: SearchMoreProps) {
  const { t } = useTranslation()
  const { meta } = scene
  const [text, setText] = useState(first)
  const [marked, setMarked] = useState(0)
  const asked = useDebounced(text.trim(), TYPING_MS)
  const answer = useQuery({
    queryKey: ['more', entity.name, only, asked],
    queryFn: ({ signal }) => api.list(entity.name, { search: asked, limit: SHOWN, count: true, ...(only ? { filter: JSON.stringify(only) } : {}) }, signal),
    placeholderData: keepPreviousData,
  })
  useEffect(() => setMarked(0), [asked])
  const rows = answer.data?.rows ?? []
  const columns = entity.list.flatMap((name) => meta.field(entity, name) ?? []).slice(0, 6)
  const shown = (row: Rec, name: string): string => {
    const field = meta.field(entity, name)
    const value = row[name]
    if (field?.kind === 'choice') return meta.say(meta.choice(field.choice, textOf(value))?.label) || textOf(value)
    if (typeof value === 'boolean') return value ? t('field.yes') : ''
    return isRef(value) ? value.label : textOf(value)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (isComposing(event.nativeEvent)) return
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key]
    const row = rows[marked]
    if (step) {
      event.preventDefault()
      const next = Math.max(0, Math.min(rows.length - 1, marked + step))
      setMarked(next)
      document.getElementById(`more-${next}`)?.scrollIntoView({ block: 'nearest' })
    } else if (event.key === 'Enter' && row) {
      event.preventDefault()
      onPick(row)
    }
  }
  return (
    <Modal open afterOpenChange={focusOn('input[type=search]')} width={820} title={meta.say(entity.plural)} footer={null} onCancel={onClose}>
      <div onKeyDown={onKeyDown} data-search-more>
        <TextBox value={text} onChange={setText} autoFocus type="search" label={t('list.search')} placeholder={t('list.search')} />
        {answer.isError ? <Trouble error={answer.error} retry={() => void answer.refetch()} /> : (
          <div className="more-rows" tabIndex={0} role="region" aria-label={meta.say(entity.plural)}>
            <table className="table small">
              <thead><tr>{columns.map((field) => <th key={field.name}>{meta.say(field.label)}</th>)}</tr></thead>
              <tbody>
                {rows.map((row, at) => (
                  <tr key={textOf(row['id'])} id={`more-${at}`} className={at === marked ? 'marked' : undefined} onMouseMove={() => setMarked(at)} onClick={() => onPick(row)}>
                    {columns.map((field) => <td key={field.name} className="clip">{shown(row, field.name)}</td>)}
                  </tr>
                ))}
              </tbody>
            </table>
            {answer.data && rows.length === 0 && <p className="pop-note">{t('field.nothing_found')}</p>}
          </div>
        )}
        {(answer.data?.count ?? 0) > rows.length && <p className="faint">{t('field.more_than_shown', { shown: rows.length, count: answer.data?.count ?? 0 })}</p>}
      </div>
    </Modal>
  )
}
