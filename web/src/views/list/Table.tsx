//! The list as a table: rows are drawn by window, so a hundred thousand cost as much as thirty.
import { ArrowDownOutlined, ArrowUpOutlined } from '@ant-design/icons'
import { Checkbox } from 'antd'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entity, Rec } from '@/api/types.ts'
import { asText, kitOf, Show } from '@/fields/kits.tsx'
import { Go, useGo } from '@/lib/go.tsx'
import { useWidth } from '@/lib/hooks.ts'
import { idOf, textOf, useScene } from '@/meta/meta.ts'
import { fact, fitted, type Column } from './columns.ts'

export const ROW_PX = 34
const PICK_PX = 40

interface TableProps {
  entity: Entity
  columns: readonly Column[]
  rows: readonly Rec[]
  sort: readonly string[]
  onSort: (path: string) => void
  onWidth: (path: string, width: number) => void
  selected: ReadonlySet<string>
  onSelect: (ids: ReadonlySet<string>) => void
  onEnd: () => void
  more: boolean
  scrollKey: string
}

const places = new Map<string, number>()

export function Table({ entity, columns: wanted, rows, sort, onSort, onWidth, selected, onSelect, onEnd, more, scrollKey }: TableProps) {
  const { t } = useTranslation()
  const scene = useScene()
  const go = useGo()
  const scroller = useRef<HTMLDivElement>(null)
  const room = useWidth(scroller)
  const columns = useMemo(() => fitted(wanted, room - PICK_PX), [wanted, room])
  const [active, setActive] = useState(-1)
  const anchor = useRef(-1)
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => ROW_PX, overscan: 14, initialOffset: () => places.get(scrollKey) ?? 0 })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (more && rows.length && last >= rows.length - 20) onEnd()
  }, [last, rows.length, more, onEnd])

  const idAt = (index: number): string => textOf(rows[index]?.['id'])
  const toggle = (index: number, range: boolean): void => {
    const next = new Set(selected)
    const on = !next.has(idAt(index))
    const from = range && anchor.current >= 0 ? anchor.current : index
    for (let at = Math.min(from, index); at <= Math.max(from, index); at += 1) {
      if (on) next.add(idAt(at))
      else next.delete(idAt(at))
    }
    anchor.current = index
    onSelect(next)
  }
  const all = rows.length > 0 && rows.every((row) => selected.has(textOf(row['id'])))

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== scroller.current) return
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: 20, PageUp: -20 }[event.key]
    if (step) {
      event.preventDefault()
      const next = Math.max(0, Math.min(rows.length - 1, active + step))
      if (event.shiftKey && active >= 0) toggle(next, false)
      setActive(next)
      virtual.scrollToIndex(next)
    } else if (event.key === 'Enter' && active >= 0) {
      go(`/${entity.name}/${idAt(active)}`)
    } else if (event.key === ' ' && active >= 0) {
      event.preventDefault()
      toggle(active, event.shiftKey)
    }
  }

  const resize = (event: PointerEvent, column: Column): void => {
    event.preventDefault()
    event.stopPropagation()
    const start = event.clientX
    const handle = event.currentTarget
    handle.setPointerCapture(event.pointerId)
    const move = (to: Event): void => onWidth(column.path, column.width + ((to as unknown as PointerEvent).clientX - start))
    const stop = (): void => {
      handle.removeEventListener('pointermove', move)
      handle.removeEventListener('pointerup', stop)
    }
    handle.addEventListener('pointermove', move)
    handle.addEventListener('pointerup', stop)
  }

  const width = columns.reduce((sum, column) => sum + column.width, PICK_PX)
  const before = items[0]?.start ?? 0
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)
  return (
    <div ref={scroller} className="table-scroll" tabIndex={0} role="region" aria-label={scene.meta.say(entity.plural)} onKeyDown={onKeyDown} onScroll={(event) => places.set(scrollKey, event.currentTarget.scrollTop)}>
      <table className="table" style={{ width: `max(100%, ${width}px)` }} aria-rowcount={rows.length}>
        <colgroup>
          <col style={{ width: PICK_PX }} />
          {columns.map((column) => <col key={column.path} style={{ width: column.width }} />)}
          <col />
        </colgroup>
        <thead>
          <tr>
            <th className="pick"><Checkbox checked={all} indeterminate={!all && selected.size > 0} aria-label={t('list.select_all')} onChange={() => onSelect(all ? new Set() : new Set(rows.map((row) => textOf(row['id']))))} /></th>
            {columns.map((column) => {
              const direction = sort[0] === column.path ? 'ascending' : sort[0] === `-${column.path}` ? 'descending' : undefined
              return (
                <th key={column.path} aria-sort={direction ?? 'none'} className={[kitOf(column.field.kind).end && 'end', column === columns[0] && 'stay'].filter(Boolean).join(' ')}>
                  <button type="button" title={column.field.help ? `${column.label}: ${scene.meta.say(column.field.help)}` : column.label} onClick={() => onSort(column.path)}>
                    <span className="clip">{column.label}</span>
                    {direction === 'ascending' && <ArrowUpOutlined />}
                    {direction === 'descending' && <ArrowDownOutlined />}
                  </button>
                  <span className="grip" aria-hidden="true" onPointerDown={(event) => resize(event, column)} />
                </th>
              )
            })}
            <th />
          </tr>
        </thead>
        <tbody>
          {before > 0 && <tr style={{ height: before }}><td colSpan={columns.length + 2} /></tr>}
          {items.map(({ index }) => {
            const row = rows[index]
            if (!row) return null
            const id = textOf(row['id'])
            return (
              <tr
                key={id}
                aria-rowindex={index + 1}
                aria-selected={selected.has(id)}
                className={index === active ? 'active' : undefined}
                onClick={() => {
                  if (String(getSelection() ?? '')) return
                  go(`/${entity.name}/${id}`)
                }}
              >
                <td className="pick" onClick={(event) => event.stopPropagation()}>
                  <Checkbox checked={selected.has(id)} aria-label={t('list.select_row', { what: scene.meta.title(entity, row) })} onClick={(event) => toggle(index, event.shiftKey)} />
                </td>
                {columns.map(({ path, field }, at) => {
                  const content = <Show field={field} record={row} value={row[path]} scene={scene} plain={at === 0 && field.kind !== 'choice'} />
                  return (
                    <td key={path} className={[kitOf(field.kind).end && 'end', 'clip', at === 0 && 'stay'].filter(Boolean).join(' ')} title={field.kind === 'text' || field.kind === 'ref' || field.kind === 'long_text' ? asText(row[path], { field, record: row }, scene) : undefined}>
                      {at === 0 ? <Go to={`/${entity.name}/${id}`} className="lead">{row[path] === null || row[path] === undefined ? idOf(row['id']) : content}</Go> : content}
                    </td>
                  )
                })}
                <td />
              </tr>
            )
          })}
          {after > 0 && <tr style={{ height: after }}><td colSpan={columns.length + 2} /></tr>}
        </tbody>
      </table>
    </div>
  )
}

/** Below 768 px: one card a record. */
export function Cards({ entity, columns, rows, more, onEnd }: Pick<TableProps, 'entity' | 'columns' | 'rows' | 'more' | 'onEnd'>) {
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
