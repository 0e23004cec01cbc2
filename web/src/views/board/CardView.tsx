//! One record on the board.
import { CalendarOutlined, CheckSquareOutlined, ClockCircleOutlined, EnvironmentOutlined, HistoryOutlined, MailOutlined, MoreOutlined, PhoneOutlined, TeamOutlined } from '@ant-design/icons'
import { Dropdown, Tooltip, type MenuProps } from 'antd'
import { memo, useState, type PointerEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entity, NextActivity, Rec } from '@/api/types.ts'
import { Show } from '@/fields/kits.tsx'
import { formatDay } from '@/lib/dates.ts'
import { Go } from '@/lib/go.tsx'
import { initials } from '@/lib/initials.ts'
import { isEmpty, textOf, useScene } from '@/meta/meta.ts'
import { fact } from '../list/columns.ts'
import { daysBetween, daysUnchanged, STALE_DAYS, type Face } from './card.ts'
import { stateOf } from './useNext.ts'

// Its entries are made when it is opened: a board has hundreds of cards.
const NO_MENU: MenuProps = { items: [] }
const ICONS: Record<string, ReactNode> = { call: <PhoneOutlined />, mail: <MailOutlined />, meeting: <TeamOutlined />, todo: <CheckSquareOutlined />, visit: <EnvironmentOutlined /> }

/** What can be done with a card; the same for all cards of a board. */
export interface Hands {
  press: (event: PointerEvent, id: string, row: Rec, from: string) => void
  move: (row: Rec, from: string, to: string) => void
  targets: (from: string) => { key: string; label: string }[]
}

interface CardViewProps {
  entity: Entity
  row: Rec
  at: string
  face: Face
  compact: boolean
  /** Undefined: not asked. */
  next: NextActivity | null | undefined
  icon: string | undefined
  stripe: string
  open: boolean
  busy: boolean
  lifted: boolean
  hands: Hands
  onOpen: () => void
}

export const CardView = memo(function CardView({ entity, row, at, face, compact, next, icon, stripe, open, busy, lifted, hands, onOpen }: CardViewProps) {
  const { t } = useTranslation()
  const scene = useScene()
  const [opened, setOpened] = useState(false)
  const id = textOf(row['id'])
  const title = scene.meta.title(entity, row)
  const { money, whom, owner, facts } = face
  const person = owner ? textOf(row[owner.name]) : ''
  const days = open ? daysUnchanged(row, scene.today) : null
  // An activity's own day stands in its mark.
  const words = facts.filter(({ path }) => !(next?.id === id && path === 'due_on')).map((column) => fact(column, row, scene)).filter(Boolean)
  const menu = (): MenuProps => {
    const targets = hands.targets(at)
    return { items: [{ key: 'to', type: 'group', label: t('board.move_to'), children: targets.length ? targets.map(({ key, label }) => ({ key: `to:${key}`, label })) : [{ key: 'none', disabled: true, label: t('board.no_moves') }] }], onClick: ({ key }) => key.startsWith('to:') && hands.move(row, at, key.slice(3)) }
  }
  return (
    <article className={['card', 'board-card', lifted && 'lifted', busy && 'busy'].filter(Boolean).join(' ')} data-card={id} data-stripe={stripe} aria-busy={busy || undefined} onPointerDown={(event) => hands.press(event, id, row, at)} onDragStart={(event) => event.preventDefault()}>
      <div className="card-top">
        <Go to={`/${entity.name}/${id}`} className="card-title clip" onGo={onOpen}>{title}</Go>
        {money && !isEmpty(row[money.path]) && <span className="card-money" title={money.label}><small className="faint clip">{money.label} </small><Show field={money.field} record={row} value={row[money.path]} scene={scene} plain /></span>}
        <Dropdown trigger={['click']} menu={opened ? menu() : NO_MENU} onOpenChange={setOpened}><button type="button" className="quiet card-menu" aria-label={t('board.card_menu', { what: title })}><MoreOutlined /></button></Dropdown>
      </div>
      {!compact && (
        <>
          {whom && !isEmpty(row[whom.path]) && <div className="clip card-whom">{textOf(row[whom.path])}</div>}
          {words.length > 0 && <div className="card-facts">{words.map((word, at) => <span key={at} className="clip">{word}</span>)}</div>}
          <div className="card-foot">
            {next !== undefined && <NextMark next={next} icon={icon} />}
            {days !== null && days >= STALE_DAYS && <Tooltip title={t('board.stale', { count: days })}><span className="stale" data-stale><HistoryOutlined aria-hidden="true" /><span aria-hidden="true">{t('board.days', { count: days })}</span><span className="sr">{t('board.stale', { count: days })}</span></span></Tooltip>}
            <span style={{ flex: 1 }} />
            {person && <Tooltip title={person}><span className="avatar" role="img" aria-label={person}>{initials(person)}</span></Tooltip>}
          </div>
        </>
      )}
    </article>
  )
})

function NextMark({ next, icon }: { next: NextActivity | null; icon: string | undefined }) {
  const { t } = useTranslation()
  const scene = useScene()
  if (!next) return <Tooltip title={t('board.nothing_planned')}><span className="next none" role="img" aria-label={t('board.nothing_planned')}><ClockCircleOutlined /></span></Tooltip>
  const state = stateOf(next)
  const text = [[next.activity_type.label, next.summary].filter(Boolean).join(': '), `${t(`together.${state}`)} ${formatDay(next.due_on, scene.locale)}`, next.assigned_to?.label].filter(Boolean).join(' · ')
  return (
    <Tooltip title={text}>
      <span className={`next ${state}`} data-next={state} role="img" aria-label={text}>
        {(icon && ICONS[icon]) || <CalendarOutlined />}
        <span className="next-word">{state === 'planned' ? formatDay(next.due_on, scene.locale) : state === 'overdue' ? `${t('together.overdue')} ${t('board.days', { count: daysBetween(next.due_on, scene.today) ?? 0 })}` : t(`together.${state}`)}</span>
      </span>
    </Tooltip>
  )
}
