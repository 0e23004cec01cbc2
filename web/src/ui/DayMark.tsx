import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { DayMark } from '@/api/worked.ts'

type Said = NonNullable<DayMark['said']>

export const TONE = { rest: 'is-off', work: 'is-worked' } as const

/** `Off: Spring Festival`. */
export const sayMark = ({ kind, label }: Said, t: TFunction, locale: string): string => t(`calendar.is_${kind}`, { what: locale.startsWith('zh') ? label.zh : label.en })

/** 休 or 班 in the corner of a day, with the name of the holiday where there is room for it. */
export function MarkOf({ mark, locale, named }: { mark: DayMark; locale: string; named?: boolean }) {
  const { t } = useTranslation()
  if (!mark.said) return null
  const said = sayMark(mark.said, t, locale)
  return <span className={`day-mark ${TONE[mark.said.kind]}`} title={said}><span className="sr">{said}</span><b aria-hidden="true">{t(`calendar.mark_${mark.said.kind}`)}</b>{named && <span className="clip" aria-hidden="true">{locale.startsWith('zh') ? mark.said.label.zh : mark.said.label.en}</span>}</span>
}
