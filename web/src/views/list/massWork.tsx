//! One thing done to many records: what would come of it, then the work itself in the background.
import { Modal } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, type Mass } from '@/api/client.ts'
import type { Action, Entity, Field, MassPreview, Rec, Value } from '@/api/types.ts'
import { asText, Edit } from '@/fields/kits.tsx'
import { isComposing } from '@/lib/keys.ts'
import { settled } from '@/lib/owed.ts'
import { useLatest } from '@/lib/hooks.ts'
import { useScene } from '@/meta/meta.ts'
import { missingArgs, usualArgs } from '@/meta/defaults.ts'
import { argsToWire, toWire } from '@/meta/wire.ts'
import { HintText, Skeleton, Trouble } from '@/ui/parts.tsx'
import { useComplain } from '@/ui/Snack.tsx'
import { FieldRow } from '../form/FieldRow.tsx'
import { FieldPicker } from './FieldPicker.tsx'
import { useJobWatch } from './jobWatch.tsx'
import { isTyped } from './useEditing.ts'
import '../form/form.css'

/** Which records are meant. */
export type Whom = { ids: readonly string[] } | { filter: NonNullable<Extract<Mass, { filter: unknown }>['filter']> | null; search?: string; near?: boolean }

interface MassProps {
  entity: Entity
  whom: Whom
  count: number
  /** `change`, `delete` or an action. */
  op: string
  label: string
  danger?: boolean
  /** Of a change: what was typed in one of the rows; else it is chosen here. */
  field?: Field
  value?: Value
  /** Of an action: what it asks for is asked here, once for all. */
  action?: Action
  onClose: (begun: boolean) => void
}

/** Looks first: how many take it, and why others do not. */
export default function MassDialog({ entity, whom, count, op, label, danger, field: given, value: first, action, onClose }: MassProps) {
  const { t } = useTranslation()
  const scene = useScene()
  const complain = useComplain()
  const watch = useJobWatch()
  const [field, setField] = useState<Field | undefined>(given)
  const [value, setValue] = useState<Value>(first ?? null)
  const [look, setLook] = useState<MassPreview | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const [said, setSaid] = useState<Rec>(() => (action ? usualArgs(action, scene.today) : {}))
  const latest = useLatest({ value, said })
  const args = action?.args ?? []
  const sent = ({ value, said }: { value: Value; said: Rec }): Rec | null => {
    if (op === 'change') return field ? toWire(scene.meta, entity, { [field.name]: value ?? null }) : null
    if (!action) return {}
    return missingArgs(action, said).length ? null : argsToWire(scene.meta, action, said)
  }
  const record = sent({ value, said })
  const typed = args.length > 0 || (op === 'change' && !given)
  const asked = record === null ? '' : JSON.stringify(record)
  useEffect(() => {
    if (asked === '') return
    let gone = false
    setLook(null)
    setError(null)
    const timer = setTimeout(() => {
      api.massPreview(entity.name, { op, record: JSON.parse(asked) as Rec, ...whom }).then((told) => !gone && setLook(told), (problem) => !gone && setError(problem))
    }, typed ? 400 : 0)
    return () => {
      gone = true
      clearTimeout(timer)
    }
  }, [asked])
  const run = async (): Promise<void> => {
    if (busy) return
    setBusy(true)
    await settled()
    const record = sent(latest.current)
    if (!record) return setBusy(false)
    try {
      const { job } = await api.mass(entity.name, { op, record, ...whom })
      onClose(true)
      void watch(job, label)
    } catch (problem) {
      complain(problem)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal
      open width={560} title={label} onCancel={() => onClose(false)} onOk={() => void run()} confirmLoading={busy}
      okText={look ? t('mass.run', { count: look.count }) : t('mass.run', { count })} cancelText={t('form.cancel')} okButtonProps={{ danger, disabled: asked === '' || (look !== null && look.accepted === 0), autoFocus: !typed }}
    >
      {op === 'change' && (given ? (
        <p style={{ marginTop: 0 }}>{scene.meta.say(given.label)} → <b>{asText(value, { field: given, record: {} }, scene) || t('list.no_value')}</b></p>
      ) : (
        <div className="fields one" data-mass>
          <FieldPicker entity={entity} value={field?.name ?? null} fits={(one) => isTyped(entity, one.name, one)} autoFocus onChange={(path) => {
            setField(entity.fields.find((one) => one.name === path))
            setValue(null)
          }} />
          {field && <Edit key={field.name} field={{ ...field, required: false }} record={{ [field.name]: value ?? null }} scene={scene} value={value} label={scene.meta.say(field.label)} onChange={setValue} />}
        </div>
      ))}
      {args.length > 0 && (
        <div className="fields one" data-mass onKeyDown={(event) => {
          if (event.key !== 'Enter' || isComposing(event.nativeEvent) || !(event.ctrlKey || event.metaKey)) return
          event.preventDefault()
          void run()
        }}>
          {args.map((one, index) => <FieldRow key={one.name} field={one} record={said} scene={scene} editable autoFocus={index === 0} onChange={(next) => setSaid((now) => ({ ...now, [one.name]: next ?? null }))} />)}
        </div>
      )}
      {asked !== '' && (error ? <Trouble error={error} /> : !look ? <Skeleton rows={2} /> : (
        <div role="status">
          <HintText tone={look.accepted === look.tried ? 'good' : look.accepted === 0 ? 'bad' : 'warn'}>
            {look.tried < look.count ? t('mass.tried', { count: look.count, tried: look.tried, accepted: look.accepted }) : t('mass.accepted', { count: look.count, accepted: look.accepted })}
          </HintText>
          {look.refused.length > 0 && <ul className="plain-list">{look.refused.map((one) => <li key={one.id}><b>{one.label ?? one.id}</b> {one.problems.map((problem) => problem.message).join(' ')}</li>)}</ul>}
        </div>
      ))}
    </Modal>
  )
}
