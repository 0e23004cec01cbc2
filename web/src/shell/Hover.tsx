//! Rests the pointer or the focus on the name of a record, its card is shown: for all such links at once, none of them knows.
import { lazy, Suspense, useEffect, useState } from 'react'

const RecordCard = lazy(() => import('./RecordCard.tsx'))

const WAIT_MS = 450
/** Long enough to move onto the card. */
const LEAVE_MS = 180
const LINKS = 'a[data-about]'

export function Hover() {
  const [link, setLink] = useState<HTMLElement | null>(null)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let now: HTMLElement | null = null
    const then = (next: HTMLElement | null, wait: number): void => {
      clearTimeout(timer)
      timer = setTimeout(() => {
        now = next?.isConnected ? next : null
        setLink(now)
      }, wait)
    }
    const linkOf = (target: EventTarget | null): HTMLElement | null => (target instanceof Element ? target.closest<HTMLElement>(LINKS) : null)
    const isCard = (target: EventTarget | null): boolean => target instanceof Element && target.closest('.record-card') !== null
    const over = (event: PointerEvent): void => {
      if (event.pointerType === 'touch') return
      const at = linkOf(event.target)
      if (isCard(event.target)) clearTimeout(timer)
      else if (at) then(at, at === now ? 0 : WAIT_MS)
      else if (!now) clearTimeout(timer)
      // What has the keyboard's focus keeps its card while the pointer rests elsewhere.
      else if (!now.matches(':focus-visible')) then(null, LEAVE_MS)
    }
    const focus = (event: FocusEvent): void => {
      const at = linkOf(event.target)
      if (at?.matches(':focus-visible')) then(at, WAIT_MS)
      else if (now) then(null, 0)
    }
    const gone = (): void => then(null, 0)
    const key = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || !now) return
      // The first Esc puts away what lies on top.
      event.preventDefault()
      event.stopPropagation()
      gone()
    }
    addEventListener('pointerover', over)
    addEventListener('pointerdown', gone)
    addEventListener('focusin', focus)
    addEventListener('focusout', gone)
    addEventListener('keydown', key, true)
    addEventListener('scroll', gone, true)
    return () => {
      clearTimeout(timer)
      removeEventListener('pointerover', over)
      removeEventListener('pointerdown', gone)
      removeEventListener('focusin', focus)
      removeEventListener('focusout', gone)
      removeEventListener('keydown', key, true)
      removeEventListener('scroll', gone, true)
    }
  }, [])
  return link ? <Suspense><RecordCard key={link.dataset['about']} link={link} /></Suspense> : null
}
