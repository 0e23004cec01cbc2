//! All that keeps a record from being saved, each a way to its field.
import { flushSync } from 'react-dom'
import { useTranslation } from 'react-i18next'
import type { Entity } from '@/api/types.ts'
import { useMeta } from '@/meta/meta.ts'
import type { Draft } from './draft.ts'
import type { Remarks } from './useDraft.ts'

const LEAST = 2

const FRAMES_MAX = 30

/** Leads to the first field that is marked. */
export function showFirstProblem(root: { readonly current: HTMLElement | null }, frames = FRAMES_MAX): void {
  requestAnimationFrame(() => {
    const wrong = [...(root.current?.querySelectorAll<HTMLElement>('.field.wrong input, .field.wrong textarea, .box.error input, [aria-invalid="true"]') ?? [])].find((one) => one.offsetParent)
    // On a busy machine the mark is drawn, and its group of fields opened, some frames later.
    if (!wrong && frames > 0) return showFirstProblem(root, frames - 1)
    wrong?.scrollIntoView({ block: 'center' })
    wrong?.focus()
  })
}

export function Problems({ entity, draft, remarks, root }: { entity: Entity; draft: Draft; remarks: Remarks; root: { readonly current: HTMLElement | null } }) {
  const { t } = useTranslation()
  const meta = useMeta()
  if (remarks.problems.size < LEAST) return null
  const go = (place: string): void => {
    const [head = '', row = '', name = ''] = place.split('/')
    // It may stand in a group that is not open.
    flushSync(() => root.current?.dispatchEvent(new CustomEvent('reveal', { detail: head })))
    const box = row ? root.current?.querySelector<HTMLElement>(`[data-row="${row}"] [data-column="${name}"] :is(input, textarea, button)`) ?? root.current?.querySelector<HTMLElement>(`[data-row="${row}"] :is(input, textarea)`) : root.current?.querySelector<HTMLElement>(`[data-field="${head}"] :is(input, textarea, button)`)
    box?.scrollIntoView({ block: 'center' })
    box?.focus()
  }
  const nameOf = (place: string): string => {
    const [head = '', row, name = ''] = place.split('/')
    const field = meta.field(entity, head)
    if (row === undefined) return meta.say(field?.label) || head
    const line = field?.entity ? meta.entity(field.entity) : undefined
    const at = (draft.rows[head] ?? []).findIndex((one) => one.key === row)
    return [meta.say(field?.label), at >= 0 ? at + 1 : '', line && meta.say(meta.field(line, name)?.label)].filter((part) => part !== '' && part !== undefined).join(' ')
  }
  return (
    <nav className="banner bad problems" aria-label={t('form.problems', { count: remarks.problems.size })}>
      <span aria-hidden="true">✕</span>
      <div>
        <b>{t('form.problems', { count: remarks.problems.size })}</b>
        <ul>{[...remarks.problems].map(([place, text]) => <li key={place}><button type="button" data-problem={place.split('/')[0]} onClick={() => go(place)}>{nameOf(place)}</button> <span>{text}</span></li>)}</ul>
      </div>
    </nav>
  )
}
