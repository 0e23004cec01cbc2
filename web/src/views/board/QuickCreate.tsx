//! A new card in its column: a few boxes, Enter saves and waits for the next one.
import { App, Button } from 'antd'
import { useQueryClient } from '@tanstack/react-query'
import { useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, newKey, Refused } from '@/api/client.ts'
import type { Entity, Field, Rec } from '@/api/types.ts'
import { Go, href, useGo } from '@/lib/go.tsx'
import { useLatest } from '@/lib/hooks.ts'
import { isComposing } from '@/lib/keys.ts'
import { settled } from '@/lib/owed.ts'
import { handOver } from '@/meta/handed.ts'
import { textOf, useScene } from '@/meta/meta.ts'
import { HintText, useSay } from '@/ui/parts.tsx'
import { FieldRow } from '../form/FieldRow.tsx'
import '../form/form.css'
import { recordOf, wireOf, type Quick } from './quick.ts'

interface QuickCreateProps { entity: Entity; by: Field; at: string; label: string; quick: Quick; preset: boolean; onClose: () => void }

const usualLine = (quick: Quick): Rec => Object.fromEntries((quick.line?.fields ?? []).filter((field) => field.kind === 'qty').map((field) => [field.name, '1']))

export function QuickCreate({ entity, by, at, label, quick, preset, onClose }: QuickCreateProps) {
  const { t } = useTranslation()
  const scene = useScene()
  const { message } = App.useApp()
  const client = useQueryClient()
  const say = useSay()
  const go = useGo()
  const root = useRef<HTMLFormElement>(null)
  const [values, setValues] = useState<Rec>({})
  const [line, setLine] = useState<Rec>(() => usualLine(quick))
  const [errors, setErrors] = useState<ReadonlyMap<string, string>>(new Map())
  const [general, setGeneral] = useState('')
  const [busy, setBusy] = useState(false)
  const [round, setRound] = useState(0)
  const key = useRef(newKey())
  const typed = useLatest({ values, line })
  const record = (): Rec => recordOf(quick, typed.current.values, typed.current.line, by, at, preset)
  useLayoutEffect(() => {
    root.current?.querySelector<HTMLElement>('input, textarea')?.focus()
  }, [round])

  const save = async (): Promise<void> => {
    if (busy) return
    await settled()
    setBusy(true)
    try {
      const made = (await api.create(entity.name, wireOf(record()), key.current)).record
      key.current = newKey()
      setValues({})
      setLine(usualLine(quick))
      setErrors(new Map())
      setGeneral('')
      setRound((n) => n + 1)
      void message.success({ key: 'board-quick', content: <Go to={`/${entity.name}/${textOf(made['id'])}`}>{t('board.added', { what: scene.meta.title(entity, made) })}</Go> })
      void client.invalidateQueries({ queryKey: ['list', entity.name] })
      void client.invalidateQueries({ queryKey: ['groups', entity.name] })
    } catch (error) {
      // What was refused may be corrected: that is another record to make.
      if (error instanceof Refused) key.current = newKey()
      const names = new Set([...quick.fields, ...(quick.line?.fields ?? [])].map((field) => field.name))
      const problems = error instanceof Refused ? error.problems : []
      const last = (field: string | null | undefined): string => (field ?? '').split('.').at(-1) ?? ''
      setErrors(new Map(problems.filter((problem) => names.has(last(problem.field))).map((problem) => [last(problem.field), problem.message])))
      const others = problems.filter((problem) => !names.has(last(problem.field))).map((problem) => problem.message)
      setGeneral(problems.length ? others.join(' ') : say(error))
    } finally {
      setBusy(false)
    }
  }
  const edit = async (): Promise<void> => {
    await settled()
    go(href(`/${entity.name}/new`, { begun: handOver(entity.name, record()) }))
  }
  const box = (field: Field, from: Rec, set: (name: string, value: Rec[string]) => void) => <FieldRow key={`${field.name}-${round}`} field={field} record={from} scene={scene} editable error={errors.get(field.name)} onChange={(value) => set(field.name, value ?? null)} />
  return (
    <form
      ref={root} className="quick" data-quick="box" aria-label={t('board.add_to', { what: label })}
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
      onKeyDown={(event) => {
        if (isComposing(event.nativeEvent) || event.defaultPrevented) return
        if (event.key === 'Escape') {
          event.preventDefault()
          onClose()
        } else if (event.key === 'Enter' && event.target instanceof HTMLInputElement && event.target.getAttribute('aria-expanded') !== 'true') {
          event.preventDefault()
          void save()
        }
      }}
    >
      {quick.fields.map((field) => box(field, values, (name, value) => setValues((now) => ({ ...now, [name]: value }))))}
      {quick.line?.fields.map((field) => box(field, line, (name, value) => setLine((now) => ({ ...now, [name]: value }))))}
      {general && <HintText tone="bad">{general}</HintText>}
      <div className="row-flex">
        <Button type="primary" size="small" htmlType="submit" loading={busy}>{t('board.add')}</Button>
        <Button size="small" data-quick="edit" onClick={() => void edit()}>{t('board.edit')}</Button>
        <span style={{ flex: 1 }} />
        <Button size="small" type="text" onClick={onClose}>{t('form.cancel')}</Button>
      </div>
    </form>
  )
}
