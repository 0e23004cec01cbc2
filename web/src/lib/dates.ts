//! Business days as ISO text. No time zone is involved: a day is the same day everywhere.

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/
const DAY_MS = 86_400_000

const utc = (day: string): Date => new Date(`${day}T00:00:00Z`)
const iso = (date: Date): string => date.toISOString().slice(0, 10)

export function isIsoDay(text: string): boolean {
  return DAY.test(text) && !Number.isNaN(utc(text).getTime()) && iso(utc(text)) === text
}

export const addDays = (day: string, days: number): string => iso(new Date(utc(day).getTime() + days * DAY_MS))

/** The day where the browser stands; only a fallback for the server's `today`. */
export function localToday(): string {
  const now = new Date()
  return iso(new Date(Date.UTC(now.getFullYear(), now.getMonth(), now.getDate())))
}

/**
 * Reads what a person typed: an ISO day, 20261125, 11-25, 25 (day of this month), t / today / 今天, +7, -1.
 */
export function parseDay(text: string, today: string): string | null {
  const typed = text.normalize('NFKC').trim().toLowerCase()
  if (typed === '') return null
  if (['t', 'today', '今天', 'j'].includes(typed)) return today
  if (['tomorrow', '明天'].includes(typed)) return addDays(today, 1)
  if (['yesterday', '昨天'].includes(typed)) return addDays(today, -1)
  const relative = /^([+-]\d{1,4})$/.exec(typed)
  if (relative) return addDays(today, Number(relative[1]))
  const plain = /^(\d{4})(\d{2})(\d{2})$/.exec(typed)
  const parts = plain ? plain.slice(1) : typed.replace(/[年月/.]/g, '-').replace(/日$/, '').split('-')
  const [year, month] = today.split('-')
  const full = parts.length === 3 ? parts : parts.length === 2 ? [year, ...parts] : parts.length === 1 ? [year, month, ...parts] : []
  if (full.length !== 3 || !full.every((part) => part && /^\d+$/.test(part))) return null
  const [y = '', m = '', d = ''] = full
  const day = `${y.length === 2 ? `20${y}` : y}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`
  return isIsoDay(day) ? day : null
}

const formats = new Map<string, Intl.DateTimeFormat>()
export function formatter(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options)
  let found = formats.get(key)
  if (!found) {
    found = new Intl.DateTimeFormat(locale, options)
    formats.set(key, found)
  }
  return found
}

/** Chinese business papers write 2026-11-25; in English the month is a word, so nobody mistakes it. */
export function formatDay(day: string, locale: string): string {
  if (!isIsoDay(day)) return day
  if (locale.startsWith('zh')) return day
  return formatter('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short', year: 'numeric' }).format(utc(day))
}

export function formatLongDay(day: string, locale: string): string {
  if (!isIsoDay(day)) return day
  return formatter(locale, { timeZone: 'UTC', dateStyle: 'full' }).format(utc(day))
}

export function formatInstant(instant: string, locale: string): string {
  const at = new Date(instant)
  if (Number.isNaN(at.getTime())) return instant
  const pad = (n: number): string => String(n).padStart(2, '0')
  const day = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`
  return `${formatDay(day, locale)} ${pad(at.getHours())}:${pad(at.getMinutes())}`
}

/** How long something lasted, in its greatest unit: `6 days`, `3 hours`. */
export function formatSpan(ms: number, locale: string): string {
  const minutes = Math.floor(ms / 60_000)
  const [count, unit] = minutes >= 1440 ? [Math.floor(minutes / 1440), 'day'] : minutes >= 60 ? [Math.floor(minutes / 60), 'hour'] : [minutes, 'minute']
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(count)
}

/** `3 hours ago`. */
export function formatAgo(instant: string, locale: string, now: number): string {
  const seconds = Math.round((new Date(instant).getTime() - now) / 1000)
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [['day', 86_400], ['hour', 3600], ['minute', 60]]
  if (Math.abs(seconds) > 7 * 86_400) return formatInstant(instant, locale)
  for (const [unit, size] of steps) {
    if (Math.abs(seconds) >= size) return relative.format(Math.round(seconds / size), unit)
  }
  return relative.format(Math.min(0, seconds), 'second')
}

/** Labels along an axis: the year is said once when it is the same for all. */
export function formatPeriods(texts: readonly string[], locale: string): string[] {
  const days = new Set(texts.map((text) => /^(\d{4})-\d{2}-\d{2}$/.exec(text)?.[1]))
  if (days.size === 1 && !days.has(undefined)) return texts.map((text) => (locale.startsWith('zh') ? `${Number(text.slice(5, 7))}月${Number(text.slice(8))}日` : formatter('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short' }).format(utc(text))))
  const years = new Set(texts.map((text) => /^(\d{4})-\d{2}$/.exec(text)?.[1]))
  if (years.size !== 1 || years.has(undefined)) return texts.map((text) => formatPeriod(text, locale))
  return texts.map((text) => (locale.startsWith('zh') ? `${Number(text.slice(5))}月` : formatter('en-GB', { timeZone: 'UTC', month: 'short' }).format(utc(`${text}-01`))))
}

/** A part of a date as groups give it: `2026-11`, `2026-Q3`, `2026`. */
export function formatPeriod(text: string, locale: string): string {
  const month = /^(\d{4})-(\d{2})$/.exec(text)
  if (month) {
    return locale.startsWith('zh') ? `${month[1]}年${Number(month[2])}月` : formatter('en-GB', { timeZone: 'UTC', month: 'short', year: 'numeric' }).format(utc(`${text}-01`))
  }
  const quarter = /^(\d{4})-Q([1-4])$/.exec(text)
  if (quarter) return locale.startsWith('zh') ? `${quarter[1]}年第${quarter[2]}季度` : `Q${quarter[2]} ${quarter[1]}`
  if (/^\d{4}$/.test(text) && locale.startsWith('zh')) return `${text}年`
  return isIsoDay(text) ? formatDay(text, locale) : text
}
