//! One listener for all keys. It knows nothing of any screen: it runs what the screen offers.
import { useEffect } from 'react'
import { currentCommands } from '@/lib/commands.ts'
import { chord, isComposing, Sequence, writes } from '@/lib/keys.ts'

/** Other keys for the same thing, for hands that come from elsewhere. */
const ALSO: Record<string, string> = { 'alt+s': 'ctrl+s', 'alt+q': '/', 'alt+j': 'escape', 'alt+b': 'escape', 'ctrl+arrowleft': 'alt+p', 'ctrl+arrowright': 'alt+n' }

const isWriting = (target: EventTarget | null): boolean => target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !/^(checkbox|radio|button)$/.test(target.getAttribute('type') ?? ''))
/** Something lies over the page: keys belong to it. */
const isCovered = (): boolean => document.querySelector('.ant-modal-wrap:not([style*="display: none"]), .ant-dropdown:not(.ant-dropdown-hidden), .ant-popover:not(.ant-popover-hidden), .ant-drawer-open') !== null

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
      if (isCovered() && name !== 'ctrl+k') return
      if (single === 'escape' && writing) {
        ;(event.target as HTMLElement).blur()
        return
      }
      const commands = currentCommands()
      const found = commands.find((command) => command.hotkey === name) ?? commands.find((command) => command.hotkey === (ALSO[name] ?? single))
      if (!found) return
      event.preventDefault()
      if (found.because) onRefused(found.because)
      else found.run()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
}
