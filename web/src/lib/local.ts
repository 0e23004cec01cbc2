//! What a person chose on this device. Storage may be blocked or full: then the choice lasts as long as the page.

const kept = new Map<string, string>()

export function remember(key: string, value: unknown): void {
  const text = JSON.stringify(value)
  kept.set(key, text)
  try {
    localStorage.setItem(`heyi.${key}`, text)
  } catch {
    // Kept for this page only.
  }
}

export function recall<T>(key: string, check: (value: unknown) => value is T, otherwise: T): T {
  try {
    const text = kept.get(key) ?? localStorage.getItem(`heyi.${key}`)
    const value: unknown = text ? JSON.parse(text) : undefined
    return check(value) ? value : otherwise
  } catch {
    return otherwise
  }
}

export const isText = (value: unknown): value is string => typeof value === 'string'
export const isFlag = (value: unknown): value is boolean => typeof value === 'boolean'
export const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText)
export const isNumbers = (value: unknown): value is Record<string, number> =>
  typeof value === 'object' && value !== null && Object.values(value).every((inner) => typeof inner === 'number')
