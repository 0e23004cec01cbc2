//! What belongs to this record, counted and added up; each counter opens its list. What is cancelled or lost does not count,
//! and drafts are told by themselves. As many as stand in a line, the others in a menu.
import { DownOutlined } from '@ant-design/icons'
import { Dropdown } from 'antd'
import { useQueries } from '@tanstack/react-query'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '@/api/queries.ts'
import type { Choice, Entity, Field, Filter, Group } from '@/api/types.ts'
import { Go, href, useGo } from '@/lib/go.tsx'
import { add, formatMoney, formatNumber, isZero } from '@/lib/decimal.ts'
import { textOf, useScene } from '@/meta/meta.ts'
import { isOwnCurrency } from '../list/keys.ts'
import { currencyField } from '../list/totals.ts'
import { exitOf } from './stay.ts'

const SHOWN_MAX = 6
/** More sums than these would be no summary. */
const CURRENCIES_MAX = 2

interface Place { entity: Entity; field: Field }

export const Counters = memo(function Counters({ entity, id }: { entity: Entity; id: string }) {
  const { meta } = useScene()
  // One counter an entity, by its first field that names us; masters first ask for documents.
  const seen = new Set<string>()
  const found = meta.references(entity.name).filter((one) => one.entity.kind === 'document' || one.entity.kind === 'master' || entity.kind === 'ledger').filter((one) => !seen.has(one.entity.name) && seen.add(one.entity.name))
  if (entity.name === 'user' || entity.name === 'company' || entity.kind === 'setting' || found.length === 0) return null
  return <Counted key={id} places={found} id={id} />
})

/** What records of an entity are worth: in company currency, else in that of each. */
export function worthOf(entity: Entity): { sum: string; group?: string; field: Field } | null {
  const amounts = entity.fields.filter((field) => field.kind === 'amount' && !field.hidden)
  const base = amounts.find((field) => !isOwnCurrency(field))
  if (base) return { sum: base.name, field: base }
  for (const field of amounts) {
    const group = currencyField(entity, field)
    if (group) return { sum: field.name, group, field }
  }
  return null
}

interface Count { place: Place; count: number; drafts: number; worth: { currency: string; value: string }[] }

const DRAFT = 'draft'
/** The stages of what counts no more: cancelled, lost. */
const goneStages = (entity: Entity, stages: readonly Choice[]): string[] => stages.filter(({ code }) => exitOf(entity, stages, code) !== null).map(({ code }) => code)

/** What is asked of a place: what names us, by stage and by the currency of what it is worth. */
export function asksOf(place: Place, id: string): { filter: string; group?: string; sum?: string; filled?: string } {
  const { sum, group: currency } = worthOf(place.entity) ?? {}
  const group = [place.entity.stage_field, currency].filter(Boolean).join(',')
  // Without a sum there is something to be told all the same: of nothing, how many.
  return { filter: JSON.stringify([place.field.name, '=', id]), ...(group ? { group } : {}), ...(sum ? { sum } : { filled: 'id' }) }
}

/** What the groups say: how many count, how many are drafts, and what those that count are worth in each currency. */
export function countOf(place: Place, groups: readonly Group[], companyCurrency: string, stages: readonly Choice[] = []): Count {
  const worth = worthOf(place.entity)
  const at = place.entity.stage_field ? 1 : 0
  const gone = new Set(goneStages(place.entity, stages))
  const stageOf = (group: Group): string => (at ? textOf(group.key[0]) : '')
  const here = groups.filter((group) => !gone.has(stageOf(group)))
  const counts = here.filter((group) => stageOf(group) !== DRAFT)
  const count = (some: readonly Group[]): number => some.reduce((all, group) => all + group.count, 0)
  const values = new Map<string, string>()
  for (const group of counts) {
    const value = worth && group.sum?.[worth.sum]
    const currency = worth?.group ? textOf(group.key[at]) : companyCurrency
    if (value) values.set(currency, add(values.get(currency) ?? '0', value))
  }
  const told = [...values].map(([currency, value]) => ({ currency, value }))
  return { place, count: count(counts), drafts: count(here) - count(counts), worth: told.length <= CURRENCIES_MAX ? told.filter(({ value }) => !isZero(value)) : [] }
}

/** The list of a counter: what it counts, drafts among it. */
export function listOf(place: Place, id: string, stages: readonly Choice[]): Filter {
  const gone = goneStages(place.entity, stages)
  const named: Filter = [place.field.name, '=', id]
  return place.entity.stage_field && gone.length ? ['and', named, [place.entity.stage_field, 'not_in', gone]] : named
}

function Counted({ places, id }: { places: readonly Place[]; id: string }) {
  const { t } = useTranslation()
  const scene = useScene()
  const go = useGo()
  const stagesOf = ({ entity }: Place): readonly Choice[] => scene.meta.choices(entity.fields.find((field) => field.name === entity.stage_field)?.choice)
  const answers = useQueries({ queries: places.map((one) => queries.groups(one.entity.name, asksOf(one, id))) })
  // Drawn when all are known: none moves from the line into the menu while one reads.
  const counted = answers.some((one) => one.isPending) ? [] : answers.flatMap(({ data }, at) => {
    const place = places[at]
    const found = place && data ? countOf(place, data.groups, scene.companyCurrency, stagesOf(place)) : null
    return found && found.count + found.drafts > 0 ? [found] : []
  })
  const number = (count: number): string => formatNumber(String(count), scene.locale)
  const text = ({ place, count, drafts, worth }: Count) => (
    <>
      {count > 0 && <b className="num">{number(count)}</b>} {scene.meta.say(count === 1 ? place.entity.label : place.entity.plural)}
      {worth.map(({ currency, value }) => <span key={currency} className="num counter-worth"> · {formatMoney(value, scene.locale, currency)}</span>)}
      {drafts > 0 && <span className="num faint" data-drafts={drafts}> · {t('form.drafts', { count: drafts, formatted: number(drafts) })}</span>}
    </>
  )
  const addressOf = (place: Place): string => href(`/${place.entity.name}`, { filter: JSON.stringify(listOf(place, id, stagesOf(place))) })
  const behind = counted.slice(SHOWN_MAX)
  return (
    <div className="counters">
      {counted.slice(0, SHOWN_MAX).map((one) => <Go key={one.place.entity.name} to={addressOf(one.place)} className="counter">{text(one)}</Go>)}
      {behind.length > 0 && (
        <Dropdown trigger={['click']} autoFocus menu={{ items: behind.map((one) => ({ key: one.place.entity.name, label: <span className="counter-item">{text(one)}</span>, onClick: () => go(addressOf(one.place)) })) }}>
          <button type="button" className="counter" data-counters="more" aria-haspopup="menu">{t('form.more')} <DownOutlined style={{ fontSize: 10 }} /></button>
        </Dropdown>
      )}
    </div>
  )
}
