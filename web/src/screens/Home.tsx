import { ArrowDownOutlined, ArrowUpOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { queries, useSession } from '@/api/queries.ts'
import type { ChartData, Figure, Kind } from '@/api/types.ts'
import { formatLongDay, formatPeriods } from '@/lib/dates.ts'
import { approximate, compare, divide, formatMoney, formatNumber, formatShort, isZero, shift, subtract } from '@/lib/decimal.ts'
import { Go, useGo } from '@/lib/go.tsx'
import { useTitle } from '@/lib/hooks.ts'
import { type Scene, textOf, useScene } from '@/meta/meta.ts'
import { openPath } from '@/meta/open.ts'
import { Empty, Skeleton, Trouble } from '@/ui/parts.tsx'
import './home.css'

const Chart = lazy(() => import('@/ui/Chart.tsx'))

const show = (value: string, kind: Kind, scene: Scene): string =>
  kind === 'amount' ? formatMoney(value, scene.locale, scene.companyCurrency) : kind === 'rate' ? `${formatNumber(shift(value, 2), scene.locale, 1)}%` : formatNumber(value, scene.locale, 2)
const short = (value: string, kind: Kind, scene: Scene): string =>
  kind === 'rate' ? `${formatNumber(shift(value, 2), scene.locale, 1)}%` : formatShort(value, scene.locale, kind === 'amount' ? scene.companyCurrency : undefined)
/** Cents on a dashboard hide the figure. */
const headline = (value: string, kind: Kind, scene: Scene): string => {
  const text = show(value, kind, scene)
  return kind === 'amount' && text.length > 9 ? formatMoney(value, scene.locale, scene.companyCurrency).replace(/[.,]\d\d$/, '') : text
}

export default function Home() {
  const { t } = useTranslation()
  const scene = useScene()
  const session = useSession()
  const answer = useQuery(queries.home())
  useTitle(t('shell.home'))
  const hour = new Date().getHours()
  const greeting = hour < 5 ? t('home.night') : hour < 12 ? t('home.morning') : hour < 18 ? t('home.afternoon') : t('home.evening')
  return (
    <div className="home">
      <header>
        <h1>{t('home.greeting', { greeting, name: session.user.name })}</h1>
        <p className="muted">{formatLongDay(session.today, scene.locale)} · {session.company.label}</p>
      </header>
      {answer.isError ? <Trouble error={answer.error} retry={() => void answer.refetch()} /> : !answer.data ? <Skeleton rows={8} /> : (
        <>
          <div className="figures">{answer.data.figures.map((figure) => <FigureCard key={figure.name} figure={figure} scene={scene} />)}</div>
          <div className="charts">{answer.data.charts.map((chart) => <ChartCard key={chart.name} chart={chart} scene={scene} />)}</div>
          {answer.data.figures.length + answer.data.charts.length === 0 && <Empty title={t('home.empty')} text={t('home.empty_text')} />}
        </>
      )}
    </div>
  )
}

function FigureCard({ figure, scene }: { figure: Figure; scene: Scene }) {
  const { t } = useTranslation()
  const { kind } = figure
  // What is counted comes as a number, an amount as text.
  const value = textOf(figure.value) || '0'
  const before = textOf(figure.before)
  const rise = before ? compare(value, before) : 0
  const change = before && !isZero(before) ? divide(subtract(value, before), before.replace('-', '')) : null
  const body = (
    <>
      <span className="muted clip">{scene.meta.say(figure.label)}</span>
      <b className="num" title={show(value, kind, scene)}>{headline(value, kind, scene)}</b>
      <span className="figure-before">
        {before && <>{rise > 0 ? <ArrowUpOutlined /> : rise < 0 ? <ArrowDownOutlined /> : '='} {change && Math.abs(approximate(change)) < 10 ? `${formatNumber(shift(change.replace('-', ''), 2), scene.locale, 0)}%` : ''} <span className="faint">{t('home.before', { value: short(before, kind, scene) })}</span></>}
      </span>
    </>
  )
  return figure.open ? <Go to={openPath(figure.open)} className="figure">{body}</Go> : <div className="figure">{body}</div>
}

function ChartCard({ chart, scene }: { chart: ChartData; scene: Scene }) {
  const { t } = useTranslation()
  const go = useGo()
  const title = scene.meta.say(chart.label)
  const kindOf = (index: number): Kind => chart.series[index]?.kind ?? 'int'
  const empty = chart.series.every((one) => one.values.every((value) => value === null || isZero(value)))
  return (
    <section className="chart-card">
      <div className="spread"><h2>{title}</h2>{chart.open && <Go to={openPath(chart.open)}>{t('home.open')}</Go>}</div>
      {empty ? <p className="faint" style={{ padding: '60px 0', textAlign: 'center' }}>{t('home.no_data')}</p> : (
        <Suspense fallback={<div style={{ height: 240 }}><Skeleton rows={4} /></div>}>
          <Chart
            label={title}
            kind={chart.kind}
            categories={formatPeriods(chart.categories.map((category) => scene.meta.say(category)), scene.locale)}
            series={chart.series.map((one) => ({ label: scene.meta.say(one.label), values: one.values }))}
            format={(value, index) => show(value, kindOf(index), scene)}
            short={(value, index) => short(value, kindOf(index), scene)}
            onPick={chart.open ? () => chart.open && go(openPath(chart.open)) : undefined}
          />
        </Suspense>
      )}
    </section>
  )
}
