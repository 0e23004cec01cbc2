//! What stands where something is on its way, in the shape of what comes: nothing jumps when it is there.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useDelayed } from '@/lib/hooks.ts'
import './waiting.css'

export type Shape = 'home' | 'table' | 'board' | 'form' | 'chart' | 'days'

const times = (count: number): number[] => Array.from({ length: count }, (_, at) => at)
const Bar = ({ width, height }: { width: string; height?: number }) => <span className="skeleton" style={{ width, height }} />
/** Words are not all as long as each other. */
const part = (at: number, from: number, to: number): string => `${from + ((at * 37) % (to - from))}%`

const SHAPES: Record<Shape, () => ReactNode> = {
  home: () => (
    <>
      <div className="wait-figures">{times(8).map((at) => <div key={at} className="wait-box"><Bar width="55%" /><Bar width="70%" height={20} /><Bar width="40%" /></div>)}</div>
      <div className="wait-pairs">{times(4).map((at) => <div key={at} className="wait-box wait-tall"><Bar width="45%" />{times(6).map((row) => <Bar key={row} width={part(row + at, 60, 98)} />)}</div>)}</div>
    </>
  ),
  table: () => times(16).map((row) => <div key={row} className="wait-row">{times(6).map((at) => <span key={at}><Bar width={part(row * 6 + at, 40, 85)} /></span>)}</div>),
  board: () => <div className="wait-lanes">{times(4).map((lane) => <div key={lane} className="wait-lane"><Bar width="60%" height={14} />{times(4 - (lane % 3)).map((at) => <div key={at} className="wait-box"><Bar width="75%" /><Bar width={part(lane + at, 35, 60)} /></div>)}</div>)}</div>,
  form: () => (
    <div className="wait-form">
      <Bar width="220px" height={22} />
      <div className="wait-buttons">{times(3).map((at) => <Bar key={at} width="92px" height={28} />)}</div>
      <div className="wait-fields">{times(10).map((at) => <div key={at}><Bar width="30%" height={10} /><Bar width={part(at, 55, 95)} height={16} /></div>)}</div>
      {times(4).map((row) => <div key={row} className="wait-row">{times(5).map((at) => <span key={at}><Bar width={part(row * 5 + at, 40, 85)} /></span>)}</div>)}
    </div>
  ),
  chart: () => <div className="wait-chart">{[42, 68, 55, 82, 61, 74, 38, 57].map((height, at) => <span key={at} className="skeleton" style={{ height: `${height}%` }} />)}</div>,
  days: () => <div className="wait-days">{times(35).map((at) => <div key={at}><Bar width="22px" />{at % 3 === 1 && <Bar width="80%" height={16} />}</div>)}</div>,
}

/** Only for what takes longer than a blink. */
export function Waiting({ shape, wait = 150 }: { shape: Shape; wait?: number }) {
  const { t } = useTranslation()
  const late = useDelayed(true, wait)
  return late ? <div role="status" aria-label={t('state.loading')} className={`waiting of-${shape}`}>{SHAPES[shape]()}</div> : null
}

/** Of a page whose program is on its way, too. */
export const shapeOf = (path: string): Shape => (path === '/' || path.startsWith('/dashboard/') ? 'home' : /^\/(report|manual)\//.test(path) || !/^\/[^/]+\/[^/]+/.test(path) ? 'table' : 'form')
