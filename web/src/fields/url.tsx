import { TextBox } from '@/ui/boxes.tsx'
import { text } from './text.tsx'
import { no, ok, type FieldKit } from './kit.ts'

// Only these two: a stored javascript: link would run as the reader.
const isWeb = (value: string): boolean => /^https?:\/\/\S+$/i.test(value)

export const url: FieldKit<string> = {
  ...text,
  Cell: ({ value, plain }) => (plain || !isWeb(value) ? value : <a href={value} target="_blank" rel="noreferrer noopener" onClick={(event) => event.stopPropagation()}>{value.replace(/^https?:\/\//, '')}</a>),
  Input: ({ value, onChange, field, ...box }) => <TextBox {...box} type="url" value={value ?? ''} onChange={(next) => onChange(next || null)} max={field.max} />,
  parse: (typed) => {
    const full = /^[\w-]+(\.[\w-]+)+/.test(typed.trim()) ? `https://${typed.trim()}` : typed.trim()
    return isWeb(full) ? ok(full) : no('not a web address')
  },
  width: 200,
}
