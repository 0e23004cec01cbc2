//! Where cards stand: twelve columns, and every card as high up as it can go. The arrangement follows from the order
//! of the cards alone, so moving one never leaves a hole or lets two overlap.

export const COLUMNS = 12
/** The smallest card that still shows something. */
export const WIDTH_MIN = 2
export const HEIGHT_MIN = 1
export const HEIGHT_MAX = 24

/** Cards so high show more when they get more; so much is not too much for them. */
const FILLS_MIN = 4
const FILL_MAX = 4

export interface Place { x: number; y: number; w: number; h: number }
export interface Placed extends Place { id: string }

const byPlace = (a: Place, b: Place): number => a.y - b.y || a.x - b.x
const clamp = (value: number, least: number, most: number): number => Math.max(least, Math.min(most, value))
const sharesColumns = (a: Place, b: Place): boolean => a.x < b.x + b.w && b.x < a.x + a.w

/** Lets cards fall up one after the other, in the order given. */
function fall<T extends Placed>(cards: readonly T[]): T[] {
  const heights = new Array<number>(COLUMNS).fill(0)
  const fallen = cards.map((card) => {
    const w = clamp(Math.round(card.w), 1, COLUMNS)
    const h = clamp(Math.round(card.h), HEIGHT_MIN, HEIGHT_MAX)
    const x = clamp(Math.round(card.x), 0, COLUMNS - w)
    const y = Math.max(...heights.slice(x, x + w))
    heights.fill(y + h, x, x + w)
    return { ...card, x, y, w, h }
  })
  return fallen.sort(byPlace)
}

/** In reading order, without holes. */
export const settle = <T extends Placed>(cards: readonly T[]): T[] => fall([...cards].sort(byPlace))

/** As cards stand while nobody arranges them: none is higher than what it says, and what comes after goes up, to the side
 *  where there is room. Nothing moves where every card needs all it was given; else the last ones end together. */
export function packed<T extends Placed>(cards: readonly T[], needs: ReadonlyMap<string, number>): T[] {
  const order = settle(cards)
  const heights = new Array<number>(COLUMNS).fill(0)
  const asked = (card: T): number => Math.min(card.h, needs.get(card.id) ?? card.h)
  const spare = order.some((card) => asked(card) < card.h)
  if (!spare) return order
  const made = order.map((card) => {
    const h = asked(card)
    const top = (x: number): number => Math.max(...heights.slice(x, x + card.w))
    const sides = Array.from({ length: Math.floor(COLUMNS / card.w) }, (_, at) => at * card.w)
    const x = [card.x, ...sides].reduce((best, side) => (top(side) < top(best) ? side : best))
    const y = top(x)
    heights.fill(y + h, x, x + card.w)
    return { ...card, x, y, h }
  })
  const bottom = Math.max(...heights)
  return made.map((card, at) => {
    const missing = bottom - card.y - card.h
    const fills = card.h >= FILLS_MIN && card.h === order[at]?.h && missing <= FILL_MAX
    const last = made.every((other) => other.y <= card.y || !sharesColumns(other, card))
    return fills && last ? { ...card, h: card.h + missing } : card
  }).sort(byPlace)
}

/** A card pulled to a place, in fractions of a cell where a pointer pulls: others make room once they are half covered. */
export function moved<T extends Placed>(cards: readonly T[], id: string, to: { x: number; y: number }): T[] {
  const card = cards.find((one) => one.id === id)
  if (!card) return [...cards]
  const others = cards.filter((one) => one.id !== id).sort(byPlace)
  const pulled = { ...card, x: clamp(Math.round(to.x), 0, COLUMNS - card.w) }
  const comesBefore = (other: T): boolean => {
    const middle = other.y + other.h / 2
    // What stood below has to be passed; any other card gives its place to who comes over its upper half.
    return other.y > card.y && sharesColumns(other, card) ? to.y + card.h <= middle : to.y < middle
  }
  const at = others.findIndex((other) => comesBefore(other) && sharesColumns(other, pulled))
  return fall(at < 0 ? [...others, pulled] : [...others.slice(0, at), pulled, ...others.slice(at)])
}

export function resized<T extends Placed>(cards: readonly T[], id: string, size: { w: number; h: number }): T[] {
  return settle(cards.map((card) => (card.id === id ? { ...card, w: clamp(Math.round(size.w), WIDTH_MIN, COLUMNS - card.x), h: clamp(Math.round(size.h), HEIGHT_MIN, HEIGHT_MAX) } : card)))
}

export type Step = 'left' | 'right' | 'up' | 'down'

/** One step by the keyboard: a column aside, or past the next card above or below. */
export function stepped<T extends Placed>(cards: readonly T[], id: string, step: Step): T[] {
  const card = cards.find((one) => one.id === id)
  if (!card) return [...cards]
  if (step === 'left') return moved(cards, id, { x: card.x - 1, y: card.y })
  if (step === 'right') return moved(cards, id, { x: card.x + 1, y: card.y })
  const beside = cards.filter((one) => one.id !== id && sharesColumns(one, card))
  if (step === 'up') {
    const above = beside.filter((one) => one.y < card.y).sort((a, b) => b.y - a.y)[0]
    return above ? moved(cards, id, { x: card.x, y: above.y }) : [...cards]
  }
  const below = beside.filter((one) => one.y > card.y).sort(byPlace)[0]
  return below ? moved(cards, id, { x: card.x, y: below.y + below.h - card.h + 1 }) : [...cards]
}

export function grown<T extends Placed>(cards: readonly T[], id: string, step: Step): T[] {
  const card = cards.find((one) => one.id === id)
  if (!card) return [...cards]
  return resized(cards, id, { w: card.w + (step === 'right' ? 1 : step === 'left' ? -1 : 0), h: card.h + (step === 'down' ? 1 : step === 'up' ? -1 : 0) })
}

/** Exchanges a card with the one read before or after it: the only order there is on a phone. */
export function swapped<T extends Placed>(cards: readonly T[], id: string, by: -1 | 1): T[] {
  const order = settle(cards)
  const at = order.findIndex((card) => card.id === id)
  const [first, second] = by < 0 ? [order[at - 1], order[at]] : [order[at], order[at + 1]]
  if (at < 0 || !first || !second) return order
  const here = Math.min(at, at + by)
  const places = sharesColumns(first, second)
    ? [first.x, second.x]
    : first.y === second.y ? [first.x + second.w, first.x] : [second.x, first.x]
  const fit = (card: T, x: number | undefined): T => ({ ...card, x: clamp(x ?? 0, 0, COLUMNS - card.w) })
  return fall([...order.slice(0, here), fit(second, places[1]), fit(first, places[0]), ...order.slice(here + 2)])
}

/** A new card beside the last ones where it fits, else below everything. */
export function added<T extends Placed>(cards: readonly T[], card: T): T[] {
  const order = settle(cards)
  const bottom = Math.max(0, ...order.map((one) => one.y + one.h))
  const free = (x: number, y: number): boolean => order.every((one) => one.y + one.h <= y || !sharesColumns(one, { ...card, x }))
  for (let y = Math.max(0, bottom - card.h); y < bottom; y += 1) {
    for (let x = 0; x + card.w <= COLUMNS; x += 1) if (free(x, y)) return fall([...order, { ...card, x, y }])
  }
  return fall([...order, { ...card, x: 0, y: bottom }])
}
