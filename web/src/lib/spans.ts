//! Weeks and months of business days. Weeks start on Monday and are numbered as ISO 8601 does.
import { addDays, formatter, isIsoDay } from './dates.ts'

const DAY_MS = 86_400_000
const utc = (day: string): Date => new Date(`${day}T00:00:00Z`)

/** 0 is Monday. */
export const weekdayOf = (day: string): number => (utc(day).getUTCDay() + 6) % 7
export const mondayOf = (day: string): string => addDays(day, -weekdayOf(day))
export const daysBetween = (from: string, to: string): number => Math.round((utc(to).getTime() - utc(from).getTime()) / DAY_MS)
export const firstOfMonth = (day: string): string => `${day.slice(0, 7)}-01`
export const daysOf = (from: string, to: string): string[] => Array.from({ length: Math.max(0, daysBetween(from, to) + 1) }, (_, index) => addDays(from, index))

/** The same day of another month, or its last where it has fewer days. */
export function addMonths(day: string, months: number): string {
  const first = utc(firstOfMonth(day))
  first.setUTCMonth(first.getUTCMonth() + months)
  const start = first.toISOString().slice(0, 10)
  first.setUTCMonth(first.getUTCMonth() + 1)
  const length = daysBetween(start, first.toISOString().slice(0, 10))
  return addDays(start, Math.min(Number(day.slice(8)), length) - 1)
}
export const firstOfQuarter = (day: string): string => `${day.slice(0, 5)}${String(Math.floor((Number(day.slice(5, 7)) - 1) / 3) * 3 + 1).padStart(2, '0')}-01`
export const lastOfMonth = (day: string): string => addDays(firstOfMonth(addMonths(firstOfMonth(day), 1)), -1)

/** The week that holds the year's first Thursday is the first. */
export function isoWeek(day: string): number {
  const thursday = addDays(mondayOf(day), 3)
  return Math.floor(daysBetween(`${thursday.slice(0, 4)}-01-01`, thursday) / 7) + 1
}

export type Span = 'quarter' | 'month' | 'week' | 'day'
/** What a calendar shows at once; a quarter is only a measure of a timeline. */
export type Sight = Exclude<Span, 'quarter'>
/** The days one looks at; a month is filled up to whole weeks. */
export function spanDays(span: Sight, at: string): [from: string, to: string] {
  if (span === 'day') return [at, at]
  if (span === 'week') return [mondayOf(at), addDays(mondayOf(at), 6)]
  return [mondayOf(firstOfMonth(at)), addDays(mondayOf(lastOfMonth(at)), 6)]
}
export const stepSpan = (span: Sight, at: string, by: number): string => (span === 'month' ? addMonths(at, by) : addDays(at, by * (span === 'week' ? 7 : 1)))

export const formatMonth = (day: string, locale: string): string => formatter(locale, { timeZone: 'UTC', year: 'numeric', month: 'long' }).format(utc(day))
export const formatMonthName = (day: string, locale: string): string => formatter(locale, { timeZone: 'UTC', month: 'short' }).format(utc(day))
export const formatWeekday = (day: string, locale: string, width: 'short' | 'narrow'): string => formatter(locale, { timeZone: 'UTC', weekday: width }).format(utc(day))
const parts = (day: string): { year: string; month: string; day: string } => ({ year: `${Number(day.slice(0, 4))}年`, month: `${Number(day.slice(5, 7))}月`, day: `${Number(day.slice(8))}日` })
const range = (from: string, to: string, months: boolean): string => formatter('en-GB', { timeZone: 'UTC', year: 'numeric', month: 'short', ...(months ? {} : { day: 'numeric' }) }).formatRange(utc(from), utc(to))

/** `1 November`. */
export const formatMonthDay = (day: string, locale: string): string => (locale.startsWith('zh') ? `${parts(day).month}${parts(day).day}` : formatter('en-GB', { timeZone: 'UTC', month: 'long', day: 'numeric' }).format(utc(day)))
/** `23–29 Nov 2026`: what both ends share is said once. */
export function formatDays(from: string, to: string, locale: string): string {
  if (!isIsoDay(from) || !isIsoDay(to)) return ''
  if (!locale.startsWith('zh')) return range(from, to, false)
  const [a, b] = [parts(from), parts(to)]
  if (from === to) return `${a.year}${a.month}${a.day}`
  return `${a.year}${a.month}${a.day}–${a.year === b.year ? '' : b.year}${a.year === b.year && a.month === b.month ? '' : b.month}${b.day}`
}
/** `Nov 2026 – Jan 2027`. */
export function formatMonths(from: string, to: string, locale: string): string {
  if (!locale.startsWith('zh')) return range(from, to, true)
  const [a, b] = [parts(from), parts(to)]
  if (a.year === b.year && a.month === b.month) return `${a.year}${a.month}`
  return `${a.year}${a.month}–${a.year === b.year ? '' : b.year}${b.month}`
}
