//! What belongs to this record, counted; each count opens its list.
import { useQuery } from '@tanstack/react-query'
import { memo } from 'react'
import { queries } from '@/api/queries.ts'
import type { Entity, Field } from '@/api/types.ts'
import { Go, href } from '@/lib/go.tsx'
import { formatNumber } from '@/lib/decimal.ts'
import { useScene } from '@/meta/meta.ts'

const SHOWN_MAX = 6

export const Counters = memo(function Counters({ entity, id }: { entity: Entity; id: string }) {
  const { meta } = useScene()
  // One counter an entity, by its first field that names us; masters first ask for documents.
  const seen = new Set<string>()
  const found = meta.references(entity.name).filter((one) => one.entity.kind === 'document' || one.entity.kind === 'master' || entity.kind === 'ledger').filter((one) => !seen.has(one.entity.name) && seen.add(one.entity.name))
  if (entity.name === 'user' || entity.name === 'company' || entity.kind === 'setting' || found.length === 0) return null
  return <div className="counters">{found.slice(0, SHOWN_MAX).map((one) => <Counter key={one.entity.name} entity={one.entity} field={one.field} id={id} />)}</div>
})

function Counter({ entity, field, id }: { entity: Entity; field: Field; id: string }) {
  const scene = useScene()
  const filter = JSON.stringify([field.name, '=', id])
  const { data } = useQuery(queries.count(entity.name, filter))
  if (!data) return null
  return <Go to={href(`/${entity.name}`, { filter })} className="counter"><b className="num">{formatNumber(String(data), scene.locale)}</b> {scene.meta.say(data === 1 ? entity.label : entity.plural)}</Go>
}
