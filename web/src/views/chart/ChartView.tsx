//! A list drawn as a chart: the same filter, grouped by one or two fields.
import { AppstoreOutlined, AreaChartOutlined, BarChartOutlined, BuildOutlined, FunnelPlotOutlined, LineChartOutlined, PieChartOutlined } from '@ant-design/icons'
import { Button, Checkbox, Select } from 'antd'
import { lazy, Suspense, useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entity, Filter } from '@/api/types.ts'
import { useCommands } from '@/lib/commands.ts'
import { Go, href, useGo } from '@/lib/go.tsx'
import { formatMoney, formatNumber, formatShort } from '@/lib/decimal.ts'
import { both, group as join } from '@/meta/filter.ts'
import { useScene } from '@/meta/meta.ts'
import { CHARTS, writeQuery, type ChartKind, type Query } from '@/meta/query.ts'
import { rateOf } from '@/ui/chartOptions.ts'
import { Empty, Tip, Trouble } from '@/ui/parts.tsx'
import { Waiting } from '@/ui/Waiting.tsx'
import { condition, measures, readKey } from '../list/groups.ts'
import { useKeyText } from '../list/keyText.ts'
import { KeyChips } from '../list/KeyChips.tsx'
import { COUNT, isOwnCurrency, keyOrder, summable } from '../list/keys.ts'
import { useGroups } from '../list/useGroups.ts'
import { secondGroup, shapeOf, usualGroup, type Mark } from './shape.ts'
import './chart.css'

const Chart = lazy(() => import('@/ui/Chart.tsx'))

const ICONS: Record<ChartKind, ReactNode> = { bar: <BarChartOutlined />, line: <LineChartOutlined />, area: <AreaChartOutlined />, pie: <PieChartOutlined />, funnel: <FunnelPlotOutlined />, waterfall: <BuildOutlined />, heat: <AppstoreOutlined /> }
/** More columns than this do not fit beside each other. */
const COLUMNS_MAX = 9

export default function ChartView({ entity, query, put, nothing }: { entity: Entity; query: Query; put: (query: Query) => void; /** Instead of a chart of nothing. */ nothing?: ReactNode }) {
  const { t } = useTranslation()
  const scene = useScene()
  const { meta, locale } = scene
  const go = useGo()
  const keyText = useKeyText()
  const group = query.group.length ? query.group.slice(0, 2) : [usualGroup(entity)].filter(Boolean)
  // The first key may be the currency itself: then each bar has its own.
  const possible = summable(entity, group.slice(0, 1))
  const asked = query.measure.split(',')[0] ?? ''
  const measure = asked === '' ? measures(entity, group.slice(0, 1))[0] : possible.find((field) => field.name === asked)
  const { shown, stale, error, retry } = useGroups(entity, query, group, measure ? [measure.name] : [])
  const shape = useMemo(() => {
    if (!shown) return null
    const keys = shown.group.flatMap((text) => readKey(meta, entity, text) ?? [])
    const named = measure && shown.sums.includes(measure.name) ? measure.name : COUNT
    return { keys, ...shapeOf(shown.groups, { kind: query.chart, keys, measure: named, text: keyText, order: keys.map((key) => keyOrder(key, meta, locale, (value) => keyText(key, value))), rest: t('chart.others') }) }
  }, [shown?.groups, query.chart, measure, meta, locale])
  const kinds = CHARTS.map((kind) => ({ kind, label: t(`chart.${kind}`) }))
  const stacks = (query.chart === 'bar' || query.chart === 'area') && group.length > 1
  useCommands([
    ...kinds.filter(({ kind }) => kind !== query.chart).map(({ kind, label }) => ({ id: `chart-${kind}`, label: t('chart.draw_as', { what: label }), group: 'page' as const, run: () => put({ ...query, chart: kind }) })),
    ...(stacks ? [{ id: 'chart-stacked', label: t('chart.stacked'), group: 'page' as const, run: () => put({ ...query, stacked: !query.stacked }) }] : []),
  ])

  if (group.length === 0) return <Empty title={t('chart.nothing_to_group')} />
  if (error) return <Trouble error={error} retry={retry} />
  const money = measure?.kind === 'amount' && !isOwnCurrency(measure) ? scene.companyCurrency : undefined
  const format = (text: string): string => (money ? formatMoney(text, locale, money) : formatNumber(text, locale))
  const short = (text: string): string => formatShort(text, locale, money)
  const [first, second] = shape?.keys ?? []
  /** The list of what stands behind a category, and a series of it. */
  const rowsOf = (category: Mark | undefined, series?: Mark | null): string | undefined => {
    if (!first || !category || category.rest || series?.rest) return undefined
    const parts: Filter[] = [condition(first, category.key), ...(second && series ? [condition(second, series.key)] : [])]
    return href(`/${entity.name}`, writeQuery({ ...query, look: 'list', group: [], filter: both(query.filter, join('and', parts)) }))
  }
  const pick = (at: number, index: number): void => {
    const to = rowsOf(shape?.categories[at], shape?.series[index]?.mark)
    if (to) go(to)
  }
  const further = secondGroup(entity, group)
  const measureName = measure ? meta.say(measure.label) : t('list.count')
  const wide = shape && shape.series.length > 1 && shape.series.length <= COLUMNS_MAX ? shape.series : []
  return (
    <div className="chart-page">
      <div className="wrap-flex">
        <Select<string> aria-label={t('chart.measure')} value={measure?.name ?? COUNT} style={{ minWidth: 160 }} onChange={(name) => put({ ...query, measure: name })} options={[...possible.map((field) => ({ value: field.name, label: meta.say(field.label) })), { value: COUNT, label: t('list.count') }]} />
        <div className="chart-kinds" role="group" aria-label={t('chart.kind')}>
          {kinds.map(({ kind, label }) => <Tip key={kind} text={label}><button type="button" data-chart={kind} className={query.chart === kind ? 'quiet on' : 'quiet'} aria-pressed={query.chart === kind} aria-label={label} onClick={() => put({ ...query, chart: kind })}>{ICONS[kind]}</button></Tip>)}
        </div>
        <KeyChips name="group" entity={entity} label={t('chart.grouped')} keys={group} most={2} least={1} onChange={(keys) => put({ ...query, group: keys })} />
        {stacks && <Checkbox data-chart="stacked" checked={query.stacked} onChange={(event) => put({ ...query, stacked: event.target.checked })}>{t('chart.stacked')}</Checkbox>}
      </div>
      {!shape ? <Waiting shape="chart" /> : shape.categories.length === 0 ? (nothing ?? <Empty title={t('list.no_match')} />) : (
        <div className={stale ? 'chart-body stale' : 'chart-body'}>
          <Suspense fallback={<Waiting shape="chart" />}>
            <Chart
              label={`${meta.say(entity.plural)}: ${measureName}`}
              kind={query.chart}
              height={query.chart === 'bar' || query.chart === 'waterfall' ? Math.max(360, shape.categories.length * (shape.categories.some((one) => one.label.length > 12) ? 20 : 0) + 60) : 360}
              categories={shape.categories.map((one) => one.label)}
              series={shape.series.map((one) => ({ label: one.mark?.label ?? measureName, values: one.values }))}
              stacked={stacks && query.stacked}
              format={format}
              short={short}
              onPick={pick}
            />
          </Suspense>
          {shape.of > shape.categories.length && <p className="faint chart-note">{t('chart.cut', { shown: shape.categories.filter((one) => !one.rest).length, count: shape.of })}</p>}
          {query.chart === 'heat' && group.length < 2 && <p className="faint chart-note">{t('chart.wants_two')} {further && <Button size="small" data-second onClick={() => put({ ...query, group: [...group, further] })}>{t('chart.add_second', { what: meta.pathLabel(entity, further.split(':')[0] ?? '') })}</Button>}</p>}
          {query.chart !== 'heat' && first && (
            <div className="chart-table">
              <table className="table small">
                <thead><tr>
                  <th>{meta.pathLabel(entity, first.path)}</th>
                  {wide.map((one) => <th key={one.mark?.label} className="end">{one.mark?.label}</th>)}
                  <th className="end">{t('list.count')}</th>
                  {measure && <th className="end">{measureName}</th>}
                  {query.chart === 'funnel' && <><th className="end">{t('chart.rate_before')}</th><th className="end">{t('chart.rate_first')}</th></>}
                </tr></thead>
                <tbody>
                  {shape.categories.map((category, at) => {
                    const to = rowsOf(category)
                    return (
                      <tr key={`${category.label} ${at}`}>
                        <td>{to ? <Go to={to}>{category.label}</Go> : category.label}</td>
                        {wide.map((one) => {
                          const value = one.values[at] ?? null
                          const inner = value === null ? undefined : rowsOf(category, one.mark)
                          return <td key={one.mark?.label} className="end num">{value === null ? '' : inner ? <Go to={inner}>{format(value)}</Go> : format(value)}</td>
                        })}
                        <td className="end num">{formatNumber(String(shape.counts[at] ?? 0), locale)}</td>
                        {measure && <td className="end num">{format(shape.totals[at] ?? '0')}</td>}
                        {query.chart === 'funnel' && <><td className="end num">{rateOf(shape.totals, at, at - 1)}</td><td className="end num">{rateOf(shape.totals, at, 0)}</td></>}
                      </tr>
                    )
                  })}
                </tbody>
              </table>
            </div>
          )}
        </div>
      )}
    </div>
  )
}
