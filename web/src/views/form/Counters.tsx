//! What belongs to this record, counted; each count opens its list. As many as stand in a line, the others in a menu.
import { DownOutlined } from '@ant-design/icons'
import { Dropdown } from 'antd'
import { useQueries } from '@tanstack/react-query'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '@/api/queries.ts'
import type { Entity, Field } from '@/api/types.ts'
import { Go, href, useGo } from '@/lib/go.tsx'
import { formatNumber } from '@/lib/decimal.ts'
import { useScene } from '@/meta/meta.ts'

const SHOWN_MAX = 6

interface Place { entity: Entity; field: Field }

export const Counters = memo(function Counters({ entity, id }: { entity: Entity; id: string }) {
  const { meta } = useScene()
  // One counter an entity, by its first field that names us; masters first ask for documents.
  const seen = new Set<string>()
  const found = meta.references(entity.name).filter((one) => one.entity.kind === 'document' || one.entity.kind === 'master' || entity.kind === 'ledger').filter((one) => !seen.has(one.entity.name) && seen.add(one.entity.name))
  if (entity.name === 'user' || entity.name === 'company' || entity.kind === 'setting' || found.length === 0) return null
  return <Counted key={id} places={found} id={id} />
})

function Counted({ places, id }: { places: readonly Place[]; id: string }) {
  const { t } = useTranslation()
  const scene = useScene()
  const go = useGo()
  const filterOf = ({ field }: Place): string => JSON.stringify([field.name, '=', id])
  const answers = useQueries({ queries: places.map((one) => queries.count(one.entity.name, filterOf(one))) })
  // Drawn when all are known: none moves from the line into the menu while one reads.
  const counted = answers.some((one) => one.isPending) ? [] : answers.flatMap(({ data }, at) => {
    const place = places[at]
    return place && data ? [{ place, count: data }] : []
  })
  const text = ({ place, count }: { place: Place; count: number }) => <><b className="num">{formatNumber(String(count), scene.locale)}</b> {scene.meta.say(count === 1 ? place.entity.label : place.entity.plural)}</>
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
