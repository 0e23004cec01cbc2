//! The head of a group in a table: its name, how many, and under each column what the foot tells, for this group only.
import { CaretDownOutlined, CaretRightOutlined } from '@ant-design/icons'
import { Checkbox } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Group } from '@/api/types.ts'
import { kitOf, Show } from '@/fields/kits.tsx'
import { formatNumber } from '@/lib/decimal.ts'
import { useScene } from '@/meta/meta.ts'
import type { Column, Totals } from './columns.ts'
import { figureText } from './Footer.tsx'
import { useKeyText } from './keyText.ts'
import { keyName, type GroupLine, type MoreLine } from './lines.ts'
import { figures, totalsOf } from './totals.ts'
import type { Grouping } from './useGrouping.ts'

const INDENT_PX = 20

/** What a column says of a group: the company's currency first, then the others. */
export function figuresOf(totals: Totals, told: readonly Group[], column: Column, companyCurrency: string): { currency: string; value: string }[] {
  const total = totals[column.path]
  if (!total || !totalsOf(column.path, column.field).includes(total)) return []
  const found = figures(column, total, told, companyCurrency).flatMap(({ currency, value }) => (value === null ? [] : [{ currency, value }]))
  return found.sort((a, b) => Number(b.currency === companyCurrency) - Number(a.currency === companyCurrency) || (a.currency < b.currency ? -1 : 1))
}

/** The name of a group, as the cells of its field show it. */
export function GroupName({ line }: { line: GroupLine }) {
  const scene = useScene()
  const keyText = useKeyText()
  const { key, branch } = line
  return branch.key !== null && !key.part && key.field.kind === 'choice' ? <Show field={key.field} record={{}} value={branch.key} scene={scene} /> : <span className="clip">{keyText(key, branch.key)}</span>
}

interface GroupRowProps { line: GroupLine; index: number; height: number; columns: readonly Column[]; grouping: Grouping; active: boolean; selected: ReadonlySet<string>; everything: boolean; onTurn: () => void; onPick: () => void }

export function GroupRow({ line, index, height, columns, grouping, active, selected, everything, onTurn, onPick }: GroupRowProps) {
  const { t } = useTranslation()
  const scene = useScene()
  const keyText = useKeyText()
  const { key, branch, depth, open } = line
  const { totals } = grouping.columns
  const first = columns.findIndex((column) => totals[column.path] !== undefined)
  const span = first < 0 ? columns.length : Math.max(1, first)
  const ids = grouping.idsOf(branch)
  const isOn = everything || (ids !== null && ids.length > 0 && ids.every((id) => selected.has(id)))
  const isSome = !isOn && selected.size > 0 && grouping.lines.some((one) => one.kind === 'record' && one.under?.startsWith(line.id.slice(0, -1)) && selected.has(one.id))
  const name = keyText(key, branch.key)
  const told = (column: Column) => figuresOf(totals, grouping.told(line, column), column, scene.companyCurrency).map(({ currency, value }) => {
    const total = totals[column.path]
    return total && <span key={currency} className="group-figure num" title={t(`total.${total}`)}>{figureText(column, total, currency, value, scene)}</span>
  })
  return (
    <tr className={active ? 'group-row active' : 'group-row'} aria-rowindex={index + 1} data-group={keyName(branch.key)} data-depth={depth} style={{ height }} onClick={onTurn}>
      <td className="pick" onClick={(event) => event.stopPropagation()}><Checkbox checked={isOn} indeterminate={isSome} aria-label={t('list.select_group', { what: name, count: branch.count })} onChange={onPick} /></td>
      <td colSpan={span} style={{ paddingInlineStart: 10 + depth * INDENT_PX }}>
        <span className="group-name">
          <button type="button" id={`cell-${index}-0`} className="quiet" aria-expanded={open} aria-label={name} onClick={(event) => {
            event.stopPropagation()
            onTurn()
          }}>{open ? <CaretDownOutlined /> : <CaretRightOutlined />}</button>
          <GroupName line={line} />
          <span className="faint num" data-count>{formatNumber(String(branch.count), scene.locale)}</span>
          {columns.slice(0, span).map((column) => totals[column.path] && <span key={column.path} className="group-own" data-total={column.path}>{told(column)}</span>)}
        </span>
      </td>
      {columns.slice(span).map((column) => <td key={column.path} className={kitOf(column.field.kind).end ? 'end clip' : 'clip'} data-total={totals[column.path] && column.path}>{told(column)}</td>)}
      <td />
    </tr>
  )
}

export function MoreRow({ line, index, span, active, onMore }: { line: MoreLine; index: number; span: number; active: boolean; onMore: () => void }) {
  const { t } = useTranslation()
  return (
    <tr className={active ? 'more-row active' : 'more-row'} aria-rowindex={index + 1} onClick={onMore}>
      <td className="pick" />
      <td colSpan={span} style={{ paddingInlineStart: 10 + line.depth * INDENT_PX }}><MoreButton line={line} id={`cell-${index}-0`} onMore={onMore} label={t('list.more', { count: line.count - line.loaded })} /></td>
    </tr>
  )
}

/** Goes on with a group; while it is on its way it says so. */
export function MoreButton({ line, id, label, onMore }: { line: MoreLine; id?: string; label: string; onMore: () => void }) {
  const { t } = useTranslation()
  if (line.state === 'loading') return <span id={id} className="skeleton" role="status" aria-label={t('state.loading')} style={{ display: 'inline-block', width: 160 }} />
  return <button type="button" id={id} className="quiet on" data-group-more={line.under} onClick={(event) => {
    event.stopPropagation()
    onMore()
  }}>{line.state === 'failed' ? t('state.retry') : label}</button>
}
