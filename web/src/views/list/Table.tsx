//! The list as a table: rows are drawn by window, so a hundred thousand cost as much as thirty.
//! With editing on, its cells are typed in as in a sheet: Tab goes on, Enter down, Esc takes the row back.
import { PlusOutlined } from '@ant-design/icons'
import { App, Checkbox } from 'antd'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entity, Field, Rec, Value } from '@/api/types.ts'
import { ROW_PX, useDensity } from '@/lib/density.ts'
import { useGo } from '@/lib/go.tsx'
import { useLatest, useWidth } from '@/lib/hooks.ts'
import { isComposing } from '@/lib/keys.ts'
import { settled } from '@/lib/owed.ts'
import { isEmpty, useScene } from '@/meta/meta.ts'
import { addSort, cycleSort, type Query } from '@/meta/query.ts'
import { inPlace } from '@/ui/inPlace.ts'
import { fitted, nameOf, whole, type Column, type Columns } from './columns.ts'
import { Footer } from './Footer.tsx'
import { Head } from './Head.tsx'
import type { Line, RecordLine } from './lines.ts'
import { Row, type Hands } from './Row.tsx'
import { isTyped, type Editing } from './useEditing.ts'
import { useFolding } from './useFolding.ts'
import type { Grouping } from './useGrouping.ts'

const PICK_PX = 40
/** Further currencies of a group stand below the first. */
const FIGURE_PX = 18
const NEW: Rec = {}
/** Rows that tell whether a column holds anything. */
const LOOKED_AT = 40

interface TableProps {
  entity: Entity
  query: Query
  columns: Columns
  lines: readonly Line[]
  /** Of a list in groups. */
  grouping?: Grouping | undefined
  sort: readonly string[]
  onSort: (sort: string[]) => void
  onGroup: (path: string) => void
  onFilter: (path: string) => void
  selected: ReadonlySet<string>
  /** All that match, loaded or not. */
  everything: boolean
  onSelect: (ids: ReadonlySet<string>) => void
  onEverything: () => void
  onEnd: () => void
  more: boolean
  scrollKey: string
  editing: Editing
  /** Cells are typed in at a click. */
  typing: boolean
  /** A cell of one of several selected rows was typed in. */
  onMany: (field: Field, value: Value) => void
  /** The record that is open beside the list. */
  open: string | null
  /** Opens beside the list; false when it is to open as a page. */
  onOpen: (id: string, beside: boolean) => boolean
}

/** Where each list was left: how far down, and in which row. */
const places = new Map<string, { top: number; row: string }>()

export function Table(props: TableProps) {
  const { entity, query, columns: api, lines, grouping, sort, onSort, onGroup, onFilter, selected, everything, onSelect, onEverything, onEnd, more, scrollKey, editing, typing, onMany, open, onOpen } = props
  const { t } = useTranslation()
  const { message } = App.useApp()
  const scene = useScene()
  const go = useGo()
  const density = useDensity()
  const scroller = useRef<HTMLDivElement>(null)
  const room = useWidth(scroller)
  // By the first page: columns must not move while one scrolls.
  const barren = api.shown.filter(({ path }) => lines.slice(0, LOOKED_AT).every((line) => line.kind === 'record' && isEmpty(line.row[path] ?? null))).map(({ path }) => path).join()
  const columns = useMemo(() => fitted(open === null ? api.shown : whole(api.shown, room - PICK_PX), room - PICK_PX, nameOf(entity), new Set(lines.length ? barren.split(',') : [])), [api.shown, room, entity, barren, open === null])
  const typed = useMemo(() => columns.map((column) => typing && isTyped(entity, column.path, column.field)), [columns, entity, typing])
  const [active, setActive] = useState<{ row: number; at: number }>(() => ({ row: lines.findIndex((line) => line.id === places.get(scrollKey)?.row), at: 0 }))
  /** The cell that is typed in. */
  const [cell, setCell] = useState<{ key: string; at: number } | null>(null)
  const anchor = useRef(-1)
  const all = useMemo(() => [...lines, ...editing.fresh.map((id): RecordLine => ({ kind: 'record', id, row: NEW }))], [lines, editing.fresh])
  const loaded = useMemo(() => lines.flatMap((line) => (line.kind === 'record' ? [line.id] : [])), [lines])
  const height = (index: number): number => {
    const line = all[index]
    return ROW_PX[density] + (line?.kind === 'group' && grouping ? (grouping.tall(line) - 1) * FIGURE_PX : 0)
  }
  const virtual = useVirtualizer({ count: all.length, getScrollElement: () => scroller.current, estimateSize: height, overscan: 14, initialOffset: () => places.get(scrollKey)?.top ?? 0 })
  useEffect(() => virtual.measure(), [density, lines, grouping])
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (more && lines.length && last >= lines.length - 20) onEnd()
  }, [last, lines.length, more, onEnd])

  const keyAt = (index: number): string => all[index]?.id ?? ''
  const isRecord = (index: number): boolean => all[index]?.kind === 'record'
  const beyond = (index: number, step: 1 | -1): number => {
    let to = index + step
    while (to >= 0 && to < all.length && !isRecord(to)) to += step
    return to
  }
  const indexOf = (key: string): number => all.findIndex((line) => line.id === key)
  const stand = (row: number, at: number): void => {
    setActive({ row, at })
    places.set(scrollKey, { top: scroller.current?.scrollTop ?? 0, row: keyAt(row) })
    virtual.scrollToIndex(row)
  }
  const isOn = (id: string): boolean => everything || selected.has(id)
  const toggle = (index: number, range: boolean): void => {
    const next = chosen()
    const on = !next.has(keyAt(index))
    const from = range && anchor.current >= 0 ? anchor.current : index
    for (let at = Math.min(from, index); at <= Math.max(from, index); at += 1) {
      if (!isRecord(at)) continue
      if (on) next.add(keyAt(at))
      else next.delete(keyAt(at))
    }
    anchor.current = index
    onSelect(next)
  }
  const isAll = grouping ? everything || (grouping.count ?? 0) > 0 && selected.size >= (grouping.count ?? 0) : loaded.length > 0 && loaded.every(isOn)
  const pickAll = (): void => (isAll ? onSelect(new Set()) : grouping ? onEverything() : onSelect(new Set(loaded)))
  const chosen = (): Set<string> => new Set(everything ? loaded : selected)
  const folding = useFolding(grouping, lines, chosen, onSelect, stand)

  // ---- typing in cells ----
  const draftAt = (key: string): Rec => editing.drafts.get(key)?.typed ?? NEW
  const many = (key: string): boolean => isOn(key) && (everything || selected.size > 1)
  const begin = (index: number, at: number): void => {
    const column = columns[at]
    if (!column || !isRecord(index) || !isTyped(entity, column.path, column.field)) return
    stand(index, at)
    setCell({ key: keyAt(index), at })
  }
  /** Leaves a cell, once what was typed in it is known; what cannot be understood stays. */
  const leave = async (then: (key: string, at: number) => void): Promise<void> => {
    const from = cell
    if (!from) return
    await settled()
    const bad = scroller.current?.querySelector<HTMLInputElement>('[data-typing] [data-bad]')
    if (bad) {
      void message.error({ key: inPlace(message, 'snack'), content: bad.dataset['why'] ?? t('form.not_understood', { text: bad.value }), duration: 5 })
      bad.focus()
      return
    }
    const field = columns[from.at]?.field
    // Typed in one of several selected rows: it is asked whether all of them are meant.
    if (field && many(from.key) && field.name in draftAt(from.key)) {
      const value = draftAt(from.key)[field.name]
      editing.drop(from.key, field.name)
      setCell(null)
      scroller.current?.focus()
      return onMany(field, value)
    }
    then(from.key, from.at)
  }
  const rest = (key: string, at: number): void => {
    setCell(null)
    const index = indexOf(key)
    if (index >= 0) setActive({ row: index, at })
    scroller.current?.focus()
  }
  const goOn = (step: 1 | -1): void => void leave((key, at) => {
    const index = indexOf(key)
    for (let to = at + step; to >= 0 && to < columns.length; to += step) if (typed[to] || isTyped(entity, columns[to]?.path ?? '', columns[to]?.field ?? (columns[0] as Column).field)) return begin(index, to)
    // Over the edge: the next row, once this one is saved.
    void editing.commit(key).then((well) => {
      const next = beyond(index, step)
      const first = columns.findIndex((column) => isTyped(entity, column.path, column.field))
      const end = columns.findLastIndex((column) => isTyped(entity, column.path, column.field))
      if (well && next >= 0 && next < all.length) begin(next, step > 0 ? first : end)
      else if (!well) begin(index, at)
      else rest(key, at)
    })
  })
  const goDown = (step: 1 | -1): void => void leave((key, at) => {
    const index = indexOf(key)
    const dirty = editing.drafts.has(key)
    void editing.commit(key).then((well) => {
      if (!well) return begin(index, at)
      const next = beyond(index, step)
      if (next >= 0 && next < all.length) begin(next, at)
      // After the last row a new one, unless nothing was typed in it.
      else if (step > 0 && !more && !grouping && entity.can.add && (dirty || !key.startsWith('new'))) addRow()
      else rest(key, at)
    })
  })
  const addRow = (): void => {
    const key = editing.add()
    const first = columns.findIndex((column) => isTyped(entity, column.path, column.field))
    setCell({ key, at: first })
    setActive({ row: all.length, at: first })
    requestAnimationFrame(() => virtual.scrollToIndex(all.length))
  }

  const hands = useLatest<Hands>({
    toggle,
    click: (index, at, event) => {
      if (String(getSelection() ?? '')) return
      const key = keyAt(index)
      if (typing && (at > 0 || key.startsWith('new'))) {
        if (cell && cell.key !== key) return void leave((from) => void editing.commit(from).then((well) => (well ? (typed[at] ? begin(index, at) : rest(key, at)) : undefined)))
        if (cell) return void leave(() => (typed[at] ? begin(index, at) : rest(key, at)))
        if (typed[at]) return begin(index, at)
        setActive({ row: index, at })
        return scroller.current?.focus()
      }
      stand(index, at)
      if (!onOpen(key, event.altKey)) go(`/${entity.name}/${key}`)
    },
    double: (index, at) => {
      if (typing) begin(index, at)
    },
    put: (index, at, value) => {
      const field = columns[at]?.field
      const line = all[index]
      if (field && line?.kind === 'record') editing.put(line.id, line.row, field.name, value)
    },
    picked: () => undefined,
    key: (event, index) => {
      if (isComposing(event.nativeEvent) || event.defaultPrevented) return
      const target = event.target as HTMLElement
      if (event.key === 'Tab' && !event.ctrlKey && !event.altKey) {
        // The box itself first takes what is marked in its list.
        const step = event.shiftKey ? -1 : 1
        event.preventDefault()
        setTimeout(() => goOn(step), 0)
        return
      }
      if (target.getAttribute('aria-expanded') === 'true') return
      if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault()
        event.stopPropagation()
        goDown(event.shiftKey ? -1 : 1)
      } else if (event.key === 'Escape') {
        event.preventDefault()
        event.stopPropagation()
        const key = keyAt(index)
        editing.discard(key)
        setCell(null)
        setActive({ row: Math.min(index, Math.max(0, lines.length - 1)), at: active.at })
        scroller.current?.focus()
      }
    },
    go: (index, event) => {
      stand(index, 0)
      return onOpen(keyAt(index), event.altKey)
    },
  })

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== scroller.current || isComposing(event.nativeEvent)) return
    const { row: from, at } = active
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: 20, PageUp: -20 }[event.key]
    if (step && plain && !(typing && (event.key === 'j' || event.key === 'k'))) {
      event.preventDefault()
      const next = Math.max(0, Math.min(all.length - 1, from + step))
      if (event.shiftKey && from >= 0) {
        // The selection grows from where Shift was pressed first.
        if (anchor.current < 0 || !isOn(keyAt(from))) anchor.current = from
        const range = chosen()
        for (let index = Math.min(anchor.current, next); index <= Math.max(anchor.current, next); index += 1) if (isRecord(index)) range.add(keyAt(index))
        if (Math.abs(next - anchor.current) < Math.abs(from - anchor.current)) range.delete(keyAt(from))
        onSelect(range)
      }
      stand(next, Math.max(0, at))
    } else if (grouping && plain && ['ArrowLeft', 'ArrowRight', 'Enter', ' '].includes(event.key) && folding.press(from, at, event.key)) {
      event.preventDefault()
    } else if ((event.key === 'ArrowRight' || event.key === 'ArrowLeft') && plain && from >= 0) {
      event.preventDefault()
      setActive({ row: from, at: Math.max(0, Math.min(columns.length - 1, at + (event.key === 'ArrowRight' ? 1 : -1))) })
    } else if ((event.key === 'Home' || event.key === 'End') && from >= 0) {
      event.preventDefault()
      const end = event.key === 'End'
      if (event.ctrlKey || event.metaKey) stand(end ? all.length - 1 : 0, at)
      else setActive({ row: from, at: end ? columns.length - 1 : 0 })
    } else if ((event.key === 'F2' || (event.key === 'Enter' && typing && at > 0)) && from >= 0) {
      event.preventDefault()
      begin(from, at)
    } else if (event.key === 'Enter' && isRecord(from) && !keyAt(from).startsWith('new')) {
      if (!onOpen(keyAt(from), event.altKey)) go(`/${entity.name}/${keyAt(from)}`)
    } else if (event.key === ' ' && isRecord(from)) {
      event.preventDefault()
      toggle(from, event.shiftKey && anchor.current >= 0)
    } else if (typing && plain && event.key.length === 1 && from >= 0 && typed[at]) {
      // The letter goes where it is meant: into the cell, over what stood there.
      begin(from, at)
    }
  }
  // Whoever goes elsewhere leaves the row: it is saved.
  const onBlur = (): void => void setTimeout(() => {
    const at = document.activeElement
    if (!cell || !scroller.current || scroller.current.contains(at) || (at instanceof HTMLElement && at.closest('.pop, .ant-select-dropdown, .ant-picker-dropdown, .ant-modal-wrap'))) return
    if (document.hasFocus()) void leave((key) => void editing.commit(key).then((well) => well && setCell(null)))
  }, 0)

  const width = columns.reduce((sum, column) => sum + column.width, PICK_PX)
  const before = items[0]?.start ?? 0
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)
  return (
    <div
      ref={scroller} className={typing ? 'table-scroll typing' : 'table-scroll'} tabIndex={0} role="group" aria-label={scene.meta.say(entity.plural)} aria-activedescendant={active.row >= 0 && !cell ? `cell-${active.row}-${isRecord(active.row) ? active.at : 0}` : undefined}
      onKeyDown={onKeyDown} onBlur={onBlur}
      onFocus={(event) => event.target === scroller.current && active.row < 0 && all.length > 0 && setActive({ row: items[0]?.index ?? 0, at: 0 })}
      onScroll={(event) => places.set(scrollKey, { top: event.currentTarget.scrollTop, row: places.get(scrollKey)?.row ?? '' })}
    >
      <table className="table" style={{ width: `max(100%, ${width}px)` }} aria-rowcount={all.length}>
        <colgroup>
          <col style={{ width: PICK_PX }} />
          {columns.map((column) => <col key={column.path} style={{ width: column.width }} />)}
          <col />
        </colgroup>
        <thead>
          <tr>
            <th className="pick"><Checkbox checked={isAll} indeterminate={!isAll && selected.size > 0} aria-label={t(grouping ? 'list.select_every' : 'list.select_all')} onChange={pickAll} /></th>
            <Head entity={entity} columns={api} drawn={columns} sort={sort} onSort={onSort} onCycle={(path, more) => onSort(more ? addSort(sort, path) : cycleSort(query.sort, path))} onGroup={onGroup} onFilter={onFilter} />
            <th />
          </tr>
        </thead>
        <tbody>
          {before > 0 && <tr style={{ height: before }}><td colSpan={columns.length + 2} /></tr>}
          {items.map(({ index }) => {
            const line = all[index]
            if (!line) return null
            const key = line.id
            if (line.kind === 'group') return grouping && <grouping.GroupRow key={key} line={line} index={index} height={height(index)} columns={columns} grouping={grouping} active={active.row === index} selected={selected} everything={everything} onTurn={() => {
              stand(index, 0)
              grouping.turn(key)
            }} onPick={() => void folding.pick(line)} />
            if (line.kind === 'more') return grouping && <grouping.MoreRow key={key} line={line} index={index} span={columns.length + 1} active={active.row === index} onMore={() => grouping.more(line.under)} />
            const { row } = line
            return <Row key={key} entity={entity} columns={columns} row={row} id={key} index={index} scene={scene} selected={isOn(key)} at={active.row === index ? active.at : -1} typing={cell?.key === key ? cell.at : -1} draft={editing.drafts.get(key)} typed={typed} open={open === key} hands={hands} />
          })}
          {after > 0 && <tr style={{ height: after }}><td colSpan={columns.length + 2} /></tr>}
          {typing && entity.can.add && !more && !grouping && <tr className="add-row"><td /><td colSpan={columns.length + 1}><button type="button" className="quiet" data-add-row onClick={addRow}><PlusOutlined />{t('list.add_row')}</button></td></tr>}
        </tbody>
        <Footer entity={entity} query={query} columns={columns} totals={api.totals} />
      </table>
    </div>
  )
}
