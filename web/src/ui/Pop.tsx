//! A panel that hangs on a box: below it, or above when there is no room.
import { useLayoutEffect, useRef, useState, type ReactNode, type RefObject } from 'react'
import { createPortal } from 'react-dom'

interface PopProps {
  anchor: RefObject<HTMLElement | null>
  children: ReactNode
  id?: string
  width?: number
  role?: string
}

const GAP = 4
const HEIGHT_MAX = 320

export function Pop({ anchor, children, id, width, role = 'listbox' }: PopProps) {
  const panel = useRef<HTMLDivElement>(null)
  const [place, setPlace] = useState<{ left: number; top?: number; bottom?: number; width: number; maxHeight: number } | null>(null)
  useLayoutEffect(() => {
    const measure = (): void => {
      const box = anchor.current?.getBoundingClientRect()
      if (!box) return
      const wide = Math.max(box.width, width ?? 280)
      const below = innerHeight - box.bottom - GAP * 2
      const above = box.top - GAP * 2
      const up = below < 200 && above > below
      setPlace({
        left: Math.max(GAP, Math.min(box.left, innerWidth - wide - GAP)),
        width: Math.min(wide, innerWidth - GAP * 2),
        maxHeight: Math.min(HEIGHT_MAX, up ? above : below),
        ...(up ? { bottom: innerHeight - box.top + GAP } : { top: box.bottom + GAP }),
      })
    }
    measure()
    addEventListener('scroll', measure, true)
    addEventListener('resize', measure)
    return () => {
      removeEventListener('scroll', measure, true)
      removeEventListener('resize', measure)
    }
  }, [anchor, width])
  return createPortal(
    // Pressing inside must not take the focus out of the box, or the box would close the panel first.
    <div ref={panel} id={id} role={role} className="pop" style={place ?? { visibility: 'hidden', left: 0, top: 0 }} onMouseDown={(event) => event.preventDefault()}>
      {children}
    </div>,
    document.body,
  )
}
