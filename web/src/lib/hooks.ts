import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react'

/** True only after `wait` milliseconds of being `on`: quick answers show no skeleton. */
export function useDelayed(on: boolean, wait = 150): boolean {
  const [late, setLate] = useState(false)
  useEffect(() => {
    if (!on) return setLate(false)
    const timer = setTimeout(() => setLate(true), wait)
    return () => clearTimeout(timer)
  }, [on, wait])
  return on && late
}

export function useDebounced<T>(value: T, wait: number): T {
  const [slow, setSlow] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSlow(value), wait)
    return () => clearTimeout(timer)
  }, [value, wait])
  return slow
}

export function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches)
  useEffect(() => {
    const list = matchMedia(query)
    const update = (): void => setMatches(list.matches)
    update()
    list.addEventListener('change', update)
    return () => list.removeEventListener('change', update)
  }, [query])
  return matches
}

/** Below 768 px lists become cards and the menu a bottom bar. */
export const usePhone = (): boolean => useMedia('(max-width: 767.5px)')

/** How wide the inside of an element is; 0 before it is drawn. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const { current } = element
    if (!current) return
    const measure = (): void => setWidth(current.clientWidth)
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(current)
    return () => observer.disconnect()
  }, [element])
  return width
}

export function useLatest<T>(value: T): { readonly current: T } {
  const ref = useRef(value)
  ref.current = value
  return ref
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title ? `${title} · Heyi` : '合一 Heyi'
  }, [title])
}
