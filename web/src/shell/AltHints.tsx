//! While Alt is held, what can be done here by the keyboard stands at the lower edge.
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAllCommands } from '@/lib/commands.ts'
import { Caps } from '@/ui/parts.tsx'

const HELD_MS = 450
const SHOWN = 14

export function AltHints() {
  const { t } = useTranslation()
  const commands = useAllCommands()
  const [held, setHeld] = useState(false)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = (): void => {
      clearTimeout(timer)
      setHeld(false)
    }
    const press = (event: KeyboardEvent): void => {
      if (event.key !== 'Alt') return stop()
      if (!event.repeat) timer = setTimeout(() => setHeld(true), HELD_MS)
    }
    addEventListener('keydown', press)
    addEventListener('keyup', stop)
    addEventListener('blur', stop)
    return () => {
      stop()
      removeEventListener('keydown', press)
      removeEventListener('keyup', stop)
      removeEventListener('blur', stop)
    }
  }, [])
  if (!held) return null
  const seen = new Set<string>()
  const shown = commands.filter((command) => command.hotkey && command.group !== 'go' && !command.because && !seen.has(command.hotkey) && seen.add(command.hotkey)).slice(0, SHOWN)
  return (
    <div className="alt-hints" role="status" aria-label={t('keys.title')}>
      {shown.map((command) => <span key={command.id} className="row-flex"><Caps hotkey={command.hotkey ?? ''} />{command.label}</span>)}
    </div>
  )
}
