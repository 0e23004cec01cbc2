//! Buttons for what may be done now. The server says which; what is not possible says why.
import { DownOutlined, MoreOutlined } from '@ant-design/icons'
import { App, Button, Dropdown, type MenuProps } from 'antd'
import { useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, Refused } from '@/api/client.ts'
import type { Acted, Action, Entity, Opened, Rec, Would } from '@/api/types.ts'
import { useCommands } from '@/lib/commands.ts'
import { href, useGo } from '@/lib/go.tsx'
import { usePhone } from '@/lib/hooks.ts'
import { textOf, useScene } from '@/meta/meta.ts'
import { Tip } from '@/ui/parts.tsx'
import { useComplain, useSnack } from '@/ui/Snack.tsx'
import { wayBack } from '../board/ways.ts'
import { ArgsDialog, asksFirst, CreatedLinks } from './ArgsDialog.tsx'

const WouldPost = lazy(() => import('./WouldPost.tsx'))

interface ActionBarProps {
  entity: Entity
  opened: Opened
  /** Saves first when something was typed; false: it could not be saved. */
  ready: () => Promise<Rec | null>
  onDone: (acted: Acted) => void
  onStale: (error: Refused) => void
  complain: (error: Refused) => void
  extra: MenuProps['items']
}

const BUTTONS_MAX = 3
/** What is decided of a deal or a quotation, by the same letters everywhere. */
const LETTERS: Readonly<Record<string, string>> = { win: 'alt+w', accept: 'alt+w', lose: 'alt+l', convert: 'alt+v' }

export function ActionBar({ entity, opened, ready, onDone, onStale, complain, extra }: ActionBarProps) {
  const { t } = useTranslation()
  const { meta, today } = useScene()
  const { modal, notification } = App.useApp()
  const client = useQueryClient()
  const notify = useComplain()
  const snack = useSnack()
  const go = useGo()
  const phone = usePhone()
  const [asking, setAsking] = useState<{ action: Action; refused?: Refused } | null>(null)
  const [busy, setBusy] = useState<string | null>(null)
  const [shown, setShown] = useState<{ action: Action; would: Would; asked: boolean; args: Rec } | null>(null)
  const more = useRef<HTMLButtonElement>(null)
  const id = textOf(opened.record['id'])
  // A document's first day is the one it is dated; dated back, goods that moved since may be worth something else.
  const day = entity.kind === 'document' ? entity.fields.find((field) => field.kind === 'date') : undefined
  const isBack = (record: Rec): boolean => day !== undefined && textOf(record[day.name]) !== '' && textOf(record[day.name]) < today

  /** What it would post; null where it would be refused, which the action itself tells. */
  const rehearse = (action: Action, args: Rec): Promise<Would | null> => api.wouldPost(entity.name, id, action.name, args).catch(() => null)
  const preview = async (action: Action): Promise<void> => {
    if (!(await ready())) return
    try {
      setShown({ action, would: await api.wouldPost(entity.name, id, action.name, {}), asked: false, args: {} })
    } catch (error) {
      if (error instanceof Refused) complain(error)
      notify(error)
    }
  }
  const act = async (action: Action, args: Rec, isSure = false): Promise<Refused | null> => {
    setBusy(action.name)
    try {
      const record = await ready()
      if (!record) return null
      const would = !isSure && action.primary && isBack(record) ? await rehearse(action, args) : null
      if (would?.differences.length) {
        setAsking(null)
        setShown({ action, would, asked: true, args })
        return null
      }
      const acted = await api.act(entity.name, id, action.name, { version: record['version'], ...args })
      setAsking(null)
      client.setQueryData(['record', entity.name, id], acted)
      void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'record' && queryKey[0] !== 'meta' && queryKey[0] !== 'session' })
      void client.invalidateQueries({ queryKey: ['record'], predicate: ({ queryKey }) => queryKey[2] !== id })
      const created = acted.posted?.created ?? []
      if (created.length) {
        notification.success({ title: t('form.done', { what: meta.say(action.label) }), description: <CreatedLinks created={created} /> })
      } else {
        const stages = entity.fields.find((field) => field.name === entity.stage_field)
        const back = stages ? wayBack(entity, stages, textOf(record[stages.name]), textOf(acted.record[stages.name]))?.action : null
        const can = back ? acted.actions.some((one) => one.name === back.name && one.allowed) : false
        snack(t('form.done', { what: meta.say(action.label) }), back && can ? async () => {
          const again = await api.act(entity.name, id, back.name, { version: acted.record['version'] })
          client.setQueryData(['record', entity.name, id], again)
          void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'record' && queryKey[0] !== 'meta' && queryKey[0] !== 'session' })
          onDone(again)
        } : undefined)
      }
      onDone(acted)
      return null
    } catch (error) {
      if (error instanceof Refused && error.status === 412) onStale(error)
      else if (error instanceof Refused && action.args?.length) {
        // What was tried without asking is asked for now, with what was said.
        if (!asking) setAsking({ action, refused: error })
        return error
      } else {
        if (error instanceof Refused) complain(error)
        notify(error)
      }
      return null
    } finally {
      setBusy(null)
    }
  }
  const start = (action: Action): void => {
    if (asksFirst(action)) setAsking({ action })
    else if (action.danger) modal.confirm({ title: t('form.ask_action', { what: meta.say(action.label) }), content: meta.say(action.help), okText: meta.say(action.label), cancelText: t('form.cancel'), okButtonProps: { danger: true }, onOk: () => act(action, {}).then(() => undefined) })
    else void act(action, {})
  }

  const all = opened.actions.flatMap((state) => {
    const action = entity.actions.find((one) => one.name === state.name)
    return action ? [{ action, allowed: state.allowed, because: state.allowed ? undefined : state.because || t('form.not_now') }] : []
  })
  const makes = meta.makes(entity)
  // What waits stands in front only where the document has not passed it yet: a paid invoice does not offer to post.
  const stageField = entity.fields.find((field) => field.name === entity.stage_field)
  const stage = textOf(opened.record[entity.stage_field ?? ''])
  const tone = meta.choice(stageField?.choice, stage)?.tone
  const steps = entity.transitions ?? []
  const isNext = (action: string): boolean => (steps.some((step) => step[1] === action) ? steps.some((step) => step[1] === action && step[0] === stage) : tone !== 'good' && tone !== 'bad')
  // In front: what is usual and possible, then what is usual but waits; the rest behind the dots.
  const ranked = [...all].sort((a, b) => rank(a) - rank(b))
  const front = ranked.filter((one) => (one.allowed && !one.action.danger) || (one.action.primary && isNext(one.action.name))).slice(0, phone ? 1 : BUTTONS_MAX)
  const behind = ranked.filter((one) => !front.includes(one))
  const first = front.find((one) => one.allowed)

  const menu: MenuProps['items'] = [
    ...behind.map(({ action, allowed, because }) => ({
      key: action.name, disabled: !allowed, danger: action.danger && allowed,
      label: <span className="menu-two">{meta.say(action.label)}{because && <small>{because}</small>}</span>,
      onClick: () => start(action),
    })),
    ...(day ? front.filter((one) => one.allowed && one.action.primary && !one.action.args?.some((field) => field.required)).map(({ action }) => ({ key: `preview-${action.name}`, label: t('form.preview_action', { what: meta.say(action.label) }), onClick: () => void preview(action) })) : []),
    ...(behind.length && extra?.length ? [{ type: 'divider' as const }] : []),
    ...(extra ?? []),
  ]
  useCommands([
    ...all.map(({ action, because }) => ({ id: `act-${action.name}`, label: meta.say(action.label), group: 'page' as const, because, run: () => start(action), ...(LETTERS[action.name] ? { hotkey: LETTERS[action.name] } : action === first?.action ? { hotkey: 'ctrl+enter' } : {}) })),
    ...(first && LETTERS[first.action.name] ? [{ id: 'first', label: meta.say(first.action.label), group: 'page' as const, hotkey: 'ctrl+enter', run: () => start(first.action) }] : []),
    ...(menu.length ? [{ id: 'stage', label: t('form.more_actions'), group: 'page' as const, hotkey: 'alt+x', run: () => more.current?.click() }] : []),
    ...makes.map((made) => ({ id: `make-${made.name}`, label: t('form.make', { what: meta.madeLabel(made, entity) }), group: 'page' as const, run: () => go(href(`/${made.name}/new`, { from: `${entity.name}:${id}` })) })),
  ])

  const makeItems: MenuProps['items'] = makes.map((made) => ({ key: made.name, label: meta.madeLabel(made, entity), onClick: () => go(href(`/${made.name}/new`, { from: `${entity.name}:${id}` })) }))
  return (
    <div className="actions">
      {front.map(({ action, allowed, because }) => (
        <Tip key={action.name} text={meta.say(action.help)} because={because} hotkey={LETTERS[action.name] ?? (action === first?.action ? 'ctrl+enter' : undefined)}>
          <Button type={action === first?.action && action.primary ? 'primary' : 'default'} disabled={!allowed || busy !== null} loading={busy === action.name} data-action={action.name} onClick={() => start(action)}>{meta.say(action.label)}</Button>
        </Tip>
      ))}
      {makes.length > 0 && <Dropdown menu={{ items: makeItems }} trigger={['click']}><Button data-make>{t('form.create')} <DownOutlined style={{ fontSize: 10 }} /></Button></Dropdown>}
      {menu.length > 0 && <Dropdown menu={{ items: menu }} trigger={['click']}><Button ref={more} type="text" icon={<MoreOutlined />} aria-label={t('form.more')} aria-keyshortcuts="Alt+X" /></Dropdown>}
      {asking && <ArgsDialog action={asking.action} refused={asking.refused} record={opened.record} onCancel={() => setAsking(null)} onRun={(args) => act(asking.action, args)} />}
      {shown && <Suspense><WouldPost action={shown.action} would={shown.would} asked={shown.asked} onCancel={() => setShown(null)} onRun={() => {
        setShown(null)
        void act(shown.action, shown.args, true)
      }} /></Suspense>}
    </div>
  )
}

const rank = ({ action, allowed }: { action: Action; allowed: boolean }): number => (action.danger ? 4 : 0) + (allowed ? 0 : 2) + (action.primary ? 0 : 1)
