//! The keyboard map. Keys do nothing while an input method is composing: Enter picks a Chinese word there, not a button.

/** The part of a keyboard event we read; a plain object in tests. */
export interface Press {
  key: string
  code: string
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
  shiftKey: boolean
  isComposing: boolean
  keyCode?: number
}

/** Composing; Safari reports the confirming Enter as key code 229. */
export const isComposing = (press: Press): boolean => press.isComposing || press.keyCode === 229 || press.key === 'Process'

/**
 * The name of what was pressed: `ctrl+k`, `alt+c`, `?`, `escape`, `g`.
 * ⌘ counts as Ctrl. Letters are read off the physical key when the layout is not Latin,
 * or when Alt made a special character out of them.
 */
export function chord(press: Press): string {
  let key = press.key
  const physical = /^Key([A-Z])$/.exec(press.code)?.[1] ?? /^Digit(\d)$/.exec(press.code)?.[1]
  const latin = /^[\x20-\x7e]$/.test(key)
  if (physical && (!latin || press.altKey) && key.length <= 2) key = physical
  key = key.toLowerCase()
  if (key === ' ') key = 'space'
  const parts: string[] = []
  if (press.ctrlKey || press.metaKey) parts.push('ctrl')
  if (press.altKey) parts.push('alt')
  // Shift is part of a printed sign such as ?, but told apart for letters and named keys.
  if (press.shiftKey && (key.length > 1 || /[a-z]/.test(key))) parts.push('shift')
  return [...parts, key].join('+')
}

/** Keys that write: they must not fire while a person types in a field. */
export const writes = (name: string): boolean => !/^(ctrl|alt)\+/.test(name) && name !== 'escape' && !/^f\d+$/.test(name)

/** As printed on a key cap: `Ctrl K`, or `⌘ K` on a Mac. */
export function caps(hotkey: string, mac: boolean): string[] {
  const arrows = { arrowleft: '←', arrowright: '→', arrowup: '↑', arrowdown: '↓' }
  const names: Record<string, string> = mac
    ? { ...arrows, ctrl: '⌘', alt: '⌥', shift: '⇧', escape: 'Esc', enter: '↵', space: 'Space' }
    : { ...arrows, ctrl: 'Ctrl', alt: 'Alt', shift: 'Shift', escape: 'Esc', enter: 'Enter', space: 'Space' }
  return hotkey.split(/[+ ]/).map((part) => names[part] ?? (part.length === 1 ? part.toUpperCase() : part[0]?.toUpperCase() + part.slice(1)))
}

/** As told to those who do not see it: `Control+S`. */
export const ariaKeys = (hotkey: string): string => hotkey.split('+').map((part) => (part === 'ctrl' ? 'Control' : (part[0] ?? '').toUpperCase() + part.slice(1))).join('+')

export const isMac = (): boolean => /mac|iphone|ipad/i.test(navigator.userAgent)

/** Joins presses of a sequence such as `g h`; forgets the first after a second. */
export class Sequence {
  private first = ''
  private at = 0

  constructor(private readonly starts: (name: string) => boolean, private readonly patience = 1000) {}

  next(name: string, now: number): string {
    if (this.first && now - this.at <= this.patience) {
      const both = `${this.first} ${name}`
      this.first = ''
      return both
    }
    this.first = this.starts(name) ? name : ''
    this.at = now
    return name
  }
}
