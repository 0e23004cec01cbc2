//! What a board will look like, dimmed, behind the offer to begin.
import type { ReactNode } from 'react'

const LANES = [[78, 54, 66], [62, 81], [70]]

export function GhostCards({ children }: { children: ReactNode }) {
  return (
    <div className="ghosts">
      <div className="ghost-lanes" aria-hidden="true">
        {LANES.map((cards, lane) => (
          <div key={lane} className="ghost-lane">
            <span className="ghost-line" style={{ width: '40%' }} />
            {cards.map((width) => <div key={width} className="card"><span className="ghost-line" style={{ width: `${width}%` }} /><span className="ghost-line" style={{ width: `${width - 26}%` }} /></div>)}
          </div>
        ))}
      </div>
      <div className="ghost-words">{children}</div>
    </div>
  )
}
