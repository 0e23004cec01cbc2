//! A month on a phone: dots for what there is, and the list of the chosen day below.
import { useTranslation } from 'react-i18next'
import type { Rec } from '@/api/types.ts'
import { formatLongDay } from '@/lib/dates.ts'
import { daysOf, formatWeekday, isoWeek, weekdayOf } from '@/lib/spans.ts'
import { textOf } from '@/meta/meta.ts'
import { MarkOf, sayMark } from '@/ui/DayMark.tsx'
import type { Sheet } from './Chip.tsx'
import { toneOf } from './fields.ts'

const DOTS = 3

interface DotsProps { sheet: Sheet; from: string; to: string; month: string; chosen: string; rowsOf: (day: string) => Rec[]; count: (day: string) => number; onDay: (day: string) => void }

export function Dots({ sheet, from, to, month, chosen, rowsOf, count, onDay }: DotsProps) {
  const { t } = useTranslation()
  const { locale, today, meta } = sheet.scene
  const days = daysOf(from, to)
  const said = (day: string): string => {
    const mark = sheet.mark(day).said
    return mark ? `, ${sayMark(mark, t, locale)}` : ''
  }
  return (
    <div className="dots" role="group" aria-label={t('calendar.title')}>
      <span />
      {days.slice(0, 7).map((day) => <span key={day} className="faint" aria-hidden="true">{formatWeekday(day, locale, 'narrow')}</span>)}
      {days.flatMap((day) => {
        const rows = rowsOf(day)
        const classes = ['dots-day', day.slice(0, 7) !== month && 'other', day === today && 'today', day === chosen && 'on', !sheet.mark(day).works && 'rest', sheet.pull.stay && sheet.pull.stay.from <= day && sheet.pull.stay.to >= day && 'over'].filter(Boolean).join(' ')
        const cell = (
          <button key={day} type="button" data-day={day} className={classes} aria-pressed={day === chosen} aria-label={`${formatLongDay(day, locale)}${said(day)}, ${t('list.records', { count: count(day) })}`} onClick={() => onDay(day)}>
            <span>{Number(day.slice(8))}</span>
            <MarkOf mark={sheet.mark(day)} locale={locale} />
            <span className="dots-row" aria-hidden="true">{rows.slice(0, DOTS).map((row) => <i key={textOf(row['id'])} className={`tone-${toneOf(meta, sheet.entity, row).tone}`} />)}</span>
          </button>
        )
        return weekdayOf(day) === 0 ? [<span key={`w${day}`} className="week-no faint" title={t('calendar.week', { week: isoWeek(day) })}>{isoWeek(day)}</span>, cell] : [cell]
      })}
    </div>
  )
}
