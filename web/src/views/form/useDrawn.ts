//! Of a long document only the lines in view are drawn, and those that must stay: a key pressed in one line of a hundred
//! must not wait for the others.
import { useCallback, useLayoutEffect, useRef, useState, type RefObject } from 'react'

/** As many lines are drawn as they are. */
export const FEW = 40
/** Beyond the window, in px: the next line stands there before Enter or Tab goes to it. */
const AROUND = 240
/** How high a line is taken to be before any was seen. */
const USUAL = 36

/** A line, or the room of some that are not drawn. */
export type Piece = { at: number; room?: undefined } | { at: number; room: number }

/** The lines and rooms from top to bottom. */
export function pieces(count: number, isDrawn: (at: number) => boolean, heightOf: (at: number) => number): Piece[] {
  const found: Piece[] = []
  for (let at = 0; at < count; at += 1) {
    const last = found.at(-1)
    if (isDrawn(at)) found.push({ at })
    else if (last?.room !== undefined) last.room += heightOf(at)
    else found.push({ at, room: heightOf(at) })
  }
  return found
}

/** The first line of each that reaches below `top`, and the last that begins above `bottom`; px from the first line. */
export function inView(count: number, heightOf: (at: number) => number, top: number, bottom: number): readonly [number, number] {
  let y = 0
  let first = count
  let last = -1
  for (let at = 0; at < count; at += 1) {
    const height = heightOf(at)
    if (y + height > top) first = Math.min(first, at)
    if (y < bottom) last = at
    y += height
  }
  return [Math.min(first, last), last]
}

/** What to draw of `keys`; `must` are drawn wherever they stand. */
export function useDrawn(table: RefObject<HTMLTableElement | null>, keys: readonly string[], must: ReadonlySet<string>): Piece[] {
  const [view, setView] = useState<readonly [number, number]>([0, FEW - 1])
  const heights = useRef(new Map<string, number>())
  const usual = useRef(USUAL)
  const count = keys.length
  const heightOf = (at: number): number => heights.current.get(keys[at] ?? '') ?? usual.current
  const latest = useRef({ count, heightOf })
  latest.current = { count, heightOf }
  const look = useCallback(() => {
    const { current } = table
    const { count, heightOf } = latest.current
    if (!current || count <= FEW) return
    for (const body of current.tBodies) {
      const key = body.dataset['row']
      if (!key) continue
      heights.current.set(key, body.offsetHeight)
      usual.current = body.offsetHeight
    }
    const top = -(current.getBoundingClientRect().top + (current.tHead?.offsetHeight ?? 0))
    const near = inView(count, heightOf, top - AROUND / 2, top + innerHeight + AROUND / 2)
    setView((now) => (now[0] <= near[0] && now[1] >= near[1] ? now : inView(count, heightOf, top - AROUND, top + innerHeight + AROUND)))
  }, [table])
  useLayoutEffect(look, [look, count])
  const many = count > FEW
  useLayoutEffect(() => {
    if (!many) return
    // The page scrolls in a box of its own: what scrolls tells only whoever listens on the way down.
    const options = { capture: true, passive: true }
    addEventListener('scroll', look, options)
    addEventListener('resize', look)
    return () => {
      removeEventListener('scroll', look, options)
      removeEventListener('resize', look)
    }
  }, [many, look])
  return pieces(count, (at) => !many || (at >= view[0] && at <= view[1]) || must.has(keys[at] ?? ''), heightOf)
}
