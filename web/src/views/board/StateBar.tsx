//! How the cards of a column stand with what was planned about them: late, today, later, nothing. A click shows only those.
import { useTranslation } from 'react-i18next'
import { Tip } from '@/ui/parts.tsx'
import { STATES, type State } from './useNext.ts'

interface StateBarProps { states: Readonly<Record<State, readonly string[]>>; asked: number; of: number; chosen: State | null; onChoose: (state: State | null) => void }

export function StateBar({ states, asked, of, chosen, onChoose }: StateBarProps) {
  const { t } = useTranslation()
  const word = (state: State): string => (state === 'none' ? t('board.nothing_planned') : state === 'planned' ? t('board.later') : t(`together.${state}`))
  const beyond = asked < of ? ` ${t('board.first_only', { count: asked })}` : ''
  return (
    <div className="state-bar" role="group" aria-label={t('board.states')}>
      {STATES.filter((state) => states[state].length > 0).map((state) => {
        const text = `${word(state)}: ${states[state].length}${beyond}`
        return (
          <Tip key={state} text={text}>
            <button type="button" className={state} style={{ flexGrow: states[state].length }} data-state={state} aria-pressed={chosen === state} aria-label={text} onClick={() => onChoose(chosen === state ? null : state)}><span className="word">{word(state)} </span><span>{states[state].length}</span></button>
          </Tip>
        )
      })}
    </div>
  )
}
