import { TextBox } from '@/ui/boxes.tsx'
import { text } from './text.tsx'
import { no, ok, type FieldKit } from './kit.ts'

export const email: FieldKit<string> = {
  ...text,
  Cell: ({ value, plain }) => (plain ? value : <a href={`mailto:${value}`} onClick={(event) => event.stopPropagation()}>{value}</a>),
  Input: ({ value, onChange, field, ...box }) => <TextBox {...box} type="email" value={value ?? ''} onChange={(next) => onChange(next || null)} max={field.max} />,
  parse: (typed) => (/^\S+@\S+\.\S+$/.test(typed.trim()) ? ok(typed.trim()) : no('not an e-mail address')),
  width: 200,
}
