import { DownloadOutlined, HistoryOutlined, PrinterOutlined } from '@ant-design/icons'
import { Button, Dropdown } from 'antd'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fileUrl } from '@/api/client.ts'
import { queries } from '@/api/queries.ts'
import type { Field, Json, Kind, Open, Rec, Report, ReportTable, Value } from '@/api/types.ts'
import { Edit, kitOf, Show } from '@/fields/kits.tsx'
import { useRefLabel } from '@/fields/ref.tsx'
import { useCommands } from '@/lib/commands.ts'
import { formatMoney, formatNumber, isZero, read, shift } from '@/lib/decimal.ts'
import { href, Go, theWay, useGo } from '@/lib/go.tsx'
import { useDelayed, usePhone, useTitle } from '@/lib/hooks.ts'
import { defaultOf } from '@/meta/defaults.ts'
import { idOf, isEmpty, textOf, useScene, type Scene } from '@/meta/meta.ts'
import { openPath } from '@/meta/open.ts'
import type { SearchParams } from '@/meta/query.ts'
import { Crumbs } from '@/ui/Crumbs.tsx'
import { Empty, Trouble } from '@/ui/parts.tsx'
import { Waiting } from '@/ui/Waiting.tsx'
import { Star } from '@/views/favourite/Star.tsx'
import '@/views/list/list.css'
import './report.css'

/** Pages of the way that are shown. */
const CRUMBS = 3

const toParam = (value: Value): string => (isEmpty(value) ? '' : typeof value === 'object' && value !== null ? idOf(value) || JSON.stringify(value) : String(value))

export default function ReportScreen({ report, params }: { report: Report; params: SearchParams }) {
  const { t } = useTranslation()
  const scene = useScene()
  const { meta } = scene
  const go = useGo()
  const phone = usePhone()
  const [clock, setClock] = useState(false)
  const secondClock = report.params.find((field) => field.name === 'known_at' && !field.required)
  const withClock = clock || Boolean(params['known_at'])
  const fields = useMemo(() => {
    // The second clock is asked for rarely: it waits behind a button.
    return withClock ? report.params : report.params.filter((field) => field !== secondClock)
  }, [report, withClock])
  // Days a report needs are today's unless the address says otherwise.
  const asked = useMemo(() => {
    const out: Record<string, string> = {}
    for (const field of report.params) {
      const given = params[field.name]
      const usual = given ?? (toParam(defaultOf(field, scene.today)) || (field.kind === 'date' && field.required ? usualDay(field.name, scene.today) : ''))
      if (usual) out[field.name] = usual
    }
    return out
  }, [report, params, scene.today])
  const [typed, setTyped] = useState<Rec>({})
  useEffect(() => setTyped({}), [asked])
  const missing = report.params.filter((field) => field.required && !asked[field.name])
  const answer = useQuery({ ...queries.report(report.name, asked), enabled: missing.length === 0 })
  const slow = useDelayed(answer.isFetching && !answer.data)
  const title = answer.data?.title || meta.say(report.label)
  useTitle(title)
  const changed = Object.keys(typed).length > 0
  const run = (): void => {
    const next: Record<string, string> = { ...asked }
    for (const [name, value] of Object.entries(typed)) next[name] = toParam(value)
    if (changed) go(href(`/report/${report.name}`, next))
    else void answer.refetch()
  }
  const way = theWay().slice(phone ? -1 : -CRUMBS)
  const back = way.at(-1)
  useCommands([...(back ? [{ id: 'back', label: t('form.back'), group: 'page' as const, hotkey: 'escape', run: () => go(back.to) }] : []), { id: 'print', label: t('form.print'), group: 'page', hotkey: 'ctrl+p', run: () => print() }])
  return (
    <div className="report-page">
      <header className="page-head">
        <div style={{ minWidth: 0 }}>
          <Crumbs way={way} />
          <h1 className="clip">{title}</h1>
        </div>
        <Star name={title} query={href(`/report/${report.name}`, params)} />
        <span style={{ flex: 1 }} />
        <Dropdown trigger={['click']} menu={{ items: (['csv', 'xlsx'] as const).map((format) => ({ key: format, label: <a href={fileUrl(`report/${report.name}`, asked, format)} download>{t('list.export', { format: format.toUpperCase() })}</a> })) }}><Button type="text" icon={<DownloadOutlined />} aria-label={t('list.export_button')}>{phone ? null : t('list.export_button')}</Button></Dropdown>
        <Button type="text" icon={<PrinterOutlined />} aria-label={t('form.print')} onClick={() => print()}>{phone ? null : t('form.print')}</Button>
      </header>
      <form className="report-params" onSubmit={(event) => {
        event.preventDefault()
        run()
      }}>
        {fields.map((field) => <Param key={field.name} field={field} scene={scene} beside={{ ...asked, ...typed }} value={field.name in typed ? typed[field.name] : asked[field.name]} onChange={(value) => setTyped({ ...typed, [field.name]: value ?? null })} />)}
        <Button type={changed ? 'primary' : 'default'} htmlType="submit" loading={answer.isFetching}>{t('report.show')}</Button>
        {secondClock && !withClock && <Button type="text" icon={<HistoryOutlined />} title={meta.say(secondClock.help)} onClick={() => setClock(true)}>{meta.say(secondClock.label)}…</Button>}
      </form>
      <p className="report-print-line">{scene.meta.say(report.label)} · {Object.entries(asked).map(([name, value]) => `${meta.say(fields.find((field) => field.name === name)?.label)} ${value}`).join(' · ')}</p>
      <div className={answer.isPlaceholderData ? 'report-body stale' : 'report-body'}>
        {missing.length ? <Empty title={t('report.missing', { what: missing.map((field) => meta.say(field.label)).join(', ') })} text={meta.say(report.help)} />
        : answer.isError ? <Trouble error={answer.error} retry={() => void answer.refetch()} />
        : answer.data ? <ReportView table={answer.data} label={title} scene={scene} /> : slow && <Waiting shape="table" wait={0} />}
      </div>
    </div>
  )
}

/** A period starts with the year; everything else is as of today. */
const usualDay = (name: string, today: string): string => (/^(from|since|start)/.test(name) ? `${today.slice(0, 4)}-01-01` : today)

function Param({ field, scene, beside, value, onChange }: { field: Field; scene: Scene; beside: Rec; value: Value; onChange: (value: Value) => void }) {
  const label = useRefLabel(scene, field.kind === 'ref' ? field.entity : undefined, typeof value === 'string' ? value : '')
  const shown = field.kind === 'ref' && typeof value === 'string' && value ? { id: value, label } : field.kind === 'bool' ? value === true || value === 'true' : field.kind === 'int' && typeof value === 'string' && value ? Number(value) : (value ?? null)
  return (
    <label className={`report-param ${field.kind}`} title={scene.meta.say(field.help)}>
      <span className="muted">{scene.meta.say(field.label)}</span>
      <Edit field={field} record={beside} scene={scene} value={shown} onChange={onChange} />
    </label>
  )
}

const NUMERIC: readonly Kind[] = ['amount', 'qty', 'price', 'rate', 'int']

function ReportView({ table, label, scene }: { table: ReportTable; label: string; scene: Scene }) {
  const { t } = useTranslation()
  const go = useGo()
  const [folded, setFolded] = useState<ReadonlySet<number>>(new Set())
  // A heading folds what is deeper than itself, up to the next of its level.
  const hidden = useMemo(() => {
    const out = new Set<number>()
    let until = -1
    table.rows.forEach((row, index) => {
      const level = row.level ?? 0
      if (until >= 0 && level > until) {
        out.add(index)
        return
      }
      until = folded.has(index) ? level : -1
    })
    return out
  }, [table, folded])
  const foldable = (index: number): boolean => (table.rows[index + 1]?.level ?? 0) > (table.rows[index]?.level ?? 0)
  const anyFolds = table.rows.some((_, index) => foldable(index))
  if (table.rows.length === 0) return <Empty title={t('report.nothing')} />
  return (
    <>
      <div className="table-scroll report-scroll" tabIndex={0} role="region" aria-label={label}>
        <table className="table report">
          <thead><tr>{table.columns.map((column) => <th key={column.name} className={NUMERIC.includes(column.kind) ? 'end' : undefined}>{scene.meta.say(column.label)}</th>)}</tr></thead>
          <tbody>
            {table.rows.map((row, index) => {
              if (hidden.has(index)) return null
              const path = row.open ? openPath(row.open) : null
              const folds = foldable(index)
              return (
                <tr key={index} className={`${row.style ?? 'plain'}${path ? ' opens' : ''}`} onClick={() => {
                  if (path && !String(getSelection() ?? '')) go(path)
                }}>
                  {table.columns.map((column, at) => {
                    const value = row.cells[column.name]
                    const content = <Cell kind={column.kind} value={value} scene={scene} choice={choiceOf(row.open, column.name, scene)} plain={at === 0 && path !== null} />
                    const end = NUMERIC.includes(column.kind)
                    return (
                      <td key={column.name} className={end ? 'end' : undefined} style={at === 0 ? { paddingInlineStart: 20 + (row.level ?? 0) * 18 + (folds || !anyFolds ? 0 : 24) } : undefined}>
                        {at === 0 && folds && <button type="button" className="fold" aria-expanded={!folded.has(index)} aria-label={t('report.fold')} onClick={(event) => {
                          event.stopPropagation()
                          const next = new Set(folded)
                          if (!next.delete(index)) next.add(index)
                          setFolded(next)
                        }}>{folded.has(index) ? '▸' : '▾'}</button>}
                        {path && at === 0 ? <Go to={path} className="lead">{content}</Go> : content}
                      </td>
                    )
                  })}
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
      {(table.notes?.length ?? 0) > 0 && <ul className="notes">{table.notes?.map((note) => <li key={note}>{note}</li>)}</ul>}
    </>
  )
}

/** A choice in a row is that of the record the row opens. */
function choiceOf(open: Open | null | undefined, column: string, scene: Scene): string | undefined {
  const entity = open?.entity ? scene.meta.entity(open.entity) : undefined
  return entity && scene.meta.field(entity, column)?.choice
}

/** A cell may carry its own currency, record or both languages. */
function Cell({ kind, value, scene, choice, plain }: { kind: Kind; value: Json | undefined; scene: Scene; choice?: string; plain?: boolean }) {
  if (isEmpty(value) || value === undefined || value === null) return null
  if (typeof value === 'object' && !Array.isArray(value)) {
    if ('en' in value && 'zh' in value) return <>{textOf(value[scene.lang])}</>
    if ('amount' in value || 'value' in value) {
      const text = textOf(value['amount'] ?? value['value'])
      return <Show field={{ name: 'v', kind: 'amount', label: { en: '', zh: '' }, currency: 'currency' }} record={{ currency: value['currency'] }} value={text} scene={scene} />
    }
    const target = textOf(value['entity'])
    const label = textOf(value['label']) || textOf(value['id'])
    // Where the whole row leads somewhere, its first cell is no second way.
    return !plain && target && value['id'] && scene.meta.entity(target) ? <Go to={`/${target}/${textOf(value['id'])}`}>{label}</Go> : <>{label}</>
  }
  // Money in a currency of its own comes as `24.00 USD`.
  const own = kind === 'amount' && typeof value === 'string' ? /^(-?[\d.]+) ([A-Z]{3})$/.exec(value) : null
  if (own) return <span className="num">{formatMoney(own[1] ?? '0', scene.locale, own[2] ?? '', 'code')}</span>
  // Zero in a statement is noise: a dash lets the figures stand out.
  if ((kind === 'amount' || kind === 'qty') && typeof value === 'string' && read(value) && isZero(value)) return <span className="faint">–</span>
  // Statements are read down the column: a share to a tenth of a percent, a unit cost to the fourth digit.
  if (kind === 'rate' && typeof value === 'string') return <span className="num">{formatNumber(shift(value, 2), scene.locale, 1, 1)}%</span>
  if (kind === 'price' && typeof value === 'string') return <span className="num" title={value}>{formatNumber(value, scene.locale, 4, 2)}</span>
  if (kind === 'amount' && typeof value === 'string') return <span className="num">{kitOf('price').format(value, { field: { name: '', kind: 'price', label: { en: '', zh: '' } }, record: {} }, scene)}</span>
  return <Show field={{ name: 'v', kind: kind === 'choice' && !choice ? 'text' : kind, ...(choice ? { choice } : {}), label: { en: '', zh: '' } }} record={{}} value={value} scene={scene} plain />
}
