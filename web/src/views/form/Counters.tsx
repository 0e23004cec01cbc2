//! What belongs to this record, counted and added up; each counter opens its list. As many as stand in a line, the others in a menu.
import { DownOutlined } from '@ant-design/icons'
import { Dropdown } from 'antd'
import { useQueries } from '@tanstack/react-query'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '@/api/queries.ts'
import type { Entity, Field, Group } from '@/api/types.ts'
import { Go, href, useGo } from '@/lib/go.tsx'
import { formatMoney, formatNumber, isZero } from '@/lib/decimal.ts'
import { textOf, useScene } from '@/meta/meta.ts'
import { isOwnCurrency } from '../list/keys.ts'
import { currencyField } from '../list/totals.ts'

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

interface Count { place: Place; count: number; worth: { currency: string; value: string }[] }

/** What the groups say: how many in all, and what they are worth in each currency. */
export function countOf(place: Place, groups: readonly Group[], companyCurrency: string): Count {
  const worth = worthOf(place.entity)
  const told = groups.flatMap((group) => {
    const value = worth && group.sum?.[worth.sum]
    return value ? [{ currency: worth.group ? textOf(group.key[0]) : companyCurrency, value }] : []
  })
  return { place, count: groups.reduce((sum, group) => sum + group.count, 0), worth: told.length <= CURRENCIES_MAX ? told.filter(({ value }) => !isZero(value)) : [] }
}

function Counted({ places, id }: { places: readonly Place[]; id: string }) {
  const { t } = useTranslation()
  const scene = useScene()
  const go = useGo()
  const filterOf = ({ field }: Place): string => JSON.stringify([field.name, '=', id])
  const answers = useQueries({ queries: places.map((one) => {
    const { sum, group } = worthOf(one.entity) ?? {}
    // Without a sum there is something to be told all the same: of nothing, how many.
    return queries.groups(one.entity.name, { filter: filterOf(one), group, ...(sum ? { sum } : { filled: 'id' }) })
  }) })
  // Drawn when all are known: none moves from the line into the menu while one reads.
  const counted = answers.some((one) => one.isPending) ? [] : answers.flatMap(({ data }, at) => {
    const place = places[at]
    const found = place && data ? countOf(place, data.groups, scene.companyCurrency) : null
    return found && found.count > 0 ? [found] : []
  })
  const text = ({ place, count, worth }: Count) => (
    <>
      <b className="num">{formatNumber(String(count), scene.locale)}</b> {scene.meta.say(count === 1 ? place.entity.label : place.entity.plural)}
      {worth.map(({ currency, value }) => <span key={currency} className="num counter-worth"> · {formatMoney(value, scene.locale, currency)}</span>)}
    </>
  )
  const addressOf = (place: Place): string => href(`/${place.entity.name}`, { filter: filterOf(place) })
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
