import { formatDay, parseDay } from '@/lib/dates.ts'
import { DateBox } from '@/ui/boxes.tsx'
import { no, ok, type FieldKit } from './kit.ts'

export const date: FieldKit<string> = {
  Cell: ({ value, scene }) => <time dateTime={value} style={{ whiteSpace: 'nowrap', fontVariantNumeric: 'tabular-nums' }}>{formatDay(value, scene.locale)}</time>,
  Input: ({ value, onChange, scene, ...box }) => <DateBox {...box} value={value} onChange={onChange} today={scene.today} locale={scene.locale} />,
  format: (value, _, scene) => formatDay(value, scene.locale),
  parse: (typed, scene) => {
    const day = parseDay(typed, scene.today)
    return day ? ok(day) : no('not a date')
  },
  filters: ['within', '=', '>=', '<=', 'between', 'empty', 'not_empty'],
  aggregates: ['min', 'max'],
  width: 116,
}
