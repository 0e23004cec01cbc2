//! A list drawn as a chart: the same filter, grouped by one or two fields.
import { Segmented, Select } from 'antd'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '@/api/queries.ts'
import type { Entity } from '@/api/types.ts'
import { Go, href, useGo } from '@/lib/go.tsx'
import { formatMoney, formatNumber, formatShort } from '@/lib/decimal.ts'
import { both } from '@/meta/filter.ts'
import { useScene } from '@/meta/meta.ts'
import { listParams, writeQuery, type Query } from '@/meta/query.ts'
import { Empty, Skeleton, Trouble } from '@/ui/parts.tsx'
import { condition, groupable, measures, readKey, tree, type Branch } from '../list/groups.ts'
import { useKeyText } from '../list/GroupTable.tsx'

const Chart = lazy(() => import('@/ui/Chart.tsx'))
/** More bars than this nobody reads. */
const BARS_MAX = 40

/** What a chart is drawn by when nobody has said. */
export function usualGroup(entity: Entity): string {
  const date = entity.fields.find((field) => field.kind === 'date' && entity.list.includes(field.name))
  if (entity.kind === 'document' && date) return `${date.name}:month`
  const first = groupable(entity)[0]
  return entity.stage_field ?? first?.name ?? ''
}

export default function ChartView({ entity, query, put }: { entity: Entity; query: Query; put: (query: Query) => void }) {
  const { t } = useTranslation()
  const scene = useScene()
  const go = useGo()
  const keyText = useKeyText()
  const group = query.group.length ? query.group.slice(0, 2) : [usualGroup(entity)].filter(Boolean)
  const keys = group.flatMap((text) => readKey(scene.meta, entity, text) ?? [])
  const possible = measures(entity, group)
  const measure = possible.find((field) => field.name === query.measure) ?? (query.measure === '' ? possible[0] : undefined)
  const { filter, search } = listParams(query, [])
  const answer = useQuery({ ...queries.groups(entity.name, { filter, search, group: group.join(','), sum: measure?.name }), enabled: group.length > 0 })
  const branches = useMemo(() => {
    const made = tree(answer.data?.groups ?? [])
    if (!keys[0]?.part) return made.slice(0, BARS_MAX)
    return made.sort((a, b) => String(a.key).localeCompare(String(b.key))).slice(-BARS_MAX)
  }, [answer.data, group.join()])

  const [first, second] = keys
  if (!first) return <Empty title={t('chart.nothing_to_group')} />
  if (answer.isError) return <Trouble error={answer.error} retry={() => void answer.refetch()} />
  const value = (branch: Branch | undefined): string => (branch ? (measure ? (branch.sum[measure.name] ?? '0') : String(branch.count)) : '0')
  const inner = second ? [...new Map(branches.flatMap((branch) => branch.below.map((below) => [keyText(second, below.key), below.key])))].slice(0, 8) : []
  const series = second
    ? inner.map(([label]) => ({ label, values: branches.map((branch) => value(branch.below.find((below) => keyText(second, below.key) === label))) }))
    : [{ label: measure ? scene.meta.say(measure.label) : t('list.count'), values: branches.map(value) }]
  const money = measure?.kind === 'amount' ? scene.companyCurrency : undefined
  return (
    <div className="chart-page">
      <div className="wrap-flex">
        <Select<string> value={measure?.name ?? '#'} style={{ minWidth: 160 }} onChange={(name) => put({ ...query, measure: name })} options={[...possible.map((field) => ({ value: field.name, label: scene.meta.say(field.label) })), { value: '#', label: t('list.count') }]} />
        <Segmented<Query['chart']> value={query.chart} onChange={(chart) => put({ ...query, chart })} options={(['bar', 'line', 'pie'] as const).map((kind) => ({ value: kind, label: t(`chart.${kind}`) }))} />
        <span className="muted">{t('chart.by', { what: keys.map((key) => scene.meta.pathLabel(entity, key.path)).join(' › ') })}</span>
      </div>
      {!answer.data ? <Skeleton /> : branches.length === 0 ? <Empty title={t('list.no_match')} /> : (
        <>
          <Suspense fallback={<Skeleton />}>
            <Chart
              label={scene.meta.say(entity.plural)}
              kind={query.chart}
              height={360}
              categories={branches.map((branch) => keyText(first, branch.key))}
              series={series}
              format={(text) => (money ? formatMoney(text, scene.locale, money) : formatNumber(text, scene.locale))}
              short={(text) => formatShort(text, scene.locale, money)}
              onPick={(at) => branches[at] && go(href(`/${entity.name}`, writeQuery({ ...query, look: 'list', group: [], filter: both(query.filter, condition(first, branches[at].key)) })))}
            />
          </Suspense>
          <table className="table small chart-table">
            <thead><tr><th>{scene.meta.pathLabel(entity, first.path)}</th><th className="end">{t('list.count')}</th>{measure && <th className="end">{scene.meta.say(measure.label)}</th>}</tr></thead>
            <tbody>
              {branches.map((branch) => (
                <tr key={JSON.stringify(branch.key)}>
                  <td><Go to={href(`/${entity.name}`, writeQuery({ ...query, look: 'list', group: [], filter: both(query.filter, condition(first, branch.key)) }))}>{keyText(first, branch.key)}</Go></td>
                  <td className="end num">{branch.count}</td>
                  {measure && <td className="end num">{money ? formatMoney(value(branch), scene.locale, money) : formatNumber(value(branch), scene.locale)}</td>}
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </div>
  )
}
