//! The heads of a table: a click sorts, Shift sorts by one more, dragging moves, the menu does the rest.
import { ArrowDownOutlined, ArrowUpOutlined, MoreOutlined } from '@ant-design/icons'
import { Dropdown, type MenuProps } from 'antd'
import { useState, type PointerEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entity } from '@/api/types.ts'
import { kitOf } from '@/fields/kits.tsx'
import { useScene } from '@/meta/meta.ts'
import { TOTALS, type Column, type Columns, type Total } from './columns.ts'
import { groupable } from './groups.ts'
import { totalsOf } from './totals.ts'

interface HeadProps {
  entity: Entity
  columns: Columns
  /** As wide as they are drawn. */
  drawn: readonly Column[]
  sort: readonly string[]
  /** Replaces the sorting. */
  onSort: (sort: string[]) => void
  onCycle: (path: string, more: boolean) => void
  onGroup: (path: string) => void
  onFilter: (path: string) => void
}

export function Head({ entity, columns, drawn, sort, onSort, onCycle, onGroup, onFilter }: HeadProps) {
  const { t } = useTranslation()
  const scene = useScene()
  const [dragged, setDragged] = useState<string | null>(null)
  const paths = drawn.map((column) => column.path)

  const resize = (event: PointerEvent, column: Column): void => {
    event.preventDefault()
    event.stopPropagation()
    const start = event.clientX
    const handle = event.currentTarget
    handle.setPointerCapture(event.pointerId)
    const at = (to: Event): number => column.width + ((to as unknown as PointerEvent).clientX - start)
    const move = (to: Event): void => columns.pull(column.path, at(to))
    const stop = (to: Event): void => {
      // A touch that pulled nothing chooses no width.
      if (at(to) !== column.width) columns.setWidth(column.path, at(to))
      handle.removeEventListener('pointermove', move)
      handle.removeEventListener('pointerup', stop)
    }
    handle.addEventListener('pointermove', move)
    handle.addEventListener('pointerup', stop)
  }

  const menu = (column: Column): MenuProps['items'] => {
    const { path } = column
    const at = paths.indexOf(path)
    const possible = totalsOf(path, column.field)
    const before = paths[at - 1]
    const after = paths[at + 1]
    return [
      { key: 'up', label: t('column.ascending'), onClick: () => onSort([path]) },
      { key: 'down', label: t('column.descending'), onClick: () => onSort([`-${path}`]) },
      ...(sort.length > 0 && !sort.some((one) => one.replace(/^-/, '') === path) ? [{ key: 'then', label: t('column.then'), onClick: () => onCycle(path, true) }] : []),
      { type: 'divider' },
      { key: 'filter', label: t('column.filter'), onClick: () => onFilter(path) },
      ...(groupable(entity).some((field) => field.name === path) ? [{ key: 'group', label: t('column.group'), onClick: () => onGroup(column.field.kind === 'date' ? `${path}:month` : path) }] : []),
      ...(possible.length ? [{
        key: 'total', label: t('column.total'),
        children: [
          ...TOTALS.filter((total) => possible.includes(total)).map((total: Total) => ({ key: `total-${total}`, label: `${t(`total.${total}`)}${columns.totals[path] === total ? ' ✓' : ''}`, onClick: () => columns.setTotal(path, columns.totals[path] === total ? null : total) })),
          ...(columns.totals[path] ? [{ key: 'total-none', label: t('column.no_total'), onClick: () => columns.setTotal(path, null) }] : []),
        ],
      }] : []),
      { type: 'divider' },
      ...(before ? [{ key: 'left', label: t('column.left'), onClick: () => columns.move(path, before) }] : []),
      ...(after ? [{ key: 'right', label: t('column.right'), onClick: () => columns.move(path, after) }] : []),
      ...(paths.length > 1 ? [{ key: 'hide', label: t('column.hide'), onClick: () => columns.setPaths(paths.filter((one) => one !== path)) }] : []),
    ]
  }

  return drawn.map((column) => {
    const at = sort.findIndex((one) => one.replace(/^-/, '') === column.path)
    const direction = at < 0 ? undefined : sort[at]?.startsWith('-') ? 'descending' : 'ascending'
    return (
      <th
        key={column.path} data-column={column.path} aria-sort={direction ?? 'none'}
        className={[kitOf(column.field.kind).end && 'end', column === drawn[0] && 'stay', dragged === column.path && 'dragged'].filter(Boolean).join(' ')}
        draggable
        onDragStart={(event) => {
          event.dataTransfer.effectAllowed = 'move'
          setDragged(column.path)
        }}
        onDragEnd={() => setDragged(null)}
        onDragOver={(event) => {
          if (!dragged) return
          event.preventDefault()
          if (dragged !== column.path) columns.move(dragged, column.path)
        }}
      >
        <button type="button" title={column.field.help ? `${column.label}: ${scene.meta.say(column.field.help)}` : column.label} onClick={(event) => onCycle(column.path, event.shiftKey)}>
          <span className="clip">{column.label}</span>
          {direction === 'ascending' && <ArrowUpOutlined />}
          {direction === 'descending' && <ArrowDownOutlined />}
          {direction && sort.length > 1 && <sup>{at + 1}</sup>}
        </button>
        <Dropdown trigger={['click']} menu={{ items: menu(column) }} placement="bottomRight">
          <button type="button" className="column-menu" aria-label={t('column.menu', { what: column.label })} data-column-menu={column.path}><MoreOutlined /></button>
        </Dropdown>
        <span className="grip" aria-hidden="true" draggable onDragStart={(event) => {
          event.preventDefault()
          event.stopPropagation()
        }} onPointerDown={(event) => resize(event, column)} />
      </th>
    )
  })
}
