//! A record on its day: a line in a month, a card where there is room. Pulled with mouse or finger, or moved with Alt and the arrows.
import { Tooltip } from 'antd'
import { useQuery } from '@tanstack/react-query'
import { useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '@/api/queries.ts'
import type { Entity, Field, Rec } from '@/api/types.ts'
import type { DayMark } from '@/api/worked.ts'
import { Show } from '@/fields/kits.tsx'
import { Go } from '@/lib/go.tsx'
import { isComposing } from '@/lib/keys.ts'
import { textOf, type Scene } from '@/meta/meta.ts'
import { Tag } from '@/ui/parts.tsx'
import type { Column } from '../list/columns.ts'
import { FactsTip, Mark, tell } from './facts.tsx'
import { timeOf } from './fields.ts'
import { STEP_MIN, type Part } from './stays.ts'
import type { Moves } from './useMoves.tsx'
import type { Pull } from './usePull.ts'

/** What every day of a calendar knows. */
export interface Sheet {
  entity: Entity
  field: Field
  end: Field | undefined
  columns: readonly Column[]
  scene: Scene
  moves: Moves
  can: Record<Part, boolean>
  pull: Pull
  /** Whether a day is worked, and what holiday it is. */
  mark: (day: string) => DayMark
  /** By keys: several presses come to one move. */
  nudge: (row: Rec, part: Part, days: number, minutes: number) => void
  create: ((day: string, minute?: number) => void) | null
  say: (text: string) => void
}

/** Where among others: a line of a month, a card, a bar over several days, a block among the hours. */
export type Shape = 'line' | 'card' | 'bar' | 'block'

/** Alt and an arrow move a record, with Shift its end; Shift and an arrow its start. Up and down are weeks, and among hours a quarter of one. */
function keyMove(event: KeyboardEvent, among: boolean): { part: Part; days: number; minutes: number } | null {
  if (event.ctrlKey || event.metaKey || (!event.altKey && !event.shiftKey) || isComposing(event.nativeEvent)) return null
  const part: Part = !event.altKey ? 'start' : event.shiftKey ? 'end' : 'both'
  const side = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
  const level = { ArrowUp: -1, ArrowDown: 1 }[event.key]
  if (side) return { part, days: side, minutes: 0 }
  if (level) return among ? { part, days: 0, minutes: level * STEP_MIN } : { part, days: level * 7, minutes: 0 }
  return null
}

interface ChipProps { sheet: Sheet; row: Rec; day: string; shape?: Shape
  /** Ends of a bar or block that are in sight, and so can be pulled. */
  ends?: readonly ('start' | 'end')[]
  /** The days its ends stand on, where that is not this one. */
  pulled?: Readonly<Record<'start' | 'end', string>>
  /** Until when, where it is told. */
  until?: string }

export function Chip({ sheet, row, day, shape = 'line', ends = [], pulled, until }: ChipProps) {
  const { t } = useTranslation()
  const { entity, field, scene, moves, can, pull } = sheet
  const card = shape === 'card'
  const [touched, setTouched] = useState(false)
  const id = textOf(row['id'])
  const wanted = can.both || can.end
  // Whether this very record may be moved is asked when somebody comes near it.
  const { data } = useQuery({ ...queries.record(entity.name, id), enabled: touched && wanted })
  const because = moves.fixed(data)
  const may = (part: Part): boolean => can[part] && because === null
  const told = tell(scene, entity, sheet.columns, row)
  const time = timeOf(row[field.name], field)
  const touch = (): void => setTouched(true)

  const onKeyDown = (event: KeyboardEvent): void => {
    const move = keyMove(event, shape === 'block')
    if (!move) return
    event.preventDefault()
    event.stopPropagation()
    if (may(move.part)) sheet.nudge(row, move.part, move.days, move.minutes)
    else sheet.say(because ?? t('calendar.fixed'))
  }
  const money = card ? sheet.columns.find((column) => column.field.kind === 'amount') : undefined
  const note = wanted ? (because ?? t(sheet.end && can.end ? 'calendar.how_ends' : 'calendar.how')) : undefined
  return (
    <Tooltip title={pull.stay ? '' : <FactsTip told={told} note={note} />} mouseEnterDelay={0.5} classNames={{ root: 'time-tip' }}>
      <div
        className={['time-chip', `tone-${told.tone}`, shape !== 'line' && shape, may('both') && 'may', pull.stay?.id === id && 'pulled'].filter(Boolean).join(' ')}
        data-record={id}
        onPointerEnter={touch}
        onFocus={touch}
        onKeyDown={onKeyDown}
        onClick={(event) => event.stopPropagation()}
        onPointerDown={(event) => may('both') && pull.press(event, row, 'both', day)}
        onDragStart={(event) => event.preventDefault()}
      >
        <Go to={`/${entity.name}/${id}`}>
          {card ? (
            <>
              <span className="spread"><b className="clip"><Mark told={told} /> {time && `${time} `}{told.title}</b>{money && <span className="num"><Show field={money.field} record={row} value={row[money.path]} scene={scene} plain /></span>}</span>
              <span className="card-words">{told.words.filter((word) => word !== told.title).map((word) => <span key={word} className="clip">{word}</span>)}</span>
              {told.word && <span><Tag tone={told.tone}>{told.word}</Tag></span>}
            </>
          ) : (
            <span className="clip"><Mark told={told} /> {time && <span className="num">{time}{until && `–${until}`} </span>}<b>{told.names[0]}</b> {told.names[1]}<span className="sr"> {told.word}</span></span>
          )}
        </Go>
        {ends.filter((part) => may(part)).map((part) => <span key={part} className={`time-grip ${part}`} aria-hidden="true" onPointerDown={(event) => pull.press(event, row, part, pulled?.[part] ?? day)} />)}
      </div>
    </Tooltip>
  )
}
