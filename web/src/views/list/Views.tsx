//! Saved views: filter, order, grouping, look and columns under a name; one's own, or shared with colleagues.
import { CheckOutlined, DownOutlined, EditOutlined, StarFilled, StarOutlined, TeamOutlined } from '@ant-design/icons'
import { App, Button, Checkbox, Input, Modal, Popover } from 'antd'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, newKey } from '@/api/client.ts'
import { useSession } from '@/api/queries.ts'
import type { Entity, Rec } from '@/api/types.ts'
import { idOf, textOf, useScene } from '@/meta/meta.ts'
import { readQuery, writeQuery, type Query, type SearchParams } from '@/meta/query.ts'
import { focusOn } from '@/ui/dialog.ts'
import { useComplain, useSnack } from '@/ui/Snack.tsx'
import { usePhone } from '@/lib/hooks.ts'
import { isNumbers } from '@/lib/local.ts'
import { EVERYBODY, OpensFor, openingOf } from './OpensFor.tsx'
import { isSame, isTotals, type Columns, type Setting, type Totals } from './columns.ts'

/** What is kept of a list. */
export interface Kept { params: SearchParams; columns: readonly string[]; widths: Readonly<Record<string, number>>; totals: Totals }

export function keptOf(value: unknown): Kept {
  const known = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  const params = typeof known['params'] === 'object' && known['params'] !== null ? Object.fromEntries(Object.entries(known['params']).filter((pair): pair is [string, string] => typeof pair[1] === 'string')) : {}
  const columns = Array.isArray(known['columns']) ? known['columns'].filter((path): path is string => typeof path === 'string') : []
  return { params, columns, widths: isNumbers(known['widths']) ? known['widths'] : {}, totals: isTotals(known['totals']) ? known['totals'] : {} }
}

/** The day one looks at is no part of a view: it opens at today. */
const lasting = (query: Query): SearchParams => writeQuery({ ...query, at: '' })
const same = (a: SearchParams, b: SearchParams): boolean => JSON.stringify(lasting(readQuery(a))) === JSON.stringify(lasting(readQuery(b)))

/** Whether a list looks like a view. */
export function looksLike(kept: Kept, params: SearchParams, setting: Setting): boolean {
  if (!same(kept.params, params)) return false
  // A view made before it knew of columns says nothing of them.
  if (kept.columns.length === 0) return true
  return isSame({ ...kept, paths: kept.columns }, setting)
}

interface ViewsProps { entity: Entity; query: Query; title: string; columns: Columns; view: string; put: (query: Query, view: string) => void }

export function Views({ entity, query, title, columns, view, put }: ViewsProps) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const snack = useSnack()
  const complain = useComplain()
  const session = useSession()
  const { meta } = useScene()
  const client = useQueryClient()
  const [open, setOpen] = useState(false)
  const phone = usePhone()
  const [naming, setNaming] = useState(false)
  const [renaming, setRenaming] = useState<Rec | null>(null)
  const answer = useQuery({ queryKey: ['list', 'saved_view', entity.name], queryFn: () => api.list('saved_view', { filter: JSON.stringify(['and', ['entity', '=', entity.name], ['or', ['owner', 'is', 'me'], ['shared', '=', true]]]), sort: 'name', limit: 200 }), staleTime: 60_000 })
  const views = answer.data?.rows ?? []
  const params = lasting(query)
  const current = views.find((one) => textOf(one['id']) === view)
  const changed = current !== undefined && !looksLike(keptOf(current['query']), params, columns.setting)
  const mine = (one: Rec): boolean => idOf(one['owner']) === session.user.id
  // What others open with is said by who may see the roles: of their own views, or of all as an administrator.
  const offers = (one: Rec): boolean => (meta.entity('role')?.can.see ?? false) && (mine(one) || session.roles.includes('administrator'))
  const take = (one: Rec | null): void => {
    setOpen(false)
    const kept = keptOf(one?.['query'])
    columns.take({ paths: kept.columns, widths: kept.widths, totals: kept.totals })
    put(readQuery(kept.params), one ? textOf(one['id']) : 'all')
  }
  // The list opens with the view chosen for that, once, and only when nothing else was asked for.
  const isBare = view === '' && Object.values(params).every((value) => value === undefined)
  const opened = useRef(false)
  useEffect(() => {
    if (opened.current || !answer.data) return
    opened.current = true
    const first = openingOf(answer.data.rows, session.user.id, session.roles)
    if (isBare && first) take(first)
  }, [answer.data])
  const attempt = async (work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await work()
      await client.invalidateQueries({ queryKey: ['list', 'saved_view'] })
      return true
    } catch (problem) {
      complain(problem)
      return false
    }
  }
  const alter = (one: Rec, change: Record<string, Rec[string]>): Promise<boolean> => attempt(() => api.change('saved_view', textOf(one['id']), { version: one['version'] ?? 0, ...change }))
  const kept = { params: Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined)), columns: columns.setting.paths, widths: columns.setting.widths, totals: columns.setting.totals } as unknown as Rec[string]
  const save = (): void => void attempt(() => api.change('saved_view', view, { version: current?.['version'] ?? 0, query: kept })).then((well) => well && void message.success(t('views.saved')))
  const setFirst = async (one: Rec, wanted: boolean): Promise<void> => {
    const before = wanted ? views.filter((other) => other !== one && mine(other) && other['is_default'] === true) : []
    for (const other of before) if (!(await alter(other, { is_default: false }))) return
    await alter(one, { is_default: wanted })
  }
  const setOpensFor = async (one: Rec, role: string): Promise<void> => {
    const before = views.find((other) => other !== one && role !== '' && textOf(other['for_role']) === role)
    if (before && !(await alter(before, { for_role: null }))) return
    await alter(one, { for_role: role || null })
  }
  const remove = async (one: Rec): Promise<void> => {
    const id = textOf(one['id'])
    if (!(await attempt(() => api.remove('saved_view', id)))) return
    const isHere = id === view
    if (isHere) put(query, 'all')
    snack(t('views.removed', { name: textOf(one['name']) }), async () => {
      await api.restore('saved_view', id)
      await client.invalidateQueries({ queryKey: ['list', 'saved_view'] })
      if (isHere) put(query, id)
    })
  }
  const change = changed && (
    <span className="row-flex view-changed">
      {mine(current) && <Button size="small" data-views="save" onClick={save}>{t('views.save')}</Button>}
      {!mine(current) && !phone && <Button size="small" data-views="new" onClick={() => setNaming(true)}>{t('views.save_new')}</Button>}
      <Button size="small" type="text" data-views="reset" onClick={() => take(current)}>{t('views.reset')}</Button>
    </span>
  )
  const list = (
    <div className="views-pop">
      <ul>
        <li><button type="button" data-view="all" onClick={() => take(null)}><span className="tick">{!current && <CheckOutlined />}</span>{t('views.all', { what: title })}</button></li>
        {views.map((one) => (
          <li key={textOf(one['id'])}>
            <button type="button" data-view={textOf(one['name'])} onClick={() => take(one)}><span className="tick">{one === current && <CheckOutlined />}</span><span className="clip">{textOf(one['name'])}</span>{one['is_default'] === true && mine(one) && <StarFilled title={t('views.first')} />}{textOf(one['for_role']) !== '' && <StarOutlined title={t(textOf(one['for_role']) === EVERYBODY ? 'views.for_everybody' : 'views.for_role')} />}{one['shared'] === true && <TeamOutlined title={mine(one) ? t('views.shared') : t('views.of', { name: textOf(one['owner']) })} />}</button>
            {mine(one) && <Button size="small" type="text" icon={<EditOutlined />} aria-label={t('views.rename_what', { name: textOf(one['name']) })} title={t('views.rename')} data-view-rename={textOf(one['name'])} onClick={() => {
              setOpen(false)
              setRenaming(one)
            }} />}
            {mine(one) && <Button size="small" type="text" danger aria-label={t('views.remove', { name: textOf(one['name']) })} data-view-remove={textOf(one['name'])} onClick={() => void remove(one)}>×</Button>}
          </li>
        ))}
      </ul>
      <footer>
        {phone && change}
        <Button size="small" data-views="new" onClick={() => {
          setOpen(false)
          setNaming(true)
        }}>{t('views.save_new')}</Button>
        {current && mine(current) && <Checkbox checked={current['is_default'] === true} onChange={(event) => void setFirst(current, event.target.checked)}>{t('views.first')}</Checkbox>}
        {current && mine(current) && <Checkbox checked={current['shared'] === true} disabled={textOf(current['for_role']) !== ''} onChange={(event) => void alter(current, { shared: event.target.checked })}>{t('views.shared')}</Checkbox>}
        {current && offers(current) && <OpensFor value={textOf(current['for_role'])} onChange={(role) => void setOpensFor(current, role)} />}
      </footer>
    </div>
  )
  return (
    <>
      <Popover open={open} onOpenChange={setOpen} trigger="click" placement={phone ? 'bottom' : 'bottomLeft'} arrow={false} destroyOnHidden content={list}>
        <button type="button" className="quiet view-name" data-views="open" aria-haspopup="dialog"><span className="clip">{current ? textOf(current['name']) : t('views.title')}</span>{changed && <span className="changed" title={t('views.changed')}>•<span className="sr">{t('views.changed')}</span></span>} <DownOutlined style={{ fontSize: 10 }} /></button>
      </Popover>
      {!phone && change}
      {renaming && <Naming title={t('views.rename')} first={textOf(renaming['name'])} shared={renaming['shared'] === true} onClose={() => setRenaming(null)} onSave={async (name, shared) => {
        const well = await attempt(() => api.change('saved_view', textOf(renaming['id']), { version: renaming['version'] ?? 0, name, shared }))
        if (well) setRenaming(null)
      }} />}
      {naming && <Naming title={t('views.save_new')} onClose={() => setNaming(false)} onSave={async (name, shared) => {
        let made = ''
        const well = await attempt(async () => {
          made = textOf((await api.create('saved_view', { entity: entity.name, name, shared, query: kept }, newKey())).record['id'])
        })
        if (well) {
          setNaming(false)
          put(query, made)
        }
      }} />}
    </>
  )
}

function Naming({ title, first = '', shared: before = false, onClose, onSave }: { title: string; first?: string; shared?: boolean; onClose: () => void; onSave: (name: string, shared: boolean) => Promise<void> }) {
  const { t } = useTranslation()
  const [name, setName] = useState(first)
  const [shared, setShared] = useState(before)
  const save = (): void => void (name.trim() && onSave(name.trim(), shared))
  return (
    // The list of views takes the focus back when it closes: it is given to the box after that.
    <Modal open title={title} width={400} afterOpenChange={focusOn('input[name=view]')} onCancel={onClose} onOk={save} okText={t('form.save')} cancelText={t('form.cancel')} okButtonProps={{ disabled: !name.trim() }}>
      <label className="muted">{t('views.name')}<Input dir="auto" name="view" maxLength={80} value={name} onChange={(event) => setName(event.target.value)} onPressEnter={(event) => !event.nativeEvent.isComposing && save()} /></label>
      <p style={{ marginBottom: 0 }}><Checkbox checked={shared} onChange={(event) => setShared(event.target.checked)}>{t('views.shared')}</Checkbox></p>
    </Modal>
  )
}
