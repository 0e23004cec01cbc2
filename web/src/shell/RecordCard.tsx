//! A record in short: what it is called, where it stands, and what its list tells of it.
import { useQuery } from '@tanstack/react-query'
import { useId, useLayoutEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { queries } from '@/api/queries.ts'
import type { Entity, Field, Rec } from '@/api/types.ts'
import { Show } from '@/fields/kits.tsx'
import { useDelayed } from '@/lib/hooks.ts'
import { isEmpty, useScene } from '@/meta/meta.ts'
import './record_card.css'

const FACTS_MAX = 7
const GAP = 6
const KEPT_MS = 60_000

/** What a list would say of it, and how it is reached; what is empty, no or in the title says nothing. */
export function factsOf(entity: Entity, record: Rec): Field[] {
  const reached = entity.fields.filter((field) => field.kind === 'phone' || field.kind === 'email').map((field) => field.name)
  return [...new Set([...entity.list, ...reached])]
    .flatMap((name) => entity.fields.find((field) => field.name === name) ?? [])
    .filter((field) => !entity.title.includes(field.name) && field.name !== entity.stage_field && field.name !== 'active' && !isEmpty(record[field.name]) && record[field.name] !== false && field.kind !== 'owned')
    .slice(0, FACTS_MAX)
}

export default function RecordCard({ link }: { link: HTMLElement }) {
  const { t } = useTranslation()
  const scene = useScene()
  const [name = '', id = ''] = (link.dataset['about'] ?? '').split('/')
  const entity = scene.meta.entity(name)
  const { data, isError } = useQuery({ ...queries.record(name, id), enabled: entity !== undefined, staleTime: KEPT_MS, retry: false })
  const late = useDelayed(!data && !isError)
  const card = useRef<HTMLDivElement>(null)
  const cardId = useId()
  const [place, setPlace] = useState<{ left: number; top: number } | null>(null)
  const drawn = entity !== undefined && (data !== undefined || late)
  useLayoutEffect(() => {
    const box = card.current?.getBoundingClientRect()
    if (!box) return
    const at = link.getBoundingClientRect()
    const below = at.bottom + GAP
    setPlace({ left: Math.max(GAP, Math.min(at.left, innerWidth - box.width - GAP)), top: below + box.height <= innerHeight || at.top < box.height + GAP ? below : at.top - GAP - box.height })
  }, [link, drawn, data])
  useLayoutEffect(() => {
    if (!drawn) return
    link.setAttribute('aria-describedby', cardId)
    return () => link.removeAttribute('aria-describedby')
  }, [link, drawn, cardId])
  if (!entity || isError || !drawn) return null
  const { record } = data ?? {}
  const stage = entity.fields.find((field) => field.name === entity.stage_field)
  return createPortal(
    <div ref={card} id={cardId} role="tooltip" className="record-card" style={place ?? { visibility: 'hidden', left: 0, top: 0 }}>
      {record ? (
        <>
          <header>
            <span className="faint">{scene.meta.say(entity.label)}</span>
            {stage && !isEmpty(record[stage.name]) && <Show field={stage} record={record} value={record[stage.name]} scene={scene} />}
            <b>{scene.meta.title(entity, record)}</b>
          </header>
          <dl>{factsOf(entity, record).map((field) => <div key={field.name}><dt>{scene.meta.say(field.label)}</dt><dd><Show field={field} record={record} value={record[field.name]} scene={scene} plain={field.kind !== 'choice' && field.kind !== 'bool'} /></dd></div>)}</dl>
        </>
      ) : <span className="skeleton" role="status" aria-label={t('state.loading')} style={{ display: 'block', width: 180 }} />}
    </div>,
    document.body,
  )
}
