import { TextBox } from '@/ui/boxes.tsx'
import { ScanButton } from '@/ui/Scan.tsx'
import { text } from './text.tsx'
import { no, ok, type FieldKit } from './kit.ts'

export const barcode: FieldKit<string> = {
  ...text,
  Cell: ({ value }) => <span style={{ fontFamily: 'var(--mono)', fontSize: 13 }}>{value}</span>,
  Input: ({ value, onChange, field, ...box }) => <TextBox {...box} value={value ?? ''} onChange={(next) => onChange(next || null)} max={field.max} suffix={<ScanButton onCode={onChange} />} />,
  parse: (typed) => (/^[\x21-\x7e]+$/.test(typed.trim()) ? ok(typed.trim()) : no('not a bar code')),
  filters: ['=', 'starts', 'contains', 'empty', 'not_empty'],
  width: 140,
}
