//! One bar: pulled with the mouse, by its ends or as a whole, or moved by keys.
import { Tooltip } from 'antd'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState, type CSSProperties, type KeyboardEvent, type PointerEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '@/api/queries.ts'
import { formatDay } from '@/lib/dates.ts'
import { Go } from '@/lib/go.tsx'
import { isComposing } from '@/lib/keys.ts'
import { daysBetween, formatDays } from '@/lib/spans.ts'
import { FactsTip, Mark, tell } from '../calendar/facts.tsx'
import { shifted, type Part } from '../calendar/stays.ts'
import { barOf, BAR_PX, type Bar } from './layout.ts'
import type { Chart } from './TimelineView.tsx'

/** Less than this is a click. */
const PULL_PX = 4
const NARROW_PX = 64
const LEAST_PX = 8
/** So near the edge the days roll on. */
const EDGE_PX = 36

/** The part of a bar that keys move, and by how much; null for other keys. */
function keyMove(event: KeyboardEvent): { part: Part; days: number } | null {
  const days = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0
  if (!days || event.ctrlKey || event.metaKey || isComposing(event.nativeEvent)) return null
  if (event.altKey) return { part: event.shiftKey ? 'end' : 'both', days }
  return event.shiftKey ? { part: 'start', days } : null
}

export function BarView({ chart, bar, top, seenLeft }: { chart: Chart; bar: Bar; top: number; seenLeft: number }) {
  const { t } = useTranslation()
  const { entity, scene, start, end, px, can, moves } = chart
  const [touched, setTouched] = useState(false)
  const [pull, setPull] = useState<{ part: Part; days: number } | null>(null)
  const pulled = useRef(false)
  const { data } = useQuery({ ...queries.record(entity.name, bar.id), enabled: touched && (can.both || can.end) })
  const because = moves.fixed(data)
  const may = (part: Part): boolean => can[part] && because === null
  const told = tell(scene, entity, chart.columns, bar.row)
  const drawn = (pull && barOf({ ...bar.row, ...shifted(bar.row, start, end, pull.part, pull.days, can) }, start, end)) ?? bar
  const days = daysBetween(drawn.from, drawn.to) + 1
  const left = chart.x(drawn.from)
  const width = Math.max(LEAST_PX, days * px)
  // A name begins where its bar comes into sight.
  const out = Math.max(0, Math.min(seenLeft - left, width - NARROW_PX))
  const narrow = drawn.point || width < NARROW_PX
  const when = drawn.from === drawn.to ? formatDay(drawn.from, scene.locale) : formatDays(drawn.from, drawn.to, scene.locale)
  const touch = (): void => setTouched(true)

  const begin = (event: PointerEvent, part: Part): void => {
    event.stopPropagation()
    if (event.button !== 0 || event.pointerType !== 'mouse' || !may(part)) return
    const area = chart.scroller.current
    if (!area) return
    const box = area.getBoundingClientRect()
    const origin = event.clientX + area.scrollLeft
    let by = 0
    pulled.current = false
    const move = (to: globalThis.PointerEvent): void => {
      const way = to.clientX + area.scrollLeft - origin
      if (!pulled.current && Math.abs(way) < PULL_PX) return
      pulled.current = true
      if (to.clientX > box.right - EDGE_PX) area.scrollLeft += EDGE_PX / 2
      else if (to.clientX < box.left + chart.head + EDGE_PX) area.scrollLeft -= EDGE_PX / 2
      by = Math.round(way / px)
      setPull({ part, days: by })
    }
    const stop = (keep: boolean): void => {
      removeEventListener('pointermove', move)
      removeEventListener('pointerup', up)
      removeEventListener('pointercancel', cancel)
      removeEventListener('keydown', key, true)
      setPull(null)
      if (keep && by !== 0) chart.move(bar, part, by, 0)
      // The click that ends a pull opens nothing.
      setTimeout(() => {
        pulled.current = false
      })
    }
    const up = (): void => stop(true)
    const cancel = (): void => stop(false)
    const key = (pressed: globalThis.KeyboardEvent): void => {
      if (pressed.key !== 'Escape') return
      pressed.preventDefault()
      pressed.stopPropagation()
      by = 0
      stop(false)
    }
    addEventListener('pointermove', move)
    addEventListener('pointerup', up)
    addEventListener('pointercancel', cancel)
    addEventListener('keydown', key, true)
  }

  const onKeyDown = (event: KeyboardEvent): void => {
    const wanted = keyMove(event)
    if (wanted) {
      if (may(wanted.part)) chart.move(bar, wanted.part, wanted.days)
      else chart.say(because ?? t('calendar.fixed'))
    } else if ((event.key === 'ArrowUp' || event.key === 'ArrowDown') && !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey) chart.stepTo(bar, event.key === 'ArrowUp' ? -1 : 1)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const style: CSSProperties = { top, height: BAR_PX, ...(drawn.point ? { left: chart.head + left + px / 2 - BAR_PX / 2, width: BAR_PX } : { left: chart.head + left, width }) }
  const note = can.both || can.end ? (because ?? t(end ? 'timeline.how' : 'timeline.how_point')) : undefined
  return (
    <Tooltip title={pull ? '' : <FactsTip told={{ ...told, facts: told.facts.length ? told.facts : [{ label: scene.meta.say(start.label), text: when }] }} note={note} />} mouseEnterDelay={0.4} classNames={{ root: 'time-tip' }}>
      <div
        className={['tl-bar', `tone-${told.tone}`, drawn.point && 'point', narrow && 'narrow', may('both') && 'may', pull && 'pulled'].filter(Boolean).join(' ')}
        data-record={bar.id} data-from={drawn.from} data-to={drawn.to} style={style}
        onPointerEnter={touch} onFocus={touch} onKeyDown={onKeyDown}
        onPointerDown={(event) => begin(event, 'both')}
        onDragStart={(event) => event.preventDefault()}
        onClickCapture={(event) => {
          if (!pulled.current) return
          event.preventDefault()
          event.stopPropagation()
        }}
      >
        <Go to={`/${entity.name}/${bar.id}`}>
          {drawn.point && <span className="tl-gem" aria-hidden="true" />}
          {!narrow && <span className="tl-text clip" style={{ marginInlineStart: out }}><Mark told={told} /> {told.names[0]} {told.names[1]}</span>}
          <span className="sr">{narrow ? told.names.join(' ') : ''} {when} {told.word}</span>
        </Go>
        {narrow && chart.named && <span className="tl-beside" aria-hidden="true"><Mark told={told} /> {told.names[0]}</span>}
        {may('start') && !drawn.point && <span className="tl-grip start" aria-hidden="true" onPointerDown={(event) => begin(event, 'start')} />}
        {may('end') && <span className="tl-grip end" aria-hidden="true" onPointerDown={(event) => begin(event, 'end')} />}
        {pull && <span className="tl-when">{when}</span>}
      </div>
    </Tooltip>
  )
}
