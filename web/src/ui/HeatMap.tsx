//! Figures of two keys as a grid whose cells are the stronger the greater they are. Text on colour, so that it is read, copied and told.
import { useRef, useState, type KeyboardEvent } from 'react'
import { approximate, isNegative } from '@/lib/decimal.ts'
import type { Series } from './chartOptions.ts'
import './heat.css'

interface HeatMapProps {
  categories: readonly string[]
  series: readonly Series[]
  format: (value: string, series: number) => string
  short: (value: string, series: number) => string
  onPick?: (category: number, series: number) => void
  label: string
}

/** The strongest colour on which the text is still read well, in percent. */
const STRONGEST = 45

export function HeatMap({ categories, series, format, short, onPick, label }: HeatMapProps) {
  const grid = useRef<HTMLTableElement>(null)
  const [at, setAt] = useState({ row: 0, column: 0 })
  const most = Math.max(...series.flatMap((one) => one.values.map((value) => Math.abs(approximate(value ?? '0')))), 0)
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Home: [0, -series.length], End: [0, series.length] }[event.key]
    if (!step) return
    event.preventDefault()
    const next = { row: Math.max(0, Math.min(categories.length - 1, at.row + (step[0] ?? 0))), column: Math.max(0, Math.min(series.length - 1, at.column + (step[1] ?? 0))) }
    setAt(next)
    grid.current?.querySelector<HTMLElement>(`[data-cell="${next.row}:${next.column}"]`)?.focus()
  }
  return (
    <div className="heat">
      <table ref={grid} role="grid" aria-label={label} onKeyDown={onKeyDown}>
        <thead><tr><td />{series.map((one) => <th key={one.label} scope="col" title={one.label}><span>{one.label}</span></th>)}</tr></thead>
        <tbody>
          {categories.map((category, row) => (
            <tr key={`${category} ${row}`}>
              <th scope="row" title={category}>{category}</th>
              {series.map((one, column) => {
                const value = one.values[row] ?? null
                const strength = value === null || most === 0 ? 0 : Math.round((Math.abs(approximate(value)) / most) * STRONGEST)
                const said = value === null ? '' : format(value, column)
                return (
                  <td key={one.label} role="gridcell">
                    <button
                      type="button" data-cell={`${row}:${column}`} tabIndex={at.row === row && at.column === column ? 0 : -1}
                      {...(value === null ? { 'aria-label': `${category}, ${one.label}: –` } : {})} title={said ? `${category} · ${one.label}: ${said}` : undefined}
                      style={strength ? { background: `color-mix(in srgb, var(${isNegative(value ?? '0') ? '--bad' : '--accent'}) ${strength}%, var(--surface))` } : undefined}
                      onFocus={() => setAt({ row, column })} onClick={() => value !== null && onPick?.(row, column)}
                    >{value !== null && <><span className="sr">{category}, {one.label}: {said} </span>{short(value, column)}</>}</button>
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
