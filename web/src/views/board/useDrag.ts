//! A card drawn with the mouse from column to column. Fingers scroll; they move cards by the menu.
import { useEffect, useRef, useState, type PointerEvent } from 'react'
import type { Rec } from '@/api/types.ts'
import { useLatest } from '@/lib/hooks.ts'

const START_PX = 5
const EDGE_PX = 56
const SCROLL_PX = 14

export interface Dragging { id: string; from: string; over: string | null }

/** The column, and among rows the row, under the pointer. */
const columnAt = (x: number, y: number): string | null => {
  const lane = document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-stage]')
  return lane?.dataset['place'] ?? lane?.dataset['stage'] ?? null
}

export function useDrag(onDrop: (row: Rec, from: string, to: string) => void): { dragging: Dragging | null; press: (event: PointerEvent, id: string, row: Rec, from: string) => void } {
  const [dragging, setDragging] = useState<Dragging | null>(null)
  const drop = useLatest(onDrop)
  const stop = useRef<() => void>(() => undefined)
  useEffect(() => () => stop.current(), [])

  const press = (event: PointerEvent, id: string, row: Rec, from: string): void => {
    if (event.button !== 0 || event.pointerType === 'touch' || !(event.target instanceof Element) || event.target.closest('button')) return
    const card = event.currentTarget as HTMLElement
    const start = { x: event.clientX, y: event.clientY }
    const at = { ...start }
    let ghost: HTMLElement | null = null
    let over: string | null = null
    let frame = 0

    const look = (): void => {
      const found = columnAt(at.x, at.y)
      if (found !== over) {
        over = found
        setDragging({ id, from, over })
      }
    }
    // Near an edge the board comes along, also while the hand rests.
    const along = (): void => {
      const board = card.closest<HTMLElement>('.board') ?? document.querySelector<HTMLElement>('.board')
      const box = board?.getBoundingClientRect()
      if (board && box) {
        const by = at.x < box.left + EDGE_PX ? -SCROLL_PX : at.x > box.right - EDGE_PX ? SCROLL_PX : 0
        if (by) {
          board.scrollLeft += by
          look()
        }
        const down = at.y < box.top + EDGE_PX ? -SCROLL_PX : at.y > box.bottom - EDGE_PX ? SCROLL_PX : 0
        if (down && board.classList.contains('swim')) {
          board.scrollTop += down
          look()
        }
      }
      frame = requestAnimationFrame(along)
    }
    const begin = (): void => {
      const box = card.getBoundingClientRect()
      ghost = card.cloneNode(true) as HTMLElement
      ghost.classList.add('card-ghost')
      ghost.removeAttribute('data-card')
      ghost.setAttribute('aria-hidden', 'true')
      Object.assign(ghost.style, { left: `${box.left}px`, top: `${box.top}px`, width: `${box.width}px` })
      document.body.append(ghost)
      document.body.classList.add('is-dragging')
      over = from
      setDragging({ id, from, over })
      frame = requestAnimationFrame(along)
    }
    const move = (next: globalThis.PointerEvent): void => {
      at.x = next.clientX
      at.y = next.clientY
      if (!ghost && Math.hypot(at.x - start.x, at.y - start.y) < START_PX) return
      if (!ghost) begin()
      if (ghost) ghost.style.transform = `translate(${at.x - start.x}px, ${at.y - start.y}px)`
      look()
    }
    const end = (): void => {
      removeEventListener('pointermove', move)
      removeEventListener('pointerup', up)
      removeEventListener('pointercancel', end)
      removeEventListener('keydown', escape, true)
      cancelAnimationFrame(frame)
      document.body.classList.remove('is-dragging')
      ghost?.remove()
      if (ghost) setDragging(null)
      stop.current = () => undefined
    }
    const up = (): void => {
      const dragged = ghost !== null
      end()
      if (!dragged) return
      // What follows a drag is not a click on the card.
      const swallow = (click: MouseEvent): void => {
        click.preventDefault()
        click.stopPropagation()
      }
      addEventListener('click', swallow, { capture: true, once: true })
      setTimeout(() => removeEventListener('click', swallow, { capture: true }), 0)
      if (over !== null && over !== from) drop.current(row, from, over)
    }
    const escape = (key: KeyboardEvent): void => {
      if (key.key !== 'Escape' || !ghost) return
      key.preventDefault()
      key.stopPropagation()
      end()
    }
    addEventListener('pointermove', move)
    addEventListener('pointerup', up)
    addEventListener('pointercancel', end)
    addEventListener('keydown', escape, true)
    stop.current = end
  }
  return { dragging, press }
}
