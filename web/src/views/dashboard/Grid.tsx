//! The cards in their places. While they are arranged, a card is pulled by its head and by its corner, or moved with the arrow keys.
import { EditOutlined, ExportOutlined, HolderOutlined, MoreOutlined } from '@ant-design/icons'
import { Dropdown } from 'antd'
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type CSSProperties, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Go } from '@/lib/go.tsx'
import { useLatest, usePhone } from '@/lib/hooks.ts'
import { CardView, type Face } from './CardView.tsx'
import type { Card } from './cards.ts'
import { COLUMNS, grown, moved, packed, resized, stepped, swapped, type Place, type Step } from './grid.ts'
import { NeedContext } from './need.ts'
import './dashboard.css'

export const ROW_PX = 44
const GAP_PX = 12
/** The head of a card and the room around what it shows. */
const FRAME_PX = 62
/** Its head and its edges alone. */
const HEAD_PX = 42
/** So near to the edge of the page, it scrolls. */
const EDGE_PX = 48

export interface Arranging {
  change: (cards: Card[]) => void
  edit: (card: Card) => void
  remove: (card: Card) => void
}

interface Pull { id: string; size: boolean; x: number; y: number; scrolled: number; dx: number; dy: number }

const STEPS: Record<string, Step> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' }
/** As many rows of the grid as hold so much. */
const rowsOf = (px: number): number => Math.ceil((px + HEAD_PX + GAP_PX) / (ROW_PX + GAP_PX))
const heightOf = (place: Place): number => place.h * ROW_PX + (place.h - 1) * GAP_PX

export function Grid({ cards, arranging }: { cards: readonly Card[]; arranging?: Arranging }) {
  const { t } = useTranslation()
  const phone = usePhone()
  const box = useRef<HTMLDivElement>(null)
  const [pull, setPull] = useState<Pull | null>(null)
  const [said, setSaid] = useState('')
  const [needs, setNeeds] = useState<ReadonlyMap<string, number>>(new Map())
  const tell = useCallback((id: string, px: number | null): void => setNeeds((now) => {
    const rows = px === null ? undefined : rowsOf(px)
    if (now.get(id) === rows) return now
    const next = new Map(now)
    if (rows === undefined) next.delete(id)
    else next.set(id, rows)
    return next
  }), [])
  const shown = useMemo(() => (arranging ? cards : packed(cards, needs)), [arranging, cards, needs])
  const keep = useRef('')
  // A card that changes its place in the page loses the focus, and the next arrow key would go nowhere.
  useLayoutEffect(() => {
    if (!keep.current) return
    box.current?.querySelector<HTMLElement>(`[data-card="${CSS.escape(keep.current)}"]`)?.focus()
    keep.current = ''
  }, [cards])

  const cell = (): { width: number; height: number } => ({ width: ((box.current?.clientWidth ?? 0) + GAP_PX) / COLUMNS, height: ROW_PX + GAP_PX })
  const scroller = (): HTMLElement | null => box.current?.closest<HTMLElement>('.content-page') ?? null
  const preview = (now: Pull): Card[] => {
    const card = cards.find((one) => one.id === now.id)
    if (!card) return [...cards]
    const { width, height } = cell()
    const [dx, dy] = [now.dx / width, now.dy / height]
    return now.size ? resized(cards, now.id, { w: card.w + dx, h: card.h + dy }) : moved(cards, now.id, { x: card.x + dx, y: card.y + dy })
  }
  const places = new Map((pull ? preview(pull) : shown).map((card) => [card.id, card]))

  // What is asked of a card is what it was given: else it would shrink for having shrunk.
  const sizes = new Map(cards.map((card) => {
    const place = places.get(card.id) ?? card
    return [card.id, pull?.id === card.id || place.h > card.h ? place : card]
  }))

  const begin = (event: PointerEvent<HTMLElement>, id: string, size: boolean): void => {
    if (!arranging || phone || event.button !== 0) return
    event.preventDefault()
    event.currentTarget.setPointerCapture(event.pointerId)
    setPull({ id, size, x: event.clientX, y: event.clientY, scrolled: scroller()?.scrollTop ?? 0, dx: 0, dy: 0 })
  }
  const go = (event: PointerEvent<HTMLElement>): void => {
    if (!pull) return
    const page = scroller()
    const frame = page?.getBoundingClientRect()
    if (page && frame) {
      if (event.clientY > frame.bottom - EDGE_PX) page.scrollTop += 12
      if (event.clientY < frame.top + EDGE_PX) page.scrollTop -= 12
    }
    setPull({ ...pull, dx: event.clientX - pull.x, dy: event.clientY - pull.y + (page?.scrollTop ?? 0) - pull.scrolled })
  }
  const drop = (): void => {
    if (pull && arranging) arranging.change(preview(pull))
    setPull(null)
  }
  const handles = (id: string, size: boolean) => ({ onPointerDown: (event: PointerEvent<HTMLElement>) => begin(event, id, size), onPointerMove: go, onPointerUp: drop, onPointerCancel: () => setPull(null) })
  const pulling = pull !== null
  useEffect(() => {
    if (!pulling) return
    const cancel = (event: Event): void => {
      if ((event as unknown as KeyboardEvent).key !== 'Escape') return
      event.preventDefault()
      event.stopPropagation()
      setPull(null)
    }
    addEventListener('keydown', cancel, true)
    return () => removeEventListener('keydown', cancel, true)
  }, [pulling])

  const latest = useLatest(cards)
  const change = (next: Card[], id: string): void => {
    arranging?.change(next)
    const now = next.find((one) => one.id === id)
    if (now) setSaid(t('dashboard.at', { column: now.x + 1, row: now.y + 1, width: now.w, height: now.h }))
  }
  const onKeyDown = (event: KeyboardEvent, card: Card): void => {
    if (!arranging || event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return
    const step = STEPS[event.key]
    if (step) {
      event.preventDefault()
      keep.current = card.id
      if (phone) change(swapped(latest.current, card.id, step === 'up' || step === 'left' ? -1 : 1), card.id)
      else change(event.shiftKey ? grown(latest.current, card.id, step) : stepped(latest.current, card.id, step), card.id)
    } else if (event.key === 'Enter') {
      event.preventDefault()
      arranging.edit(card)
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      event.preventDefault()
      arranging.remove(card)
    }
  }

  const cellNow = pull ? cell() : { width: 0, height: 0 }
  return (
    <div ref={box} className={arranging ? 'dash-grid arranging' : 'dash-grid'}>
      {shown.map((card) => {
        const place = places.get(card.id) ?? card
        const pulled = pull?.id === card.id && !pull.size
        const style: CSSProperties & Record<`--${string}`, string> = {
          '--column': `${place.x + 1} / span ${place.w}`, '--row': `${place.y + 1} / span ${place.h}`, '--height': `${heightOf(place)}px`,
          ...(pulled ? { transform: `translate(${pull.dx - (place.x - card.x) * cellNow.width}px, ${pull.dy - (place.y - card.y) * cellNow.height}px)`, zIndex: 5 } : {}),
        }
        return (
          <Box key={card.id} card={card} style={style} pulled={pull?.id === card.id} arranging={arranging} phone={phone} handles={handles} onKeyDown={(event) => onKeyDown(event, card)} onMove={(by) => change(swapped(latest.current, card.id, by), card.id)} height={heightOf(sizes.get(card.id) ?? place) - FRAME_PX} tell={tell} />
        )
      })}
      {pull && !pull.size && (() => {
        const place = places.get(pull.id)
        return place && <div className="dash-shade" aria-hidden="true" style={{ gridColumn: `${place.x + 1} / span ${place.w}`, gridRow: `${place.y + 1} / span ${place.h}` }} />
      })()}
      <div className="sr" role="status" aria-live="polite">{said}</div>
    </div>
  )
}

interface BoxProps {
  card: Card
  style: CSSProperties
  pulled: boolean
  arranging?: Arranging
  phone: boolean
  height: number
  handles: (id: string, size: boolean) => Record<string, (event: PointerEvent<HTMLElement>) => void>
  onKeyDown: (event: KeyboardEvent) => void
  onMove: (by: -1 | 1) => void
  tell: (id: string, px: number | null) => void
}

function Box({ card, style, pulled, arranging, phone, height, handles, onKeyDown, onMove, tell }: BoxProps) {
  const { t } = useTranslation()
  const { id } = card
  const need = useCallback((px: number | null) => tell(id, px), [tell, id])
  const classes = ['dash-card', `of-${card.kind}`, pulled && 'pulled'].filter(Boolean).join(' ')
  const face: Face = ({ title, to, bare, children }) => {
    const name = title || t(`dashboard.kind_${card.kind}`)
    return (
      <section className={bare && !arranging ? `${classes} bare` : classes} style={style} data-card={card.id} aria-label={arranging ? t('dashboard.card_help', { name }) : name} tabIndex={arranging ? 0 : undefined} onKeyDown={onKeyDown}>
        {(arranging || (!bare && (title || to))) && (
          <header>
            {arranging && !phone ? <span className="dash-grip" {...handles(card.id, false)}><HolderOutlined /><span className="clip">{title}</span></span> : <h2 className="clip" title={title}>{title}</h2>}
            {!arranging && to && <Go to={to} className="quiet" label={t('dashboard.open_card', { name })} title={t('home.open')}><ExportOutlined /></Go>}
            {arranging && <Tools name={name} card={card} arranging={arranging} onMove={onMove} />}
          </header>
        )}
        <div className="dash-body" tabIndex={bare ? undefined : 0} inert={Boolean(arranging)}>{children}</div>
        {arranging && !phone && <span className="dash-corner" aria-hidden="true" {...handles(card.id, true)} />}
      </section>
    )
  }
  return <NeedContext value={need}><CardView card={card} face={face} height={height} /></NeedContext>
}

function Tools({ name, card, arranging, onMove }: { name: string; card: Card; arranging: Arranging; onMove: (by: -1 | 1) => void }): ReactNode {
  const { t } = useTranslation()
  return (
    <span className="row-flex" style={{ gap: 2 }}>
      <button type="button" className="quiet" data-card-edit aria-label={t('dashboard.edit_card', { name })} title={t('dashboard.edit_card', { name })} onClick={() => arranging.edit(card)}><EditOutlined /></button>
      <Dropdown trigger={['click']} menu={{ items: [
        { key: 'before', label: t('dashboard.move_before'), onClick: () => onMove(-1) },
        { key: 'after', label: t('dashboard.move_after'), onClick: () => onMove(1) },
        { type: 'divider' },
        { key: 'remove', danger: true, label: t('dashboard.remove_card'), onClick: () => arranging.remove(card) },
      ] }}>
        <button type="button" className="quiet" aria-label={t('dashboard.card_menu', { name })}><MoreOutlined /></button>
      </Dropdown>
    </span>
  )
}
