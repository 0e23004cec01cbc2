//! One bar: pulled with mouse or finger, by its ends, as a whole or into another row, or moved by keys.
import { Tooltip } from 'antd'
import { useQuery } from '@tanstack/react-query'
import { useState, type CSSProperties, type KeyboardEvent, type PointerEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '@/api/queries.ts'
import { carry } from '@/lib/carry.ts'
import { formatDay } from '@/lib/dates.ts'
import { Go } from '@/lib/go.tsx'
import { isComposing } from '@/lib/keys.ts'
import { daysBetween, formatDays } from '@/lib/spans.ts'
import { FactsTip, Mark, tell } from '../calendar/facts.tsx'
import { shifted, type Part } from '../calendar/stays.ts'
import { barOf, BAR_PX, HEAD_PX, type Bar, type Lane } from './layout.ts'
import type { Chart } from './TimelineView.tsx'

const NARROW_PX = 64
const LEAST_PX = 8

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
  const [pull, setPull] = useState<{ part: Part; days: number; down: number } | null>(null)
  const { data } = useQuery({ ...queries.record(entity.name, bar.id), enabled: touched && (can.both || can.end || chart.laneAt !== null) })
  const because = moves.fixed(data)
  const may = (part: Part): boolean => can[part] && because === null
  const mayTurn = chart.laneAt !== null && because === null
  const told = tell(scene, entity, chart.columns, bar.row)
  const drawn = (pull && barOf({ ...bar.row, ...shifted(bar.row, start, end, pull.part, pull.days, can) }, start, end)) ?? bar
  const days = daysBetween(drawn.from, drawn.to) + 1
  const left = chart.x(drawn.from)
  const width = Math.max(LEAST_PX, days * px)
  // A name begins where its bar comes into sight.
  const out = Math.max(0, Math.min(seenLeft - left, width - NARROW_PX))
  // Nor does one stand in what is left of a bar that is nearly out of sight.
  const inSight = width - Math.max(0, seenLeft - left)
  const narrow = drawn.point || width < NARROW_PX || (inSight > 0 && inSight < NARROW_PX)
  const when = drawn.from === drawn.to ? formatDay(drawn.from, scene.locale) : formatDays(drawn.from, drawn.to, scene.locale)
  const touch = (): void => setTouched(true)

  const begin = (event: PointerEvent, part: Part): void => {
    event.stopPropagation()
    const whole = part === 'both' && mayTurn
    const area = chart.scroller.current
    if (!area || (!may(part) && !whole)) return
    const origin = { x: event.clientX + area.scrollLeft, y: event.clientY + area.scrollTop }
    const own = whole ? (chart.laneAt?.(event.clientY) ?? null) : null
    let by = 0
    let lane: Lane | null = null
    carry(event, {
      scroller: area,
      inset: { left: chart.head, top: HEAD_PX },
      move: (x, y) => {
        by = may(part) ? Math.round((x + area.scrollLeft - origin.x) / px) : 0
        const found = whole ? (chart.laneAt?.(y) ?? null) : null
        lane = found && found.key !== own?.key ? found : null
        chart.setOver(lane?.key ?? null)
        setPull({ part, days: by, down: whole ? y + area.scrollTop - origin.y : 0 })
      },
      end: (keep) => {
        setPull(null)
        chart.setOver(null)
        if (keep && lane) chart.take(bar, lane, by)
        else if (keep && by !== 0) chart.move(bar, part, by, 0)
      },
    })
  }

  const onKeyDown = (event: KeyboardEvent): void => {
    const wanted = keyMove(event)
    const level = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : null
    const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey
    if (wanted) {
      if (may(wanted.part)) chart.move(bar, wanted.part, wanted.days)
      else chart.say(because ?? t('calendar.fixed'))
    } else if (level && plain && event.altKey && chart.laneAt) {
      if (mayTurn) chart.take(bar, level)
      else chart.say(because ?? t('calendar.fixed'))
    } else if (level && plain && !event.altKey) chart.stepTo(bar, level)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const style: CSSProperties = { top: top + (pull?.down ?? 0), height: BAR_PX, ...(drawn.point ? { left: chart.head + left + px / 2 - BAR_PX / 2, width: BAR_PX } : { left: chart.head + left, width }) }
  const how = [can.both || can.end ? t(end ? 'timeline.how' : 'timeline.how_point') : '', chart.laneAt ? t('timeline.how_rows', { what: chart.rowsLabel }) : ''].filter(Boolean).join(' ')
  const note = how ? (because ?? how) : undefined
  return (
    <Tooltip title={pull ? '' : <FactsTip told={{ ...told, facts: told.facts.length ? told.facts : [{ label: scene.meta.say(start.label), text: when }] }} note={note} />} mouseEnterDelay={0.4} classNames={{ root: 'time-tip' }}>
      <div
        className={['tl-bar', `tone-${told.tone}`, drawn.point && 'point', narrow && 'narrow', (may('both') || mayTurn) && 'may', pull && 'pulled'].filter(Boolean).join(' ')}
        data-record={bar.id} data-from={drawn.from} data-to={drawn.to} style={style}
        onPointerEnter={touch} onFocus={touch} onKeyDown={onKeyDown}
        onPointerDown={(event) => begin(event, 'both')}
        onDragStart={(event) => event.preventDefault()}
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
