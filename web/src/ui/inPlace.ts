//! Messages that follow each other in one place.

const shown = new Map<string, string>()
let count = 0

/**
 * The key of a new message in `place`; what stood there goes. Antd neither begins the time of a message anew when
 * another of the same key and length follows, nor shows one whose forerunner is on its way out: each has its own key.
 */
export function inPlace(from: { destroy: (key: string) => void }, place: string): string {
  clearPlace(from, place)
  const key = `${place}-${(count += 1)}`
  shown.set(place, key)
  return key
}

/** Takes away what stands in a place. */
export function clearPlace(from: { destroy: (key: string) => void }, place: string): void {
  const before = shown.get(place)
  if (before) from.destroy(before)
  shown.delete(place)
}
