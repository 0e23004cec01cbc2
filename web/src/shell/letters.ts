//! Letters of buttons: with Alt held each button of the page, or of the dialog over it, has one, and Alt with that letter presses it.

export interface Named { /** Which letter it has in any case. */ fixed?: string; /** What it is called; its letters are taken first. */ name: string }

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz'

/** One letter each, in reading order: its own, then one of its name, then any that is free; null when none is left. */
export function lettersOf(buttons: readonly Named[], taken: ReadonlySet<string>): (string | null)[] {
  const used = new Set([...taken, ...buttons.flatMap(({ fixed }) => fixed ?? [])])
  const given = new Set<string>()
  return buttons.map(({ fixed, name }) => {
    if (fixed) {
      // Twice on the page, such as above and below: the first has it.
      if (given.has(fixed)) return null
      given.add(fixed)
      return fixed
    }
    const letter = [...name.toLowerCase(), ...ALPHABET].find((one) => ALPHABET.includes(one) && !used.has(one))
    if (letter === undefined) return null
    used.add(letter)
    return letter
  })
}

/** Keys that do the same as others, for hands that come from elsewhere. */
export const ALSO: Readonly<Record<string, string>> = { 'alt+s': 'ctrl+s', 'alt+q': '/', 'alt+b': 'escape', 'alt+j': 'escape', 'alt+h': 'g h', 'ctrl+arrowleft': 'alt+p', 'ctrl+arrowright': 'alt+n' }

const PAGE = '.page-head button, .page-head a.ant-btn, .control button, .form-head button, .form-head a.ant-btn, .selection button, .together-bar button, .add-line'
const DIALOG = '.ant-modal-footer button, .ant-modal-confirm-btns button'

/** The dialog that lies over the page, if one does. */
export const dialogOnTop = (): HTMLElement | undefined => [...document.querySelectorAll<HTMLElement>('.ant-modal-wrap')].filter((one) => one.style.display !== 'none').at(-1)

/** `aria-keyshortcuts` as our names of keys. */
const keyOf = (text: string): string => text.toLowerCase().replace('control+', 'ctrl+').replace('slash', '/')

function fixedOf(element: HTMLElement): string | undefined {
  const key = keyOf(element.getAttribute('aria-keyshortcuts') ?? '')
  const same = Object.entries(ALSO).find(([, other]) => other === key)?.[0] ?? key
  return /^alt\+([a-z])$/.exec(same)?.[1]
}

export interface Lettered { element: HTMLElement; letter: string }

/** The buttons one can see now, each with its letter. `hotkeys` are those of commands. */
export function lettered(hotkeys: readonly string[]): Lettered[] {
  const dialog = dialogOnTop()
  const buttons = [...(dialog ?? document).querySelectorAll<HTMLElement>(dialog ? DIALOG : PAGE)].filter((one) => {
    const box = one.getBoundingClientRect()
    return box.width > 0 && box.bottom > 0 && box.top < innerHeight && !one.hasAttribute('disabled')
  })
  const taken = new Set(dialog ? [] : [...hotkeys, ...Object.keys(ALSO)].flatMap((key) => /^alt\+([a-z])$/.exec(key)?.[1] ?? []))
  const named = buttons.map((one): Named => ({ fixed: dialog ? undefined : fixedOf(one), name: one.dataset['action'] ?? (one.textContent || (one.getAttribute('aria-label') ?? '')) }))
  return lettersOf(named, taken).flatMap((letter, at) => {
    const element = buttons[at]
    return letter && element ? [{ element, letter }] : []
  })
}
