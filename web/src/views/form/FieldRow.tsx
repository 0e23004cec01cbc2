import { InfoCircleOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { memo, useId, useState } from 'react'
import type { Field, Hint, Rec, Value } from '@/api/types.ts'
import { Edit, Show } from '@/fields/kits.tsx'
import { isEmpty, type Scene } from '@/meta/meta.ts'
import { HintText, Tip } from '@/ui/parts.tsx'

/** Where people write what they like, in whatever direction. */
const FREE: ReadonlySet<Field['kind']> = new Set(['text', 'long_text'])

interface FieldRowProps {
  field: Field
  record: Rec
  scene: Scene
  editable: boolean
  error?: string
  hints?: readonly Hint[]
  autoFocus?: boolean
  onChange: (value: Value) => void
  onFill?: (values: Rec) => void
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
export const FieldRow = memo(function FieldRow({ field, record, scene, editable, error, hints, autoFocus, onChange, onFill }: FieldRowProps) {
  const { t } = useTranslation()
  const id = useId()
  const typed = editable && !field.readonly && !field.computed
  const value = record[field.name]
  const help = scene.meta.say(field.help)
  const label = scene.meta.say(field.label)
  const [helped, setHelped] = useState(false)
  const wide = field.kind === 'long_text' || field.kind === 'json'
  return (
    <div
      className={['field', wide && 'wide', error && 'wrong', !typed && 'read'].filter(Boolean).join(' ')} data-field={field.name}
      onKeyDown={help ? (event) => {
        if (event.key !== 'F1') return
        event.preventDefault()
        event.stopPropagation()
        setHelped(!helped)
      } : undefined}
    >
      <div className="field-label">
        <label htmlFor={typed ? id : undefined}>
          <Tip text={help}><span className={help ? 'helped' : undefined}>{label}</span></Tip>
          {typed && field.required && <span className="required" title={t('form.required')}> *</span>}
        </label>
        {/* Tab goes from box to box; in a box F1 does the same. */}
        {help && <button type="button" className="help" tabIndex={typed ? -1 : 0} aria-label={t('form.help_of', { what: label })} aria-keyshortcuts="F1" aria-expanded={helped} aria-controls={helped ? `${id}-help` : undefined} title={typed ? t('form.help_key') : undefined} onClick={() => setHelped(!helped)}><InfoCircleOutlined /></button>}
      </div>
      <div className="field-value">
        {typed ? <Edit field={field} record={record} scene={scene} value={value ?? null} id={id} error={Boolean(error)} autoFocus={autoFocus} onChange={onChange} onFill={onFill} />
        : <div className="field-read" dir={FREE.has(field.kind) ? 'auto' : undefined}>{isEmpty(value) ? <span className="faint">–</span> : <Show field={field} record={record} scene={scene} />}</div>}
        {helped && <div id={`${id}-help`} className="help-text" role="note" dir="auto">{help}</div>}
        {error && <HintText tone="bad">{error}</HintText>}
        {hints?.map((hint) => <HintText key={hint.text} tone={hint.tone}>{hint.text}</HintText>)}
      </div>
    </div>
  )
}, isSame)
