//! What a card shows may need less room than the card was given: it tells so, and the page closes up.
import { createContext, useContext, useLayoutEffect } from 'react'

/** One line of words with room around it. */
export const LINE_PX = 44

/** Takes how high the content is; null as long as it fills what it gets. */
export const NeedContext = createContext<(px: number | null) => void>(() => undefined)

export function useNeed(px: number | null): void {
  const tell = useContext(NeedContext)
  useLayoutEffect(() => tell(px), [tell, px])
}
