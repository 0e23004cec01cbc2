import { App, Button } from 'antd'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { api, Refused } from '@/api/client.ts'
import { queries, useSession } from '@/api/queries.ts'
import type { Entity, Field, Opened, Rec } from '@/api/types.ts'
import { isBesideDoc } from '@/fields/kinds.ts'
import { useCommands } from '@/lib/commands.ts'
import { formatInstant } from '@/lib/dates.ts'
import { Go, theWay, useGo } from '@/lib/go.tsx'
import { useLatest, usePhone, useTitle } from '@/lib/hooks.ts'
import { met } from '@/lib/outing.ts'
import { settled } from '@/lib/owed.ts'
import { ofHere } from '@/meta/defaults.ts'
import { idOf, textOf, useScene } from '@/meta/meta.ts'
import { inPlace } from '@/ui/inPlace.ts'
import { HintText, Tag, Trouble, useSay } from '@/ui/parts.tsx'
import { Waiting } from '@/ui/Waiting.tsx'
import { useComplain, useSnack } from '@/ui/Snack.tsx'
import { listAddress, useNeighbours } from '../list/trail.ts'
import { ActionBar } from './ActionBar.tsx'
import { Aside } from './Aside.tsx'
import { Posted } from './Books.tsx'
import { Conflict } from './Conflict.tsx'
import { Counters } from './Counters.tsx'
import { keep, placeOf, useKept } from './kept.ts'
import { arrive, useArrival } from './useArrival.ts'
import { PartTabs } from './PartTabs.tsx'
import { Problems, showFirstProblem } from './Problems.tsx'
import { Credentials } from './Credentials.tsx'
import { shown, typeField, typeFields } from './draft.ts'
import { FieldRow } from './FieldRow.tsx'
import { FormTitle, SaveTools } from './FormTitle.tsx'
import { layout, tabbed, type Part } from './layout.ts'
import { Lines } from './Lines.tsx'
import { LinesBlock } from './LinesBlock.tsx'
import { StageBar } from './StageBar.tsx'
import { Totals } from './Totals.tsx'
import { exitOf } from './stay.ts'
import { useCopy } from './useCopy.ts'
import { wayBackTo } from './undo.ts'
import { useProposedCode } from './proposedCode.ts'
import { currentOf, useDraft } from './useDraft.ts'
import { withUsual } from './usual.ts'
import { useLeaving } from './useLeaving.tsx'
import { Work } from './Work.tsx'
import '../list/list.css'
import './form.css'

/** Pages of the way that are shown. */
const CRUMBS = 3

/** Beside a list: what its buttons lead to instead of to another page. */
export interface PanelProps { onClose: () => void; onGo: (id: string) => void }

export default function FormView({ entity, id, from, preset, panel }: { entity: Entity; id: string | null; from?: string; preset?: Rec; panel?: PanelProps }) {
  const { meta } = useScene()
  const { user } = useSession()
  const saved = useQuery({ ...queries.record(entity.name, id ?? ''), enabled: id !== null })
  const prefilled = useQuery({ ...queries.prefilled(entity.name, from ?? ''), enabled: id === null && Boolean(from) })
  const answer = id === null ? prefilled : saved
  // Once for each time it is opened; a record one may not see was not.
  const there = saved.data !== undefined && id !== null
  useEffect(() => {
    if (!there) return
    void api.opened(entity.name, id).catch(() => undefined)
    met(user.id, { entity: entity.name, id, label: `${meta.say(entity.label)} ${meta.title(entity, saved.data.record)}` })
  }, [entity.name, id, there])
  if (id === null && !from) return <Sheet key={`${entity.name}/new`} entity={entity} opened={null} record={{ ...ofHere(meta, entity), ...preset }} />
  if (answer.isError && !saved.data) return <Trouble error={answer.error} retry={() => void answer.refetch()}><Go to={`/${entity.name}`}>{meta.say(entity.plural)}</Go></Trouble>
  if (id === null) return prefilled.data ? <Sheet key={`${entity.name}/from/${from}`} entity={entity} opened={null} record={prefilled.data.record} from={from} /> : <Waiting shape="form" />
  return saved.data ? <Sheet key={`${entity.name}/${id}`} entity={entity} opened={saved.data} record={saved.data.record} panel={panel} gone={saved.error} /> : <Waiting shape="form" />
}

/** `gone`: why it can no longer be read. What was typed stays in sight all the same. */
function Sheet({ entity, opened, record, from, panel, gone }: { entity: Entity; opened: Opened | null; record: Rec; from?: string; panel?: PanelProps; gone?: unknown }) {
  const { t } = useTranslation()
  const scene = useScene()
  const { meta } = scene
  const { message, modal } = App.useApp()
  const client = useQueryClient()
  const go = useGo()
  const complain = useComplain()
  const say = useSay()
  const session = useSession()
  const snack = useSnack()
  const phone = usePhone()
  const root = useRef<HTMLDivElement>(null)
  const id = opened ? textOf(opened.record['id']) : null
  const editable = opened ? opened.can.edit : entity.can.add
  const form = useDraft(meta, entity, record, opened !== null, editable)
  const { draft, dirty, remarks } = form
  useProposedCode(entity, opened === null, form.change)
  useArrival(root, id)
  const now = useMemo(() => withUsual(entity, shown(draft), scene.companyCurrency), [draft, entity, scene])
  const place = placeOf(session.user.id, entity, id, from)
  const keeping = useKept(place, draft, record, form.change)
  const [stale, setStale] = useState<Rec | null>(null)
  /** Something over the form asks what to do with a colleague's changes. */
  const asking = useRef(false)
  const { parts, totals } = useMemo(() => layout(entity), [entity])
  const { above, tabs } = useMemo(() => tabbed(parts), [parts])
  const label = meta.say(entity.label)
  const title = opened ? meta.title(entity, now) : t('list.new_what', { what: label })
  useTitle(panel ? meta.say(entity.plural) : title)
  const turn = (to: string): void => (panel ? panel.onGo(to) : go(`/${entity.name}/${to}`, { beside: true }))
  const around = useNeighbours(entity.name, id ?? '')

  // A fresher record from the server replaces what is shown, unless something was typed.
  const version = opened?.record['version']
  useEffect(() => {
    if (opened && !dirty && draft.base['version'] !== version) form.take(opened.record)
  }, [version, dirty])
  const outdated = opened !== null && dirty && draft.base['version'] !== version

  const saving = useRef<Promise<Rec | null> | null>(null)
  const save = (): Promise<Rec | null> => {
    saving.current ??= saveNow().finally(() => {
      saving.current = null
    })
    return saving.current
  }
  const saveNow = async (): Promise<Rec | null> => {
    if (document.activeElement instanceof HTMLElement && root.current?.contains(document.activeElement)) {
      const at = document.activeElement
      at.blur()
      at.focus()
    }
    await settled()
    // What cannot be read would silently stay what it was.
    const bad = root.current?.querySelector<HTMLInputElement>('[data-bad]')
    if (bad) {
      void message.error({ key: inPlace(message, 'snack'), content: bad.dataset['why'] ?? t('form.not_understood', { text: bad.value }), duration: 5 })
      bad.focus()
      return null
    }
    const before = draft.base
    const result = await form.save()
    if (result.ok) {
      const { record: after, can, out_of_sight: given, label } = result.opened
      const fresh = textOf(after['id'])
      // Given to somebody whose records are not ours to see: there is nothing to stay for.
      leaving.current ||= !opened || given === true
      if (given) back()
      else if (!opened) arrive(fresh, () => go(`/${entity.name}/${fresh}`, { replace: true }))
      const undo = opened && can.edit ? wayBackTo(meta, entity, before, after) : null
      snack(given ? t('form.given_away', { what: label ?? '' }) : t('form.saved'), undo ? async () => {
        client.setQueryData(['record', entity.name, fresh], await api.change(entity.name, fresh, { ...undo, version: after['version'] }))
        void client.invalidateQueries({ predicate: ({ queryKey }) => ['list', 'groups', 'count', 'aside'].includes(String(queryKey[0])) })
      } : undefined)
      return given ? null : after
    }
    const theirs = result.stale ?? (result.error instanceof Refused && result.error.status === 412 && id ? (await api.read(entity.name, id)).record : null)
    if (theirs) {
      asking.current = true
      setStale(theirs)
    } else {
      // Not ours to see any more: the page is told by reading it again.
      if (id && result.error instanceof Refused && [403, 404].includes(result.error.status)) void client.invalidateQueries({ queryKey: ['record', entity.name, id] })
      // What stands at a field is not said twice.
      const placed = result.error instanceof Refused && result.error.problems.some((problem) => problem.field) ? result.error : null
      if (placed) void message.error({ key: inPlace(message, 'snack'), content: placed.body.title, duration: 5 })
      else complain(result.error, 'snack')
      showFirstProblem(root)
    }
    return null
  }
  const leaving = useLeaving({
    dirty, fresh: !opened,
    save: async () => {
      asking.current = false
      return (await save()) ? 'saved' : asking.current ? 'asking' : 'refused'
    },
    keep: () => keep(place, draft, Date.now()),
  })
  const ready = async (): Promise<Rec | null> => (dirty ? save() : draft.base)
  const way = theWay()
  const crumbs = way.length ? way.slice(phone ? -1 : -CRUMBS) : [{ to: listAddress(entity.name), title: meta.say(entity.plural) }]
  const back = (): void => (panel ? panel.onClose() : go(crumbs.at(-1)?.to ?? listAddress(entity.name)))
  const hands = useLatest({ back, turn, expand: () => go(`/${entity.name}/${id}`), save: () => void save(), discard: () => (opened ? form.reset() : back()) })
  const remove = (): void => {
    if (!id) return
    modal.confirm({
      title: t('form.remove_ask', { what: title }), okText: t('form.remove'), cancelText: t('form.cancel'), okButtonProps: { danger: true },
      onOk: async () => {
        try {
          await api.remove(entity.name, id)
          leaving.current = true
          void client.invalidateQueries({ predicate: ({ queryKey }) => ['list', 'groups', 'count', 'home'].includes(String(queryKey[0])) })
          snack(t('form.removed', { what: title }), async () => {
            await api.restore(entity.name, id)
            void client.invalidateQueries()
          })
          back()
        } catch (error) {
          complain(error)
        }
      },
    })
  }

  const mine = entity.fields.find((field) => field.kind === 'ref' && field.entity === 'user' && !field.readonly && !field.computed && !field.hidden)
  useCommands([
    ...(editable ? [{ id: 'save', label: t('form.save'), group: 'page' as const, hotkey: 'ctrl+s', ...(dirty || !opened ? {} : { because: t('form.nothing_to_save') }), run: () => void save() }] : []),
    ...(editable && mine && idOf(now[mine.name]) !== session.user.id ? [{ id: 'mine', label: t('form.assign_me', { what: meta.say(mine.label) }), group: 'page' as const, hotkey: 'alt+i', run: () => form.change((draftNow) => typeField(draftNow, mine.name, { id: session.user.id, label: session.user.name })) }] : []),
    { id: 'back', label: t('form.back'), group: 'page', hotkey: 'escape', run: back },
    ...(entity.can.add && opened ? [{ id: 'new', label: t('list.new_what', { what: label }), group: 'page' as const, hotkey: 'alt+c', run: () => go(`/${entity.name}/new`) }] : []),
    ...(around.previous ? [{ id: 'previous', label: t('form.previous'), group: 'page' as const, hotkey: 'alt+p', run: () => turn(around.previous ?? '') }] : []),
    ...(around.next ? [{ id: 'next', label: t('form.next'), group: 'page' as const, hotkey: 'alt+n', run: () => turn(around.next ?? '') }] : []),
    { id: 'help', label: t('form.help'), group: 'page', hotkey: 'f1', run: () => root.current?.querySelectorAll<HTMLElement>('.help').forEach((one) => one.click()) },
    ...(id ? [{ id: 'print', label: t('form.print'), group: 'page' as const, hotkey: 'ctrl+p', run: () => go(`/print/${entity.name}/${id}`) }] : []),
  ])

  useCopy(entity, draft.base, opened !== null && !panel)
  const stage = entity.stage_field ? textOf(now[entity.stage_field]) : ''
  const exit = opened && stage ? exitOf(entity, meta.choices(entity.fields.find((one) => one.name === entity.stage_field)?.choice), stage) : null
  const extra = id ? [
    { key: 'print', label: t('form.print'), onClick: () => go(`/print/${entity.name}/${id}`) },
    ...(entity.kind === 'document' ? [{ key: 'chain', label: t('aside.whole_chain'), onClick: () => go(`/chain/${entity.name}/${id}`) }] : []),
    ...(entity.can.remove ? [{ key: 'remove', label: <span className="menu-two">{t('form.remove')}{!opened?.can.remove && opened?.can.because?.remove && <small>{opened.can.because.remove}</small>}</span>, disabled: !opened?.can.remove, danger: opened?.can.remove, onClick: remove }] : []),
  ] : []
  // What only later steps fill says nothing in a record that is not there yet.
  const told = (field: Field): boolean => opened !== null || !(field.readonly || isBesideDoc(field, entity.fields))
  // What it is about is said when it is made.
  const typed = (field: Field): boolean => editable && !(opened && field.kind === 'doc')
  const firstTyped = opened ? undefined : parts.flatMap((part) => part.fields).find((field) => !field.readonly && !field.computed)

  const drawPart = (part: Part, index: number, bare = false): ReactNode => (
    <section key={index}>
      {!bare && part.label && part.fields.length > 0 && parts.length > 1 && <h2>{meta.say(part.label)}</h2>}
      {part.fields.length > 0 && (
        <div className="fields">
          {part.fields.filter(told).map((field) => <FieldRow key={field.name} field={field} record={now} scene={scene} editable={typed(field)} error={remarks.problems.get(field.name)} hints={remarks.hints.get(field.name)} autoFocus={!phone && field === firstTyped} onChange={(value) => form.change((draftNow) => typeField(draftNow, field.name, value))} onFill={(values) => form.change((draftNow) => typeFields(draftNow, values))} />)}
        </div>
      )}
      {part.lines.map((field) => {
        const line = field.entity ? meta.entity(field.entity) : undefined
        return line && (
          <LinesBlock key={field.name} field={field} line={line} scene={scene}>
            <Lines field={field} line={line} draft={draft} record={now} editable={editable && !field.readonly && !field.computed} change={form.change} remarks={remarks} />
          </LinesBlock>
        )
      })}
      {part.lines.length > 0 && totals.length > 0 && parts.find((one) => one.lines.length > 0) === part && <Totals entity={entity} id={id} totals={totals} record={now} />}
    </section>
  )

  if (gone && !dirty) return <Trouble error={gone}><Go to={`/${entity.name}`}>{meta.say(entity.plural)}</Go></Trouble>
  return (
    <div className="form-page" ref={root}>
      <header className="form-head">
        <FormTitle title={title} mark={opened && now['active'] === false ? <Tag tone="neutral">{t('form.archived')}</Tag> : undefined} id={id} beside={Boolean(panel)} crumbs={crumbs} around={around} locked={!editable && opened ? (opened.can.because?.edit ?? t('form.locked')) : null} hands={hands} />
        <div className="form-tools">
          {stage && opened && id && <StageBar entity={entity} id={id} stage={stage} version={version} />}
          {editable && (dirty || !opened) && <SaveTools dirty={dirty} busy={form.busy} hands={hands} />}
          {id && !dirty && <span className="row-flex"><Credentials entity={entity} id={id} record={draft.base} onChanged={form.take} /></span>}
          {opened && !dirty && <ActionBar entity={entity} opened={opened} ready={ready} extra={extra} onDone={(acted) => form.take(acted.record)} onStale={(error) => {
            const current = currentOf(error)
            if (current) setStale(current)
            else if (id) void client.invalidateQueries({ queryKey: ['record', entity.name, id] })
          }} complain={(error) => {
            form.complain(error.problems)
            showFirstProblem(root)
          }} />}
        </div>
      </header>
      {Boolean(gone) && <div className="banner bad" role="alert" data-gone><span>✕</span><span>{say(gone)}</span></div>}
      {outdated && <div className="banner warn" role="status"><span>⚠</span><span>{t('conflict.banner')}</span><Button size="small" onClick={() => setStale(opened.record)}>{t('conflict.compare')}</Button></div>}
      {keeping.kept && (
        <div className="banner info" role="status" data-kept>
          <span>ℹ</span><span>{t('form.kept', { when: formatInstant(new Date(keeping.kept.at).toISOString(), scene.locale) })}</span>
          <Button size="small" type="primary" data-kept-restore onClick={keeping.restore}>{t('form.kept_restore')}</Button><Button size="small" onClick={keeping.drop}>{t('form.kept_drop')}</Button>
        </div>
      )}
      <Problems entity={entity} draft={draft} remarks={remarks} root={root} />
      {remarks.general.length > 0 && <div className="banner bad" role="alert"><span>✕</span><span>{remarks.general.join(' ')}</span></div>}
      <div className={parts.some((part) => part.lines.length) ? 'form-body has-lines' : 'form-body'}>
        <main className="sheet">
          {id && <Counters entity={entity} id={id} />}
          {(remarks.hints.get('*') ?? []).map((hint) => <HintText key={hint.text} tone={hint.tone}>{hint.text}</HintText>)}
          {exit && <div className={`ribbon ${exit.tone}`} aria-hidden="true"><span>{meta.say(exit.label)}</span></div>}
          {!exit && opened && now['active'] === false && <div className="ribbon neutral" aria-hidden="true"><span>{t('form.archived')}</span></div>}
          {above.map((part, index) => drawPart(part, index))}
          {tabs.length > 0 && <PartTabs entity={entity} parts={tabs} remarks={remarks} root={root} draw={(part, index) => drawPart(part, above.length + index, true)} />}
          {id && <Work entity={entity} id={id} record={draft.base} />}
          {id && entity.kind === 'ledger' && <Posted entity={entity} id={id} />}
        </main>
        {id && entity.kind !== 'ledger' && <Aside entity={entity} id={id} record={draft.base} />}
      </div>
      {stale && <Conflict draft={draft} current={stale} onClose={() => setStale(null)} onTheirs={() => {
        form.take(stale)
        setStale(null)
        if (id) void client.invalidateQueries({ queryKey: ['record', entity.name, id] })
      }} onMerge={(theirs) => {
        form.merge(stale, theirs)
        setStale(null)
      }} />}
    </div>
  )
}
