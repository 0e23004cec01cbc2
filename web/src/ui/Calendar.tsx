import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMarks } from '@/api/worked.ts'
import { addDays, formatDay, formatLongDay, isIsoDay } from '@/lib/dates.ts'
import { sayMark, TONE } from './DayMark.tsx'

/** A month to choose a day of. Days that are not worked are shaded, those before the `first` greyed and not to be chosen; holidays and make-up days are marked 休 and 班. */
export function Calendar({ value, today, locale, first: earliest, onPick }: { value: string; today: string; locale: string; first?: string; onPick: (day: string) => void }) {
  const { t } = useTranslation()
  const markOf = useMarks()
  const [month, setMonth] = useState((isIsoDay(value) ? value : today).slice(0, 7))
  useEffect(() => setMonth((isIsoDay(value) ? value : today).slice(0, 7)), [value, today])
  const first = `${month}-01`
  const weekday = (new Date(`${first}T00:00:00Z`).getUTCDay() + 6) % 7
  const start = addDays(first, -weekday)
  const move = (months: number): void => {
    const at = new Date(`${first}T00:00:00Z`)
    at.setUTCMonth(at.getUTCMonth() + months)
    setMonth(at.toISOString().slice(0, 7))
  }
  const heads = Array.from({ length: 7 }, (_, index) => new Intl.DateTimeFormat(locale, { weekday: 'narrow', timeZone: 'UTC' }).format(new Date(`${addDays('2026-11-23', index)}T00:00:00Z`)))
  return (
    <div className="calendar">
      <div className="spread">
        <button type="button" className="quiet" aria-label={t('field.month_before')} onClick={() => move(-1)}>‹</button>
        <b>{new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'long', timeZone: 'UTC' }).format(new Date(`${first}T00:00:00Z`))}</b>
        <button type="button" className="quiet" aria-label={t('field.month_after')} onClick={() => move(1)}>›</button>
      </div>
      <table>
        <thead><tr>{heads.map((head, index) => <th key={index}>{head}</th>)}</tr></thead>
        <tbody>
          {Array.from({ length: 6 }, (_, week) => (
            <tr key={week}>
              {Array.from({ length: 7 }, (__, weekdayIndex) => {
                const day = addDays(start, week * 7 + weekdayIndex)
                const mark = markOf(day)
                const early = earliest !== undefined && day < earliest
                const why = [early && t('field.not_before', { day: formatDay(earliest, locale) }), mark.said && sayMark(mark.said, t, locale)].filter(Boolean).join(', ')
                const classes = [early && 'early', day.slice(0, 7) !== month && 'other', day === today && 'today', day === value && 'on', !mark.works && 'rest'].filter(Boolean).join(' ')
                return <td key={day}><button type="button" className={classes} aria-label={`${formatLongDay(day, locale)}${why && `, ${why}`}`} aria-disabled={early || undefined} title={why || undefined} onClick={() => early || onPick(day)}>{Number(day.slice(8))}{mark.said && <i className={`mark ${TONE[mark.said.kind]}`} aria-hidden="true">{t(`calendar.mark_${mark.said.kind}`)}</i>}</button></td>
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
