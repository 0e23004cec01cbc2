//! The tree as a grid of lines for pointer and keyboard (WAI-ARIA treegrid): arrows walk, open and close; Enter opens the record.
import { ArrowDownOutlined, ArrowUpOutlined, CaretDownOutlined, CaretRightOutlined, MinusSquareOutlined, NodeIndexOutlined, RetweetOutlined } from '@ant-design/icons'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useId, useMemo, useRef, useState, type DragEvent, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entity, Rec } from '@/api/types.ts'
import { asText, kitOf, Show } from '@/fields/kits.tsx'
import { ROW_PX, useDensity } from '@/lib/density.ts'
import { Go, useGo } from '@/lib/go.tsx'
import { usePhone, useWidth } from '@/lib/hooks.ts'
import { isComposing } from '@/lib/keys.ts'
import { idOf, useScene } from '@/meta/meta.ts'
import { cycleSort, type Query } from '@/meta/query.ts'
import { fitted, type Column } from '../list/columns.ts'
import { isWithin, stepTo, type Line, type RowLine } from './tree.ts'
import type { Target } from './useMove.tsx'

const INDENT_PX = 20
/** What the first column needs beside its text. */
const LEAD_EXTRA_PX = 130
/** Held over a closed line this long, it opens. */
const HOVER_MS = 700

interface TreeTableProps {
  entity: Entity
  query: Query
  put: (query: Query) => void
  columns: readonly Column[]
  lines: readonly Line[]
  active: string
  onActive: (id: string) => void
  onTurn: (id: string, open: boolean) => void
  onMore: (id: string) => void
  busy: string
  searching: boolean
  /** Closes all that is open. */
  onClose?: () => void
  /** Where records may be moved. */
  onAsk?: (row: Rec) => void
  onDrop?: (row: Rec, to: Target | null) => void
  /** Every record stands under another one. */
  topless?: boolean
}

export function TreeTable({ entity, query, put, columns: wanted, lines, active, onActive, onTurn, onMore, busy, searching, onClose, onAsk, onDrop, topless }: TreeTableProps) {
  const { t } = useTranslation()
  const scene = useScene()
  const go = useGo()
  const phone = usePhone()
  const density = useDensity()
  const rowPx = ROW_PX[density]
  const id = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const room = useWidth(scroller)
  const columns = useMemo(() => {
    const [first, ...rest] = wanted
    if (!first) return []
    return phone ? [{ ...first, width: room }] : fitted([{ ...first, width: first.width + LEAD_EXTRA_PX, own: true }, ...rest], room)
  }, [wanted, room, phone])
  const virtual = useVirtualizer({ count: lines.length, getScrollElement: () => scroller.current, estimateSize: () => rowPx, overscan: 14 })
  useEffect(() => virtual.measure(), [rowPx])
  const items = virtual.getVirtualItems()
  const at = lines.findIndex((line) => line.id === active)
  const [dragged, setDragged] = useState<RowLine | null>(null)
  const [over, setOver] = useState<string | null>(null)
  const hover = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(hover.current), [])

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || isComposing(event.nativeEvent) || event.altKey || event.ctrlKey || event.metaKey) return
    const line = lines[at]
    if (event.key === 'Enter' && line?.kind === 'row') go(`/${entity.name}/${line.id}`)
    else if ((event.key === 'Enter' || event.key === ' ') && line?.kind === 'more') onMore(line.parent)
    else if (event.key === ' ' && line?.kind === 'row' && line.below) onTurn(line.id, !line.open)
    else if (event.key === '*') for (const one of lines) {
      if (one.kind === 'row' && one.parent === (line?.parent ?? '') && one.below) onTurn(one.id, true)
    }
    else {
      const step = at < 0 && event.key.startsWith('Arrow') ? { at: 0 } : stepTo(lines, at, event.key)
      if (!step) return
      if ('open' in step) onTurn(step.open, true)
      else if ('close' in step) onTurn(step.close, false)
      else {
        onActive(lines[step.at]?.id ?? '')
        virtual.scrollToIndex(step.at)
      }
    }
    event.preventDefault()
    event.stopPropagation()
  }

  const forget = (): void => {
    clearTimeout(hover.current)
    setDragged(null)
    setOver(null)
  }
  const fits = (line: RowLine): boolean => dragged !== null && !isWithin(lines, line.id, dragged.id) && dragged.parent !== line.id
  const dragging = (line: RowLine) => !onDrop ? {} : {
    draggable: true,
    onDragStart: (event: DragEvent) => {
      event.dataTransfer.effectAllowed = 'move'
      event.dataTransfer.setData('text/plain', scene.meta.title(entity, line.row))
      // The browser takes its picture of the row first.
      setTimeout(() => setDragged(line))
    },
    onDragEnd: forget,
    onDragOver: (event: DragEvent) => {
      if (!fits(line)) return
      event.preventDefault()
      if (over === line.id) return
      setOver(line.id)
      clearTimeout(hover.current)
      if (line.below && !line.open) hover.current = setTimeout(() => onTurn(line.id, true), HOVER_MS)
    },
    onDragLeave: () => setOver((now) => (now === line.id ? null : now)),
    onDrop: (event: DragEvent) => {
      event.preventDefault()
      if (dragged && fits(line)) onDrop(dragged.row, { id: line.id, label: scene.meta.title(entity, line.row) })
      forget()
    },
  }

  const sort = query.sort.length ? query.sort : entity.default_sort
  const width = columns.reduce((sum, column) => sum + column.width, 0)
  const before = items[0]?.start ?? 0
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)
  const indent = (depth: number): number => (phone ? 6 : 14) + depth * (phone ? 14 : INDENT_PX)
  return (
    <div className="tree-frame">
      <div ref={scroller} className="table-scroll tree" style={{ scrollPaddingTop: rowPx }}>
        <table className="table" role="treegrid" tabIndex={0} aria-label={scene.meta.say(entity.plural)} aria-rowcount={lines.length} aria-activedescendant={at >= 0 ? `${id}-${active}` : undefined} onKeyDown={onKeyDown} onFocus={(event) => event.target === event.currentTarget && at < 0 && lines[0] && onActive(lines[0].id)} style={{ width: phone ? '100%' : `max(100%, ${width}px)` }}>
          <colgroup>{columns.map((column) => <col key={column.path} style={{ width: column.width || undefined }} />)}{!phone && <col />}</colgroup>
          <thead><tr role="row">
            {columns.map((column) => {
              const way = sort[0] === column.path ? 'ascending' : sort[0] === `-${column.path}` ? 'descending' : undefined
              return (
                <th key={column.path} role="columnheader" aria-sort={way ?? 'none'} className={[kitOf(column.field.kind).end && 'end', column === columns[0] && 'lead-head'].filter(Boolean).join(' ')}>
                  {column === columns[0] && onClose && <span className="tree-close"><button type="button" className="quiet" data-tree="close" aria-label={t('tree.close_all')} title={t('tree.close_all')} onClick={onClose}><MinusSquareOutlined /></button></span>}
                  <button type="button" onClick={() => put({ ...query, sort: cycleSort(query.sort, column.path) })}><span className="clip">{phone ? scene.meta.say(entity.label) : column.label}</span>{way === 'ascending' ? <ArrowUpOutlined /> : way === 'descending' ? <ArrowDownOutlined /> : null}</button>
                </th>
              )
            })}
            {!phone && <th />}
          </tr></thead>
          <tbody>
            {before > 0 && <tr aria-hidden="true" style={{ height: before }}><td colSpan={columns.length + 1} /></tr>}
            {items.map(({ index }) => {
              const line = lines[index]
              if (!line) return null
              const shared = { id: `${id}-${line.id}`, role: 'row', 'aria-level': line.depth + 1, 'aria-rowindex': index + 1 }
              const here = line.id === active ? 'active' : ''
              if (line.kind !== 'row') {
                return (
                  <tr key={line.id} {...shared} className={here}>
                    <td role="gridcell" colSpan={columns.length + 1} style={{ paddingInlineStart: indent(line.depth) + 24 }}>
                      {line.kind === 'ring' ? <span className="tree-ring"><RetweetOutlined aria-hidden="true" /> {t('tree.ring', { what: scene.meta.title(entity, line.row) })}</span> : line.kind === 'wait' ? <span className="skeleton" style={{ width: 160 }} role="status" aria-label={t('state.loading')} /> : <button type="button" className="quiet" tabIndex={-1} onClick={() => onMore(line.parent)}>{t('tree.more', { count: Math.min(line.left, 200) })}</button>}
                    </td>
                  </tr>
                )
              }
              const { row } = line
              const title = scene.meta.title(entity, row)
              return (
                <tr
                  key={line.id} {...shared} {...dragging(line)} data-row={line.id} aria-expanded={line.below ? line.open : undefined} aria-posinset={line.place} aria-setsize={line.of} aria-selected={line.id === active}
                  className={[here, over === line.id && 'over', dragged?.id === line.id && 'dragged', busy === line.id && 'busy', searching && !line.found && 'above'].filter(Boolean).join(' ')}
                  onMouseDown={() => onActive(line.id)}
                  onClick={() => {
                    if (!String(getSelection() ?? '')) go(`/${entity.name}/${line.id}`)
                  }}
                >
                  {columns.map(({ path, field }, column) => {
                    const value = row[path]
                    if (column > 0) return <td key={path} role="gridcell" className={kitOf(field.kind).end ? 'end clip' : 'clip'} title={field.kind === 'text' || field.kind === 'ref' ? asText(value, { field, record: row }, scene) : undefined}><Show field={field} record={row} value={value} scene={scene} /></td>
                    return (
                      <td key={path} role="gridcell" style={{ paddingInlineStart: indent(line.depth) }}>
                        <span className="tree-name">
                          {line.below ? (
                            <button type="button" className="quiet" tabIndex={-1} aria-hidden="true" onClick={(event) => {
                              event.stopPropagation()
                              onTurn(line.id, !line.open)
                            }}>{line.open ? <CaretDownOutlined /> : <CaretRightOutlined />}</button>
                          ) : <span className="tree-leaf" />}
                          <Go to={`/${entity.name}/${line.id}`} className="lead clip" tabIndex={-1} title={title}>{phone ? title : value === null || value === undefined ? idOf(row['id']) : <Show field={field} record={row} value={value} scene={scene} plain />}</Go>
                          {line.below > 0 && <span className="tree-count num" title={t('tree.children', { count: line.below })}>{line.below}<span className="sr"> {t('tree.children', { count: line.below })}</span></span>}
                          {dragged && over === line.id && <span className="tree-preview clip" data-preview>↳ {scene.meta.title(entity, dragged.row)}</span>}
                          {onAsk && <button type="button" className="quiet tree-move-button" tabIndex={-1} aria-label={`${t('tree.move')} ${title}`} title={`${t('tree.move')} (M)`} onClick={(event) => {
                            event.stopPropagation()
                            onActive(line.id)
                            onAsk(row)
                          }}><NodeIndexOutlined /></button>}
                        </span>
                      </td>
                    )
                  })}
                  {!phone && <td role="gridcell" />}
                </tr>
              )
            })}
            {after > 0 && <tr aria-hidden="true" style={{ height: after }}><td colSpan={columns.length + 1} /></tr>}
          </tbody>
        </table>
      </div>
      {dragged && dragged.parent !== '' && onDrop && !topless && (
        <div
          className={over === '' ? 'tree-top over' : 'tree-top'} data-tree="top"
          onDragOver={(event) => {
            event.preventDefault()
            setOver('')
          }}
          onDragLeave={() => setOver(null)}
          onDrop={(event) => {
            event.preventDefault()
            onDrop(dragged.row, null)
            forget()
          }}
        >{t('tree.top_drop')}</div>
      )}
    </div>
  )
}
