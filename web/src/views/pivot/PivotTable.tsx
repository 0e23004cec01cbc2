//! The pivot as a grid for pointer and keyboard: heads, first column and totals stay in sight, rows are drawn by window.
import { ArrowDownOutlined, ArrowUpOutlined, CaretDownOutlined, CaretRightOutlined } from '@ant-design/icons'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entity, Json } from '@/api/types.ts'
import { asText, Show } from '@/fields/kits.tsx'
import { formatMoney, formatNumber, isNegative, shift } from '@/lib/decimal.ts'
import { Go, href, useGo } from '@/lib/go.tsx'
import { usePhone } from '@/lib/hooks.ts'
import { isComposing } from '@/lib/keys.ts'
import { both } from '@/meta/filter.ts'
import { useScene } from '@/meta/meta.ts'
import { writeQuery, type Query } from '@/meta/query.ts'
import type { GroupKey } from '../list/groups.ts'
import { useKeyText } from '../list/keyText.ts'
import { COUNT, isBare, isOwnCurrency } from '../list/keys.ts'
import { cellOf, cycleSorting, figure, filterOf, isAdditive, isMixed, linesOf, nameOf, readSorting, shareOf, type Column, type Figures, type Measure, type Node, type Pivot } from './pivot.ts'

const ROW_PX = 32
/** More columns than this are not drawn; their figures are in the totals and in the file. */
const COLUMNS_SHOWN = 120
const STEP = 20

interface PivotTableProps {
  entity: Entity
  query: Query
  put: (query: Query) => void
  pivot: Pivot
  measures: readonly Measure[]
  rowKeys: readonly GroupKey[]
  columnKeys: readonly GroupKey[]
  open: ReadonlySet<string>
  onToggle: (node: Node) => void
  /** First columns that stand folded, by name. */
  shut: ReadonlySet<string>
  onFold: (name: string) => void
  stale: boolean
}

export function PivotTable({ entity, query, put, pivot, measures, rowKeys, columnKeys, open, onToggle, shut, onFold, stale }: PivotTableProps) {
  const { t } = useTranslation()
  const scene = useScene()
  const go = useGo()
  const phone = usePhone()
  const keyText = useKeyText()
  const id = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const lines = useMemo(() => linesOf(pivot.root, (node) => open.has(node.name)), [pivot, open])
  const columns = pivot.columns.slice(0, COLUMNS_SHOWN)
  const slots = useMemo(() => [...columns, null].flatMap((column) => measures.map((measure) => ({ column, measure }))), [pivot, measures])
  // With one measure a column's own head sorts; with several each has a head of its own.
  const named = measures.length > 1 || columnKeys.length === 0
  const levels = columnKeys.length + (named ? 1 : 0)
  const virtual = useVirtualizer({ count: lines.length, getScrollElement: () => scroller.current, estimateSize: () => ROW_PX, overscan: 12 })
  const items = virtual.getVirtualItems()
  // Row -1 are the heads, row `lines.length` is the total; column 0 names the rows.
  const [active, setActive] = useState({ row: 0, column: 0 })
  const [moved, setMoved] = useState(0)
  useEffect(() => {
    if (moved) document.getElementById(`${id}-${active.row}-${active.column}`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [moved])
  const sorting = readSorting(query.order)
  const places = (measure: Measure, { currency }: Figures): string => (measure.field && isOwnCurrency(measure.field) ? currency : scene.companyCurrency)
  const say = (node: Node, column: Column | null, measure: Measure): ReactNode => {
    const figures = cellOf(node, column)
    if (isMixed(figures, measure)) return <span className="faint" title={t('pivot.mixed')}>…<span className="sr">{t('pivot.mixed')}</span></span>
    const value = figure(figures, measure)
    if (value === null || !figures) return null
    if (query.share && isAdditive(measure)) {
      const share = shareOf(pivot, node, column, measure, query.share)
      return share === null ? '–' : `${formatNumber(shift(share, 2), scene.locale, 1, 1)}%`
    }
    if (!measure.field || measure.how === 'unique') return formatNumber(value, scene.locale)
    if (['date', 'instant', 'rate'].includes(measure.field.kind)) return asText(value, { field: measure.field, record: {} }, scene)
    if (measure.field.kind !== 'amount') return formatNumber(value, scene.locale)
    return formatMoney(value, scene.locale, places(measure, figures), isOwnCurrency(measure.field) ? 'code' : 'none')
  }
  const address = (node: Node, column: Column | null): string => href(`/${entity.name}`, writeQuery({ ...query, look: 'list', group: [], cols: [], order: '', share: '', measure: '', filter: both(query.filter, filterOf(rowKeys, columnKeys, node, column)) }))
  const sort = (slot: (typeof slots)[number]): void => put({ ...query, order: cycleSorting(query.order, slot.measure.name, slot.column?.name ?? '') })

  const onKeyDown = (event: KeyboardEvent): void => {
    if (isComposing(event.nativeEvent) || event.altKey) return
    const node = lines[active.row]
    const isOpen = node && node.below.length > 0 && open.has(node.name)
    let { row, column } = active
    const lead = column === 0
    switch (event.key) {
      case 'ArrowDown': row += 1; break
      case 'ArrowUp': row -= 1; break
      case 'PageDown': row += STEP; break
      case 'PageUp': row -= STEP; break
      case 'ArrowRight':
        if (lead && node && node.below.length > 0 && !isOpen) return stop(event, () => onToggle(node))
        column += 1
        break
      case 'ArrowLeft':
        if (lead && node && isOpen) return stop(event, () => onToggle(node))
        if (lead && node) row = Math.max(0, lines.findIndex((one) => one.below.includes(node)))
        column -= 1
        break
      case 'Home': if (event.ctrlKey) row = 0; column = 0; break
      case 'End': if (event.ctrlKey) row = lines.length; column = slots.length; break
      case 'Enter': case ' ': {
        const slot = slots[column - 1]
        if (active.row === -1) return slot && stop(event, () => sort(slot))
        if (lead && node && node.below.length) return stop(event, () => onToggle(node))
        const of = active.row === lines.length ? pivot.root : node
        if (event.key === 'Enter' && of && (lead || (slot && cellOf(of, slot.column)))) stop(event, () => go(address(of, slot?.column ?? null)))
        return
      }
      default: return
    }
    event.preventDefault()
    event.stopPropagation()
    const next = { row: Math.max(-1, Math.min(lines.length, row)), column: Math.max(0, Math.min(slots.length, column)) }
    if (next.row >= 0 && next.row < lines.length) virtual.scrollToIndex(next.row)
    setActive(next)
    setMoved((count) => count + 1)
  }
  const at = (row: number, column: number) => ({ id: `${id}-${row}-${column}`, 'data-at': active.row === row && active.column === column ? 'here' : undefined })

  const leadPx = phone ? 140 : 280
  /** A folded column has room for the name above it. */
  const isFolded = (column: Column | null): boolean => column !== null && column.path.length < columnKeys.length
  const width = (measure: Measure, column: Column | null): number => (isFolded(column) && measures.length === 1 ? 132 : query.share && isAdditive(measure) ? 92 : measure.name === COUNT ? 84 : measure.how === 'unique' ? 124 : measures.length > 1 ? 144 : phone ? 112 : 132)
  const total = leadPx + slots.reduce((sum, slot) => sum + width(slot.measure, slot.column), 0)
  const before = items[0]?.start ?? 0
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)
  /** Columns with the same beginning share a head. */
  const heads = (level: number): { path: Json[]; span: number; column: Column }[] => {
    const found: { path: Json[]; span: number; column: Column }[] = []
    for (const column of columns) {
      const path = column.path.slice(0, level + 1)
      const last = found.at(-1)
      if (last && JSON.stringify(last.path) === JSON.stringify(path)) last.span += measures.length
      else found.push({ path, span: measures.length, column })
    }
    return found
  }
  const headText = (level: number, { path }: Column): string => (columnKeys[level] && level < path.length ? keyText(columnKeys[level], path[level] ?? null) : t('pivot.total'))
  const overHead = (level: number, path: Json[], column: Column): ReactNode => {
    const text = headText(level, column)
    if (level > 0 || columnKeys.length < 2) return <span className="clip">{text}</span>
    const isShut = shut.has(nameOf(path))
    return (
      <button type="button" className="pivot-fold" aria-expanded={!isShut} title={text} onClick={() => onFold(nameOf(path))} onKeyDown={(event) => (event.key === 'Enter' || event.key === ' ') && event.stopPropagation()}>
        <span className="pivot-caret" aria-hidden="true">{isShut ? <CaretRightOutlined /> : <CaretDownOutlined />}</span><span className="clip">{text}</span>
      </button>
    )
  }
  const sortHead = (slot: (typeof slots)[number], index: number, label: ReactNode, level: number, rowSpan = 1) => {
    const way = sorting?.measure === slot.measure.name && sorting.column === (slot.column?.name ?? '') ? (sorting.down ? 'descending' : 'ascending') : undefined
    return (
      <th key={`${slot.column?.name ?? ''} ${slot.measure.name}`} {...at(-1, index + 1)} role="columnheader" rowSpan={rowSpan} aria-sort={way ?? 'none'} className={slot.column ? 'end' : 'end sum'} style={{ top: level * ROW_PX }}>
        <button type="button" tabIndex={-1} title={`${slot.measure.label} · ${t('pivot.sort')}`} onClick={() => sort(slot)}>
          {way && (way === 'descending' ? <ArrowDownOutlined /> : <ArrowUpOutlined />)}<span className="clip">{label}</span>
        </button>
      </th>
    )
  }
  const cells = (node: Node, row: number) => slots.map(({ column, measure }, index) => {
    const text = say(node, column, measure)
    const value = figure(cellOf(node, column), measure)
    return (
      <td key={`${column?.name ?? ''} ${measure.name}`} {...at(row, index + 1)} role="gridcell" className={column ? 'end num' : 'end num sum'}>
        {text !== null && <Go tabIndex={-1} to={address(node, column)} className={value !== null && isNegative(value) ? 'negative' : undefined}>{text}</Go>}
      </td>
    )
  })
  return (
    <>
      <div ref={scroller} className={stale ? 'table-scroll pivot stale' : 'table-scroll pivot'} style={{ scrollPadding: `${levels * ROW_PX}px 0 ${ROW_PX}px ${leadPx}px` }}>
        <table className="table" role="treegrid" tabIndex={0} aria-label={scene.meta.say(entity.plural)} aria-activedescendant={`${id}-${active.row}-${active.column}`} aria-rowcount={lines.length + levels + 1} aria-colcount={slots.length + 1} onKeyDown={onKeyDown} style={{ width: total }}>
          <colgroup><col style={{ width: leadPx }} />{slots.map(({ column, measure }) => <col key={`${column?.name ?? ''} ${measure.name}`} style={{ width: width(measure, column) }} />)}</colgroup>
          <thead>
            {Array.from({ length: levels }, (_, level) => (
              <tr key={level} role="row" style={{ height: ROW_PX }}>
                {level === 0 && <th {...at(-1, 0)} role="columnheader" rowSpan={levels} className="lead-cell clip" style={{ top: 0 }}><span className="clip">{rowKeys.map((key) => scene.meta.pathLabel(entity, key.path)).join(' › ')}</span></th>}
                {level < columnKeys.length - (named ? 0 : 1) && heads(level).map(({ path, span, column }) => <th key={JSON.stringify(path)} role="columnheader" colSpan={span} className="over" style={{ top: level * ROW_PX }}>{overHead(level, path, column)}</th>)}
                {level === levels - 1 && slots.map((slot, index) => (named ? sortHead(slot, index, slot.measure.label, level) : slot.column && columnKeys[level] && sortHead(slot, index, headText(level, slot.column), level)))}
                {level === 0 && columnKeys.length > 0 && (named ? <th role="columnheader" colSpan={measures.length} rowSpan={columnKeys.length} className="over sum" style={{ top: 0 }}>{t('pivot.total')}</th> : slots.slice(-1).map((slot) => sortHead(slot, slots.length - 1, t('pivot.total'), 0, levels)))}
              </tr>
            ))}
          </thead>
          <tbody>
            {before > 0 && <tr aria-hidden="true" style={{ height: before }}><td colSpan={slots.length + 1} /></tr>}
            {items.map(({ index }) => {
              const node = lines[index]
              const key = node && rowKeys[node.path.length - 1]
              if (!node || !key) return null
              const isOpen = open.has(node.name)
              return (
                <tr key={node.name} role="row" aria-level={node.path.length} aria-rowindex={index + levels + 1} aria-expanded={node.below.length ? isOpen : undefined} className={`level-${node.path.length}${node.below.length ? ' branch' : ''}`} style={{ height: ROW_PX }} onMouseDown={() => setActive({ row: index, column: 0 })}>
                  <th {...at(index, 0)} role="rowheader" scope="row" className="lead-cell" style={{ paddingInlineStart: 12 + (node.path.length - 1) * (phone ? 10 : 18) }} onClick={() => node.below.length && onToggle(node)}>
                    <span className="pivot-name">
                      {rowKeys.length > 1 && <span className="pivot-caret" aria-hidden="true">{node.below.length > 0 && (isOpen ? <CaretDownOutlined /> : <CaretRightOutlined />)}</span>}
                      {!isBare(node.key) && !key.part && key.field.kind === 'choice' ? <Show field={key.field} record={{}} value={node.key} scene={scene} /> : <span className="clip" title={keyText(key, node.key)}>{keyText(key, node.key)}</span>}
                    </span>
                  </th>
                  {cells(node, index)}
                </tr>
              )
            })}
            {after > 0 && <tr aria-hidden="true" style={{ height: after }}><td colSpan={slots.length + 1} /></tr>}
          </tbody>
          <tfoot>
            <tr role="row" aria-rowindex={lines.length + levels + 1} style={{ height: ROW_PX }}>
              <th {...at(lines.length, 0)} role="rowheader" scope="row" className="lead-cell">{t('pivot.total')}</th>
              {cells(pivot.root, lines.length)}
            </tr>
          </tfoot>
        </table>
      </div>
      {pivot.columns.length > columns.length && <p className="faint pivot-note">{t('pivot.cut', { shown: columns.length, count: pivot.columns.length })}</p>}
    </>
  )
}

function stop(event: KeyboardEvent, run: () => void): void {
  event.preventDefault()
  event.stopPropagation()
  run()
}
