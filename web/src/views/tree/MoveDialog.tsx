import { Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entity, Field, Rec } from '@/api/types.ts'
import { searchRefs } from '@/fields/ref.tsx'
import { idOf, isRef, textOf, useMeta } from '@/meta/meta.ts'
import { ComboBox, type Option } from '@/ui/ComboBox.tsx'
import { focusOn } from '@/ui/dialog.ts'
import type { Target } from './useMove.tsx'

interface MoveDialogProps { entity: Entity; field: Field; row: Rec; isBelow: (id: string) => boolean; onMove: (to: Target | null) => Promise<boolean>; onClose: () => void }

/** Asks under what a record shall stand; empty is the top. */
export function MoveDialog({ entity, field, row, isBelow, onMove, onClose }: MoveDialogProps) {
  const { t } = useTranslation()
  const meta = useMeta()
  const above = row[field.name]
  const [to, setTo] = useState<Option | null>(isRef(above) && above.id ? { key: above.id, label: above.label } : null)
  const [busy, setBusy] = useState(false)
  const own = textOf(row['id'])
  const move = async (): Promise<void> => {
    setBusy(true)
    const well = await onMove(to ? { id: to.key, label: to.label } : null)
    setBusy(false)
    if (well) onClose()
  }
  const search = async (text: string, signal: AbortSignal): Promise<Option[]> => (await searchRefs(meta, entity.name, field.only, text, signal)).filter((option) => option.key !== own && !isBelow(option.key))
  return (
    <Modal open afterOpenChange={focusOn('input')} title={t('tree.move_title', { what: meta.title(entity, row) })} width={460} onCancel={onClose} onOk={() => void move()} okText={t('tree.move_ok')} cancelText={t('form.cancel')} confirmLoading={busy} okButtonProps={{ disabled: (to?.key ?? '') === idOf(above) || (field.required === true && !to) }}>
      <label className="tree-move"><span className="muted">{meta.say(field.label)}</span><ComboBox autoFocus label={meta.say(field.label)} placeholder={field.required ? undefined : t('tree.top')} value={to} onChange={setTo} search={search} clearable={!field.required} /></label>
    </Modal>
  )
}
