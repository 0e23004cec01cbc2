import { formatInstant } from '@/lib/dates.ts'
import { no, ok, type FieldKit, type InputProps } from './kit.ts'

/** The browser's own picker speaks local time; the server UTC. */
const toLocal = (instant: string): string => {
  const at = new Date(instant)
  if (Number.isNaN(at.getTime())) return ''
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

const Input = ({ value, onChange, id, disabled, error, bare, label, autoFocus }: InputProps<string>) => (
  <div className={['box', error && 'error', disabled && 'off', bare && 'bare'].filter(Boolean).join(' ')}>
    <input id={id} type="datetime-local" aria-label={label} autoFocus={autoFocus} disabled={disabled} value={value ? toLocal(value) : ''} onChange={(event) => {
      const at = new Date(event.target.value)
      onChange(event.target.value && !Number.isNaN(at.getTime()) ? at.toISOString().replace('.000Z', 'Z') : null)
    }} />
  </div>
)

export const instant: FieldKit<string> = {
  Cell: ({ value, scene }) => <time dateTime={value} style={{ whiteSpace: 'nowrap', fontVariantNumeric: 'tabular-nums' }}>{formatInstant(value, scene.locale)}</time>,
  Input,
  format: (value, _, scene) => formatInstant(value, scene.locale),
  parse: (typed) => {
    const at = new Date(typed.trim())
    return typed.trim() && !Number.isNaN(at.getTime()) ? ok(at.toISOString().replace('.000Z', 'Z')) : no('not a moment')
  },
  filters: ['within', '>=', '<=', 'between', 'empty', 'not_empty'],
  aggregates: ['min', 'max'],
  width: 160,
}
