//! Charts, loaded only where one is drawn. A table with the same numbers stands beside for those who cannot see it.
import { BarChart, FunnelChart, LineChart, PieChart } from 'echarts/charts'
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { init, use, type ECharts } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useLatest } from '@/lib/hooks.ts'
import type { ChartKind } from '@/meta/query.ts'
import { DARK, LIGHT, optionsOf, rateOf, steps, type Series } from './chartOptions.ts'
import { HeatMap } from './HeatMap.tsx'
import { useTheme } from './theme.tsx'

use([BarChart, LineChart, PieChart, FunnelChart, GridComponent, TooltipComponent, LegendComponent, AriaComponent, CanvasRenderer])

export interface ChartProps {
  kind: ChartKind
  categories: readonly string[]
  series: readonly Series[]
  /** Full figures for the tooltip, short ones for the axis. */
  format: (value: string, series: number) => string
  short: (value: string, series: number) => string
  /** Of a pie, a funnel and a waterfall the series is always the first. */
  onPick?: (category: number, series: number) => void
  height?: number
  label: string
  /** Bars and areas lie one on the other. */
  stacked?: boolean
}

export default function Chart(props: ChartProps) {
  return props.kind === 'heat' ? <HeatMap {...props} /> : <Drawing {...props} kind={props.kind} />
}

const escape = (value: string): string => value.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)

function Drawing({ kind, categories, series, format, short, onPick, height = 240, label, stacked = false }: ChartProps & { kind: Exclude<ChartKind, 'heat'> }) {
  const { t } = useTranslation()
  const element = useRef<HTMLDivElement>(null)
  const chart = useRef<ECharts | null>(null)
  const { dark } = useTheme()
  const pick = useLatest(onPick)
  const say = useLatest({ format, short })
  const single = kind === 'pie' || kind === 'funnel' || kind === 'waterfall'

  useEffect(() => {
    if (!element.current) return
    const made = init(element.current)
    chart.current = made
    made.on('click', ({ dataIndex, seriesIndex }) => typeof dataIndex === 'number' && pick.current?.(dataIndex, seriesIndex ?? 0))
    const watch = new ResizeObserver(() => made.resize())
    watch.observe(element.current)
    return () => {
      watch.disconnect()
      made.dispose()
      chart.current = null
    }
  }, [])

  const total = t('chart.total')
  const data = JSON.stringify([kind, categories, series, stacked, total])
  useEffect(() => {
    const ink = dark ? DARK : LIGHT
    const bold = (value: string, index: number): string => `<b>${escape(say.current.format(value, index))}</b>`
    const row = (index: number, at: number): string => `${series.length > 1 ? `${escape(series[index]?.label ?? '')}: ` : ''}${bold(series[index]?.values[at] ?? '0', index)}`
    const percent = (at: number): string => {
      const values = series[0]?.values ?? []
      const [first, before] = [rateOf(values, at, 0), rateOf(values, at, at - 1)]
      return [before && at > 1 ? t('chart.of_before', { share: before }) : '', first ? t('chart.of_first', { share: first }) : ''].filter(Boolean).map((words) => `<br/>${escape(words)}`).join('')
    }
    const tooltip = {
      backgroundColor: dark ? '#333c3c' : '#ffffff', borderColor: ink.line, textStyle: { color: dark ? '#e6ebea' : '#1c2323', fontSize: 13 }, confine: true,
      trigger: kind === 'pie' || kind === 'funnel' ? 'item' : 'axis', axisPointer: { type: kind === 'bar' || kind === 'waterfall' ? 'shadow' : 'line', shadowStyle: { color: ink.shadow } },
      formatter: (params: unknown) => {
        const first = (Array.isArray(params) ? params[0] : params) as { dataIndex: number }
        const at = first.dataIndex
        const name = escape(categories[at] ?? total)
        if (kind === 'waterfall') {
          const step = steps(series[0]?.values ?? [])[at]
          return `${name}<br/>${bold(step?.change ?? '0', 0)}${at < categories.length && at > 0 ? `<br/>${escape(t('chart.up_to_here'))} ${bold(step?.to ?? '0', 0)}` : ''}`
        }
        return `${name}<br/>${(single ? series.slice(0, 1) : series).map((_, index) => row(index, at)).join('<br/>')}${kind === 'funnel' ? percent(at) : ''}`
      },
    }
    const options = optionsOf({ kind, categories, series, stacked, ink, pointed: pick.current !== undefined, room: element.current?.clientWidth ?? 0, height, short: (value, index) => say.current.short(value, index) }, total)
    const legend = { top: 0, right: 0, itemWidth: 10, itemHeight: 10, icon: 'roundRect', textStyle: { color: ink.text, fontSize: 12 }, pageIconColor: ink.text, pageTextStyle: { color: ink.text }, ...(options['legend'] as object) }
    chart.current?.setOption({ color: [...ink.palette], animation: !matchMedia('(prefers-reduced-motion: reduce)').matches, animationDuration: 120, animationDurationUpdate: 120, aria: { enabled: true, label: { description: label } }, textStyle: { fontFamily: getComputedStyle(document.body).fontFamily }, tooltip, ...options, legend }, true)
  }, [data, dark])

  return (
    <>
      <div ref={element} style={{ height, width: '100%' }} role="img" aria-label={label} />
      <div className="sr"><table>
        <caption>{label}</caption>
        <thead><tr><th />{series.map((one) => <th key={one.label}>{one.label}</th>)}</tr></thead>
        <tbody>{categories.map((category, at) => <tr key={`${category} ${at}`}><th>{category}</th>{series.map((one, index) => <td key={one.label}>{format(one.values[at] ?? '0', index)}</td>)}</tr>)}</tbody>
      </table></div>
    </>
  )
}
