//! A record pulled over the days with mouse or finger, as a whole or by one end: where it would stand is told while it is under way.
import { useRef, useState, type PointerEvent } from 'react'
import type { Field, Rec } from '@/api/types.ts'
import { carry } from '@/lib/carry.ts'
import { useLatest } from '@/lib/hooks.ts'
import { daysBetween } from '@/lib/spans.ts'
import { DAY_MIN, shifted, stayOf, STEP_MIN, type Part, type Stay } from './stays.ts'

interface Place { day: string; minute: number | null }

/** The day under the pointer, and among hours the minute. What lies over the days does not hide them. */
function placeAt(x: number, y: number): Place | null {
  const found = document.elementsFromPoint(x, y)
  const cell = found.find((one): one is HTMLElement => one instanceof HTMLElement && one.matches('[data-day], [data-day-list]'))
  const day = cell?.dataset['day'] ?? cell?.dataset['dayList']
  if (!day) return null
  const hours = found.find((one) => one.matches('[data-hours]'))?.getBoundingClientRect()
  return { day, minute: hours ? Math.max(0, Math.min(DAY_MIN, ((y - hours.top) / hours.height) * DAY_MIN)) : null }
}

export interface Pull {
  /** Where what is pulled would stand. */
  stay: Stay | null
  press: (event: PointerEvent, row: Rec, part: Part, from: string) => void
}

type Shift = (row: Rec, part: Part, days: number, minutes: number) => void

export function usePull(start: Field | undefined, end: Field | undefined, can: Record<Part, boolean>, shift: Shift): Pull {
  const [stay, setStay] = useState<Stay | null>(null)
  const told = useRef('')
  const latest = useLatest({ shift })
  const press = (event: PointerEvent, row: Rec, part: Part, from: string): void => {
    if (!start || !can[part]) return
    event.stopPropagation()
    const origin = placeAt(event.clientX, event.clientY)
    // An end is pulled from its own day, a record from the day it was taken hold of.
    const day = part === 'both' ? (origin?.day ?? from) : from
    const chip = event.currentTarget as HTMLElement
    let by = { days: 0, minutes: 0 }
    const tell = (next: Stay | null): void => {
      const text = next ? `${next.from} ${next.to} ${next.begins} ${next.ends}` : ''
      if (told.current === text) return
      told.current = text
      setStay(next)
    }
    carry(event, {
      scroller: chip.closest<HTMLElement>('.days, .hours, .agenda'),
      // Among hours the place it goes to is drawn in full.
      ...(part === 'both' && origin?.minute == null ? { ghost: chip } : {}),
      move: (x, y) => {
        const place = placeAt(x, y)
        const minutes = place?.minute != null && origin?.minute != null ? Math.round((place.minute - origin.minute) / STEP_MIN) * STEP_MIN : 0
        by = place ? { days: daysBetween(day, place.day), minutes } : { days: 0, minutes: 0 }
        tell(place ? stayOf({ ...row, ...shifted(row, start, end, part, by.days, can, by.minutes) }, start, end) : null)
      },
      end: (keep) => {
        tell(null)
        if (keep && (by.days !== 0 || by.minutes !== 0)) latest.current.shift(row, part, by.days, by.minutes)
      },
    })
  }
  return { stay, press }
}
