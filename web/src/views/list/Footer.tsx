//! The foot of a table: sums, averages and counts of all that matches, not only of what is loaded.
import { useQueries } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { queries } from '@/api/queries.ts'
import type { Entity } from '@/api/types.ts'
import { asText, kitOf } from '@/fields/kits.tsx'
import { formatMoney, formatNumber } from '@/lib/decimal.ts'
import { useScene, type Scene } from '@/meta/meta.ts'
import { listParams, type Query } from '@/meta/query.ts'
import type { Column, Total, Totals } from './columns.ts'
import { currencyField, figures, questions } from './totals.ts'

interface FooterProps { entity: Entity; query: Query; columns: readonly Column[]; totals: Totals }

/** A figure as the foot of its column writes it. */
export function figureText(column: Column, total: Total, currency: string, value: string, scene: Scene): string {
  if (total === 'filled' || total === 'empty' || total === 'unique') return formatNumber(value, scene.locale)
  if (total === 'share') return `${formatNumber(value, scene.locale)} %`
  if (column.field.kind === 'amount') return formatMoney(value, scene.locale, currency, currency === scene.companyCurrency ? 'symbol' : 'code')
  if (column.field.kind === 'int') return formatNumber(value, scene.locale)
  return asText(value, { field: column.field, record: {} }, scene)
}

export function Footer({ entity, query, columns, totals }: FooterProps) {
  const { t } = useTranslation()
  const scene = useScene()
  const { filter, search } = listParams(query, [])
  const asked = questions(entity, columns, totals)
  const answers = useQueries({ queries: asked.map((one) => queries.groups(entity.name, { filter, search, ...one })) })
  if (asked.length === 0) return null
  return (
    <tfoot className="foot">
      <tr>
        <th className="pick" scope="row"><span className="sr">{t('list.totals')}</span></th>
        {columns.map((column, at) => {
          const total = totals[column.path]
          const by = currencyField(entity, column.field) ?? undefined
          const index = asked.findIndex((one) => one.group === by)
          const answer = total ? answers[index] : undefined
          return (
            <td key={column.path} data-total={total && column.path} className={[kitOf(column.field.kind).end && 'end', at === 0 && 'stay'].filter(Boolean).join(' ')}>
              {total && <span className="total-name faint">{t(`total.${total}`)}</span>}
              {total && answer?.data && figures(column, total, answer.data.groups, scene.companyCurrency).map(({ currency, value }) => value !== null && <span key={currency} className="num total-value">{figureText(column, total, currency, value, scene)}</span>)}
              {total && answer?.isError && <span className="negative" title={t('state.error')}>!</span>}
            </td>
          )
        })}
        <td />
      </tr>
    </tfoot>
  )
}
