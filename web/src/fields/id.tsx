import { text } from './text.tsx'
import type { FieldKit } from './kit.ts'

export const id: FieldKit<string> = {
  ...text,
  Cell: ({ value }) => <span className="faint" style={{ fontFamily: 'var(--mono)', fontSize: 12 }}>{value}</span>,
  Input: () => null,
  filters: ['=', '!=', 'in'],
  width: 110,
}
