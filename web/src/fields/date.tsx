import { formatDay, isIsoDay, parseDay } from '@/lib/dates.ts'
import { textOf } from '@/meta/meta.ts'
import { DateBox } from '@/ui/boxes.tsx'
import { no, ok, type FieldKit, type Place } from './kit.ts'

/** The first day a field may be: that of the field beside it that it does not come before; none where nothing stands there. */
export function firstDay({ field, record }: Place): string | undefined {
  const day = textOf(field.not_before ? record[field.not_before] : null)
  return isIsoDay(day) ? day : undefined
}

export const date: FieldKit<string> = {
  Cell: ({ value, scene }) => <time dateTime={value} style={{ whiteSpace: 'nowrap', fontVariantNumeric: 'tabular-nums' }}>{formatDay(value, scene.locale)}</time>,
  Input: ({ value, onChange, scene, field, record, ...box }) => <DateBox {...box} value={value} onChange={onChange} today={scene.today} locale={scene.locale} first={firstDay({ field, record })} />,
  format: (value, _, scene) => formatDay(value, scene.locale),
  parse: (typed, scene) => {
    const day = parseDay(typed, scene.today)
    return day ? ok(day) : no('not a date')
  },
  filters: ['within', '=', '>=', '<=', 'between', 'empty', 'not_empty'],
  aggregates: ['min', 'max'],
  width: 116,
}
