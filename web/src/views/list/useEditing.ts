//! Rows of a list being typed in: each has its own changes until it is left, then they are saved together.
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, newKey, Refused } from '@/api/client.ts'
import type { Entity, Field, Page, Rec, Value } from '@/api/types.ts'
import { textOf, useMeta } from '@/meta/meta.ts'
import { toWire } from '@/meta/wire.ts'
import { useSay } from '@/ui/parts.tsx'
import { useComplain, useSnack } from '@/ui/Snack.tsx'

export interface RowDraft {
  /** The row as it was; empty for a new one. */
  base: Rec
  typed: Rec
  errors: Readonly<Record<string, string>>
  busy: boolean
}

export interface Editing {
  drafts: ReadonlyMap<string, RowDraft>
  /** New rows, by their keys. */
  fresh: readonly string[]
  put: (key: string, base: Rec, field: string, value: Value) => void
  /** Takes one field back to what it was. */
  drop: (key: string, field: string) => void
  discard: (key: string) => void
  /** Saves what was typed in a row; false when it was refused. */
  commit: (key: string) => Promise<boolean>
  add: () => string
}

const UNTYPED: ReadonlySet<Field['kind']> = new Set(['id', 'owned', 'doc', 'json'])

/** Whether a cell can be typed in: a field of the record itself that people fill. */
export const isTyped = (entity: Entity, path: string, field: Field): boolean =>
  entity.can.edit && !path.includes('.') && !field.readonly && !field.computed && !UNTYPED.has(field.kind) && field.name !== entity.stage_field

const same = (a: Value, b: Value): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)

/** A draft with one more change; none when everything is typed back to what it was. */
export function typed(draft: RowDraft | undefined, base: Rec, field: string, value: Value): RowDraft | null {
  const before = draft ?? { base, typed: {}, errors: {}, busy: false }
  const { [field]: _, ...rest } = before.typed
  const { [field]: __, ...errors } = before.errors
  const next = same(before.base[field], value) ? rest : { ...rest, [field]: value ?? null }
  return Object.keys(next).length === 0 ? null : { ...before, typed: next, errors }
}

let made = 0

export function useEditing(entity: Entity): Editing {
  const meta = useMeta()
  const client = useQueryClient()
  const snack = useSnack()
  const say = useSay()
  const complain = useComplain()
  const { t } = useTranslation()
  const [drafts, setDrafts] = useState<ReadonlyMap<string, RowDraft>>(new Map())
  const [fresh, setFresh] = useState<readonly string[]>([])
  const latest = useRef(drafts)
  const keys = useRef(new Map<string, string>())

  const set = useCallback((key: string, draft: RowDraft | null): void => {
    const next = new Map(latest.current)
    if (draft) next.set(key, draft)
    else next.delete(key)
    latest.current = next
    setDrafts(next)
  }, [])

  const put = useCallback((key: string, base: Rec, field: string, value: Value) => set(key, typed(latest.current.get(key), base, field, value)), [set])
  const drop = useCallback((key: string, field: string) => {
    const draft = latest.current.get(key)
    if (draft) set(key, typed(draft, draft.base, field, draft.base[field]))
  }, [set])
  const discard = useCallback((key: string) => {
    set(key, null)
    setFresh((now) => now.filter((one) => one !== key))
  }, [set])
  const add = useCallback(() => {
    const key = `new${(made += 1)}`
    setFresh((now) => [...now, key])
    return key
  }, [])

  /** What was saved stands in the list at once, and the list is asked again. */
  const show = useCallback((record: Rec): void => {
    const id = textOf(record['id'])
    client.setQueriesData<{ pages: Page[] }>({ queryKey: ['list', entity.name] }, (data) => data && Array.isArray(data.pages) ? {
      ...data,
      pages: data.pages.map((page) => ({ ...page, rows: page.rows.map((row) => (textOf(row['id']) === id ? { ...row, ...Object.fromEntries(Object.entries(record).filter(([name]) => name in row)) } : row)) })),
    } : data)
    client.removeQueries({ queryKey: ['record', entity.name, id] })
    void client.invalidateQueries({ predicate: ({ queryKey }) => ['list', 'groups', 'count', 'aside'].includes(String(queryKey[0])) })
  }, [client, entity])

  const commit = useCallback(async (key: string): Promise<boolean> => {
    const draft = latest.current.get(key)
    if (!draft) {
      setFresh((now) => now.filter((one) => one !== key))
      return true
    }
    if (draft.busy) return true
    set(key, { ...draft, busy: true })
    const wire = toWire(meta, entity, draft.typed)
    const isNew = key.startsWith('new')
    if (!keys.current.has(key)) keys.current.set(key, newKey())
    try {
      const opened = isNew ? await api.create(entity.name, wire, keys.current.get(key) ?? newKey()) : await api.change(entity.name, key, { ...wire, version: draft.base['version'] })
      keys.current.delete(key)
      show(opened.record)
      discard(key)
      const before = toWire(meta, entity, Object.fromEntries(Object.keys(draft.typed).map((name) => [name, draft.base[name] ?? null])))
      const id = textOf(opened.record['id'])
      snack(t('form.saved'), async () => show(isNew ? (await api.remove(entity.name, id), opened.record) : (await api.change(entity.name, id, { ...before, version: opened.record['version'] })).record))
      return true
    } catch (problem) {
      keys.current.delete(key)
      const errors: Record<string, string> = {}
      if (problem instanceof Refused) for (const one of problem.problems) if (one.field) errors[one.field.split('.')[0] ?? one.field] = one.message
      set(key, { ...draft, busy: false, errors: Object.keys(errors).length ? errors : { '': say(problem) } })
      complain(problem, 'snack')
      return false
    }
  }, [set, discard, show, meta, entity, snack, say, t, complain])

  return { drafts, fresh, put, drop, discard, commit, add }
}
