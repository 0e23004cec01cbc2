//! What can be done to several records at once.
import { EditOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Action, Entity, Rec } from '@/api/types.ts'
import { add, formatMoney } from '@/lib/decimal.ts'
import { currencyOf, textOf, useScene } from '@/meta/meta.ts'
import type { Column } from './columns.ts'
import { MassDialog, type Whom } from './massWork.tsx'

interface SelectionProps {
  entity: Entity
  rows: readonly Rec[]
  columns: readonly Column[]
  selected: ReadonlySet<string>
  everything: boolean
  whom: Whom
  count: number | undefined
  onClear: () => void
  onEverything: () => void
}

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

export function Selection({ entity, rows, columns, selected, everything, whom, count, onClear, onEverything }: SelectionProps) {
  const { t } = useTranslation()
  const { meta } = useScene()
  const [asking, setAsking] = useState<{ op: string; label: string; danger: boolean } | null>(null)
  const sum = useSums(rows, columns, selected)
  const meant = everything ? (count ?? selected.size) : selected.size
  const actions = entity.actions.filter((action) => action.many && !action.args?.some((arg) => arg.required))
  const button = (action: Action) => <Button key={action.name} size="small" danger={action.danger} data-mass-action={action.name} onClick={() => setAsking({ op: action.name, label: meta.say(action.label), danger: action.danger ?? false })}>{meta.say(action.label)}</Button>
  return (
    <div className="selection" role="toolbar" aria-label={t('list.selected', { count: meant })}>
      <b aria-live="polite">{everything ? t('list.everything', { count: meant }) : t('list.selected', { count: meant })}</b>
      {sum && !everything && <span className="num muted">Σ {sum}</span>}
      {!everything && count !== undefined && selected.size < count && selected.size >= rows.length && <Button type="link" size="small" data-everything onClick={onEverything}>{t('list.select_matching', { count })}</Button>}
      <span style={{ flex: 1 }} />
      {actions.map(button)}
      {entity.can.edit && entity.kind !== 'ledger' && <Button size="small" icon={<EditOutlined />} data-mass-action="change" onClick={() => setAsking({ op: 'change', label: t('mass.change'), danger: false })}>{t('mass.change')}</Button>}
      {entity.can.remove && <Button size="small" danger data-mass-action="delete" onClick={() => setAsking({ op: 'delete', label: t('form.remove'), danger: true })}>{t('form.remove')}</Button>}
      <Button size="small" type="text" onClick={onClear}>{t('list.clear_selection')}</Button>
      {asking && <MassDialog entity={entity} whom={whom} count={meant} {...asking} onClose={(begun) => {
        setAsking(null)
        if (begun) onClear()
      }} />}
    </div>
  )
}
