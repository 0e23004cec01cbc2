//! What a card shall show: chosen when it is added, and again when it is changed.
import { Input, Modal, Segmented, Select } from 'antd'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/client.ts'
import { queries } from '@/api/queries.ts'
import type { Entity, Filter } from '@/api/types.ts'
import { textOf, useScene } from '@/meta/meta.ts'
import { CHARTS, readQuery, writeQuery, type ChartKind, type SearchParams } from '@/meta/query.ts'
import { groupable, measures, PARTS } from '../list/groups.ts'
import { usualGroup } from '../chart/shape.ts'
import { FilterFields } from '../list/FilterBuilder.tsx'
import { TEXT_MAX, TITLE_MAX, type Card, type Content } from './cards.ts'

/** Charts a second group cuts into series. */
const SPLIT: readonly ChartKind[] = ['bar', 'line', 'area', 'heat']
const KINDS = ['view', 'list', 'chart', 'figure', 'home', 'text'] as const
type Kind = (typeof KINDS)[number]

interface CardDialogProps { card: Card | null; onClose: () => void; onTake: (content: Content, size?: { w: number; h: number }) => void }

export function CardDialog({ card, onClose, onTake }: CardDialogProps) {
  const { t } = useTranslation()
  const scene = useScene()
  const { meta } = scene
  const form = useRef<HTMLFormElement>(null)
  const [kind, setKind] = useState<Kind>(card ? (card.kind === 'list' && card.view ? 'view' : card.kind) : 'view')
  const [title, setTitle] = useState(card?.title ?? '')
  const [view, setView] = useState(card?.kind === 'list' ? (card.view ?? '') : '')
  const [entityName, setEntityName] = useState(card && 'entity' in card ? (card.entity ?? '') : '')
  const [params, setParams] = useState<SearchParams>(card?.kind === 'list' && card.entity ? card.query : {})
  const [filter, setFilter] = useState<Filter | null>(card?.kind === 'chart' || card?.kind === 'figure' ? card.filter : null)
  const [chart, setChart] = useState<ChartKind>(card?.kind === 'chart' ? card.chart : 'bar')
  const [group, setGroup] = useState(card?.kind === 'chart' ? card.group : '')
  const [split, setSplit] = useState(card?.kind === 'chart' ? (card.split ?? '') : '')
  const [sum, setSum] = useState(card?.kind === 'chart' || card?.kind === 'figure' ? (card.sum ?? '') : '')
  const [name, setName] = useState(card?.kind === 'home' ? card.name : '')
  const [text, setText] = useState(card?.kind === 'text' ? card.text : '')
  const views = useQuery({ queryKey: ['list', 'saved_view', 'all'], queryFn: async () => (await api.list('saved_view', { sort: 'entity,name', limit: 500 })).rows, enabled: kind === 'view' })
  const home = useQuery({ ...queries.home(), enabled: kind === 'home' })
  const entity = meta.entity(entityName)

  const entities = useMemo(() => Object.values(meta.data.entities).filter((one) => one.can.see && one.kind !== 'owned').map((one) => ({ value: one.name, label: meta.say(one.plural) })).sort((a, b) => a.label.localeCompare(b.label, scene.locale)), [meta])
  const chooseEntity = (next: string): void => {
    const chosen = meta.entity(next)
    setEntityName(next)
    setFilter(null)
    setParams({})
    setGroup(chosen ? usualGroup(chosen) : '')
    setSplit('')
    setSum(chosen ? (measures(chosen, [])[0]?.name ?? '') : '')
  }
  const named = { ...(title.trim() ? { title: title.trim() } : {}), ...(card?.label ? { label: card.label } : {}) }
  const rows = { entity: entityName, filter, ...(card && 'search' in card && card.search ? { search: card.search } : {}) }
  const isHomeChart = home.data?.charts.some((one) => one.name === name)
  const content: Content | null =
    kind === 'view' ? (view ? { ...named, kind: 'list', view } : null)
    : kind === 'home' ? (name ? { ...named, kind: 'home', name } : null)
    : kind === 'text' ? (text.trim() ? { ...named, kind: 'text', text } : null)
    : !entity ? null
    : kind === 'list' ? { ...named, kind: 'list', entity: entityName, query: params }
    : kind === 'figure' ? { ...named, kind: 'figure', ...rows, sum: sum || null }
    : group ? { ...named, kind: 'chart', ...rows, chart, group, ...(split && split !== group ? { split, ...(card?.kind === 'chart' && card.stacked ? { stacked: true as const } : {}) } : {}), sum: sum || null } : null
  const take = (): void => {
    if (content) onTake(content, isHomeChart ? { w: 6, h: 6 } : undefined)
  }
  const saved = (views.data ?? []).filter((one) => meta.entity(textOf(one['entity']))?.can.see)
  const find = { optionFilterProp: 'label' }
  return (
    <Modal open afterOpenChange={(open) => open && form.current?.querySelector<HTMLElement>('input')?.focus()} title={card ? t('dashboard.change_card') : t('dashboard.add_card')} width={620} onCancel={onClose} onOk={take} okText={card ? t('list.apply') : t('dashboard.add')} cancelText={t('form.cancel')} okButtonProps={{ disabled: !content }}>
      <form ref={form} className="card-form" data-card-form onSubmit={(event) => {
        event.preventDefault()
        take()
      }}>
        <Segmented<Kind> value={kind} onChange={setKind} aria-label={t('dashboard.what')} options={KINDS.map((one) => ({ value: one, label: t(`dashboard.kind_${one}`) }))} />
        {kind === 'view' && <label>{t('dashboard.kind_view')}<Select<string> aria-label={t('dashboard.kind_view')} showSearch={find} value={view || undefined} loading={views.isPending} onChange={setView} notFoundContent={t('dashboard.no_views')} placeholder={t('dashboard.choose')} options={saved.map((one) => ({ value: textOf(one['id']), label: `${textOf(one['name'])} — ${meta.say(meta.entity(textOf(one['entity']))?.plural)}` }))} /></label>}
        {(kind === 'list' || kind === 'chart' || kind === 'figure') && <label>{t('dashboard.of')}<Select<string> aria-label={t('dashboard.of')} showSearch={find} value={entityName || undefined} onChange={chooseEntity} placeholder={t('dashboard.choose')} options={entities} /></label>}
        {entity && kind === 'chart' && <ChartFields entity={entity} chart={chart} setChart={setChart} group={group} setGroup={setGroup} split={split} setSplit={setSplit} />}
        {entity && (kind === 'chart' || kind === 'figure') && <label>{t('dashboard.shows')}<SumSelect entity={entity} sum={sum} onChange={setSum} /></label>}
        {entity && (kind === 'list' || kind === 'chart' || kind === 'figure') && (
          <div className="labelled">{t('dashboard.only')}
            <FilterFields key={entity.name} entity={entity} filter={kind === 'list' ? readQuery(params).filter : filter} onChange={(next) => (kind === 'list' ? setParams({ ...params, filter: writeQuery({ ...readQuery(params), filter: next })['filter'] }) : setFilter(next))} />
          </div>
        )}
        {kind === 'home' && <label>{t('dashboard.kind_home')}<Select<string> aria-label={t('dashboard.kind_home')} showSearch={find} value={name || undefined} loading={home.isPending} onChange={setName} placeholder={t('dashboard.choose')} options={[...(home.data?.figures ?? []), ...(home.data?.charts ?? [])].map((one) => ({ value: one.name, label: meta.say(one.label) }))} /></label>}
        {kind === 'text' && <label>{t('dashboard.kind_text')}<Input.TextArea dir="auto" name="text" rows={4} maxLength={TEXT_MAX} value={text} aria-label={t('dashboard.kind_text')} onChange={(event) => setText(event.target.value)} /></label>}
        <label>{t('dashboard.card_title')}<Input dir="auto" name="title" maxLength={TITLE_MAX} placeholder={card?.label ? meta.say(card.label) : undefined} value={title} onChange={(event) => setTitle(event.target.value)} /></label>
        <button type="submit" hidden />
      </form>
    </Modal>
  )
}

/** The count, or the sum of a field. */
export function SumSelect({ entity, sum, onChange }: { entity: Entity; sum: string; onChange: (sum: string) => void }) {
  const { t } = useTranslation()
  const { meta } = useScene()
  return <Select<string> aria-label={t('dashboard.shows')} value={sum} onChange={onChange} options={[{ value: '', label: t('list.count') }, ...measures(entity, []).map((field) => ({ value: field.name, label: t('dashboard.sum_of', { what: meta.say(field.label) }) }))]} />
}

interface ChartFieldsProps { entity: Entity; chart: ChartKind; setChart: (chart: ChartKind) => void; group: string; setGroup: (group: string) => void; split: string; setSplit: (split: string) => void }

function ChartFields({ entity, chart, setChart, group, setGroup, split, setSplit }: ChartFieldsProps) {
  const { t } = useTranslation()
  const { meta } = useScene()
  const options = groupable(entity).flatMap((field) => (field.kind === 'date' ? PARTS.map((part) => ({ value: `${field.name}:${part}`, label: `${meta.say(field.label)}: ${t(`part.${part}`)}` })) : [{ value: field.name, label: meta.say(field.label) }]))
  return (
    <div className="pair">
      <label>{t('dashboard.chart')}<Select<ChartKind> aria-label={t('dashboard.chart')} value={chart} onChange={setChart} options={CHARTS.map((one) => ({ value: one, label: t(`chart.${one}`) }))} /></label>
      <label>{t('dashboard.by')}<Select<string> aria-label={t('dashboard.by')} showSearch={{ optionFilterProp: 'label' }} value={group || undefined} onChange={setGroup} options={options} /></label>
      {SPLIT.includes(chart) && <label>{t('dashboard.split')}<Select<string> aria-label={t('dashboard.split')} showSearch={{ optionFilterProp: 'label' }} value={split} onChange={setSplit} options={[{ value: '', label: t('dashboard.no_split') }, ...options.filter((one) => one.value !== group)]} /></label>}
    </div>
  )
}
