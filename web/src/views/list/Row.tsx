//! One row of a table. Drawn again only when something of it changed: a list stays quick while one types in it.
import { Checkbox } from 'antd'
import { memo, type KeyboardEvent, type MouseEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entity, Rec, Value } from '@/api/types.ts'
import { asText, Edit, kitOf, Show } from '@/fields/kits.tsx'
import { Go } from '@/lib/go.tsx'
import { idOf, type Scene } from '@/meta/meta.ts'
import type { Column } from './columns.ts'
import type { RowDraft } from './useEditing.ts'

export interface Hands {
  toggle: (index: number, range: boolean) => void
  click: (index: number, at: number, event: MouseEvent) => void
  double: (index: number, at: number) => void
  put: (index: number, at: number, value: Value) => void
  picked: () => void
  key: (event: KeyboardEvent, index: number, at: number) => void
  go: (index: number, event: MouseEvent) => boolean
}

interface RowProps {
  entity: Entity
  columns: readonly Column[]
  row: Rec
  /** Its id, or the key of a new one. */
  id: string
  index: number
  scene: Scene
  selected: boolean
  /** The cell the keyboard stands in; -1 for none. */
  at: number
  /** The cell that is typed in; -1 for none. */
  typing: number
  draft: RowDraft | undefined
  typed: readonly boolean[]
  open: boolean
  hands: { readonly current: Hands }
}

export const Row = memo(function Row({ entity, columns, row, id, index, scene, selected, at: active, typing, draft, typed, open, hands }: RowProps) {
  const { t } = useTranslation()
  const now = draft ? { ...row, ...draft.typed } : row
  const isNew = id.startsWith('new')
  return (
    <tr
      aria-rowindex={index + 1}
      aria-selected={selected}
      className={[active >= 0 && 'active', draft && 'dirty', draft && Object.keys(draft.errors).length > 0 && 'wrong', open && 'open', isNew && 'new'].filter(Boolean).join(' ') || undefined}
      title={draft?.errors['']}
    >
      <td className="pick">
        {!isNew && <Checkbox checked={selected} aria-label={t('list.select_row', { what: scene.meta.title(entity, row) })} onClick={(event) => hands.current.toggle(index, event.shiftKey)} />}
      </td>
      {columns.map(({ path, field, label }, at) => {
        const value = now[path]
        const classes = [kitOf(field.kind).end && 'end', 'clip', at === 0 && 'stay', active === at && 'at', typing === at && 'typing', draft && path in draft.typed && 'changed', draft?.errors[field.name] && 'bad', typed[at] && 'typed'].filter(Boolean).join(' ')
        if (typing === at) {
          return (
            <td key={path} className={classes} data-typing onClick={(event) => event.stopPropagation()} onKeyDownCapture={(event) => hands.current.key(event, index, at)}>
              <Edit field={field} record={now} scene={scene} value={value ?? null} bare autoFocus error={Boolean(draft?.errors[field.name])} label={`${label} ${index + 1}`} onChange={(next) => hands.current.put(index, at, next)} onPicked={() => hands.current.picked()} />
            </td>
          )
        }
        const content = <Show field={field} record={now} value={value} scene={scene} plain={at === 0 && field.kind !== 'choice'} />
        return (
          <td
            key={path} id={`cell-${index}-${at}`} className={classes}
            title={draft?.errors[field.name] ?? (field.kind === 'text' || (field.kind === 'ref' && at === 0) || field.kind === 'long_text' ? asText(value, { field, record: now }, scene) : undefined)}
            onClick={(event) => hands.current.click(index, at, event)}
            onDoubleClick={() => hands.current.double(index, at)}
          >
            {at === 0 && !isNew ? <Go to={`/${entity.name}/${id}`} className="lead" by={(event) => hands.current.go(index, event)}>{value === null || value === undefined ? idOf(row['id']) : content}</Go> : content}
          </td>
        )
      })}
      <td />
    </tr>
  )
})
