//! Below 768 px: one card a record. Holding one begins to choose; then a touch chooses instead of opening.
import { Checkbox } from 'antd'
import { useEffect, useRef, type MouseEvent, type PointerEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entity, Rec } from '@/api/types.ts'
import { Show } from '@/fields/kits.tsx'
import { Go } from '@/lib/go.tsx'
import { textOf, useScene } from '@/meta/meta.ts'
import { fact, type Column } from './columns.ts'

const HOLD_MS = 450
/** A finger that goes further than this scrolls. */
const SLIP_PX = 8

export interface Picking {
  /** Cards are chosen, not opened. */
  on: boolean
  has: (id: string) => boolean
  toggle: (id: string) => void
}

interface CardsProps { entity: Entity; columns: readonly Column[]; rows: readonly Rec[]; more: boolean; onEnd: () => void; picking?: Picking }

export function Cards({ entity, columns, rows, more, onEnd, picking }: CardsProps) {
  const scene = useScene()
  const { t } = useTranslation()
  const end = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!more || !end.current) return
    const watch = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && onEnd(), { rootMargin: '400px' })
    watch.observe(end.current)
    return () => watch.disconnect()
  }, [more, onEnd, rows.length])
  const hold = useHold(picking)
  const titles = columns.filter((column) => entity.title.includes(column.path))
  const lead = titles[0] ?? columns[0]
  const stage = columns.find((column) => column.path === entity.stage_field)
  const rest = columns.filter((column) => column !== lead && column !== stage)
  const money = rest.find((column) => column.field.kind === 'amount')
  const words = rest.filter((column) => column !== money)
  return (
    <div className="cards">
      {rows.map((row) => {
        const id = textOf(row['id'])
        const content = (
          <>
            <span className="spread">
              <b className="clip">{lead && <Show field={lead.field} record={row} value={row[lead.path]} scene={scene} plain />}</b>
              {stage && <Show field={stage.field} record={row} value={row[stage.path]} scene={scene} />}
            </span>
            <span className="spread">
              <span className="card-words">
                {words.slice(0, 4).map((column) => {
                  const text = fact(column, row, scene)
                  return text && <span key={column.path} className="clip">{text}</span>
                })}
              </span>
              {money && <span className="card-sum"><small className="faint clip">{money.label} </small><b><Show field={money.field} record={row} value={row[money.path]} scene={scene} plain /></b></span>}
            </span>
          </>
        )
        const chosen = picking?.has(id) ?? false
        return (
          <div key={id} data-card={id} {...(picking && hold(id))}>
            {picking?.on ? (
              <div className={chosen ? 'card picked' : 'card'}>
                <span className="card-pick" onClick={(event) => event.stopPropagation()}><Checkbox checked={chosen} aria-label={t('list.select_row', { what: scene.meta.title(entity, row) })} onChange={() => picking.toggle(id)} /></span>
                <span className="card-said">{content}</span>
              </div>
            ) : <Go to={`/${entity.name}/${id}`} className="card">{content}</Go>}
          </div>
        )
      })}
      <div ref={end} />
    </div>
  )
}

interface Held { onPointerDown: (event: PointerEvent) => void; onPointerMove: (event: PointerEvent) => void; onPointerUp: () => void; onPointerCancel: () => void; onContextMenu: (event: MouseEvent) => void; onClickCapture: (event: MouseEvent) => void; onClick: () => void }

/** What a card does while fingers are on it. */
function useHold(picking: Picking | undefined): (id: string) => Held {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const from = useRef({ x: 0, y: 0, touch: false })
  const held = useRef(false)
  useEffect(() => () => clearTimeout(timer.current), [])
  const stop = (): void => clearTimeout(timer.current)
  return (id) => ({
    onPointerDown: (event) => {
      held.current = false
      from.current = { x: event.clientX, y: event.clientY, touch: event.pointerType !== 'mouse' }
      stop()
      if (event.button !== 0 || picking?.on) return
      timer.current = setTimeout(() => {
        held.current = true
        picking?.toggle(id)
      }, HOLD_MS)
    },
    onPointerMove: (event) => {
      if (Math.abs(event.clientX - from.current.x) > SLIP_PX || Math.abs(event.clientY - from.current.y) > SLIP_PX) stop()
    },
    onPointerUp: stop,
    onPointerCancel: stop,
    // The browser has a menu of its own for links that are held.
    onContextMenu: (event) => {
      if (from.current.touch) event.preventDefault()
    },
    // The finger that held a card lets it go: that is no touch of its own.
    onClickCapture: (event) => {
      if (!held.current) return
      held.current = false
      event.preventDefault()
      event.stopPropagation()
    },
    onClick: () => {
      if (picking?.on) picking.toggle(id)
    },
  })
}
