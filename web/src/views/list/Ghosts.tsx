//! Behind the first words of an empty list: what it will look like, dimmed and out of reach.
import { lazy, Suspense, type ReactNode } from 'react'
import type { Entity } from '@/api/types.ts'
import { kitOf, Show } from '@/fields/kits.tsx'
import { usePhone } from '@/lib/hooks.ts'
import { useScene } from '@/meta/meta.ts'
import type { Query } from '@/meta/query.ts'
import { boardField } from '../board/fields.ts'
import { Cards } from './Cards.tsx'
import { STEADY, type Column } from './columns.ts'
import { samples } from './sample.ts'

const GhostCards = lazy(() => import('../board/GhostCards.tsx'))
const ROWS = 14
const ROWS_PHONE = 6
const SHOWN_MAX = 8

interface GhostsProps { entity: Entity; query: Query; columns: readonly Column[]; children: ReactNode }

export function Ghosts({ entity, query, columns, children }: GhostsProps) {
  const { meta, today } = useScene()
  const phone = usePhone()
  const by = query.look === 'board' ? boardField(entity, query.by) : undefined
  const shown = columns.filter(({ field }) => field.kind !== 'json' && field.kind !== 'owned').slice(0, SHOWN_MAX)
  return (
    <div className="ghosts">
      <div className="ghost-back" aria-hidden="true" inert>
        {by ? <Suspense><GhostCards entity={entity} columns={shown} by={by} /></Suspense>
        : phone ? <Cards entity={entity} columns={shown} rows={samples(entity, shown, ROWS_PHONE, meta, today)} more={false} onEnd={() => undefined} />
        : <GhostRows entity={entity} columns={shown} />}
      </div>
      {children}
    </div>
  )
}

function GhostRows({ entity, columns }: { entity: Entity; columns: readonly Column[] }) {
  const scene = useScene()
  const rows = samples(entity, columns, ROWS, scene.meta, scene.today)
  const sizes = columns.map(({ field, width }) => (STEADY.has(field.name) ? `${width}px` : `minmax(${Math.round(width * 0.6)}px, ${width}fr)`)).join(' ')
  const side = ({ field }: Column): string => (kitOf(field.kind).end ? 'num' : '')
  return (
    <>
      <div className="ghost-row" style={{ gridTemplateColumns: sizes }}>{columns.map((column) => <b key={column.path} className={side(column)}>{column.label}</b>)}</div>
      {rows.map((row, at) => (
        <div key={at} className="ghost-row" style={{ gridTemplateColumns: sizes }}>
          {columns.map((column) => <span key={column.path} className={side(column)}><Show field={column.field} record={row} value={row[column.path]} scene={scene} plain={column.field.kind !== 'choice'} /></span>)}
        </div>
      ))}
    </>
  )
}
