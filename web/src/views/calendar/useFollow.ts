//! The focus stays on a record that wanders over the screen, though it is drawn anew where it arrives.
import { useEffect, useRef, type RefObject } from 'react'

/** Gives the focus to what `find` names, again whenever a redraw has dropped it, until the person goes elsewhere. */
export function useFollow(root: RefObject<HTMLElement | null>, find: (root: HTMLElement, wanted: string) => HTMLElement | null): (wanted: string) => void {
  const wanted = useRef('')
  const fresh = useRef(false)
  useEffect(() => {
    const forget = (event: Event): void => {
      const { current } = root
      if (!wanted.current || !current) return
      if (event.type === 'pointerdown' || event.target !== find(current, wanted.current)) wanted.current = ''
    }
    addEventListener('focusin', forget)
    addEventListener('pointerdown', forget)
    return () => {
      removeEventListener('focusin', forget)
      removeEventListener('pointerdown', forget)
    }
  }, [])
  useEffect(() => {
    if (!wanted.current || !root.current) return
    if (!fresh.current && document.activeElement !== document.body) return
    const found = find(root.current, wanted.current)
    if (!found) return
    fresh.current = false
    found.focus()
  })
  return (next) => {
    wanted.current = next
    const found = root.current && find(root.current, next)
    found?.focus()
    fresh.current = !found
  }
}
