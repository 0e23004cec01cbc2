//! A chart of a list, in a card.
import { Suspense, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entity, Filter } from '@/api/types.ts'
import { formatPeriods } from '@/lib/dates.ts'
import { href, useGo } from '@/lib/go.tsx'
import { both, group as join } from '@/meta/filter.ts'
import { useScene } from '@/meta/meta.ts'
import { writeQuery, type Query } from '@/meta/query.ts'
import { Empty, Skeleton, Trouble } from '@/ui/parts.tsx'
import { shapeOf } from '../chart/shape.ts'
import { condition, readKey } from '../list/groups.ts'
import { useKeyText } from '../list/keyText.ts'
import { COUNT, isOwnCurrency, keyOrder } from '../list/keys.ts'
import { useGroups } from '../list/useGroups.ts'
import { Chart, shortFigure, showFigure } from './figures.tsx'
import { LINE_PX, useNeed } from './need.ts'

/** A month, or a day: along an axis the year is said once. */
const isPeriod = (key: unknown): boolean => typeof key === 'string' && /^\d{4}-\d{2}(-\d{2})?$/.test(key)

interface ChartBodyProps { entity: Entity; query: Query; height: number; title: string }

export function ChartBody({ entity, query, height, title }: ChartBodyProps) {
  const { t } = useTranslation()
  const scene = useScene()
  const { meta, locale } = scene
  const go = useGo()
  const keyText = useKeyText()
  const group = query.group.slice(0, 2)
  const measure = query.measure === COUNT ? undefined : meta.field(entity, query.measure)
  const { shown, error, retry } = useGroups(entity, query, group, measure ? [measure.name] : [])
  const shape = useMemo(() => {
    if (!shown) return null
    const keys = shown.group.flatMap((text) => readKey(meta, entity, text) ?? [])
    return { keys, ...shapeOf(shown.groups, { kind: query.chart, keys, measure: measure?.name ?? COUNT, text: keyText, order: keys.map((key) => keyOrder(key, meta, locale, (value) => keyText(key, value))), rest: t('chart.others') }) }
  }, [shown?.groups, query.chart, measure, meta, locale])
  useNeed(shape?.categories.length === 0 ? LINE_PX : null)
  if (group.length === 0) return <Empty title={t('chart.nothing_to_group')} />
  if (error) return <Trouble error={error} retry={retry} />
  if (!shape) return <Skeleton rows={4} />
  if (shape.categories.length === 0) return <p className="faint dash-none">{t('home.no_data')}</p>
  const [first, second] = shape.keys
  const pick = (at: number, index: number): void => {
    const category = shape.categories[at]
    const mark = shape.series[index]?.mark
    if (!first || !category || category.rest || mark?.rest) return
    const parts: Filter[] = [condition(first, category.key), ...(second && mark ? [condition(second, mark.key)] : [])]
    go(href(`/${entity.name}`, writeQuery({ ...query, look: 'list', group: [], measure: '', chart: 'bar', stacked: false, filter: both(query.filter, join('and', parts)) })))
  }
  const kind = measure?.kind === 'amount' && isOwnCurrency(measure) ? 'price' : (measure?.kind ?? 'int')
  return (
    <Suspense fallback={<Skeleton rows={4} />}>
      <Chart
        label={title}
        kind={query.chart}
        height={height}
        categories={shape.categories.every((one) => isPeriod(one.key)) ? formatPeriods(shape.categories.map((one) => String(one.key)), locale) : shape.categories.map((one) => one.label)}
        series={shape.series.map((one) => ({ label: one.mark?.label ?? (measure ? meta.say(measure.label) : t('list.count')), values: one.values }))}
        stacked={query.stacked}
        format={(text) => showFigure(text, kind, scene)}
        short={(text) => shortFigure(text, kind, scene)}
        onPick={pick}
      />
    </Suspense>
  )
}
