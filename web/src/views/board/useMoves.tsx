//! Moving cards: shown at once, done by the server, put back exactly where they were when it says no.
import { App, Button, Modal } from 'antd'
import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { api, Refused } from '@/api/client.ts'
import type { Acted, Action, Entity, Field, Opened, Rec } from '@/api/types.ts'
import { useLatest } from '@/lib/hooks.ts'
import { idOf, textOf, useScene } from '@/meta/meta.ts'
import { useComplain } from '@/ui/Snack.tsx'
import { clearPlace, inPlace } from '@/ui/inPlace.ts'
import { ArgsDialog, asksFirst, CreatedLinks } from '../form/ArgsDialog.tsx'
import { mayTurn, wayBack, wayBetween } from './ways.ts'

const UNDO_SECONDS = 8

/** A change of the row: of which field, from which value to which. */
export interface Turn { field: Field; from: string; to: string; label: string; /** What was there. */ before?: Rec[string] }
/** A card that is not where the server's lists still have it. */
export interface Moved { row: Rec; from: string; to: string; turn: Turn | null; busy: boolean; /** When the server had done it. */ doneAt: number }

interface Asked { id: string; moved: Moved; actions: Action[]; refused?: Refused }
interface Undo { id: string; row: Rec; from: string; to: string; turn: Turn | null; action: Action | null }

export interface Moves {
  moved: ReadonlyMap<string, Moved>
  move: (row: Rec, from: string, to: string, turn?: Turn | null) => void
  undo: (() => void) | null
  /** Says why nothing moves. */
  tell: (text: string) => void
  said: string
  dialog: ReactNode
}

export function useMoves(entity: Entity, by: Field, labelOf: (key: string) => string): Moves {
  const { t } = useTranslation()
  const { meta } = useScene()
  const { message, modal, notification } = App.useApp()
  const client = useQueryClient()
  const complain = useComplain()
  const [moved, setMoved] = useState<ReadonlyMap<string, Moved>>(new Map())
  const latest = useRef(moved)
  const [asked, setAsked] = useState<Asked | null>(null)
  const isAsking = useLatest(asked !== null)
  const [undo, setUndo] = useState<Undo | null>(null)
  const [said, setSaid] = useState('')
  const [, setClosed] = useState(0)

  const put = (id: string, one: Moved | null): void => {
    const next = new Map(latest.current)
    if (one) next.set(id, one)
    else next.delete(id)
    latest.current = next
    setMoved(next)
  }
  const tell = (text: string): void => {
    setSaid(text)
    void message.info({ key: inPlace(message, 'board-move'), content: text })
  }
  const whereOf = ({ from, to, turn }: Pick<Moved, 'from' | 'to' | 'turn'>): string => (turn && from === to ? turn.label : labelOf(to))
  const takeBack = (id: string, { row, from }: Moved): void => {
    put(id, null)
    setSaid(t('board.stays', { what: meta.title(entity, row), where: labelOf(from) }))
  }

  const refresh = (): Promise<unknown> => Promise.all([client.invalidateQueries({ queryKey: ['list', entity.name] }), client.invalidateQueries({ queryKey: ['groups', entity.name] })])

  const settle = async (id: string, at: Moved, done: Acted | Opened, action: Action | null, isUndo: boolean): Promise<void> => {
    // The server may have its own mind, as where a person left empty is filled in again.
    const real = idOf(done.record[by.name])
    if (real !== at.to || (at.turn && idOf(done.record[at.turn.field.name]) !== at.turn.to)) {
      takeBack(id, { ...at, from: real })
      void message.warning({ key: inPlace(message, 'board-move'), content: t('board.stays', { what: meta.title(entity, at.row), where: labelOf(real) }), duration: 6 })
      return void refresh()
    }
    const settled: Moved = { ...at, row: { ...at.row, ...done.record }, busy: false, doneAt: Date.now() }
    put(id, settled)
    const text = t(isUndo ? 'board.undone' : 'board.moved', { what: meta.title(entity, settled.row), where: whereOf(at) })
    setSaid(text)
    const back = isUndo ? null : at.from === at.to ? { action: null } : wayBack(entity, by, at.from, at.to)
    const turnBack = at.turn && { ...at.turn, from: at.turn.to, to: at.turn.from, label: textOf(at.turn.before) || t('list.no_value') }
    const step = back && !(at.turn && !mayTurn(entity, at.turn.field, at.turn.from)) ? { id, row: settled.row, from: at.to, to: at.from, turn: turnBack, action: back.action } : null
    setUndo(step)
    const created = 'posted' in done ? (done.posted?.created ?? []) : []
    if (created.length) notification.success({ title: text, description: <CreatedLinks created={created} /> })
    else void message.open({ key: inPlace(message, 'board-move'), type: 'success', duration: UNDO_SECONDS, content: <span>{text}{step && <Button type="link" size="small" data-undo onClick={() => takeStep(step)}>{t('board.undo')}</Button>}</span> })
    client.setQueryData(['record', entity.name, id], done)
    if (action) void client.invalidateQueries({ predicate: ({ queryKey }) => !['record', 'meta', 'session', 'list', 'groups'].includes(String(queryKey[0])) || (['list', 'groups'].includes(String(queryKey[0])) && queryKey[1] !== entity.name) })
    await refresh()
    // Moved on in the meantime: then that move ends it.
    if (latest.current.get(id) === settled) put(id, null)
  }

  const perform = async (id: string, at: Moved, action: Action | null, args: Rec, isUndo = false): Promise<Refused | null> => {
    put(id, { ...at, busy: true })
    try {
      const version = at.row['version']
      const done = action ? await api.act(entity.name, id, action.name, { version, ...args }) : await api.change(entity.name, id, { version, ...(at.from === at.to ? {} : { [by.name]: at.to || null }), ...(at.turn ? { [at.turn.field.name]: at.turn.to || null } : {}) })
      setAsked(null)
      void settle(id, at, done, action, isUndo)
      return null
    } catch (error) {
      // What was tried without asking is asked for now, with what was said.
      if (error instanceof Refused && action?.args?.length && [409, 422].includes(error.status)) {
        if (!isAsking.current) setAsked({ id, moved: at, actions: [action], refused: error })
        return error
      }
      setAsked(null)
      takeBack(id, at)
      complain(error, 'board-move')
      if (error instanceof Refused && [404, 409, 412].includes(error.status)) void refresh()
      return null
    }
  }

  const begin = (id: string, at: Moved, action: Action): void => {
    if (asksFirst(action)) setAsked({ id, moved: at, actions: [action] })
    else if (action.danger) {
      modal.confirm({
        title: t('form.ask_action', { what: meta.say(action.label) }), content: meta.say(action.help), okText: meta.say(action.label), cancelText: t('form.cancel'), okButtonProps: { danger: true },
        onOk: () => perform(id, at, action, {}).then(() => undefined), onCancel: () => takeBack(id, at),
        // The focus comes back to the card only when nothing covers it any more.
        afterClose: () => setClosed((n) => n + 1),
      })
    } else void perform(id, at, action, {})
  }

  const valueOf = (field: Field, key: string, label: string): Rec[string] => (key === '' ? null : field.kind === 'ref' ? { id: key, label } : key)
  const place = (row: Rec, from: string, to: string, turn: Turn | null): { id: string; at: Moved } => {
    const at: Moved = { row: { ...row, [by.name]: valueOf(by, to, labelOf(to)), ...(turn ? { [turn.field.name]: valueOf(turn.field, turn.to, turn.label) } : {}) }, from, to, turn: turn && { ...turn, before: row[turn.field.name] }, busy: true, doneAt: Infinity }
    const id = textOf(row['id'])
    put(id, at)
    return { id, at }
  }
  const isFree = (row: Rec): boolean => latest.current.get(textOf(row['id']))?.busy !== true

  const move = (row: Rec, from: string, to: string, turn: Turn | null = null): void => {
    if (!isFree(row)) return
    if (turn && !mayTurn(entity, turn.field, turn.to)) return tell(t('board.row_fixed', { what: meta.say(turn.field.label) }))
    const way = turn && from === to ? { by: 'change' as const } : wayBetween(entity, by, from, to)
    // An action and a change are two steps: half of them done would be neither here nor there.
    if (turn && way?.by === 'action') return tell(t('board.row_first', { what: meta.say(turn.field.label) }))
    if (!way) return tell(t('board.no_way', { from: labelOf(from), to: labelOf(to) }))
    const { id, at } = place(row, from, to, turn)
    if (way.by === 'change') void perform(id, at, null, {})
    else if (way.actions.length > 1) setAsked({ id, moved: at, actions: way.actions })
    else if (way.actions[0]) begin(id, at, way.actions[0])
  }
  const takeStep = (step: Undo): void => {
    setUndo(null)
    clearPlace(message, 'board-move')
    // With the version of now: the card may have been changed since.
    const row = latest.current.get(step.id)?.row ?? step.row
    if (!isFree(row)) return
    const { id, at } = place(row, step.from, step.to, step.turn)
    void perform(id, at, step.action, {}, true)
  }

  const giveUp = (): void => {
    if (!asked) return
    setAsked(null)
    takeBack(asked.id, asked.moved)
  }
  const [only] = asked?.actions ?? []
  const dialog = !asked ? null : asked.actions.length > 1 ? (
    <Modal open title={t('board.which_way', { what: meta.title(entity, asked.moved.row), where: labelOf(asked.moved.to) })} width={420} footer={null} onCancel={giveUp}>
      <div className="wrap-flex">{asked.actions.map((action) => <Button key={action.name} danger={action.danger} onClick={() => {
        setAsked(null)
        begin(asked.id, asked.moved, action)
      }}>{meta.say(action.label)}</Button>)}</div>
    </Modal>
  ) : only ? <ArgsDialog action={only} refused={asked.refused} record={asked.moved.row} onCancel={giveUp} onRun={(args) => perform(asked.id, asked.moved, only, args)} /> : null
  return { moved, move, undo: undo ? () => takeStep(undo) : null, tell, said, dialog }
}
