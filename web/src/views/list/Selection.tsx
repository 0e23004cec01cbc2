//! What can be done to several records at once.
import { App, Button } from 'antd'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/client.ts'
import type { Action, Entity, Rec } from '@/api/types.ts'
import { add, formatMoney } from '@/lib/decimal.ts'
import { currencyOf, textOf, useScene } from '@/meta/meta.ts'
import { useSay } from '@/ui/parts.tsx'
import type { Column } from './columns.ts'

interface SelectionProps {
  entity: Entity
  rows: readonly Rec[]
  columns: readonly Column[]
  selected: ReadonlySet<string>
  count: number | undefined
  onClear: () => void
  onSelectAll: () => void
  selectingAll: boolean
}

/** The sum of what is selected, per currency; only of the first amount shown. */
function useSums(rows: readonly Rec[], columns: readonly Column[], selected: ReadonlySet<string>): string {
  const scene = useScene()
  const column = columns.find((one) => one.field.kind === 'amount' && !one.path.includes('.'))
  if (!column) return ''
  const sums = new Map<string, string>()
  for (const row of rows) {
    if (!selected.has(textOf(row['id']))) continue
    const currency = currencyOf(column.field, row, undefined, scene)
    sums.set(currency, add(sums.get(currency) ?? '0', textOf(row[column.path]) || '0'))
  }
  return [...sums].map(([currency, sum]) => formatMoney(sum, scene.locale, currency, currency === scene.companyCurrency ? 'symbol' : 'code')).join(' + ')
}

export function Selection({ entity, rows, columns, selected, count, onClear, onSelectAll, selectingAll }: SelectionProps) {
  const { t } = useTranslation()
  const { meta } = useScene()
  const { modal, message } = App.useApp()
  const client = useQueryClient()
  const say = useSay()
  const [busy, setBusy] = useState(false)
  const sum = useSums(rows, columns, selected)
  const many = entity.actions.filter((action) => action.many && !action.args?.length)

  const run = async (op: string, word: string): Promise<void> => {
    const ids = [...selected]
    const known = new Map(rows.map((row) => [textOf(row['id']), row]))
    setBusy(true)
    try {
      const { results } = await api.batch(entity.name, ids.map((id) => {
        const version = known.get(id)?.['version']
        return version === undefined ? { op, id } : { op, id, version }
      }), false)
      const refused = results.flatMap((result, index) => (result.status >= 400 ? [{ id: ids[index] ?? '', text: result.problems?.map((problem) => problem.message).join(' ') ?? String(result.status) }] : []))
      void client.invalidateQueries()
      onClear()
      if (refused.length === 0) return void message.success(t('list.bulk_done', { count: ids.length, what: word }))
      modal.warning({
        title: t('list.bulk_refused', { done: ids.length - refused.length, count: refused.length }),
        width: 560,
        content: <ul className="plain-list">{refused.slice(0, 50).map(({ id, text }) => <li key={id}><b>{known.get(id) ? meta.title(entity, known.get(id) ?? {}) : id}</b> {text}</li>)}</ul>,
      })
    } catch (error) {
      void message.error(say(error))
    } finally {
      setBusy(false)
    }
  }
  const ask = (op: string, word: string, danger: boolean): void => {
    modal.confirm({ title: t('list.bulk_ask', { count: selected.size, what: word }), okText: word, okButtonProps: { danger }, cancelText: t('form.cancel'), onOk: () => run(op, word) })
  }
  const button = (action: Action) => <Button key={action.name} size="small" loading={busy} danger={action.danger} onClick={() => ask(action.name, meta.say(action.label), action.danger ?? false)}>{meta.say(action.label)}</Button>
  return (
    <div className="selection" role="toolbar" aria-label={t('list.selected', { count: selected.size })}>
      <b>{t('list.selected', { count: selected.size })}</b>
      {sum && <span className="num muted">Σ {sum}</span>}
      {count !== undefined && selected.size < count && selected.size >= rows.length && <Button type="link" size="small" loading={selectingAll} onClick={onSelectAll}>{t('list.select_matching', { count })}</Button>}
      <span style={{ flex: 1 }} />
      {many.map(button)}
      {entity.can.remove && <Button size="small" danger loading={busy} onClick={() => ask('delete', t('form.remove'), true)}>{t('form.remove')}</Button>}
      <Button size="small" type="text" onClick={onClear}>{t('list.clear_selection')}</Button>
    </div>
  )
}
