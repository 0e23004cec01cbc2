//! Records moved to other days: shown there at once, sent, put back when refused, and undone on request.
import { App, Button } from 'antd'
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/client.ts'
import { queries } from '@/api/queries.ts'
import type { Entity, Opened, Rec } from '@/api/types.ts'
import { asText } from '@/fields/kits.tsx'
import { useLatest } from '@/lib/hooks.ts'
import { isMac } from '@/lib/keys.ts'
import { textOf, useScene } from '@/meta/meta.ts'
import { toWire } from '@/meta/wire.ts'
import { clearPlace, inPlace } from '@/ui/inPlace.ts'
import { useSay } from '@/ui/parts.tsx'

/** Keys are pressed several times in a row; what they come to is sent once. */
export const KEYS_MS = 450
const UNDO_SECONDS = 8

interface Wish { from: Rec; values: Rec; quiet: boolean; timer: ReturnType<typeof setTimeout> | undefined }

export interface Moves {
  /** The rows as they will be. */
  shown: (rows: readonly Rec[]) => Rec[]
  move: (row: Rec, values: Rec, patience?: number) => void
  undo: () => void
  /** Why a record stays where it is, as far as is known. */
  fixed: (opened: Opened | undefined) => string | null
}

const part = (record: Rec, like: Rec): Rec => Object.fromEntries(Object.keys(like).map((name) => [name, record[name] ?? null]))
const same = (a: Rec, b: Rec): boolean => JSON.stringify(a) === JSON.stringify(b)

export function useMoves(entity: Entity): Moves {
  const { t } = useTranslation()
  const scene = useScene()
  const say = useSay()
  const client = useQueryClient()
  const { message, notification } = App.useApp()
  const [ahead, setAhead] = useState<ReadonlyMap<string, Rec>>(new Map())
  const wishes = useRef(new Map<string, Wish>())
  const busy = useRef(new Set<string>())
  const versions = useRef(new Map<string, number>())
  const last = useRef<{ row: Rec; before: Rec } | null>(null)

  const put = (id: string, row: Rec | null): void => setAhead((now) => {
    const next = new Map(now)
    if (row) next.set(id, row)
    else next.delete(id)
    return next
  })

  const send = async (id: string): Promise<void> => {
    const wish = wishes.current.get(id)
    if (!wish || busy.current.has(id)) return
    wishes.current.delete(id)
    clearTimeout(wish.timer)
    const { from, values } = wish
    const before = part(from, values)
    if (same(before, values)) return put(id, null)
    busy.current.add(id)
    try {
      const version = Math.max(Number(from['version'] ?? 0), versions.current.get(id) ?? 0)
      const opened = await api.change(entity.name, id, { ...toWire(scene.meta, entity, values), version })
      versions.current.set(id, Number(opened.record['version'] ?? 0))
      client.setQueryData(queries.record(entity.name, id).queryKey, opened)
      const row = { ...from, ...part(opened.record, from) }
      put(id, { ...row, ...wishes.current.get(id)?.values })
      offer(row, before, values, wish.quiet)
    } catch (problem) {
      // What was built on this move falls with it.
      clearTimeout(wishes.current.get(id)?.timer)
      wishes.current.delete(id)
      put(id, null)
      void message.error({ content: t('calendar.refused', { what: scene.meta.title(entity, from), because: say(problem) }), duration: 8 })
    }
    busy.current.delete(id)
    if (wishes.current.has(id)) return send(id)
    await Promise.all(['list', 'groups', 'count'].map((kind) => client.invalidateQueries({ queryKey: [kind, entity.name] })))
    if (!wishes.current.has(id) && !busy.current.has(id)) put(id, null)
  }

  const offer = (row: Rec, before: Rec, values: Rec, quiet: boolean): void => {
    if (quiet) {
      last.current = null
      return void message.success(t('calendar.undone'))
    }
    last.current = { row, before }
    const what = scene.meta.title(entity, row)
    const to = Object.entries(values).map(([name, value]) => {
      const field = entity.fields.find((one) => one.name === name)
      return field ? `${scene.meta.say(field.label)} ${asText(value, { field, record: row }, scene)}` : ''
    }).join(' · ')
    notification.open({
      key: inPlace(notification, 'moved'), placement: 'bottom', duration: UNDO_SECONDS, title: t('calendar.moved', { what, to }),
      actions: <Button size="small" data-undo title={isMac() ? '⌘ Z' : 'Ctrl Z'} onClick={() => latest.current.undo()}>{t('calendar.undo')}</Button>,
    })
  }

  const move = (row: Rec, values: Rec, patience = 0, quiet = false): void => {
    const id = textOf(row['id'])
    const earlier = wishes.current.get(id)
    clearTimeout(earlier?.timer)
    wishes.current.set(id, { from: earlier?.from ?? row, values: { ...earlier?.values, ...values }, quiet, timer: setTimeout(() => void latest.current.send(id), patience) })
    put(id, { ...row, ...values })
  }
  const undo = (): void => {
    clearPlace(notification, 'moved')
    const one = last.current
    last.current = null
    if (one) move(one.row, one.before, 0, true)
  }
  const latest = useLatest({ send, undo, move })
  // Nothing is lost by going elsewhere at once.
  useEffect(() => () => {
    for (const id of [...wishes.current.keys()]) void latest.current.send(id)
  }, [])

  const shown = useCallback((rows: readonly Rec[]): Rec[] => {
    if (ahead.size === 0) return [...rows]
    const known = new Set(rows.map((row) => textOf(row['id'])))
    return [...rows.map((row) => ahead.get(textOf(row['id'])) ?? row), ...[...ahead].filter(([id]) => !known.has(id)).map(([, row]) => row)]
  }, [ahead])
  return useMemo(() => ({
    shown,
    move: (row: Rec, values: Rec, patience?: number) => latest.current.move(row, values, patience),
    undo: () => latest.current.undo(),
    fixed: (opened: Opened | undefined) => (opened && !opened.can.edit ? (opened.can.because?.['edit'] ?? t('calendar.locked')) : null),
  }), [shown, t])
}
