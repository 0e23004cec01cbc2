import { TextBox } from '@/ui/boxes.tsx'
import { bidi } from './bidi.tsx'
import { text } from './text.tsx'
import type { FieldKit } from './kit.ts'

export const long_text: FieldKit<string> = {
  ...text,
  Cell: ({ value, plain }) => (plain ? bidi(value) : <span dir="auto" style={{ whiteSpace: 'pre-wrap' }}>{value}</span>),
  Input: ({ value, onChange, field, bare, ...box }) => <TextBox {...box} bare={bare} lines={!bare} value={value ?? ''} onChange={(next) => onChange(next || null)} max={field.max} />,
  width: 260,
}
