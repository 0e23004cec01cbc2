//! Something carried by hand: pulled with the mouse, or with a finger that has rested on it for a moment.
import type { PointerEvent } from 'react'

/** Less than this is a click. */
const PULL_PX = 4
/** A finger that rests so long takes hold; one that moves before scrolls. */
const HOLD_MS = 350
const HOLD_PX = 10
/** So near the edge what is behind rolls on. */
const EDGE_PX = 36
const ROLL_PX = 14

export interface Carried {
  /** What rolls on when its edge is reached, and how much of it is covered by what stays in sight. */
  scroller?: HTMLElement | null
  inset?: { left: number; top: number }
  /** What goes along under the pointer as a picture of itself. */
  ghost?: HTMLElement
  move: (x: number, y: number) => void
  /** Let go; `keep` is false where it was given up. */
  end: (keep: boolean) => void
}

function pictureOf(element: HTMLElement): HTMLElement {
  const box = element.getBoundingClientRect()
  const picture = element.cloneNode(true) as HTMLElement
  picture.classList.add('carried')
  for (const one of [picture, ...picture.querySelectorAll('*')]) for (const name of ['id', 'data-record', 'tabindex']) one.removeAttribute(name)
  picture.setAttribute('aria-hidden', 'true')
  Object.assign(picture.style, { position: 'fixed', inset: 'auto', left: `${box.left}px`, top: `${box.top}px`, width: `${box.width}px`, height: `${box.height}px`, margin: '0' })
  document.body.append(picture)
  return picture
}

/** Begins with the press; what follows is told until it is let go. Escape gives it up. */
export function carry(event: PointerEvent, { scroller, inset = { left: 0, top: 0 }, ghost, move, end }: Carried): void {
  if (event.button !== 0 || !event.isPrimary) return
  const touch = event.pointerType !== 'mouse'
  const start = { x: event.clientX, y: event.clientY }
  const at = { ...start }
  let held = false
  let picture: HTMLElement | null = null
  let frame = 0
  let hold: ReturnType<typeof setTimeout> | undefined

  const roll = (): void => {
    const box = scroller?.getBoundingClientRect()
    if (scroller && box) {
      const by = (here: number, low: number, high: number): number => (here < low + EDGE_PX ? -ROLL_PX : here > high - EDGE_PX ? ROLL_PX : 0)
      const [left, top] = [scroller.scrollLeft, scroller.scrollTop]
      scroller.scrollLeft += by(at.x, box.left + inset.left, box.right)
      scroller.scrollTop += by(at.y, box.top + inset.top, box.bottom)
      if (scroller.scrollLeft !== left || scroller.scrollTop !== top) move(at.x, at.y)
    }
    frame = requestAnimationFrame(roll)
  }
  const take = (): void => {
    held = true
    if (ghost) picture = pictureOf(ghost)
    document.body.classList.add('is-dragging')
    if (touch) navigator.vibrate?.(10)
    frame = requestAnimationFrame(roll)
    move(at.x, at.y)
  }
  const onMove = (next: globalThis.PointerEvent): void => {
    if (next.pointerId !== event.pointerId) return
    at.x = next.clientX
    at.y = next.clientY
    const way = Math.hypot(at.x - start.x, at.y - start.y)
    if (!held && touch) return way > HOLD_PX ? stop(false) : undefined
    if (!held && way < PULL_PX) return
    if (!held) take()
    if (picture) picture.style.transform = `translate(${at.x - start.x}px, ${at.y - start.y}px)`
    move(at.x, at.y)
  }
  const stop = (keep: boolean): void => {
    clearTimeout(hold)
    cancelAnimationFrame(frame)
    for (const [name, heard, how] of heards) removeEventListener(name, heard as EventListener, how)
    document.body.classList.remove('is-dragging')
    picture?.remove()
    if (!held) return
    // What follows a pull is not a click on what was pulled.
    const swallow = (click: Event): void => {
      click.preventDefault()
      click.stopPropagation()
    }
    addEventListener('click', swallow, { capture: true, once: true })
    setTimeout(() => removeEventListener('click', swallow, { capture: true }))
    end(keep)
  }
  const onKey = (pressed: KeyboardEvent): void => {
    if (pressed.key !== 'Escape' || !held) return
    pressed.preventDefault()
    pressed.stopPropagation()
    stop(false)
  }
  /** A finger that holds something neither scrolls nor asks for a menu. */
  const still = (other: Event): void => {
    if (held || other.type === 'contextmenu') other.preventDefault()
  }
  const up = (): void => stop(true)
  const cancel = (): void => stop(false)
  const heards: [string, (event: never) => void, AddEventListenerOptions?][] = [
    ['pointermove', onMove], ['pointerup', up], ['pointercancel', cancel], ['keydown', onKey, { capture: true }],
    ...(touch ? [['touchmove', still, { passive: false }] as const, ['contextmenu', still, { capture: true }] as const] : []).map((one): [string, (event: never) => void, AddEventListenerOptions?] => [...one]),
  ]
  for (const [name, heard, how] of heards) addEventListener(name, heard as EventListener, how)
  if (touch) hold = setTimeout(take, HOLD_MS)
}
