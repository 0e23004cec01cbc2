//! Charts, loaded only where one is drawn. A table with the same numbers stands beside for those who cannot see it.
import { BarChart, LineChart, PieChart } from 'echarts/charts'
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { init, use, type ECharts } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import { useLatest } from '@/lib/hooks.ts'
import { approximate } from '@/lib/decimal.ts'
import { useTheme } from './theme.tsx'

use([BarChart, LineChart, PieChart, GridComponent, TooltipComponent, LegendComponent, AriaComponent, CanvasRenderer])

export interface ChartProps {
  kind: 'bar' | 'line' | 'pie'
  categories: readonly string[]
  series: readonly { label: string; values: readonly (string | null)[] }[]
  /** Full figures for the tooltip, short ones for the axis. */
  format: (value: string, series: number) => string
  short: (value: string, series: number) => string
  onPick?: (category: number) => void
  height?: number
  label: string
}

// One accent, then colours that stay apart for people who see few of them.
const LIGHT = ['#0e6e6f', '#d08a2e', '#5b74b8', '#a65a7e', '#7d9b3c', '#8a8f94', '#3c9fb5', '#c46a4b']
const DARK = ['#39a5a1', '#e0ab5c', '#8ea4e0', '#cf8bab', '#a9c567', '#9aa3a3', '#6fc3d6', '#e29478']

const NAME_MAX = 12
const LABEL_MAX = 150

export default function Chart({ kind, categories, series, format, short, onPick, height = 240, label }: ChartProps) {
  const element = useRef<HTMLDivElement>(null)
  const chart = useRef<ECharts | null>(null)
  const { dark } = useTheme()
  const pick = useLatest(onPick)
  const say = useLatest({ format, short })

  useEffect(() => {
    if (!element.current) return
    const made = init(element.current)
    chart.current = made
    made.on('click', (event) => typeof event.dataIndex === 'number' && pick.current?.(event.dataIndex))
    const watch = new ResizeObserver(() => made.resize())
    watch.observe(element.current)
    return () => {
      watch.disconnect()
      made.dispose()
      chart.current = null
    }
  }, [])

  const data = JSON.stringify([kind, categories, series])
  useEffect(() => {
    const text = dark ? '#a7b1af' : '#56605f'
    const line = dark ? '#2a3232' : '#e6e9e9'
    const palette = dark ? DARK : LIGHT
    const escape = (value: string): string => value.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
    const row = (index: number, at: number): string => `${series.length > 1 ? `${escape(series[index]?.label ?? '')}: ` : ''}<b>${escape(say.current.format(series[index]?.values[at] ?? '0', index))}</b>`
    const tooltip = {
      backgroundColor: dark ? '#333c3c' : '#ffffff', borderColor: line, textStyle: { color: dark ? '#e6ebea' : '#1c2323', fontSize: 13 }, confine: true,
      formatter: (params: unknown) => {
        const first = (Array.isArray(params) ? params[0] : params) as { dataIndex: number }
        const at = first.dataIndex
        return `${escape(categories[at] ?? '')}<br/>${series.map((_, index) => row(index, at)).join('<br/>')}`
      },
    }
    const base = { color: palette, animationDuration: 200, aria: { enabled: true }, textStyle: { fontFamily: getComputedStyle(document.body).fontFamily } }
    const legend = { top: 0, right: 0, itemWidth: 10, itemHeight: 10, icon: 'roundRect', textStyle: { color: text, fontSize: 12 } }
    if (kind === 'pie') {
      chart.current?.setOption({
        ...base, tooltip: { ...tooltip, trigger: 'item' },
        legend: { ...legend, orient: 'vertical', top: 'middle', left: '58%', right: 'auto', type: 'scroll', itemGap: 12, formatter: (name: string) => (name.length > 18 ? `${name.slice(0, 17)}…` : name) },
        series: [{ type: 'pie', radius: ['52%', '80%'], center: ['32%', '50%'], label: { show: false }, itemStyle: { borderColor: dark ? '#191e1e' : '#ffffff', borderWidth: 2 }, cursor: onPick ? 'pointer' : 'default', data: categories.map((name, at) => ({ name, value: approximate(series[0]?.values[at] ?? '0') })) }],
      }, true)
      return
    }
    // Long names stand beside their bars.
    const lying = kind === 'bar' && categories.some((name) => name.length > NAME_MAX)
    chart.current?.setOption({
      ...base,
      tooltip: { ...tooltip, trigger: 'axis', axisPointer: { type: kind === 'bar' ? 'shadow' : 'line', shadowStyle: { color: dark ? '#ffffff0a' : '#0000000a' } } },
      legend: { ...legend, show: series.length > 1 },
      grid: { left: 4, right: 8, top: series.length > 1 ? 32 : 12, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
      [lying ? 'yAxis' : 'xAxis']: { type: 'category', data: [...categories], inverse: lying, axisTick: { show: false }, axisLine: { lineStyle: { color: line } }, axisLabel: { color: text, fontSize: 12, ...(lying ? { width: LABEL_MAX, overflow: 'truncate' } : { hideOverlap: true }) } },
      [lying ? 'xAxis' : 'yAxis']: { type: 'value', splitNumber: 4, splitLine: { lineStyle: { color: line } }, axisLabel: { color: text, fontSize: 12, formatter: (value: number) => say.current.short(String(value), 0) } },
      series: series.map((one) => ({
        name: one.label, type: kind, data: one.values.map((value) => (value === null ? null : approximate(value))), cursor: onPick ? 'pointer' : 'default', barMaxWidth: lying ? 16 : 28,
        ...(kind === 'bar' ? { itemStyle: { borderRadius: lying ? [0, 3, 3, 0] : [3, 3, 0, 0] } } : { symbol: 'circle', symbolSize: 5, showSymbol: categories.length < 40, lineStyle: { width: 2 }, areaStyle: series.length === 1 ? { opacity: 0.08 } : undefined }),
      })),
    }, true)
  }, [data, dark])

  return (
    <>
      <div ref={element} style={{ height, width: '100%' }} role="img" aria-label={label} />
      <div className="sr"><table>
        <caption>{label}</caption>
        <thead><tr><th />{series.map((one) => <th key={one.label}>{one.label}</th>)}</tr></thead>
        <tbody>{categories.map((category, at) => <tr key={category}><th>{category}</th>{series.map((one, index) => <td key={one.label}>{format(one.values[at] ?? '0', index)}</td>)}</tr>)}</tbody>
      </table></div>
    </>
  )
}
