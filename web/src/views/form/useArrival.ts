//! Where the keyboard is when a new record is saved and its own page opens: at what is done with it next, not nowhere.
import { useEffect, type RefObject } from 'react'

/** The main action, else the first one. */
const NEXT = ['.form-tools .actions .ant-btn-primary', '.form-tools .actions button']
let saved = ''

/** From the page of the new record to that of the saved one. */
export function arrive(id: string, go: () => void): void {
  saved = id
  go()
}
/** An effect of every drawing: what is done next may come a moment later than the page. */
export function useArrival(root: RefObject<HTMLElement | null>, id: string | null): void {
  useEffect(() => {
    if (!id || id !== saved) return
    const next = NEXT.map((one) => root.current?.querySelector<HTMLElement>(one)).find(Boolean)
    // Who went elsewhere meanwhile stays there.
    if (!next && document.activeElement === document.body) return
    saved = ''
    if (document.activeElement === document.body) next?.focus()
  })
}
