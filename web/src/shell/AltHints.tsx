//! While Alt is held, each button shows its letter, and what else can be done here by the keyboard stands at the lower edge.
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { currentCommands, useAllCommands } from '@/lib/commands.ts'
import { Caps } from '@/ui/parts.tsx'
import { lettered } from './letters.ts'

const HELD_MS = 450
const SHOWN = 14

interface Badge { letter: string; x: number; y: number }

const badges = (): Badge[] => lettered(currentCommands().flatMap((command) => command.hotkey ?? [])).map(({ element, letter }) => {
  const box = element.getBoundingClientRect()
  return { letter, x: box.left + Math.min(box.width, 40) / 2, y: box.bottom }
})

export function AltHints() {
  const { t } = useTranslation()
  const commands = useAllCommands()
  const [held, setHeld] = useState<readonly Badge[] | null>(null)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = (): void => {
      clearTimeout(timer)
      setHeld(null)
    }
    const press = (event: KeyboardEvent): void => {
      if (event.key !== 'Alt') return stop()
      if (!event.repeat) timer = setTimeout(() => setHeld(badges()), HELD_MS)
    }
    addEventListener('keydown', press)
    addEventListener('keyup', stop)
    addEventListener('blur', stop)
    addEventListener('scroll', stop, { capture: true, passive: true })
    return () => {
      stop()
      removeEventListener('keydown', press)
      removeEventListener('keyup', stop)
      removeEventListener('blur', stop)
      removeEventListener('scroll', stop, { capture: true })
    }
  }, [])
  if (!held) return null
  const seen = new Set<string>()
  const shown = commands.filter((command) => command.hotkey && command.group !== 'go' && !command.because && !seen.has(command.hotkey) && seen.add(command.hotkey)).slice(0, SHOWN)
  return (
    <>
      {held.map(({ letter, x, y }) => <kbd key={letter} className="alt-letter" aria-hidden="true" style={{ left: x, top: y }}>{letter.toUpperCase()}</kbd>)}
      <div className="alt-hints" role="status" aria-label={t('keys.title')}>
        {shown.map((command) => <span key={command.id} className="row-flex"><Caps hotkey={command.hotkey ?? ''} />{command.label}</span>)}
      </div>
    </>
  )
}
