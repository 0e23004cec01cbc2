//! One listener for all keys. It knows nothing of any screen: it runs what the screen offers.
import { useEffect } from 'react'
import { currentCommands } from '@/lib/commands.ts'
import { chord, isComposing, isMac, Sequence, writes } from '@/lib/keys.ts'
import { ALSO, dialogOnTop, lettered } from './letters.ts'

const isWriting = (target: EventTarget | null): boolean => target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !/^(checkbox|radio|button)$/.test(target.getAttribute('type') ?? ''))
/** Something lies over the page: keys belong to it. */
const isCovered = (): boolean => document.querySelector('.ant-modal-wrap:not([style*="display: none"]), .ant-dropdown:not(.ant-dropdown-hidden), .ant-popover:not(.ant-popover-hidden), .ant-drawer-open') !== null

/** Presses the button that has this letter; on a Mac not while one writes, where Alt makes other signs. */
function pressLetter(name: string, writing: boolean): boolean {
  if (!/^alt\+[a-z]$/.test(name) || (writing && isMac())) return false
  const found = lettered(currentCommands().flatMap((command) => command.hotkey ?? [])).find(({ letter }) => `alt+${letter}` === name)
  found?.element.click()
  return found !== undefined
}

/** Enter that takes a word of the input method sends no form: of a filter, a name, a dialog. */
function holdBack(event: KeyboardEvent): void {
  if (event.key === 'Enter' && isComposing(event)) event.preventDefault()
}

/** What a dialog is there for, done by Ctrl Enter from wherever one writes in it. */
function confirmTop(): boolean {
  const button = [...(dialogOnTop()?.querySelectorAll<HTMLButtonElement>('.ant-modal-footer button, .ant-modal-confirm-btns button') ?? [])].filter((one) => !one.disabled).at(-1)
  if (!button) return false
  // What is being typed in a box counts.
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
  button.click()
  return true
}

export function useHotkeys(onRefused: (because: string) => void): void {
  useEffect(() => {
    const sequence = new Sequence((name) => name === 'g')
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || isComposing(event) || ['Control', 'Shift', 'Alt', 'Meta'].includes(event.key)) return
      const single = chord(event)
      const writing = isWriting(event.target)
      // In a box these move by words.
      if (writing && single.startsWith('ctrl+arrow')) return
      if (writing && writes(single)) return
      const name = sequence.next(single, event.timeStamp)
      if (isCovered() && name !== 'ctrl+k') {
        if ((name === 'ctrl+enter' && confirmTop()) || (dialogOnTop() && pressLetter(name, writing))) event.preventDefault()
        return
      }
      if (single === 'escape' && writing) {
        ;(event.target as HTMLElement).blur()
        return
      }
      const commands = currentCommands()
      const found = commands.find((command) => command.hotkey === name) ?? commands.find((command) => command.hotkey === (ALSO[name] ?? single))
      if (!found) {
        if (pressLetter(name, writing)) event.preventDefault()
        return
      }
      event.preventDefault()
      if (found.because) onRefused(found.because)
      else found.run()
    }
    addEventListener('keydown', press)
    addEventListener('keydown', holdBack, true)
    return () => {
      removeEventListener('keydown', press)
      removeEventListener('keydown', holdBack, true)
    }
  }, [])
}
