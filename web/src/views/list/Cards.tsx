import { useEffect, useRef } from 'react'
import type { Entity, Rec } from '@/api/types.ts'
import { Show } from '@/fields/kits.tsx'
import { Go } from '@/lib/go.tsx'
import { textOf, useScene } from '@/meta/meta.ts'
import { fact, type Column } from './columns.ts'

/** Below 768 px: one card a record. */
export function Cards({ entity, columns, rows, more, onEnd }: { entity: Entity; columns: readonly Column[]; rows: readonly Rec[]; more: boolean; onEnd: () => void }) {
  const scene = useScene()
  const end = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!more || !end.current) return
    const watch = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && onEnd(), { rootMargin: '400px' })
    watch.observe(end.current)
    return () => watch.disconnect()
  }, [more, onEnd, rows.length])
  const titles = columns.filter((column) => entity.title.includes(column.path))
  const lead = titles[0] ?? columns[0]
  const stage = columns.find((column) => column.path === entity.stage_field)
  const rest = columns.filter((column) => column !== lead && column !== stage)
  const money = rest.find((column) => column.field.kind === 'amount')
  const words = rest.filter((column) => column !== money)
  return (
    <div className="cards">
      {rows.map((row) => (
        <Go key={textOf(row['id'])} to={`/${entity.name}/${textOf(row['id'])}`} className="card">
          <span className="spread">
            <b className="clip">{lead && <Show field={lead.field} record={row} value={row[lead.path]} scene={scene} plain />}</b>
            {stage && <Show field={stage.field} record={row} value={row[stage.path]} scene={scene} />}
          </span>
          <span className="spread">
            <span className="card-words">
              {words.slice(0, 4).map((column) => {
                const text = fact(column, row, scene)
                return text && <span key={column.path} className="clip">{text}</span>
              })}
            </span>
            {money && <b><Show field={money.field} record={row} value={row[money.path]} scene={scene} plain /></b>}
          </span>
        </Go>
      ))}
      <div ref={end} />
    </div>
  )
}
