//! Going from place to place inside the program. Every place is a plain link, so the middle button works.
import type { MouseEvent, ReactNode } from 'react'
import { readWay, wayTo, type Crumb } from './way.ts'

export type Params = Record<string, string | undefined>

export function href(path: string, params: Params = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) if (value !== undefined && value !== '') search.set(name, value)
  const text = search.toString()
  return text ? `${path}?${text}` : path
}

interface History { push: (to: string, state?: object) => void; replace: (to: string, state?: object) => void; location: { href: string; state: unknown } }
let history: History | undefined

/** Told once by the router. Notices and dialogs hang outside its tree and still contain links. */
export const bindHistory = (router: History): void => {
  history = router
}

/** The pages one came by, the last one last. */
export const theWay = (): Crumb[] => readWay(history?.location.state)
const here = (): Crumb => ({ to: history?.location.href ?? '/', title: document.title.replace(/ · Heyi$/, '') })

type GoTo = (to: string, how?: { replace?: boolean; /** To the one beside it: the way stays. */ beside?: boolean }) => void
const goTo: GoTo = (to, how) => {
  if (how?.replace) history?.replace(to, { way: theWay() })
  else history?.push(to, { way: how?.beside ? theWay() : wayTo(to, here(), theWay()) })
}
export const useGo = (): GoTo => goTo

interface GoProps {
  to: string
  children: ReactNode
  className?: string
  title?: string
  tabIndex?: number
  label?: string
  /** Names a record, `entity/id`: its card is shown when one rests on it. */
  about?: string
  current?: boolean
  onGo?: () => void
  /** Goes another way, such as into a panel beside; true when it did. */
  by?: (event: MouseEvent) => boolean
}

export function Go({ to, children, className, title, tabIndex, label, about, current, onGo, by }: GoProps) {
  const go = useGo()
  const follow = (event: MouseEvent): void => {
    event.stopPropagation()
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    if (by?.(event)) return
    onGo?.()
    go(to)
  }
  return (
    <a href={to} className={className} title={title} tabIndex={tabIndex} aria-label={label} data-about={about} aria-current={current ? 'page' : undefined} onClick={follow}>
      {children}
    </a>
  )
}
