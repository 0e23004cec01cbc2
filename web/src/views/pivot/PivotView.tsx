//! A list crossed by what it is grouped by: rows, columns, figures and their totals.
import { DownloadOutlined, MinusSquareOutlined, PlusSquareOutlined, SwapOutlined } from '@ant-design/icons'
import { Dropdown, Select } from 'antd'
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entity, Json } from '@/api/types.ts'
import { useCommands } from '@/lib/commands.ts'
import { digits } from '@/lib/decimal.ts'
import { asText } from '@/fields/kits.tsx'
import { csvOf, saveText, type Cell } from '@/lib/save.ts'
import { saveSheet } from '@/lib/xlsx.ts'
import { useScene } from '@/meta/meta.ts'
import type { Query, Share } from '@/meta/query.ts'
import { Empty, Tip, Trouble } from '@/ui/parts.tsx'
import { Waiting } from '@/ui/Waiting.tsx'
import { measures as usualMeasures, readKey } from '../list/groups.ts'
import { useKeyText } from '../list/keyText.ts'
import { KeyChips } from '../list/KeyChips.tsx'
import { COUNT, isOwnCurrency, keyOrder, summable } from '../list/keys.ts'
import { useGroups } from '../list/useGroups.ts'
import { usualGroup } from '../chart/shape.ts'
import { cellOf, COLUMNS_MAX, figure, foldColumns, HOWS, howsOf, isAdditive, linesOf, nameOfMeasure, pivotOf, questionOf, readSorting, ROWS_MAX, shareOf, sheetOf, sortedBy, type Column, type Measure, type Node } from './pivot.ts'
import { PivotTable } from './PivotTable.tsx'
import { useExact } from './useExact.ts'
import '../chart/chart.css'
import './pivot.css'

/** All rows are open where they fit on a screen or two. */
const OPEN_MAX = 60
const NOWHERE: readonly string[] = []

/** What is crossed when nobody has said: the stage or the first group, by the months of a document. */
function usualAxes(entity: Entity): { rows: string[]; columns: string[] } {
  const usual = usualGroup(entity)
  const stage = entity.stage_field ?? ''
  return usual.includes(':') && stage ? { rows: [usual], columns: [stage] } : { rows: [usual].filter(Boolean), columns: [] }
}

/** `bare`: only the table, as in a card of a dashboard. */
export default function PivotView({ entity, query, put, bare = false, nothing }: { entity: Entity; query: Query; put: (query: Query) => void; bare?: boolean; /** Instead of a table of nothing. */ nothing?: ReactNode }) {
  const { t } = useTranslation()
  const scene = useScene()
  const { meta, locale } = scene
  const keyText = useKeyText()
  const unsaid = query.group.length + query.cols.length === 0
  const axes = unsaid ? usualAxes(entity) : { rows: query.group.slice(0, ROWS_MAX), columns: query.cols.filter((key) => !query.group.includes(key)).slice(0, COLUMNS_MAX) }
  const asked = [...axes.rows, ...axes.columns]
  const possible = summable(entity, asked)
  const wanted = query.measure ? query.measure.split(',') : [COUNT, ...usualMeasures(entity, asked).slice(0, 1).map((field) => field.name)]
  const count: Measure = { name: COUNT, field: null, label: t('list.count'), how: 'count' }
  const offered = [...possible.map((field): Measure => ({ name: field.name, field, label: meta.say(field.label), how: 'sum' })), ...HOWS.filter((how) => how !== 'sum').flatMap((how) => entity.fields.filter((field) => howsOf(field, !isOwnCurrency(field) || asked.includes(field.currency ?? '')).some((one) => one === how)).map((field): Measure => ({ name: nameOfMeasure(how, field.name), field, label: t(`pivot.${how}_of`, { what: meta.say(field.label) }), how })))]
  const measures = wanted.flatMap((name): Measure[] => (name === COUNT ? [count] : offered.filter((one) => one.name === name)))
  if (measures.length === 0) measures.push(count)
  const { sum, ...more } = questionOf(measures)
  const also = Object.fromEntries(Object.entries(more).filter(([, names]) => names.length).map(([how, names]) => [how, names.join(',')]))
  const { shown, stale, error, retry } = useGroups(entity, query, asked, sum, also)

  // The axes as they were when the groups were asked for: until others come the table keeps its meaning.
  const lastDepth = useRef(axes.rows.length)
  if (shown?.group.join() === asked.join()) lastDepth.current = axes.rows.length
  const depth = lastDepth.current
  const exact = useExact(entity, query, shown?.group ?? NOWHERE, depth, more.unique)
  const drawn = useMemo(() => {
    if (!shown) return null
    const keys = shown.group.flatMap((text) => readKey(meta, entity, text) ?? [])
    const currencyAt = shown.group.findIndex((key) => meta.fieldAt(entity, key)?.kind === 'currency' && !key.includes('.'))
    const pivot = pivotOf(shown.groups, depth, keys.map((key) => keyOrder(key, meta, locale, (value) => keyText(key, value))), currencyAt, exact)
    return { pivot, rowKeys: keys.slice(0, depth), columnKeys: keys.slice(depth) }
  }, [shown?.groups, exact, depth, meta, locale])
  const [shut, setShut] = useState<ReadonlySet<string>>(new Set())
  const pivot = useMemo(() => drawn && sortedBy(foldColumns(drawn.pivot, shut), readSorting(query.order), measures), [drawn, shut, query.order, query.measure])

  const all = useMemo(() => (pivot ? linesOf(pivot.root, () => true) : []), [pivot])
  const inner = useMemo(() => all.filter((node) => node.below.length), [all])
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  // What was opened by hand stays open when the figures change; other rows are other rows.
  const shape = shown ? `${entity.name} ${shown.group.join()} ${depth}` : ''
  useEffect(() => {
    setOpen(all.length <= OPEN_MAX ? new Set(inner.map((node) => node.name)) : new Set())
    setShut(new Set())
  }, [shape])

  const change = (rows: string[], columns: string[]): void => put({ ...query, group: rows.slice(0, ROWS_MAX), cols: columns.slice(0, COLUMNS_MAX), order: '' })
  const swap = (): void => change(axes.columns, axes.rows)
  const show = (names: string[]): void => put({ ...query, measure: names.join(',') })
  const cell = (node: Node, column: Column | null, measure: Measure): Cell => {
    if (query.share && pivot && isAdditive(measure)) return { digits: shareOf(pivot, node, column, measure, query.share) ?? '', shown: 'percent' }
    const value = figure(cellOf(node, column), measure)
    if (value !== null && measure.field && measure.how !== 'unique' && ['date', 'instant'].includes(measure.field.kind)) return asText(value, { field: measure.field, record: {} }, scene)
    const isMoney = measure.field?.kind === 'amount'
    return { digits: value ?? '', ...(measure.how === 'count' || measure.how === 'unique' || (measure.field?.kind === 'int' && measure.how !== 'avg') ? { shown: 'whole' as const } : isMoney ? { shown: digits(scene.companyCurrency) === 0 && measure.field && !isOwnCurrency(measure.field) ? ('whole' as const) : ('cents' as const) } : {}) }
  }
  const title = meta.say(entity.plural)
  const save = (format: 'csv' | 'xlsx'): void => {
    if (!pivot || !drawn) return
    const { rows, heads, leads } = sheetOf(pivot, {
      measures, rowLabels: drawn.rowKeys.map((key) => meta.pathLabel(entity, key.path)), total: t('pivot.total'), cell,
      rowText: (depth, value) => textAt(drawn.rowKeys, depth, value), columnText: (depth, value) => textAt(drawn.columnKeys, depth, value),
    })
    const file = `${entity.name}-pivot.${format}`
    if (format === 'csv') saveText(file, csvOf(rows))
    else saveSheet(file, { name: title, rows, heads, leads })
  }
  function textAt(keys: readonly NonNullable<ReturnType<typeof readKey>>[], depth: number, value: Json): string {
    return keys[depth] ? keyText(keys[depth], value) : ''
  }
  const openAll = (): void => setOpen(new Set(inner.map((node) => node.name)))
  useCommands(bare ? [] : [
    { id: 'pivot-swap', label: t('pivot.swap'), group: 'page', hotkey: 'x', run: swap },
    ...(inner.length ? [{ id: 'pivot-open', label: t('pivot.open_all'), group: 'page' as const, run: openAll }, { id: 'pivot-close', label: t('pivot.close_all'), group: 'page' as const, run: () => setOpen(new Set()) }] : []),
    ...(entity.can.export ? (['csv', 'xlsx'] as const).map((format) => ({ id: `pivot-${format}`, label: t('pivot.export', { format: format.toUpperCase() }), group: 'page' as const, run: () => save(format) })) : []),
  ])

  if (asked.length === 0) return <Empty title={t('chart.nothing_to_group')} />
  const option = ({ name, label }: Measure): { value: string; label: string } => ({ value: name, label })
  const options = [option(count), ...HOWS.flatMap((how) => {
    const all = offered.filter((one) => one.how === how).map(option)
    return all.length ? [{ label: t(`pivot.${how}`), options: all }] : []
  })]
  const shares: Share[] = ['', 'row', 'column', 'all']
  const turned = (names: ReadonlySet<string>, name: string): ReadonlySet<string> => {
    const next = new Set(names)
    if (!next.delete(name)) next.add(name)
    return next
  }
  return (
    <div className="pivot-page">
      {!bare && <div className="pivot-axes">
        <KeyChips name="rows" entity={entity} label={t('pivot.rows')} keys={axes.rows} most={ROWS_MAX} least={axes.columns.length ? 0 : 1} onChange={(rows) => change(rows, axes.columns.filter((key) => !rows.includes(key)))} more={(key) => (axes.columns.length < COLUMNS_MAX ? [{ key: 'over', label: t('pivot.to_columns'), onClick: () => change(axes.rows.filter((one) => one !== key), [...axes.columns, key]) }] : [])} />
        <Tip text={t('pivot.swap')} hotkey="x"><button type="button" className="quiet" data-pivot="swap" aria-label={t('pivot.swap')} onClick={swap}><SwapOutlined /></button></Tip>
        <KeyChips name="columns" entity={entity} label={t('pivot.columns')} keys={axes.columns} most={COLUMNS_MAX} least={axes.rows.length ? 0 : 1} onChange={(columns) => change(axes.rows.filter((key) => !columns.includes(key)), columns)} more={(key) => (axes.rows.length < ROWS_MAX ? [{ key: 'over', label: t('pivot.to_rows'), onClick: () => change([...axes.rows, key], axes.columns.filter((one) => one !== key)) }] : [])} />
        <label className="pivot-figures"><span className="faint">{t('pivot.figures')}</span><Select<string[]> data-pivot="figures" mode="multiple" size="small" maxTagCount="responsive" popupMatchSelectWidth={false} value={measures.map((measure) => measure.name)} onChange={(names) => show(names)} options={options} showSearch={{ optionFilterProp: 'label' }} /></label>
        <span className="pivot-tools">
          <Select<Share> data-pivot="share" aria-label={t('pivot.share')} size="small" popupMatchSelectWidth={false} value={query.share} onChange={(share) => put({ ...query, share })} options={shares.map((share) => ({ value: share, label: t(`pivot.share_${share || 'none'}`) }))} />
          {inner.length > 0 && <Tip text={t('pivot.open_all')}><button type="button" className="quiet" data-pivot="open" aria-label={t('pivot.open_all')} onClick={openAll}><PlusSquareOutlined /></button></Tip>}
          {inner.length > 0 && <Tip text={t('pivot.close_all')}><button type="button" className="quiet" data-pivot="close" aria-label={t('pivot.close_all')} onClick={() => setOpen(new Set())}><MinusSquareOutlined /></button></Tip>}
          {entity.can.export && <Dropdown trigger={['click']} autoFocus menu={{ items: (['csv', 'xlsx'] as const).map((format) => ({ key: format, label: t('pivot.export', { format: format.toUpperCase() }), onClick: () => save(format) })) }}><button type="button" className="quiet" data-pivot="export" aria-label={t('list.export_button')} title={t('list.export_button')}><DownloadOutlined /></button></Dropdown>}
        </span>
      </div>}
      {error ? <Trouble error={error} retry={retry} />
      : !pivot || !drawn ? <Waiting shape="table" />
      : pivot.root.total.count === 0 ? (nothing ?? <Empty title={t('list.no_match')} />)
      : <PivotTable entity={entity} query={query} put={put} pivot={pivot} measures={measures} rowKeys={drawn.rowKeys} columnKeys={drawn.columnKeys} open={open} onToggle={(node) => setOpen(turned(open, node.name))} shut={shut} onFold={(name) => setShut(turned(shut, name))} stale={stale} />}
    </div>
  )
}
