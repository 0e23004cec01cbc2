//! Many things chosen at once, each with how many of it.
import { MinusOutlined, PlusOutlined } from '@ant-design/icons'
import { Modal } from 'antd'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/client.ts'
import type { Entity, Field } from '@/api/types.ts'
import { parseDecimal, PLACES } from '@/fields/qty.tsx'
import { asOption } from '@/fields/ref.tsx'
import { add, formatNumber, isNegative, isZero, trim } from '@/lib/decimal.ts'
import { useDebounced } from '@/lib/hooks.ts'
import type { Scene } from '@/meta/meta.ts'
import { ParsedBox, TextBox } from '@/ui/boxes.tsx'
import { Trouble } from '@/ui/parts.tsx'

const SHOWN = 60
const TYPING_MS = 180

export interface Picked { id: string; label: string; qty: string }

interface CatalogueProps { entity: Entity; lead: Field; scene: Scene; onPick: (picked: readonly Picked[]) => void; onClose: () => void }

const read = (text: string): string | null => {
  const parsed = parseDecimal(text)
  return parsed.ok && !isNegative(parsed.value) ? parsed.value : null
}

export default function Catalogue({ entity, lead, scene, onPick, onClose }: CatalogueProps) {
  const { t } = useTranslation()
  const { meta, locale } = scene
  const [text, setText] = useState('')
  const [picked, setPicked] = useState<ReadonlyMap<string, Picked>>(new Map())
  const asked = useDebounced(text.trim(), TYPING_MS)
  const answer = useQuery({
    queryKey: ['more', entity.name, lead.only, 'catalogue', asked],
    queryFn: ({ signal }) => api.list(entity.name, { search: asked, limit: SHOWN, count: true, ...(lead.only ? { filter: JSON.stringify(lead.only) } : {}) }, signal),
    placeholderData: keepPreviousData,
  })
  const options = (answer.data?.rows ?? []).map((row) => asOption(meta, entity, row))
  const put = (id: string, label: string, qty: string | null): void => {
    const next = new Map(picked)
    if (qty === null || isZero(qty) || isNegative(qty)) next.delete(id)
    else next.set(id, { id, label, qty })
    setPicked(next)
  }
  const step = (id: string, label: string, by: string): void => put(id, label, trim(add(picked.get(id)?.qty ?? '0', by)))
  return (
    <Modal open width={640} title={t('catalogue.title', { what: meta.say(entity.plural) })} onCancel={onClose} onOk={() => onPick([...picked.values()])} okText={t('catalogue.add', { count: picked.size })} cancelText={t('form.cancel')} okButtonProps={{ disabled: picked.size === 0 }}>
      <TextBox value={text} onChange={setText} autoFocus type="search" label={t('list.search')} placeholder={t('list.search')} />
      {answer.isError ? <Trouble error={answer.error} retry={() => void answer.refetch()} /> : (
        <ul className="catalogue" data-catalogue>
          {options.map(({ key, label, hint }) => (
            <li key={key} className={picked.has(key) ? 'on' : undefined} data-option={label}>
              <span className="catalogue-name"><span dir="auto">{label}</span>{hint && <small className="faint">{hint}</small>}</span>
              <span className="catalogue-qty">
                <button type="button" className="quiet" tabIndex={-1} disabled={!picked.has(key)} aria-label={t('catalogue.less', { what: label })} onClick={() => step(key, label, '-1')}><MinusOutlined /></button>
                <ParsedBox<string> numeric value={picked.get(key)?.qty ?? null} onChange={(qty) => put(key, label, qty)} show={(qty) => formatNumber(qty, locale, PLACES)} edit={trim} parse={read} label={t('catalogue.how_many', { what: label })} />
                <button type="button" className="quiet" tabIndex={-1} aria-label={t('catalogue.more', { what: label })} onClick={() => step(key, label, '1')}><PlusOutlined /></button>
              </span>
            </li>
          ))}
          {answer.data && options.length === 0 && <li className="faint">{t('field.nothing_found')}</li>}
        </ul>
      )}
      {(answer.data?.count ?? 0) > options.length && <p className="faint">{t('field.more_than_shown', { shown: options.length, count: answer.data?.count ?? 0 })}</p>}
    </Modal>
  )
}
