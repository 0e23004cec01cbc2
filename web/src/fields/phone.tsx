import { textOf } from '@/meta/meta.ts'
import { TextBox } from '@/ui/boxes.tsx'
import { text } from './text.tsx'
import { no, ok, type FieldKit, type Place } from './kit.ts'

/** How numbers are written where they are from: by the country of the record, or the one a number itself begins with. */
const WAYS: readonly { country: string; code: string; how: readonly [RegExp, string][] }[] = [
  // Beijing, Shanghai and their like have three digits, other places four.
  { country: 'CN', code: '86', how: [[/^(1[3-9]\d)(\d{4})(\d{4})$/, '$1 $2 $3'], [/^(0?10|0?2\d)(\d{4})(\d{4})$/, '$1 $2 $3'], [/^(0?[3-9]\d{2})(\d{4})(\d{3,4})$/, '$1 $2 $3'], [/^(400)(\d{3})(\d{4})$/, '$1 $2 $3']] },
  { country: 'HK', code: '852', how: [[/^(\d{4})(\d{4})$/, '$1 $2']] },
  { country: 'US', code: '1', how: [[/^([2-9]\d{2})([2-9]\d{2})(\d{4})$/, '($1) $2-$3']] },
  { country: 'CA', code: '1', how: [[/^([2-9]\d{2})([2-9]\d{2})(\d{4})$/, '($1) $2-$3']] },
  { country: 'FR', code: '33', how: [[/^(0?\d)(\d{2})(\d{2})(\d{2})(\d{2})$/, '$1 $2 $3 $4 $5']] },
  { country: 'GB', code: '44', how: [[/^(0?20)(\d{4})(\d{4})$/, '$1 $2 $3'], [/^(0?7\d{3})(\d{6})$/, '$1 $2']] },
  { country: 'JP', code: '81', how: [[/^(0?[36])(\d{4})(\d{4})$/, '$1-$2-$3'], [/^(0?[789]0)(\d{4})(\d{4})$/, '$1-$2-$3']] },
]

/** Wherever it stands: no other number looks like it. */
const MOBILE = { country: '', code: '', how: [[/^(1[3-9]\d)(\d{4})(\d{4})$/, '$1 $2 $3']] as const }

/** 13812345678 is read more easily as 138 1234 5678; what somebody wrote with gaps of their own stays as it is. */
export function spaced(value: string, country?: string): string {
  const abroad = WAYS.find(({ code }) => value.startsWith(`+${code}`))
  const way = abroad ?? (value.startsWith('+') ? undefined : WAYS.find((one) => one.country === country) ?? (country === undefined ? MOBILE : undefined))
  const own = abroad ? value.slice(abroad.code.length + 1) : value
  const found = way?.how.find(([looks]) => looks.test(own))
  return found ? `${abroad ? `+${abroad.code} ` : ''}${own.replace(found[0], found[1])}` : value
}

const countryOf = ({ record, parent }: Place): string | undefined => textOf(record['country'] ?? parent?.['country']) || undefined

export const phone: FieldKit<string> = {
  ...text,
  Cell: ({ value, plain, record, parent, field }) => {
    const shown = spaced(value, countryOf({ record, parent, field }))
    return plain ? <>{shown}</> : <a href={`tel:${value}`} onClick={(event) => event.stopPropagation()}>{shown}</a>
  },
  Input: ({ value, onChange, field, ...box }) => <TextBox {...box} type="tel" value={value ?? ''} onChange={(next) => onChange(next || null)} max={field.max} />,
  format: (value, place) => spaced(value, countryOf(place)),
  parse: (typed) => (/^[+\d][\d\s()./-]{2,}(?:\s*(?:x|ext\.?|转)\s*\d+)?$/i.test(typed.trim()) ? ok(typed.trim()) : no('not a telephone number')),
  width: 168,
}
