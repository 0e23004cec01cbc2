//! The way one came: pages kept with each entry of the browser's history, so that reload, back and forward know it, too.

/** A page on the way. */
export interface Crumb { to: string; title: string }

const CRUMBS_MAX = 6
/** Pages one does not come back to. */
const PASSING = /^\/(print\/|sign-in)|\/new$/

const pathOf = (to: string): string => to.split('?')[0] ?? ''
const parts = (to: string): number => pathOf(to).split('/').filter(Boolean).length

/** Whether a page begins anew: home, and what a menu opens. */
const isStart = (to: string): boolean => !to.includes('?') && (parts(to) < 2 || (to.startsWith('/report/') && parts(to) === 2))

/** The way to a page from where one is: what one goes back to falls away, what one comes from is added. */
export function wayTo(to: string, here: Crumb, kept: readonly Crumb[]): Crumb[] {
  const at = kept.findIndex((crumb) => crumb.to === to)
  if (at >= 0) return kept.slice(0, at)
  if (isStart(to)) return []
  // The same list or report asked otherwise is the same place.
  if (pathOf(here.to) === pathOf(to) || PASSING.test(pathOf(here.to)) || !here.title) return [...kept]
  const known = kept.findIndex((crumb) => pathOf(crumb.to) === pathOf(here.to))
  return [...(known >= 0 ? kept.slice(0, known) : kept), here].slice(-CRUMBS_MAX)
}

const isCrumb = (value: unknown): value is Crumb => typeof value === 'object' && value !== null && 'to' in value && typeof value.to === 'string' && value.to.startsWith('/') && 'title' in value && typeof value.title === 'string'

/** The way as the history keeps it. */
export const readWay = (state: unknown): Crumb[] => {
  const way = typeof state === 'object' && state !== null && 'way' in state ? state.way : null
  return Array.isArray(way) ? way.filter(isCrumb) : []
}
