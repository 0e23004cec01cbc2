import { useTranslation } from 'react-i18next'
import { memo, useId } from 'react'
import type { Field, Hint, Rec, Value } from '@/api/types.ts'
import { Edit, Show } from '@/fields/kits.tsx'
import { isEmpty, type Scene } from '@/meta/meta.ts'
import { HintText, Tip } from '@/ui/parts.tsx'

interface FieldRowProps {
  field: Field
  record: Rec
  scene: Scene
  editable: boolean
  error?: string
  hints?: readonly Hint[]
  autoFocus?: boolean
  onChange: (value: Value) => void
}

/** Whether a row would look the same: a line being typed in leaves the fields above it alone. What is told by `onChange` builds on the latest draft, whichever function tells it. */
function isSame(before: FieldRowProps, now: FieldRowProps): boolean {
  if (before.field !== now.field || before.scene !== now.scene || before.editable !== now.editable || before.error !== now.error || before.hints !== now.hints) return false
  if (before.record === now.record) return true
  // Lines are nothing a field of the head depends on.
  const names = new Set([...Object.keys(before.record), ...Object.keys(now.record)])
  for (const name of names) if (before.record[name] !== now.record[name] && !(Array.isArray(now.record[name]) && Array.isArray(before.record[name]))) return false
  return true
}

/** A label and its value: a box when it may be typed in, else as it is read. */
export const FieldRow = memo(function FieldRow({ field, record, scene, editable, error, hints, autoFocus, onChange }: FieldRowProps) {
  const { t } = useTranslation()
  const id = useId()
  const typed = editable && !field.readonly && !field.computed
  const value = record[field.name]
  const help = scene.meta.say(field.help)
  const wide = field.kind === 'long_text' || field.kind === 'json'
  return (
    <div className={['field', wide && 'wide', error && 'wrong', !typed && 'read'].filter(Boolean).join(' ')} data-field={field.name}>
      <label htmlFor={typed ? id : undefined}>
        <Tip text={help}><span className={help ? 'helped' : undefined}>{scene.meta.say(field.label)}</span></Tip>
        {typed && field.required && <span className="required" title={t('form.required')}> *</span>}
      </label>
      <div className="field-value">
        {typed ? <Edit field={field} record={record} scene={scene} value={value ?? null} id={id} error={Boolean(error)} autoFocus={autoFocus} onChange={onChange} />
        : <div className="field-read">{isEmpty(value) ? <span className="faint">–</span> : <Show field={field} record={record} scene={scene} />}</div>}
        {error && <HintText tone="bad">{error}</HintText>}
        {hints?.map((hint) => <HintText key={hint.text} tone={hint.tone}>{hint.text}</HintText>)}
      </div>
    </div>
  )
}, isSame)
