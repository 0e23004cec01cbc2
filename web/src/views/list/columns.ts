//! Which columns a person wants to see, in which order and how wide; kept on this device per person and entity.
import { useCallback, useMemo, useState } from 'react'
import { useSession } from '@/api/queries.ts'
import type { Entity, Field } from '@/api/types.ts'
import { kitOf } from '@/fields/kits.tsx'
import { isNumbers, isTexts, recall, remember } from '@/lib/local.ts'
import type { Meta } from '@/meta/meta.ts'

export interface Column { path: string; field: Field; label: string; width: number }

export interface Columns {
  shown: Column[]
  isDefault: boolean
  setPaths: (paths: string[]) => void
  setWidth: (path: string, width: number) => void
  reset: () => void
}

export const WIDTH_MIN = 64

export function useColumns(meta: Meta, entity: Entity): Columns {
  const { user } = useSession()
  const key = `columns.${user.id}.${entity.name}`
  const [, redraw] = useState(0)
  const paths = recall(key, isTexts, entity.list)
  const widths = recall(`${key}.widths`, isNumbers, {})
  const signature = JSON.stringify([paths, widths])
  const shown = useMemo(
    () =>
      paths.flatMap((path): Column[] => {
        const field = meta.fieldAt(entity, path)
        return field ? [{ path, field, label: path.includes('.') ? meta.pathLabel(entity, path) : meta.say(field.label), width: widths[path] ?? kitOf(field.kind).width }] : []
      }),
    [meta, entity, signature],
  )
  const setPaths = useCallback((next: string[]) => {
    remember(key, next.length ? next : entity.list)
    redraw((n) => n + 1)
  }, [key, entity])
  const setWidth = useCallback((path: string, width: number) => {
    remember(`${key}.widths`, { ...recall(`${key}.widths`, isNumbers, {}), [path]: Math.max(WIDTH_MIN, Math.round(width)) })
    redraw((n) => n + 1)
  }, [key])
  const reset = useCallback(() => {
    remember(key, entity.list)
    remember(`${key}.widths`, {})
    redraw((n) => n + 1)
  }, [key, entity])
  return { shown, isDefault: paths.join() === entity.list.join(), setPaths, setWidth, reset }
}
