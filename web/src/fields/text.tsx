import { TextBox } from '@/ui/boxes.tsx'
import { TEXT_FILTERS, no, ok, type FieldKit } from './kit.ts'

export const text: FieldKit<string> = {
  Cell: ({ value }) => value,
  Input: ({ value, onChange, field, ...box }) => <TextBox {...box} value={value ?? ''} onChange={(next) => onChange(next || null)} max={field.max} />,
  format: (value) => value,
  parse: (typed) => (typed.trim() ? ok(typed.trim()) : no('empty')),
  filters: TEXT_FILTERS,
  aggregates: [],
  width: 180,
}
