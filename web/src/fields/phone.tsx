import { TextBox } from '@/ui/boxes.tsx'
import { text } from './text.tsx'
import { no, ok, type FieldKit } from './kit.ts'

/** 13812345678 is read more easily as 138 1234 5678. */
export const spaced = (value: string): string => value.replace(/^(1[3-9]\d)(\d{4})(\d{4})$/, '$1 $2 $3')

export const phone: FieldKit<string> = {
  ...text,
  Cell: ({ value, plain }) => (plain ? spaced(value) : <a href={`tel:${value}`} onClick={(event) => event.stopPropagation()}>{spaced(value)}</a>),
  Input: ({ value, onChange, field, ...box }) => <TextBox {...box} type="tel" value={value ?? ''} onChange={(next) => onChange(next || null)} max={field.max} />,
  format: spaced,
  parse: (typed) => (/^[+\d][\d\s()./-]{2,}(?:\s*(?:x|ext\.?|转)\s*\d+)?$/i.test(typed.trim()) ? ok(typed.trim()) : no('not a telephone number')),
  width: 150,
}
