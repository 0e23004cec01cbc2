import { ApartmentOutlined, BarChartOutlined, CalendarOutlined, CheckSquareOutlined, DeleteOutlined, DownOutlined, EditOutlined, FilterOutlined, GroupOutlined, PlusOutlined, ProjectOutlined, ScheduleOutlined, SettingOutlined, SplitCellsOutlined, TableOutlined, UnorderedListOutlined } from '@ant-design/icons'
import { Button, Dropdown, Popover, type MenuProps } from 'antd'
import { useInfiniteQuery } from '@tanstack/react-query'
import { lazy, Suspense, useCallback, useEffect, useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { fileUrl } from '@/api/client.ts'
import { queries } from '@/api/queries.ts'
import type { Entity, Field, Value } from '@/api/types.ts'
import { later } from '@/fields/later.tsx'
import { useCommands } from '@/lib/commands.ts'
import { href, useGo } from '@/lib/go.tsx'
import { DENSITIES, chooseDensity, useDensity } from '@/lib/density.ts'
import { useDelayed, usePhone, useTitle } from '@/lib/hooks.ts'
import { isFlag, recall, remember } from '@/lib/local.ts'
import { onlyThese } from '@/meta/archived.ts'
import { textOf, useScene } from '@/meta/meta.ts'
import { isLook, listParams, readQuery, writeQuery, type Look, type Query, type SearchParams } from '@/meta/query.ts'
import { Tip, Trouble } from '@/ui/parts.tsx'
import { Waiting } from '@/ui/Waiting.tsx'
import { boardField } from '../board/fields.ts'
import { usualDate } from '../calendar/fields.ts'
import { AddToDashboard } from '../dashboard/AddToDashboard.tsx'
import { Star } from '../favourite/Star.tsx'
import { Cards, type Picking } from './Cards.tsx'
import { ColumnPicker } from './ColumnPicker.tsx'
import { useColumns } from './columns.ts'
import { FileMenu } from './FileMenu.tsx'
import type { FilterBuilderProps } from './FilterBuilder.tsx'
import { groupable, PARTS } from './groups.ts'
import { recordLines } from './lines.ts'
import { QuickFilters } from './ListParts.tsx'
import { SearchBox } from './SearchBox.tsx'
import { Selection } from './Selection.tsx'
import type { Whom } from './massWork.tsx'
import { Near } from './Near.tsx'
import { hasBin, Nothing } from './Nothing.tsx'
import { Panel } from './Panel.tsx'
import { SortMenu } from './SortMenu.tsx'
import { Table } from './Table.tsx'
import { rememberList } from './trail.ts'
import { selfRefs } from '../tree/tree.ts'
import { useEditing } from './useEditing.ts'
import type { Grouping } from './useGrouping.ts'
import { Views } from './Views.tsx'
import './list.css'

const Board = lazy(() => import('../board/Board.tsx'))
const ChartView = lazy(() => import('../chart/ChartView.tsx'))
const CalendarView = lazy(() => import('../calendar/CalendarView.tsx'))
const TimelineView = lazy(() => import('../timeline/TimelineView.tsx'))
const FilterBuilder = later<FilterBuilderProps>(async () => (await import('./FilterBuilder.tsx')).FilterBuilder)
const MassDialog = lazy(() => import('./massWork.tsx'))
const BinDialog = lazy(() => import('./BinDialog.tsx'))
const PivotView = lazy(() => import('../pivot/PivotView.tsx'))
const TreeView = lazy(() => import('../tree/TreeView.tsx'))
const Grouped = lazy(() => import('./Grouped.tsx'))
const GroupCards = lazy(() => import('./GroupCards.tsx'))
const ImportWizard = lazy(() => import('../import/ImportWizard.tsx'))

const PAGE = 80
const NOBODY: ReadonlySet<string> = new Set()
const NONE: readonly never[] = []
/** What these show has no order of rows. */
const UNSORTED: readonly Look[] = ['chart', 'pivot']

export default function ListView({ entity, params }: { entity: Entity; params: SearchParams }) {
  const { t } = useTranslation()
  const scene = useScene()
  const { meta } = scene
  const go = useGo()
  const phone = usePhone()
  const query = useMemo(() => readQuery(params), [params])
  const columns = useColumns(meta, entity)
  const [selected, setSelected] = useState<ReadonlySet<string>>(NOBODY)
  const [everything, setEverything] = useState(false)
  /** On a phone: a touch chooses a card. */
  const [picking, setPicking] = useState(false)
  const [many, setMany] = useState<{ field: Field; value: Value } | null>(null)
  const [typing, setTyping] = useState(() => recall(`typing.${entity.name}`, isFlag, false))
  const [beside, setBeside] = useState(() => recall('list.beside', isFlag, false))
  const [wanted, setWanted] = useState('')
  const [binning, setBinning] = useState(false)
  const editing = useEditing(entity)
  const density = useDensity()
  const [filtering, setFiltering] = useState(false)
  const [importing, setImporting] = useState(params['import'] === '1' && entity.can.import)
  const title = meta.say(entity.plural)
  useTitle(title)

  const view = params['view'] ?? ''
  const put = useCallback((next: Query, of = view) => go(href(`/${entity.name}`, { ...writeQuery(next), view: of || undefined }), { replace: true }), [go, entity.name, view])
  const asked = useMemo(() => {
    const own = listParams(query, entity.default_sort)
    // A column of another entity has to be asked for by name; all others come anyway.
    const far = columns.shown.some((column) => column.path.includes('.'))
    const fields = far ? [...new Set(['id', 'version', ...entity.fields.filter((field) => field.kind !== 'owned' && !field.hidden).map((field) => field.name), ...columns.shown.map((column) => column.path)])].join(',') : undefined
    return { ...own, limit: PAGE, ...(fields ? { fields } : {}) }
  }, [query, entity, columns.shown])
  const tabular = query.look === 'list'
  const plain = tabular && query.group.length === 0
  const grouped = tabular && !plain
  const answer = useInfiniteQuery({ ...queries.list(entity.name, asked), enabled: plain })
  const [told, setTold] = useState<Grouping | null>(null)
  const grouping = grouped && told?.entity === entity.name ? told : undefined
  const listed = useMemo(() => answer.data?.pages.flatMap((page) => page.rows) ?? [], [answer.data])
  const rows = grouped ? (grouping?.rows ?? NONE) : listed
  const lines = useMemo(() => (grouped ? (grouping?.lines ?? NONE) : recordLines(listed)), [grouped, grouping?.lines, listed])
  const count = grouped ? grouping?.count : (answer.data?.pages[0]?.count ?? undefined)
  const waiting = useDelayed(plain ? answer.isPending : grouped && count === undefined)
  const address = href(`/${entity.name}`, { ...writeQuery(query), view: view || undefined })
  const select = useCallback((ids: ReadonlySet<string>): void => {
    setSelected(ids)
    setEverything(false)
  }, [])
  const chooseNobody = useCallback((): void => {
    select(NOBODY)
    setPicking(false)
  }, [select])
  // Another look at the same records keeps who is chosen.
  const whichOnes = JSON.stringify([query.filter, query.search])
  useEffect(chooseNobody, [entity.name, whichOnes])
  const cards: Picking = {
    on: picking || everything || selected.size > 0,
    has: (id) => everything || selected.has(id),
    toggle: (id) => {
      const next = new Set(everything ? rows.map((row) => textOf(row['id'])) : selected)
      if (!next.delete(id)) next.add(id)
      setPicking(true)
      select(next)
    },
  }
  const cursor = answer.data?.pages.at(-1)?.next ?? ''
  const { gaps, inOpen } = grouping ?? {}
  useEffect(() => {
    const ids = rows.map((row) => textOf(row['id']))
    if (grouped) return rememberList(entity.name, address, ids, inOpen, gaps)
    rememberList(entity.name, address, ids, count, cursor ? [{ after: ids.at(-1) ?? '', missing: Math.max(0, (count ?? 0) - ids.length), params: asked, cursor }] : [])
  }, [entity.name, address, rows, count, cursor, asked, grouped, inOpen, gaps])

  const more = useCallback(() => {
    if (answer.hasNextPage && !answer.isFetchingNextPage) void answer.fetchNextPage()
  }, [answer.hasNextPage, answer.isFetchingNextPage, answer.fetchNextPage])

  const create = (): void => go(`/${entity.name}/new`)
  useCommands([
    ...(entity.can.add ? [{ id: 'new', label: t('list.new_what', { what: meta.say(entity.label) }), group: 'page' as const, hotkey: 'alt+c', run: create }] : []),
    { id: 'print', label: t('list.print'), group: 'page', hotkey: 'ctrl+p', run: () => go(href(`/print/${entity.name}`, writeQuery(query))) },
    { id: 'filter', label: t('list.filter'), group: 'page', hotkey: 'f', run: () => setFiltering(true) },
    ...(entity.can.import ? [{ id: 'import', label: t('import.title', { what: title }), group: 'page' as const, run: () => setImporting(true) }] : []),
    ...(entity.can.export ? (['csv', 'xlsx'] as const).map((format) => ({ id: `export-${format}`, label: t('list.export', { format: format.toUpperCase() }), group: 'page' as const, run: () => location.assign(exportUrl(format)) })) : []),
  ])
  function exportUrl(format: 'csv' | 'xlsx', lines = false, chosen = false): string {
    const { filter, search, sort } = listParams(query, entity.default_sort)
    if (query.group.length && !chosen && !lines) return fileUrl(entity.name, { filter, search, group: query.group.join(',') }, format)
    const which = chosen && !everything ? { filter: JSON.stringify(onlyThese(entity, [...selected])) } : { filter, search }
    return fileUrl(entity.name, { ...which, sort, ...(lines ? { lines: 'true' } : { fields: columns.shown.map((column) => column.path).join(',') }) }, format)
  }
  const printChosen = (): void => go(href(`/print/${entity.name}`, { ...writeQuery(query), ids: everything ? undefined : [...selected].join(',') }))

  const whom: Whom = everything ? { filter: query.filter, search: query.search, near: true } : { ids: [...selected] }
  const turnTyping = (): void => {
    remember(`typing.${entity.name}`, !typing)
    setTyping(!typing)
  }
  const turnBeside = (): void => {
    remember('list.beside', !beside)
    setBeside(!beside)
    if (beside) openBeside(null)
  }
  // The record beside the list stands in the address, but is no part of what is asked.
  const open = params['open'] ?? null
  const openBeside = (id: string | null): void => go(href(`/${entity.name}`, { ...writeQuery(query), view: view || undefined, open: id ?? undefined }), { replace: true })
  const onOpen = (id: string, instead: boolean): boolean => {
    if (phone || beside === instead) return false
    openBeside(id)
    return true
  }
  useCommands([
    ...(entity.can.edit && entity.kind !== 'ledger' && tabular && !phone ? [{ id: 'typing', label: t(typing ? 'list.typing_off' : 'list.typing_on'), group: 'page' as const, hotkey: 'alt+e', run: turnTyping }] : []),
    ...(!phone && tabular ? [{ id: 'beside', label: t(beside ? 'list.beside_off' : 'list.beside_on'), group: 'page' as const, run: turnBeside }] : []),
    ...(hasBin(entity) ? [{ id: 'bin', label: t('bin.title', { what: title }), group: 'page' as const, run: () => setBinning(true) }] : []),
    ...DENSITIES.filter((one) => one !== density).map((one) => ({ id: `density-${one}`, label: t(`density.${one}`), group: 'app' as const, words: 'density rows 行高 密度', run: () => chooseDensity(one) })),
  ])

  const looks: { value: Look; icon: ReactNode; label: string }[] = [
    { value: 'list', icon: <UnorderedListOutlined />, label: t('list.look_list') },
    ...(boardField(entity) ? [{ value: 'board' as const, icon: <ProjectOutlined />, label: t('list.look_board') }] : []),
    ...(groupable(entity).length ? [{ value: 'chart' as const, icon: <BarChartOutlined />, label: t('list.look_chart') }] : []),
    ...(groupable(entity).length ? [{ value: 'pivot' as const, icon: <TableOutlined />, label: t('list.look_pivot') }] : []),
    ...(selfRefs(entity).length ? [{ value: 'tree' as const, icon: <ApartmentOutlined />, label: t('list.look_tree') }] : []),
    ...(usualDate(entity) ? [{ value: 'calendar' as const, icon: <CalendarOutlined />, label: t('list.look_calendar') }, { value: 'timeline' as const, icon: <ScheduleOutlined />, label: t('list.look_timeline') }] : []),
  ]
  useCommands(looks.filter((look) => look.value !== query.look).map(({ value, label }) => ({ id: `look-${value}`, label: t('list.look_as', { what: label }), group: 'page' as const, words: `view 视图 ${value}`, run: () => put({ ...query, look: value }) })))
  const groupItems: MenuProps['items'] = groupable(entity).map((field) =>
    field.kind === 'date'
      ? { key: field.name, label: meta.say(field.label), children: PARTS.map((part) => ({ key: `${field.name}:${part}`, label: t(`part.${part}`) })) }
      : { key: field.name, label: meta.say(field.label) })

  const bare = !query.filter && !query.search
  const nothing = <Nothing entity={entity} query={query} put={put} columns={columns.shown} onCreate={create} onImport={() => setImporting(true)} onBin={() => setBinning(true)} />
  const failed = grouped ? grouping?.error : answer.isError ? answer.error : null
  return (
    <div className="list-page">
      <header className="page-head">
        <h1>{title}</h1>
        {entity.kind !== 'owned' && <Views entity={entity} query={query} title={title} columns={columns} view={view} put={put} />}
        <Star name={title} query={address} />
        {tabular && count !== undefined && <span className="faint num wide-only" aria-live="polite">{t('list.records', { count })}</span>}
        <span style={{ flex: 1 }} />
        <FileMenu entity={entity} fileOf={exportUrl} onPrint={() => go(href(`/print/${entity.name}`, writeQuery(query)))} onImport={() => setImporting(true)} onBin={hasBin(entity) ? () => setBinning(true) : undefined} />
        {entity.can.add && <Tip text={t('list.new_what', { what: meta.say(entity.label) })} hotkey="alt+c"><Button type="primary" icon={<PlusOutlined />} aria-label={t('list.new')} onClick={create}>{!phone && t('list.new')}</Button></Tip>}
      </header>
      {(selected.size > 0 || everything || picking) && tabular ? (
        <Selection entity={entity} rows={rows} columns={columns.shown} selected={selected} everything={everything} whom={whom} count={count} onAll={() => select(new Set(rows.map((row) => textOf(row['id']))))} onEverything={() => setEverything(true)} onClear={chooseNobody} fileOf={(format, lines) => exportUrl(format, lines, true)} onPrint={printChosen} />
      ) : (
        <div className="control">
          <SearchBox entity={entity} query={query} put={put} onEdit={() => setFiltering(true)} />
          <Popover
            open={filtering} onOpenChange={(next) => {
              setFiltering(next)
              if (!next) setWanted('')
            }} trigger="click" placement={phone ? 'bottom' : 'bottomLeft'} arrow={false} destroyOnHidden
            content={<div className="filter-pop"><QuickFilters entity={entity} query={query} put={(next) => {
              put(next)
              setFiltering(false)
            }} /><FilterBuilder key={wanted} entity={entity} filter={query.filter} first={wanted} onApply={(filter) => {
              put({ ...query, filter })
              setFiltering(false)
            }} /></div>}
          >
            <button type="button" className={query.filter ? 'quiet on' : 'quiet'} aria-label={t('list.filter')}><FilterOutlined /><span className="wide-only">{t('list.filter')}</span></button>
          </Popover>
          <Dropdown trigger={['click']} menu={{ items: groupItems, onClick: ({ key }) => put({ ...query, group: query.group.includes(key) ? query.group.filter((one) => one !== key) : [...query.group, key] }), selectedKeys: query.group }}>
            <button type="button" className={query.group.length ? 'quiet on' : 'quiet'} aria-label={t('list.group')}><GroupOutlined /><span className="wide-only">{t('list.group')}</span></button>
          </Dropdown>
          {!UNSORTED.includes(query.look) && <SortMenu entity={entity} columns={columns.shown} sort={query.sort} onSort={(sort) => put({ ...query, sort })} />}
          <span className="wide-only" style={{ flex: 1 }} />
          {looks.length > 1 && phone && (
            <Dropdown trigger={['click']} menu={{ items: looks.map(({ value, icon, label }) => ({ key: value, icon, label: <span data-look={value}>{label}</span> })), selectedKeys: [query.look], onClick: ({ key }) => isLook(key) && put({ ...query, look: key }) }}>
              <button type="button" className="quiet" data-looks aria-label={t('list.look')} title={t('list.look')}>{looks.find((look) => look.value === query.look)?.icon}<DownOutlined style={{ fontSize: 9 }} /></button>
            </Dropdown>
          )}
          {looks.length > 1 && !phone && (
            <div className="looks" role="group" aria-label={t('list.look')}>
              {looks.map(({ value, icon, label }) => <Tip key={value} text={label}><button type="button" className={query.look === value ? 'quiet on' : 'quiet'} data-look={value} aria-pressed={query.look === value} aria-label={label} onClick={() => put({ ...query, look: value })}>{icon}</button></Tip>)}
            </div>
          )}
          <AddToDashboard entity={entity} query={query} columns={columns.shown.map((column) => column.path)} />
          {!phone && tabular && (
            <div className="looks">
              {entity.can.edit && entity.kind !== 'ledger' && <Tip text={t(typing ? 'list.typing_off' : 'list.typing_on')} hotkey="alt+e"><button type="button" className={typing ? 'quiet on' : 'quiet'} aria-pressed={typing} data-typing-mode aria-label={t('list.typing_on')} onClick={turnTyping}><EditOutlined /></button></Tip>}
              <Tip text={t(beside ? 'list.beside_off' : 'list.beside_on')}><button type="button" className={beside ? 'quiet on' : 'quiet'} aria-pressed={beside} data-beside-mode aria-label={t('list.beside_on')} onClick={turnBeside}><SplitCellsOutlined /></button></Tip>
              {hasBin(entity) && <Tip text={t('bin.title', { what: title })}><button type="button" className="quiet" data-bin-open aria-label={t('bin.title', { what: title })} onClick={() => setBinning(true)}><DeleteOutlined /></button></Tip>}
            </div>
          )}
          {phone && tabular && lines.length > 0 && <button type="button" className="quiet" data-select-mode aria-label={t('list.select')} title={t('list.select')} onClick={() => setPicking(true)}><CheckSquareOutlined /></button>}
          {!phone && (tabular || query.look === 'tree') && (
            <Popover trigger="click" placement="bottomRight" arrow={false} content={<ColumnPicker meta={meta} entity={entity} columns={columns} />}>
              <button type="button" className="quiet" aria-label={t('list.columns')} title={t('list.columns')}><SettingOutlined /></button>
            </Popover>
          )}
        </div>
      )}
      <Near entity={entity} query={query} />
      <div className={plain && answer.isPlaceholderData ? 'list-body stale' : 'list-body'}>
        {query.look === 'chart' ? <Suspense fallback={<Waiting shape="chart" />}><ChartView entity={entity} query={query} put={put} nothing={nothing} /></Suspense>
        : query.look === 'pivot' ? <Suspense fallback={<Waiting shape="table" />}><PivotView entity={entity} query={query} put={put} nothing={nothing} /></Suspense>
        : query.look === 'tree' ? <Suspense fallback={<Waiting shape="table" />}><TreeView key={`${entity.name} ${query.parent}`} entity={entity} query={query} put={put} columns={columns.shown} fields={asked.fields} nothing={nothing} /></Suspense>
        : query.look === 'board' ? <Suspense fallback={<Waiting shape="board" />}><Board entity={entity} query={query} columns={columns.shown} put={put} nothing={nothing} /></Suspense>
        : query.look === 'calendar' ? <Suspense fallback={<Waiting shape="days" />}><CalendarView entity={entity} query={query} columns={columns.shown} put={put} /></Suspense>
        : query.look === 'timeline' ? <Suspense fallback={<Waiting shape="table" />}><TimelineView entity={entity} query={query} columns={columns.shown} put={put} /></Suspense>
        : failed ? <Trouble error={failed} retry={grouping ? grouping.retry : () => void answer.refetch()}>{!bare && <Button onClick={() => go(`/${entity.name}`)}>{t('list.remove_filters')}</Button>}</Trouble>
        : waiting ? <Waiting shape="table" wait={0} />
        : (grouped ? count === undefined : !answer.data) ? null
        : lines.length === 0 ? nothing
        : phone && grouping ? <Suspense><GroupCards entity={entity} columns={columns.shown} grouping={grouping} picking={cards} /></Suspense>
        : phone ? <Cards entity={entity} columns={columns.shown} rows={rows} more={answer.hasNextPage} onEnd={more} picking={cards} />
        : (
          <div className="beside">
            <Table
              entity={entity} query={query} columns={grouping ? grouping.columns : columns} lines={lines} grouping={grouping} sort={query.sort.length ? query.sort : entity.default_sort} onSort={(sort) => put({ ...query, sort })}
              onGroup={(path) => put({ ...query, group: [...new Set([...query.group, path])] })}
              onFilter={(path) => {
                setWanted(path)
                setFiltering(true)
              }}
              selected={selected} everything={everything} onSelect={select} onEverything={() => setEverything(true)} onEnd={more} more={plain && answer.hasNextPage} scrollKey={address}
              editing={editing} typing={typing} onMany={(field, value) => setMany({ field, value })} open={open} onOpen={onOpen}
            />
            {open && <Panel entity={entity} id={open} onClose={() => openBeside(null)} onGo={openBeside} />}
          </div>
        )}
      </div>
      {grouped && <Suspense><Grouped key={entity.name} entity={entity} query={query} columns={columns} fields={asked.fields} onChange={setTold} /></Suspense>}
      {binning && <Suspense><BinDialog entity={entity} onClose={() => setBinning(false)} /></Suspense>}
      {many && <Suspense><MassDialog entity={entity} whom={whom} count={everything ? (count ?? 0) : selected.size} op="change" label={t('mass.change')} field={many.field} value={many.value} onClose={() => setMany(null)} /></Suspense>}
      {importing && <Suspense><ImportWizard entity={entity} onClose={() => setImporting(false)} /></Suspense>}
    </div>
  )
}
