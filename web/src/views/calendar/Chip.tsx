//! A record on its day: a line in a month, a card where there is room. Dragged, or moved with Alt and the arrows.
import { Tooltip } from 'antd'
import { useQuery } from '@tanstack/react-query'
import { useState, type KeyboardEvent, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '@/api/queries.ts'
import type { Entity, Field, Rec } from '@/api/types.ts'
import { Show } from '@/fields/kits.tsx'
import { Go } from '@/lib/go.tsx'
import { isComposing } from '@/lib/keys.ts'
import { textOf, type Scene } from '@/meta/meta.ts'
import { Tag } from '@/ui/parts.tsx'
import type { Column } from '../list/columns.ts'
import { FactsTip, Mark, tell } from './facts.tsx'
import { timeOf } from './fields.ts'
import type { Moves } from './useMoves.tsx'

/** What every day of a calendar knows. */
export interface Sheet {
  entity: Entity
  field: Field
  columns: readonly Column[]
  scene: Scene
  moves: Moves
  movable: boolean
  /** The record under the pointer, while it is dragged. */
  dragged: RefObject<Rec | null>
  moveTo: (row: Rec, day: string) => void
  nudge: (row: Rec, day: string, days: number) => void
  create: ((day: string) => void) | null
  say: (text: string) => void
}

const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }

export function Chip({ sheet, row, day, card }: { sheet: Sheet; row: Rec; day: string; card?: boolean }) {
  const { t } = useTranslation()
  const { entity, field, scene, moves } = sheet
  const [touched, setTouched] = useState(false)
  const id = textOf(row['id'])
  // Whether this very record may be moved is asked when somebody comes near it.
  const { data } = useQuery({ ...queries.record(entity.name, id), enabled: touched && sheet.movable })
  const because = moves.fixed(data)
  const movable = sheet.movable && because === null
  const told = tell(scene, entity, sheet.columns, row)
  const time = timeOf(row[field.name], field)
  const touch = (): void => setTouched(true)

  const onKeyDown = (event: KeyboardEvent): void => {
    const step = STEPS[event.key]
    if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || !step || isComposing(event.nativeEvent)) return
    event.preventDefault()
    event.stopPropagation()
    if (movable) sheet.nudge(row, day, step)
    else sheet.say(because ?? t('calendar.fixed'))
  }
  const money = card ? sheet.columns.find((column) => column.field.kind === 'amount') : undefined
  return (
    <Tooltip title={<FactsTip told={told} note={sheet.movable ? (because ?? t('calendar.how')) : undefined} />} mouseEnterDelay={0.5} classNames={{ root: 'time-tip' }}>
      <div
        className={`time-chip tone-${told.tone}${card ? ' card' : ''}`}
        data-record={id}
        draggable={movable}
        onPointerEnter={touch}
        onFocus={touch}
        onKeyDown={onKeyDown}
        onClick={(event) => event.stopPropagation()}
        onDragStart={(event) => {
          if (!movable) return event.preventDefault()
          sheet.dragged.current = row
          event.dataTransfer.effectAllowed = 'move'
          event.dataTransfer.setData('text/plain', told.title)
        }}
        onDragEnd={() => {
          sheet.dragged.current = null
        }}
      >
        <Go to={`/${entity.name}/${id}`}>
          {card ? (
            <>
              <span className="spread"><b className="clip"><Mark told={told} /> {time && `${time} `}{told.title}</b>{money && <span className="num"><Show field={money.field} record={row} value={row[money.path]} scene={scene} plain /></span>}</span>
              <span className="card-words">{told.words.filter((word) => word !== told.title).map((word) => <span key={word} className="clip">{word}</span>)}</span>
              {told.word && <span><Tag tone={told.tone}>{told.word}</Tag></span>}
            </>
          ) : (
            <span className="clip"><Mark told={told} /> {time && <span className="num">{time} </span>}<b>{told.names[0]}</b> {told.names[1]}<span className="sr"> {told.word}</span></span>
          )}
        </Go>
      </div>
    </Tooltip>
  )
}
