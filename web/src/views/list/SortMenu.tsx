//! The order of a list, for every look at it and for phones, where there are no heads to click.
import { ArrowDownOutlined, ArrowUpOutlined, CloseOutlined, PlusOutlined, SortAscendingOutlined } from '@ant-design/icons'
import { Button, Popover } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entity } from '@/api/types.ts'
import { useCommands } from '@/lib/commands.ts'
import { usePhone } from '@/lib/hooks.ts'
import { useMeta } from '@/meta/meta.ts'
import { addSort } from '@/meta/query.ts'
import type { Column } from './columns.ts'

/** As many as the server sorts by. */
const SORTS_MAX = 6
const nameOf = (sort: string): string => sort.replace(/^-/, '')

interface SortProps { entity: Entity; columns: readonly Column[]; /** What was asked for; empty for the list's own order. */ sort: readonly string[]; onSort: (sort: string[]) => void }

export function SortMenu({ entity, columns, sort, onSort }: SortProps) {
  const { t } = useTranslation()
  const meta = useMeta()
  const phone = usePhone()
  const [open, setOpen] = useState(false)
  useCommands([{ id: 'sort', label: t('list.sort'), group: 'page', words: 'sort order 排序', run: () => setOpen(true) }])
  const now = sort.length ? sort : entity.default_sort
  const shown = columns.filter((column) => column.field.kind !== 'json').map(({ path, label }) => ({ path, label }))
  const others = entity.fields
    .filter((field) => !field.hidden && field.kind !== 'owned' && field.kind !== 'id' && field.kind !== 'json' && !columns.some((column) => column.path === field.name))
    .map((field) => ({ path: field.name, label: meta.say(field.label) }))
  const line = ({ path, label }: { path: string; label: string }) => {
    const at = now.findIndex((one) => nameOf(one) === path)
    const down = now[at]?.startsWith('-')
    return (
      <li key={path}>
        <button
          type="button" data-sort-by={path} aria-pressed={at >= 0} className={at >= 0 ? 'on' : undefined}
          onClick={() => onSort(at < 0 ? [path] : now.map((one, index) => (index !== at ? one : down ? path : `-${path}`)))}
        >
          <span className="clip">{label}</span>
          {at >= 0 && <>{down ? <ArrowDownOutlined aria-hidden /> : <ArrowUpOutlined aria-hidden />}<span className="sr">{t(down ? 'column.descending' : 'column.ascending')}</span></>}
          {at >= 0 && now.length > 1 && <sup>{at + 1}</sup>}
        </button>
        {at >= 0 && now.length > 1 && <button type="button" className="quiet" aria-label={t('list.sort_not', { what: label })} title={t('list.sort_not', { what: label })} onClick={() => onSort(now.filter((_, index) => index !== at))}><CloseOutlined /></button>}
        {at < 0 && now.length > 0 && now.length < SORTS_MAX && <button type="button" className="quiet" data-sort-then={path} aria-label={t('list.sort_then', { what: label })} title={t('list.sort_then', { what: label })} onClick={() => onSort(addSort(now, path))}><PlusOutlined /></button>}
      </li>
    )
  }
  return (
    <Popover
      open={open} onOpenChange={setOpen} trigger="click" placement={phone ? 'bottom' : 'bottomLeft'} arrow={false} destroyOnHidden
      content={(
        <div className="sort-pop" role="group" aria-label={t('list.sort')}>
          <div className="sort-lists">
            <ul>{shown.map(line)}</ul>
            {others.length > 0 && <ul className="others">{others.map(line)}</ul>}
          </div>
          <Button size="small" type="text" disabled={sort.length === 0} data-sort-usual onClick={() => onSort([])}>{t('list.sort_usual')}</Button>
        </div>
      )}
    >
      <button type="button" className={sort.length ? 'quiet on' : 'quiet'} data-sort aria-haspopup="dialog" aria-expanded={open} aria-label={t('list.sort')}><SortAscendingOutlined /><span className="wide-only">{t('list.sort')}</span></button>
    </Popover>
  )
}
