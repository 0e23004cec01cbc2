//! Moving a record under another one, with a way back.
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/client.ts'
import type { Entity, Field, Rec } from '@/api/types.ts'
import { idOf, textOf, useMeta } from '@/meta/meta.ts'
import { useComplain, useSnack } from '@/ui/Snack.tsx'

export interface Target { id: string; label: string }

export interface Moving {
  /** The record on its way. */
  busy: string
  move: (row: Rec, to: Target | null) => Promise<boolean>
  /** Takes the last move back. */
  undo: (() => void) | null
}

export function useMove(entity: Entity, field: Field): Moving {
  const { t } = useTranslation()
  const meta = useMeta()
  const client = useQueryClient()
  const complain = useComplain()
  const snack = useSnack()
  const [busy, setBusy] = useState('')
  const [last, setLast] = useState<(() => Promise<void>) | null>(null)

  const put = async (id: string, version: Rec[string], to: string | null): Promise<Rec> => {
    setBusy(id)
    try {
      return (await api.change(entity.name, id, { version, [field.name]: to })).record
    } finally {
      // A refusal may mean that others were faster: what they did is shown.
      await Promise.all([['list', entity.name], ['groups', entity.name], ['record', entity.name, id]].map((queryKey) => client.invalidateQueries({ queryKey })))
      setBusy('')
    }
  }
  const move = async (row: Rec, to: Target | null): Promise<boolean> => {
    const id = textOf(row['id'])
    const before = idOf(row[field.name]) || null
    if (before === (to?.id ?? null)) return true
    const what = meta.title(entity, row)
    try {
      const moved = await put(id, row['version'], to?.id ?? null)
      const back = async (): Promise<void> => {
        setLast(null)
        await put(id, moved['version'], before)
      }
      setLast(() => back)
      snack(to ? t('tree.moved', { what, under: to.label }) : t('tree.moved_top', { what }), back)
      return true
    } catch (problem) {
      complain(problem)
      return false
    }
  }
  return { busy, move, undo: last && (() => void last().then(() => snack(t('undo.done')), complain)) }
}
