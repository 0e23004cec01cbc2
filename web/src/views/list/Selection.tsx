//! What can be done to several records at once.
import { CloseOutlined, DownloadOutlined, DownOutlined, EditOutlined, PrinterOutlined } from '@ant-design/icons'
import { Button, Dropdown, type MenuProps } from 'antd'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Action, Entity, Rec } from '@/api/types.ts'
import { add, formatMoney } from '@/lib/decimal.ts'
import { usePhone } from '@/lib/hooks.ts'
import { currencyOf, textOf, useScene } from '@/meta/meta.ts'
import type { Column } from './columns.ts'
import { hasLines } from './FileMenu.tsx'
import type { Whom } from './massWork.tsx'

const MassDialog = lazy(() => import('./massWork.tsx'))

interface SelectionProps {
  entity: Entity
  rows: readonly Rec[]
  columns: readonly Column[]
  selected: ReadonlySet<string>
  everything: boolean
  whom: Whom
  count: number | undefined
  onClear: () => void
  /** All that are loaded. */
  onAll: () => void
  onEverything: () => void
  /** The chosen ones as a file, and on paper. */
  fileOf: (format: 'csv' | 'xlsx', lines?: boolean) => string
  onPrint: () => void
}

/** An address names no more of them; all that match are told by their filter. */
export const NAMED_MAX = 1000

/** The sum of what is selected, per currency; only of the first amount shown. */
function useSums(rows: readonly Rec[], columns: readonly Column[], selected: ReadonlySet<string>): string {
  const scene = useScene()
  const column = columns.find((one) => one.field.kind === 'amount' && !one.path.includes('.'))
  if (!column) return ''
  const sums = new Map<string, string>()
  let found = 0
  for (const row of rows) {
    if (!selected.has(textOf(row['id']))) continue
    found += 1
    const currency = currencyOf(column.field, row, undefined, scene)
    sums.set(currency, add(sums.get(currency) ?? '0', textOf(row[column.path]) || '0'))
  }
  // Of a group that is not open the rows are not here: a sum of the others would mislead.
  if (found < selected.size) return ''
  return [...sums].map(([currency, sum]) => formatMoney(sum, scene.locale, currency, currency === scene.companyCurrency ? 'symbol' : 'code')).join(' + ')
}

interface Deed { op: string; label: string; danger: boolean; icon?: ReactNode; action?: Action }

export function Selection({ entity, rows, columns, selected, everything, whom, count, onClear, onAll, onEverything, fileOf, onPrint }: SelectionProps) {
  const { t } = useTranslation()
  const { meta } = useScene()
  const phone = usePhone()
  const [asking, setAsking] = useState<Deed | null>(null)
  const sum = useSums(rows, columns, selected)
  const meant = everything ? (count ?? selected.size) : selected.size
  // Nothing of it is archived: there is nothing to restore.
  const chosen = rows.filter((row) => selected.has(textOf(row['id'])))
  const inUse = !everything && chosen.length === selected.size && chosen.every((row) => row['active'] === true)
  const deeds: Deed[] = [
    ...entity.actions.filter((action) => action.many && !(action.name === 'restore' && inUse)).map((action) => ({ op: action.name, label: meta.say(action.label), danger: action.danger ?? false, action })),
    ...(entity.can.edit && entity.kind !== 'ledger' ? [{ op: 'change', label: t('mass.change'), danger: false, icon: <EditOutlined /> }] : []),
    ...(entity.can.remove ? [{ op: 'delete', label: t('form.remove'), danger: true }] : []),
  ]
  const named = everything || selected.size <= NAMED_MAX
  const files: MenuProps['items'] = [
    ...(entity.can.export ? (hasLines(entity) ? [false, true] : [false]) : []).flatMap((lines) => (['csv', 'xlsx'] as const).map((format) => {
      const label = t(lines ? 'list.export_lines' : 'list.export', { format: format.toUpperCase() })
      const key = lines ? `${format}-lines` : format
      return { key, disabled: !named, icon: <DownloadOutlined />, label: named ? <a href={fileOf(format, lines)} download data-chosen-file={key}>{label}</a> : label }
    })),
    { key: 'print', disabled: !named, icon: <PrinterOutlined />, label: <span data-chosen-print>{t('list.print')}</span>, onClick: onPrint },
    ...(named ? [] : [{ key: 'few', disabled: true, label: <small>{t('list.named_max', { count: NAMED_MAX })}</small> }]),
  ]
  const work: MenuProps['items'] = deeds.map((deed) => ({ key: deed.op, danger: deed.danger, icon: deed.icon, label: <span data-mass-action={deed.op}>{deed.label}</span>, onClick: () => setAsking(deed) }))
  const matching = !everything && count !== undefined && selected.size < count && selected.size >= rows.length && <Button type="link" size="small" data-everything onClick={onEverything}>{t('list.select_matching', { count })}</Button>
  const total = sum && !everything && <span className="num muted">Σ {sum}</span>
  return (
    <div className="selection" role="toolbar" aria-label={t('list.selected', { count: meant })}>
      {phone && <button type="button" className="quiet" data-select-done aria-label={t('list.clear_selection')} onClick={onClear}><CloseOutlined /></button>}
      <b aria-live="polite">{everything ? t('list.everything', { count: meant }) : t('list.selected', { count: meant })}</b>
      {!phone && total}
      {!phone && matching}
      <span style={{ flex: 1 }} />
      {phone ? (
        <>
          {!everything && selected.size < rows.length ? <Button size="small" type="link" data-select-all onClick={onAll}>{t('list.select_shown')}</Button> : matching}
          <Dropdown trigger={['click']} disabled={meant === 0} menu={{ items: [...work, { type: 'divider' }, ...files] }}><Button size="small" type="primary" data-selection-menu disabled={meant === 0}>{t('list.actions')} <DownOutlined style={{ fontSize: 9 }} /></Button></Dropdown>
        </>
      ) : (
        <>
          {deeds.map((deed) => <Button key={deed.op} size="small" danger={deed.danger} icon={deed.icon} data-mass-action={deed.op} onClick={() => setAsking(deed)}>{deed.label}</Button>)}
          <Dropdown trigger={['click']} menu={{ items: files }}><Button size="small" icon={<DownloadOutlined />} data-chosen-files>{t(entity.can.export ? 'list.export_button' : 'list.print')}</Button></Dropdown>
          <Button size="small" type="text" onClick={onClear}>{t('list.clear_selection')}</Button>
        </>
      )}
      {phone && total}
      {asking && <Suspense><MassDialog entity={entity} whom={whom} count={meant} op={asking.op} label={asking.label} danger={asking.danger} action={asking.action} onClose={(begun) => {
        setAsking(null)
        if (begun) onClear()
      }} /></Suspense>}
    </div>
  )
}
