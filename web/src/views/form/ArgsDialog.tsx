//! What must be said with an action, asked for before it is done; and what the action made.
import { Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Refused } from '@/api/client.ts'
import type { Action, Field, Posted, Rec } from '@/api/types.ts'
import { isBesideDoc } from '@/fields/kinds.ts'
import { Go } from '@/lib/go.tsx'
import { useLatest } from '@/lib/hooks.ts'
import { isComposing } from '@/lib/keys.ts'
import { settled } from '@/lib/owed.ts'
import { missingArgs, usualArgs } from '@/meta/defaults.ts'
import { idOf, useScene } from '@/meta/meta.ts'
import { argsToWire } from '@/meta/wire.ts'
import { HintText } from '@/ui/parts.tsx'
import { FieldRow } from './FieldRow.tsx'
import './form.css'

/** A usual action that can do without its arguments is tried first. */
export const asksFirst = (action: Action): boolean => Boolean(action.args?.length) && !(action.primary && action.args?.every((field) => !field.required))

const SHOWN_MAX = 6

export function CreatedLinks({ created }: { created: Posted['created'] }) {
  const { meta } = useScene()
  return <span className="wrap-flex">{created?.slice(0, SHOWN_MAX).map((one) => <Go key={one.id} to={`/${one.entity}/${one.id}`}>{meta.say(meta.entity(one.entity)?.label)} {one.label}</Go>)}</span>
}

const isArg = (name: string | null | undefined, args: readonly Field[]): boolean => args.some((field) => field.name === name)
const placed = (refused: Refused | undefined, args: readonly Field[]): ReadonlyMap<string, string> => new Map(refused?.problems.flatMap((problem) => (problem.field && isArg(problem.field, args) ? [[problem.field, problem.message] as const] : [])))
const unplaced = (refused: Refused | undefined, args: readonly Field[]): string => (!refused ? '' : refused.problems.filter((problem) => !isArg(problem.field, args)).map((problem) => problem.message).join(' ') || (refused.problems.length ? '' : refused.message))

export function ArgsDialog({ action, refused: before, record, onCancel, onRun }: { action: Action; refused?: Refused; record: Rec; onCancel: () => void; onRun: (args: Rec) => Promise<Refused | null> }) {
  const { t } = useTranslation()
  const scene = useScene()
  const args = action.args ?? []
  const asked = args.filter((field) => !isBesideDoc(field, args))
  const [values, setValues] = useState<Rec>(() => usualArgs(action, scene.today))
  const [errors, setErrors] = useState<ReadonlyMap<string, string>>(() => placed(before, asked))
  const [general, setGeneral] = useState(() => unplaced(before, asked))
  const [busy, setBusy] = useState(false)
  const latest = useLatest(values)
  /** Of what kind a chosen record is follows from the record. */
  const kinds = (values: Rec): Rec => Object.fromEntries(args.filter((field) => isBesideDoc(field, args)).map((field) => [field.name, scene.meta.kindOf(idOf(values[field.name.replace(/_entity$/, '_doc')]))?.name ?? null]))
  const run = async (): Promise<void> => {
    await settled()
    const values = { ...latest.current, ...kinds(latest.current) }
    const missing = missingArgs(action, values)
    if (missing.length) return setErrors(new Map(missing.map((field) => [field.name, t('form.missing')])))
    setBusy(true)
    const refused = await onRun(argsToWire(scene.meta, action, values))
    setBusy(false)
    if (!refused) return
    setErrors(placed(refused, asked))
    setGeneral(unplaced(refused, asked))
  }
  return (
    <Modal
      open title={scene.meta.say(action.label)} onCancel={onCancel} onOk={() => void run()} okText={scene.meta.say(action.label)} cancelText={t('form.cancel')}
      confirmLoading={busy} okButtonProps={{ danger: action.danger }} width={480}
    >
      <div onKeyDown={(event) => {
        if (event.key === 'Enter' && !isComposing(event.nativeEvent) && (event.ctrlKey || event.metaKey || (event.target instanceof HTMLInputElement && event.target.getAttribute('aria-expanded') !== 'true'))) {
          event.preventDefault()
          void run()
        }
      }}>
        {scene.meta.say(action.help) && <p className="muted" style={{ marginTop: 0 }}>{scene.meta.say(action.help)}</p>}
        <div className="fields one">
          {asked.map((field, index) => <FieldRow key={field.name} field={field} record={{ ...record, ...values }} scene={scene} editable error={errors.get(field.name)} autoFocus={index === 0} onChange={(value) => setValues((now) => ({ ...now, [field.name]: value ?? null }))} />)}
        </div>
        {general && <HintText tone="bad">{general}</HintText>}
      </div>
    </Modal>
  )
}
