//! What a board will look like behind the offer to begin: its own columns with a few cards made up.
import type { Entity, Field } from '@/api/types.ts'
import { useScene } from '@/meta/meta.ts'
import type { Column } from '../list/columns.ts'
import { samples } from '../list/sample.ts'
import { Tag } from '@/ui/parts.tsx'
import { faceOf } from './card.ts'
import { CardView, type Hands } from './CardView.tsx'
import './board.css'

/** Cards in each column: most where things begin. */
const CARDS = [3, 2, 1, 1]
const IDLE: Hands = { press: () => undefined, move: () => undefined, targets: () => [] }

export default function GhostCards({ entity, columns, by }: { entity: Entity; columns: readonly Column[]; by: Field }) {
  const { meta, today } = useScene()
  const face = faceOf(entity, columns, by)
  const choices = meta.choices(by.choice).slice(0, CARDS.length)
  const lanes = choices.length ? choices.map(({ code, label, tone }) => ({ key: code, label: meta.say(label), tone })) : CARDS.slice(1).map((_, at) => ({ key: String(at), label: `${meta.say(by.label)} ${at + 1}`, tone: 'neutral' as const }))
  const rows = samples(entity, [...columns, ...(face.owner ? [{ path: face.owner.name, field: face.owner, label: '', width: 0, own: false }] : [])], 8, meta, today)
  return (
    <div className="board">
      {lanes.map((lane, at) => {
        const first = CARDS.slice(0, at).reduce((sum, one) => sum + one, 0)
        return (
          <div key={lane.key} className="lane">
            <div className="lane-top"><div className="lane-head"><b><Tag tone={lane.tone} plain={lane.tone === 'neutral'}>{lane.label}</Tag></b><span className="faint num lane-count">{CARDS[at]}</span></div></div>
            <div className="lane-cards">{rows.slice(first, first + (CARDS[at] ?? 1)).map((row) => <CardView key={String(row['id'])} entity={entity} row={row} at={lane.key} face={face} compact={false} next={undefined} icon={undefined} stripe={lane.tone} open={false} busy={false} lifted={false} hands={IDLE} onOpen={() => undefined} />)}</div>
          </div>
        )
      })}
    </div>
  )
}
