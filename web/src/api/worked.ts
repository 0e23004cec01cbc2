//! Which days the company works: its week, its holidays, and the days that make up for them.
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { daysBetween, weekdayOf } from '@/lib/spans.ts'
import { queries } from './queries.ts'
import type { Text, WorkingDays } from './types.ts'

/** How a day stands out. `said` is only there where the calendar says other than the week. */
export interface DayMark { works: boolean; said?: { kind: 'rest' | 'work'; label: Text } }

const PLAIN: DayMark = { works: true }

/** Looks days up. A day that is worked by the week and by nothing else stands out in no way. */
export function marksOf(worked: WorkingDays | undefined): (day: string) => DayMark {
  if (!worked) return () => PLAIN
  const said = new Map<string, DayMark>()
  for (const { first_on, last_on, kind, label } of worked.days) {
    const first = Date.parse(first_on)
    for (let at = 0; at <= daysBetween(first_on, last_on); at += 1) said.set(new Date(first + at * 86_400_000).toISOString().slice(0, 10), { works: kind === 'work', said: { kind, label } })
  }
  return (day) => said.get(day) ?? (worked.week[weekdayOf(day)] ? PLAIN : { works: false })
}

/** The same for the company one works in; until it is known no day stands out. */
export function useMarks(): (day: string) => DayMark {
  const { data } = useQuery(queries.workingDays())
  return useMemo(() => marksOf(data), [data])
}
