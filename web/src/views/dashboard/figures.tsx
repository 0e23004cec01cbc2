//! Figures and charts of the home page, and how figures are written in small places.
import { ArrowDownOutlined, ArrowUpOutlined } from '@ant-design/icons'
import { lazy, Suspense, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChartData, Figure, Kind } from '@/api/types.ts'
import { formatPeriods } from '@/lib/dates.ts'
import { approximate, compare, divide, formatMoney, formatNumber, formatShort, isZero, shift, subtract } from '@/lib/decimal.ts'
import { Go, useGo } from '@/lib/go.tsx'
import { idle } from '@/lib/idle.ts'
import { textOf, useScene, type Scene } from '@/meta/meta.ts'
import { openPath } from '@/meta/open.ts'
import { Skeleton } from '@/ui/parts.tsx'
import { LINE_PX, useNeed } from './need.ts'

/** Figures first: what draws charts is fetched once they stand there. */
export const Chart = lazy(() => idle().then(() => import('@/ui/Chart.tsx')))

export const showFigure = (value: string, kind: Kind, scene: Scene): string =>
  kind === 'amount' ? formatMoney(value, scene.locale, scene.companyCurrency) : kind === 'rate' ? `${formatNumber(shift(value, 2), scene.locale, 1)}%` : formatNumber(value, scene.locale, 2)
export const shortFigure = (value: string, kind: Kind, scene: Scene): string =>
  kind === 'rate' ? `${formatNumber(shift(value, 2), scene.locale, 1)}%` : formatShort(value, scene.locale, kind === 'amount' ? scene.companyCurrency : undefined)
/** Cents on a dashboard hide the figure. */
export const headline = (value: string, kind: Kind, scene: Scene): string => {
  const text = showFigure(value, kind, scene)
  return kind === 'amount' && text.length > 9 ? formatMoney(value, scene.locale, scene.companyCurrency).replace(/[.,]\d\d$/, '') : text
}

/** Null: nothing to tell yet, which is not nought. */
interface FigureFaceProps { label: string; value: string | null; kind: Kind; to: string | null; /** Which days it speaks of. */ period: string; /** How it changed, and from what. */ change?: ReactNode; before?: string }

/** One number, with what it is; a link where there is something behind it. */
export function FigureFace({ label, value, kind, to, period, change, before }: FigureFaceProps) {
  const scene = useScene()
  const body = (
    <>
      <span className="muted clip" title={label}>{label}</span>
      <span className="figure-value">
        {value === null ? <b className="num faint">–</b> : <b className="num" title={showFigure(value, kind, scene)}>{headline(value, kind, scene)}</b>}
        {change && <span className="figure-change">{change}</span>}
      </span>
      <span className="figure-before" title={before}>{period}{before && ` · ${before}`}</span>
    </>
  )
  return to ? <Go to={to} className="figure">{body}</Go> : <div className="figure">{body}</div>
}

/** By which part of what it was something changed; nothing where it is many times as much. */
function partOf(value: string, before: string, scene: Scene): string {
  const change = isZero(before) ? null : divide(subtract(value, before), before.replace('-', ''))
  return change && Math.abs(approximate(change)) < 10 ? `${formatNumber(shift(change.replace('-', ''), 2), scene.locale, 0)}%` : ''
}

export function FigureCard({ figure, title }: { figure: Figure; title?: string }) {
  const { t } = useTranslation()
  const scene = useScene()
  const { kind } = figure
  // What is counted comes as a number, an amount as text.
  const value = figure.value === null ? null : textOf(figure.value) || '0'
  const before = value === null ? '' : textOf(figure.before)
  const rise = before && value !== null ? compare(value, before) : 0
  const known = before && value !== null
  const change = known && (kind === 'rate' ? t('home.points', { points: formatNumber(shift(subtract(value, before).replace('-', ''), 2), scene.locale, 1) }) : partOf(value, before, scene))
  return (
    <FigureFace
      label={title ?? scene.meta.say(figure.label)} value={value} kind={kind} to={figure.open ? openPath(figure.open) : null} period={scene.meta.say(figure.period)}
      change={known && rise !== 0 && change ? <>{rise > 0 ? <ArrowUpOutlined /> : <ArrowDownOutlined />} {change}</> : known && rise === 0 ? '=' : null}
      before={known ? t('home.before', { when: scene.meta.say(figure.before_period ?? undefined), value: shortFigure(before, kind, scene) }) : undefined}
    />
  )
}

export function ChartDrawing({ chart, height = 240 }: { chart: ChartData; height?: number }) {
  const { t } = useTranslation()
  const scene = useScene()
  const go = useGo()
  const kindOf = (index: number): Kind => chart.series[index]?.kind ?? 'int'
  const empty = chart.series.every((one) => one.values.every((value) => value === null || isZero(value)))
  useNeed(empty ? LINE_PX : null)
  if (empty) return <p className="faint chart-nothing">{t('home.no_data')}</p>
  return (
    <Suspense fallback={<div style={{ height }}><Skeleton rows={4} /></div>}>
      <Chart
        label={scene.meta.say(chart.label)}
        kind={chart.kind}
        height={height}
        categories={formatPeriods(chart.categories.map((category) => scene.meta.say(category)), scene.locale)}
        series={chart.series.map((one) => ({ label: scene.meta.say(one.label), values: one.values }))}
        format={(value, index) => showFigure(value, kindOf(index), scene)}
        short={(value, index) => shortFigure(value, kindOf(index), scene)}
        onPick={chart.open ? () => chart.open && go(openPath(chart.open)) : undefined}
      />
    </Suspense>
  )
}
