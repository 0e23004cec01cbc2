import type { Json } from '@/api/types.ts'
import { ParsedBox } from '@/ui/boxes.tsx'
import { no, ok, type FieldKit, type Parsed } from './kit.ts'

const parse = (typed: string): Parsed<Json> => {
  try {
    return ok(JSON.parse(typed) as Json)
  } catch {
    return no('not JSON')
  }
}

export const json: FieldKit<Json> = {
  Cell: ({ value }) => <code className="clip" style={{ fontFamily: 'var(--mono)', fontSize: 12 }}>{typeof value === 'string' ? value : JSON.stringify(value)}</code>,
  Input: ({ value, onChange, ...box }) => (
    <ParsedBox<Json> {...box} value={value} onChange={onChange} show={(v) => JSON.stringify(v)} edit={(v) => JSON.stringify(v)} parse={(typed) => {
      const read = parse(typed)
      return read.ok ? read.value : null
    }} />
  ),
  format: (value) => (typeof value === 'string' ? value : JSON.stringify(value)),
  parse,
  filters: ['empty', 'not_empty'],
  aggregates: [],
  width: 200,
}
