import { expect, test } from 'vitest'
import { marksOf } from '@/api/worked.ts'
import type { WorkingDays } from '@/api/types.ts'

const CHINA: WorkingDays = {
  calendar: '中国 China',
  week: [true, true, true, true, true, false, false],
  days: [
    { first_on: '2026-05-01', last_on: '2026-05-05', kind: 'rest', label: { en: 'Labour Day', zh: '劳动节' } },
    { first_on: '2026-05-09', last_on: '2026-05-09', kind: 'work', label: { en: 'Make-up day', zh: '劳动节调休' } },
  ],
}

test('holidays and make-up days say more than the week does', () => {
  const mark = marksOf(CHINA)
  const works = (from: string, days: number): string => Array.from({ length: days }, (_, at) => (mark(`2026-05-${String(Number(from) + at).padStart(2, '0')}`).works ? '班' : '休')).join('')
  expect(works('1', 10)).toBe('休休休休休班班班班休')
  expect(mark('2026-05-02').said).toEqual({ kind: 'rest', label: { en: 'Labour Day', zh: '劳动节' } })
  expect(mark('2026-05-09').said?.kind).toBe('work')
  expect(mark('2026-04-30').said).toBeUndefined()
  // A plain Saturday is off, but no holiday.
  expect(mark('2026-05-16')).toEqual({ works: false })
})

test('until it is known which days are worked, none stands out', () => {
  expect(marksOf(undefined)('2026-05-02')).toEqual({ works: true })
})
