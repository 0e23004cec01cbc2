//! A chart of a list, in a card.
import { useQuery } from '@tanstack/react-query'
import { Suspense, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '@/api/queries.ts'
import type { Entity } from '@/api/types.ts'
import { compare } from '@/lib/decimal.ts'
import { href, useGo } from '@/lib/go.tsx'
import { both } from '@/meta/filter.ts'
import { useScene } from '@/meta/meta.ts'
import { listParams, writeQuery, type Query } from '@/meta/query.ts'
import { Empty, Skeleton, Trouble } from '@/ui/parts.tsx'
import { condition, readKey, tree, type Branch } from '../list/groups.ts'
import { useKeyText } from '../list/GroupTable.tsx'
import type { CardChart } from './cards.ts'
import { Chart, shortFigure, showFigure } from './figures.tsx'

/** More than these nobody reads in a card. */
const BARS_MAX = 24
const SERIES_MAX = 8

interface ChartBodyProps { entity: Entity; query: Query; chart: CardChart; height: number; title: string }

export function ChartBody({ entity, query, chart, height, title }: ChartBodyProps) {
  const { t } = useTranslation()
  const scene = useScene()
  const go = useGo()
  const keyText = useKeyText()
  const keys = query.group.slice(0, 2).flatMap((text) => readKey(scene.meta, entity, text) ?? [])
  const [first, second] = keys
  const measure = query.measure === '#' ? undefined : scene.meta.field(entity, query.measure)
  const { filter, search } = listParams(query, [])
  const answer = useQuery({ ...queries.groups(entity.name, { filter, search, group: query.group.slice(0, 2).join(','), sum: measure?.name }), enabled: Boolean(first) })
  const value = (branch: Branch | undefined): string => (branch ? (measure ? (branch.sum[measure.name] ?? '0') : String(branch.count)) : '0')
  const branches = useMemo(() => {
    const made = tree(answer.data?.groups ?? [])
    if (first?.part) return made.filter((branch) => branch.key !== null).sort((a, b) => String(a.key).localeCompare(String(b.key))).slice(-BARS_MAX)
    const choices = scene.meta.choices(first?.field.choice).map((choice) => choice.code)
    if (choices.length) return made.sort((a, b) => choices.indexOf(String(a.key)) - choices.indexOf(String(b.key)))
    return made.sort((a, b) => compare(value(b), value(a))).slice(0, BARS_MAX)
  }, [answer.data, query.group.join(), measure])
  if (!first) return <Empty title={t('chart.nothing_to_group')} />
  if (answer.isError) return <Trouble error={answer.error} retry={() => void answer.refetch()} />
  if (!answer.data) return <Skeleton rows={4} />
  if (branches.length === 0) return <Empty title={t('list.no_match')} />
  const inner = second ? [...new Map(branches.flatMap((branch) => branch.below.map((below) => [keyText(second, below.key), below.key])))].slice(0, SERIES_MAX) : []
  const series = second
    ? inner.map(([label]) => ({ label, values: branches.map((branch) => value(branch.below.find((below) => keyText(second, below.key) === label))) }))
    : [{ label: measure ? scene.meta.say(measure.label) : t('list.count'), values: branches.map(value) }]
  const kind = measure?.kind ?? 'int'
  return (
    <Suspense fallback={<Skeleton rows={4} />}>
      <Chart
        label={title}
        kind={chart === 'area' ? 'line' : chart === 'funnel' ? 'bar' : chart}
        height={height}
        categories={branches.map((branch) => keyText(first, branch.key))}
        series={series}
        format={(text) => showFigure(text, kind, scene)}
        short={(text) => shortFigure(text, kind, scene)}
        onPick={(at) => branches[at] && go(href(`/${entity.name}`, writeQuery({ ...query, look: 'list', group: [], measure: '', filter: both(query.filter, condition(first, branches[at].key)) })))}
      />
    </Suspense>
  )
}
