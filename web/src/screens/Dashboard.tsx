//! A dashboard on a page of its own: to look at, and to arrange.
import { DownOutlined, EditOutlined, MoreOutlined, PlusOutlined } from '@ant-design/icons'
import { App, Button, Dropdown, type MenuProps } from 'antd'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useBlocker } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, Refused } from '@/api/client.ts'
import { queries } from '@/api/queries.ts'
import type { Opened } from '@/api/types.ts'
import { useCommands } from '@/lib/commands.ts'
import { Go, useGo } from '@/lib/go.tsx'
import { useLatest, usePhone, useTitle } from '@/lib/hooks.ts'
import { textOf, useScene } from '@/meta/meta.ts'
import { Empty, Tip, Trouble, useSay } from '@/ui/parts.tsx'
import { Waiting } from '@/ui/Waiting.tsx'
import { useComplain, useSnack } from '@/ui/Snack.tsx'
import { CardDialog } from '@/views/dashboard/CardDialog.tsx'
import { CARDS_MAX, readLayout, withCard, writeLayout, type Card, type Content } from '@/views/dashboard/cards.ts'
import { Grid } from '@/views/dashboard/Grid.tsx'
import { settle } from '@/views/dashboard/grid.ts'
import { calledIn, useDashboards, useWish } from '@/views/dashboard/home.ts'
import { NewDashboard } from '@/views/dashboard/NewDashboard.tsx'
import { Settings } from '@/views/dashboard/Settings.tsx'
import { useDashboardWork } from '@/views/dashboard/work.ts'
import { Star } from '@/views/favourite/Star.tsx'
import '@/views/list/list.css'
import './home.css'

export default function Dashboard({ id, edit, from }: { id: string; edit: boolean; from?: string }) {
  const answer = useQuery({ ...queries.record('dashboard', id), enabled: id !== 'new' })
  const { t } = useTranslation()
  if (id === 'new') return <NewDashboard fromHome={from === 'home'} />
  if (answer.isError) return <Trouble error={answer.error} retry={() => void answer.refetch()}><Go to="/">{t('shell.home')}</Go></Trouble>
  return answer.data ? <Page key={id} opened={answer.data} edit={edit && answer.data.can.edit} /> : <Waiting shape="home" />
}

function Page({ opened, edit }: { opened: Opened; edit: boolean }) {
  const { record } = opened
  const { t } = useTranslation()
  const scene = useScene()
  const go = useGo()
  const say = useSay()
  const complain = useComplain()
  const snack = useSnack()
  const phone = usePhone()
  const client = useQueryClient()
  const { message, modal } = App.useApp()
  const work = useDashboardWork()
  const { wish, change: changeWish } = useWish()
  const { rows } = useDashboards()
  const id = textOf(record['id'])
  const name = calledIn(scene.lang, record)
  useTitle(name)
  const saved = useMemo(() => readLayout(record['layout']), [record])
  // With the version it was begun on: a fresher one may come in meanwhile, and is not written over unasked.
  const [draft, setDraft] = useState<{ cards: Card[]; version: number } | null>(null)
  const [asking, setAsking] = useState<{ card: Card | null } | null>(null)
  const [setting, setSetting] = useState(false)
  const [busy, setBusy] = useState(false)
  const leaving = useRef(false)
  const cards = edit ? (draft?.cards ?? saved) : saved
  const dirty = edit && draft !== null
  const address = `/dashboard/${id}`
  useEffect(() => {
    if (!edit) setDraft(null)
  }, [edit])

  useBlocker({
    shouldBlockFn: ({ next }) => {
      if (!dirty || leaving.current || next.pathname === address) return false
      return new Promise<boolean>((resolve) => {
        modal.confirm({ title: t('form.leave_title'), content: t('form.leave_text'), okText: t('form.leave'), cancelText: t('form.stay'), okButtonProps: { danger: true }, onOk: () => resolve(false), onCancel: () => resolve(true) })
      })
    },
    enableBeforeUnload: () => dirty,
  })

  const arrange = (next: Card[]): void => setDraft((now) => ({ cards: next, version: now?.version ?? Number(record['version']) }))
  const editing = useLatest(edit)
  const placed = useLatest(cards)
  /** A card that was taken away comes back to its place: while one still arranges here, later on the server. */
  const dropCard = (card: Card): void => {
    arrange(settle(cards.filter((one) => one.id !== card.id)))
    snack(t('dashboard.card_removed', { name: card.title || (card.label && scene.meta.say(card.label)) || t(`dashboard.kind_${card.kind}`) }), async () => {
      if (editing.current) return arrange(settle([card, ...placed.current]))
      const { record: now } = await api.read('dashboard', id)
      const there = readLayout(now['layout'])
      if (there.some((one) => one.id === card.id)) return
      client.setQueryData(['record', 'dashboard', id], await api.change('dashboard', id, { version: now['version'] ?? 0, layout: writeLayout(settle([card, ...there])) }))
      await work.refresh()
    })
  }
  const begin = (): void => go(`${address}?edit=1`, { replace: true })
  const end = (): void => {
    setDraft(null)
    go(address, { replace: true })
  }
  const cancel = (): void => {
    if (!dirty) return end()
    modal.confirm({ title: t('form.leave_title'), content: t('dashboard.discard_text'), okText: t('form.discard'), cancelText: t('form.stay'), okButtonProps: { danger: true }, onOk: end })
  }
  const write = async (version: number): Promise<void> => {
    const changed = await api.change('dashboard', id, { version, layout: writeLayout(cards) })
    client.setQueryData(['record', 'dashboard', id], changed)
    await work.refresh()
    end()
    void message.success({ key: 'save', content: t('form.saved') })
  }
  const save = async (version = draft?.version ?? 0): Promise<void> => {
    if (!dirty) return end()
    setBusy(true)
    try {
      await write(version)
    } catch (problem) {
      if (problem instanceof Refused && problem.status === 412) await stale()
      else complain(problem)
    } finally {
      setBusy(false)
    }
  }
  /** It was changed in another window meanwhile: one of the two stays. */
  const stale = async (): Promise<void> => {
    const fresh = await api.read('dashboard', id)
    modal.confirm({
      title: t('conflict.title'), content: t('dashboard.stale_text'), okText: t('dashboard.mine'), cancelText: t('conflict.theirs'),
      onOk: () => save(Number(fresh.record['version'])),
      onCancel: () => {
        client.setQueryData(['record', 'dashboard', id], fresh)
        end()
      },
    })
  }
  const take = (content: Content, size?: { w: number; h: number }): void => {
    const { card } = asking ?? { card: null }
    arrange(card ? cards.map((one) => (one.id === card.id ? ({ ...content, id: one.id, x: one.x, y: one.y, w: one.w, h: one.h } as Card) : one)) : withCard(cards, content, size))
    setAsking(null)
  }
  const remove = (): void => void modal.confirm({
    title: t('form.remove_ask', { what: name }), okText: t('form.remove'), cancelText: t('form.cancel'), okButtonProps: { danger: true },
    onOk: async () => {
      leaving.current = true
      if (await work.remove(id)) go('/', { replace: true })
    },
  })
  const copy = async (): Promise<void> => {
    const made = await work.create(t('dashboard.copy_of', { name }).slice(0, 80), saved)
    if (made) go(`/dashboard/${made}?edit=1`)
  }
  const isFirst = wish.dashboard === id
  const first = (): void => void changeWish({ dashboard: isFirst ? '' : id }).then(() => message.success(t(isFirst ? 'dashboard.not_first' : 'dashboard.is_first')), (problem: unknown) => message.error(say(problem)))
  const full = cards.length >= CARDS_MAX
  const mayAdd = scene.meta.entity('dashboard')?.can.add ?? false

  useCommands(edit ? [
    { id: 'save', label: t('form.save'), group: 'page', hotkey: 'ctrl+s', run: () => void save() },
    { id: 'add-card', label: t('dashboard.add_card'), group: 'page', hotkey: 'a', ...(full ? { because: t('dashboard.full') } : {}), run: () => setAsking({ card: null }) },
    { id: 'cancel', label: t('form.cancel'), group: 'page', hotkey: 'escape', run: cancel },
  ] : [
    ...(opened.can.edit ? [{ id: 'edit', label: t('dashboard.edit'), group: 'page' as const, hotkey: 'e', run: begin }] : []),
    { id: 'back', label: t('shell.home'), group: 'page', hotkey: 'escape', run: () => go('/') },
  ])
  const others: MenuProps['items'] = rows.map((row) => ({ key: textOf(row['id']), label: calledIn(scene.lang, row), onClick: () => go(`/dashboard/${textOf(row['id'])}`) }))
  const more: MenuProps['items'] = [
    { key: 'first', label: t(isFirst ? 'dashboard.undo_first' : 'dashboard.make_first'), onClick: first },
    ...(opened.can.edit ? [{ key: 'settings', label: t('dashboard.settings'), onClick: () => setSetting(true) }] : []),
    ...(mayAdd ? [{ key: 'copy', label: t('dashboard.copy'), onClick: () => void copy() }, { key: 'new', label: t('dashboard.new'), onClick: () => go('/dashboard/new') }] : []),
    ...(opened.can.edit && opened.can.remove ? [{ key: 'remove', danger: true, label: t('form.remove'), onClick: remove }] : []),
  ]
  return (
    <div className="dash-page">
      <header className="page-head">
        <h1 className="clip">{name}</h1>
        {!edit && rows.length > 1 && <Dropdown trigger={['click']} menu={{ items: others, selectedKeys: [id] }}><button type="button" className="quiet" aria-label={t('dashboard.others')} title={t('dashboard.others')}><DownOutlined style={{ fontSize: 11 }} /></button></Dropdown>}
        {!edit && <Star name={name} about={id} />}
        {!opened.can.edit && <span className="faint clip">{t('views.of', { name: textOf(record['owner']) })}</span>}
        <span style={{ flex: 1 }} />
        {edit ? (
          <>
            <Tip text={t('dashboard.add_card')} hotkey="a" because={full ? t('dashboard.full') : null}><Button icon={<PlusOutlined />} data-add-card disabled={full} onClick={() => setAsking({ card: null })}>{t('dashboard.add_card')}</Button></Tip>
            <Button onClick={cancel}>{t('form.cancel')}</Button>
            <Tip text={t('form.save')} hotkey="ctrl+s"><Button type="primary" data-save loading={busy} onClick={() => void save()}>{t('form.save')}</Button></Tip>
          </>
        ) : (
          <>
            {opened.can.edit && <Tip text={t('dashboard.edit')} hotkey="e"><Button icon={<EditOutlined />} data-dashboard-edit onClick={begin}>{t('dashboard.edit')}</Button></Tip>}
            <Dropdown trigger={['click']} placement="bottomRight" menu={{ items: more }}><Button icon={<MoreOutlined />} data-dashboard-more aria-label={t('form.more')} /></Dropdown>
          </>
        )}
      </header>
      {edit && <p className="dash-note muted">{t(phone ? 'dashboard.help_phone' : 'dashboard.help')}</p>}
      <div className="dash-sheet">
        {cards.length > 0 ? <Grid cards={cards} arranging={edit ? { change: arrange, edit: (card) => setAsking({ card }), remove: dropCard } : undefined} /> : (
          <Empty title={t('dashboard.empty')} text={t('dashboard.empty_text')}>
            {opened.can.edit && <Button type="primary" icon={<PlusOutlined />} onClick={() => {
              if (!edit) begin()
              setAsking({ card: null })
            }}>{t('dashboard.add_card')}</Button>}
          </Empty>
        )}
      </div>
      {asking && edit && <CardDialog card={asking.card} onClose={() => setAsking(null)} onTake={take} />}
      {setting && <Settings record={record} onClose={() => setSetting(false)} />}
    </div>
  )
}
