//! Which dashboard, and as what: a list, a chart or a figure.
import { App, Input, Modal, Segmented, Select } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '@/api/queries.ts'
import { Go } from '@/lib/go.tsx'
import { idOf, textOf, useScene } from '@/meta/meta.ts'
import { groupable, measures } from '../list/groups.ts'
import { usualGroup } from '../chart/shape.ts'
import type { AddProps } from './AddToDashboard.tsx'
import { SumSelect } from './CardDialog.tsx'
import { cardOf, TITLE_MAX, withCard } from './cards.ts'
import { calledIn, useDashboards } from './home.ts'
import { useDashboardWork } from './work.ts'
import './dashboard.css'

type As = 'list' | 'chart' | 'figure'
const NEW = ''

export default function AddDialog({ entity, query, columns, onClose }: AddProps & { onClose: () => void }) {
  const { t } = useTranslation()
  const { meta } = useScene()
  const session = useSession()
  const { message } = App.useApp()
  const { rows, ready } = useDashboards()
  const work = useDashboardWork()
  const mine = rows.filter((row) => idOf(row['owner']) === session.user.id)
  const form = useRef<HTMLFormElement>(null)
  const [chosen, setChosen] = useState<string | null>(null)
  const [name, setName] = useState('')
  const [as, setAs] = useState<As>(query.look === 'chart' ? 'chart' : 'list')
  const [title, setTitle] = useState('')
  const charts = groupable(entity).length > 0
  const group = query.group[0] ?? usualGroup(entity)
  const usual = measures(entity, [])[0]?.name ?? ''
  const [sum, setSum] = useState(query.look !== 'chart' ? '' : query.measure === '' ? usual : measures(entity, []).some((field) => field.name === query.measure) ? query.measure : '')
  const [busy, setBusy] = useState(false)
  const target = chosen ?? textOf(mine[0]?.['id'])
  const able = ready && (target !== NEW || name.trim() !== '')
  const add = async (): Promise<void> => {
    if (!able || busy) return
    setBusy(true)
    const content = cardOf(entity.name, query, as, { columns, group, sum: sum || null, title })
    const id = target === NEW ? await work.create(name.trim(), withCard([], content)) : (await work.append(target, content)) ? target : null
    setBusy(false)
    if (!id) return
    onClose()
    void message.success(<>{t('dashboard.added')} <Go to={`/dashboard/${id}`}>{t('dashboard.show')}</Go></>)
  }
  return (
    <Modal open title={t('dashboard.add_to')} width={460} afterOpenChange={(open) => open && form.current?.querySelector<HTMLElement>('input[name]')?.focus()} onCancel={onClose} onOk={() => void add()} okText={t('dashboard.add')} cancelText={t('form.cancel')} okButtonProps={{ disabled: !able, loading: busy }}>
      <form ref={form} className="card-form" data-add-to onSubmit={(event) => {
        event.preventDefault()
        void add()
      }}>
        <label>{t('dashboard.to')}<Select<string> aria-label={t('dashboard.to')} loading={!ready} value={target} onChange={setChosen} options={[...mine.map((row) => ({ value: textOf(row['id']), label: calledIn(meta.lang, row) })), { value: NEW, label: t('dashboard.new') }]} /></label>
        {ready && target === NEW && <label>{t('dashboard.name')}<Input dir="auto" name="name" maxLength={80} value={name} onChange={(event) => setName(event.target.value)} /></label>}
        <Segmented<As> value={as} onChange={setAs} aria-label={t('dashboard.what')} options={(['list', ...(charts ? ['chart' as const] : []), 'figure'] as const).map((one) => ({ value: one, label: t(`dashboard.kind_${one}`) }))} />
        {as !== 'list' && <label>{t('dashboard.shows')}<SumSelect entity={entity} sum={sum} onChange={setSum} /></label>}
        <label>{t('dashboard.card_title')}<Input dir="auto" name="title" maxLength={TITLE_MAX} placeholder={meta.say(entity.plural)} value={title} onChange={(event) => setTitle(event.target.value)} /></label>
        <button type="submit" hidden />
      </form>
    </Modal>
  )
}
