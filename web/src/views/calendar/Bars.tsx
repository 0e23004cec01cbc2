//! What lasts several days, as bars from the cell of the first of them over the others.
import { Chip, type Sheet } from './Chip.tsx'
import type { Bar } from './stays.ts'

interface BarsProps { sheet: Sheet; bars: readonly Bar[]; day: string; /** Of the first line, and of each from the next, in px. */ top: number; step: number }

export function Bars({ sheet, bars, day, top, step }: BarsProps) {
  return bars.map(({ stay, from, to, lane, before, after }) => {
    const ends = [...(before ? [] : ['start' as const]), ...(after ? [] : ['end' as const])]
    return (
      <div key={stay.id} className={['day-bar', before && 'before', after && 'after'].filter(Boolean).join(' ')} data-from={stay.from} data-to={stay.to} style={{ top: top + lane * step, width: `calc(${to - from + 1} * 100% + ${to - from}px - 6px)` }}>
        <Chip sheet={sheet} row={stay.row} day={day} shape="bar" ends={ends} pulled={{ start: stay.from, end: stay.to }} />
      </div>
    )
  })
}
