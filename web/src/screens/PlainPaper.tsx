//! A record, or the rows of a list, on plain paper: what stands on the screen, without what is only for pressing.
import { ArrowLeftOutlined, PrinterOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/client.ts'
import { useSession } from '@/api/queries.ts'
import type { Entity, Rec } from '@/api/types.ts'
import { kitOf, Show } from '@/fields/kits.tsx'
import { useCommands } from '@/lib/commands.ts'
import { formatInstant } from '@/lib/dates.ts'
import { href, useGo } from '@/lib/go.tsx'
import { useTitle } from '@/lib/hooks.ts'
import { isEmpty, rowsOf, textOf, useScene, type Scene } from '@/meta/meta.ts'
import { onlyThese } from '@/meta/archived.ts'
import { facets } from '@/meta/filter.ts'
import { listParams, readQuery, writeQuery, type SearchParams } from '@/meta/query.ts'
import { HintText, Skeleton, Trouble } from '@/ui/parts.tsx'
import { lineColumns } from '@/views/form/lineColumns.ts'
import { isTold, layout } from '@/views/form/layout.ts'
import { useColumns } from '@/views/list/columns.ts'
import { FacetText } from '@/views/list/FacetText.tsx'
import { Footer } from '@/views/list/Footer.tsx'
import './print.css'

/** More rows than this are for a file. */
const ROWS_MAX = 2000
const PAGE = 500

function Sheet({ title, back, wide, children }: { title: string; back: string; wide?: boolean; children: ReactNode }) {
  const { t } = useTranslation()
  const go = useGo()
  const session = useSession()
  const scene = useScene()
  useTitle(title)
  useCommands([
    { id: 'print', label: t('form.print'), group: 'page', hotkey: 'ctrl+p', run: () => print() },
    { id: 'back', label: t('form.back'), group: 'page', hotkey: 'escape', run: () => go(back) },
  ])
  return (
    <div className={wide ? 'print-page wide' : 'print-page'}>
      <div className="print-bar" role="toolbar">
        <Button icon={<ArrowLeftOutlined />} onClick={() => go(back)}>{t('form.back')}</Button>
        <span style={{ flex: 1 }} />
        <Button type="primary" icon={<PrinterOutlined />} onClick={() => print()}>{t('form.print')}</Button>
      </div>
      <article className="paper plain" tabIndex={0}>
        <header className="letterhead"><div><h2>{session.company.label}</h2></div><div className="doc-title">{formatInstant(new Date().toISOString(), scene.locale)}<br />{session.user.name}</div></header>
        <h1>{title}</h1>
        {children}
      </article>
    </div>
  )
}

export function RecordPaper({ entity, record }: { entity: Entity; record: Rec }) {
  const scene = useScene()
  const { meta } = scene
  const { parts, totals } = layout(entity)
  return (
    <Sheet title={`${meta.say(entity.label)} ${meta.title(entity, record)}`} back={`/${entity.name}/${textOf(record['id'])}`}>
      {parts.map((part, index) => (
        <section key={index} className="plain-part">
          {part.label && <h3>{meta.say(part.label)}</h3>}
          <dl>
            {part.fields.filter((field) => !isEmpty(record[field.name])).map((field) => <div key={field.name}><dt>{meta.say(field.label)}</dt><dd><Show field={field} record={record} scene={scene} plain /></dd></div>)}
          </dl>
          {part.lines.map((field) => {
            const line = field.entity ? meta.entity(field.entity) : undefined
            const rows = rowsOf(record[field.name])
            return line && rows.length > 0 && <div key={field.name}><h3>{meta.say(field.label)}</h3><Rows entity={line} rows={rows} parent={record} scene={scene} paths={lineColumns(line, rows).map((one) => one.name)} /></div>
          })}
        </section>
      ))}
      {totals.length > 0 && <dl className="paper-totals">{totals.filter((field) => isTold(field, record) && !isEmpty(record[field.name])).map((field) => <div key={field.name}><dt>{meta.say(field.label)}</dt><dd><Show field={field} record={record} scene={scene} plain /></dd></div>)}</dl>}
    </Sheet>
  )
}

function Rows({ entity, rows, parent, scene, paths }: { entity: Entity; rows: readonly Rec[]; parent: Rec; scene: Scene; paths: readonly string[] }) {
  const fields = paths.flatMap((path) => scene.meta.field(entity, path) ?? [])
  return (
    <table className="paper-lines">
      <thead><tr>{fields.map((field) => <th key={field.name} className={kitOf(field.kind).end ? 'end' : undefined}>{scene.meta.say(field.label)}</th>)}</tr></thead>
      <tbody>{rows.map((row, at) => <tr key={at}>{fields.map((field) => <td key={field.name} className={kitOf(field.kind).end ? 'end' : undefined}><Show field={field} record={row} parent={parent} scene={scene} plain /></td>)}</tr>)}</tbody>
    </table>
  )
}

/** The rows a list shows, with its columns, order, filter and totals. */
export default function ListPaper({ entity, params }: { entity: Entity; params: SearchParams }) {
  const { t } = useTranslation()
  const scene = useScene()
  const list = readQuery(params)
  const ids = params['ids']?.split(',').filter(Boolean)
  const query = ids ? { ...list, filter: onlyThese(entity, ids), search: '' } : list
  const columns = useColumns(scene.meta, entity)
  const far = columns.shown.some((column) => column.path.includes('.'))
  const fields = far ? ['id', ...entity.fields.filter((field) => field.kind !== 'owned' && !field.hidden).map((field) => field.name), ...columns.shown.map((column) => column.path)].join(',') : undefined
  const answer = useQuery({
    queryKey: ['list', entity.name, 'paper', params, fields],
    queryFn: async () => {
      const rows: Rec[] = []
      let cursor: string | undefined
      let count: number | null | undefined
      do {
        const page = await api.list(entity.name, { ...listParams(query, entity.default_sort), limit: PAGE, ...(fields ? { fields } : {}), ...(cursor ? { cursor } : { count: true }) })
        count ??= page.count
        rows.push(...page.rows)
        cursor = page.next ?? undefined
      } while (cursor && rows.length < ROWS_MAX)
      return { rows: rows.slice(0, ROWS_MAX), count: count ?? rows.length }
    },
  })
  return (
    <Sheet title={scene.meta.say(entity.plural)} back={href(`/${entity.name}`, writeQuery(list))} wide={columns.shown.length > 6}>
      {!ids && (query.filter || query.search) && <p className="plain-filter">{query.search && <>“{query.search}” </>}{facets(query.filter).map((facet, at) => <span key={at}>{at > 0 && ' · '}<FacetText entity={entity} filter={facet} /></span>)}</p>}
      {answer.isError ? <Trouble error={answer.error} retry={() => void answer.refetch()} /> : !answer.data ? <Skeleton rows={12} /> : (
        <>
          <p className="plain-filter">{t(ids ? 'list.selected' : 'list.records', { count: answer.data.count })}</p>
          {answer.data.count > answer.data.rows.length && <HintText tone="warn">{t('list.print_cut', { count: answer.data.rows.length })}</HintText>}
          <table className="paper-lines">
            <thead><tr><th className="n" />{columns.shown.map((column) => <th key={column.path} className={kitOf(column.field.kind).end ? 'end' : undefined}>{column.label}</th>)}<th /></tr></thead>
            <tbody>{answer.data.rows.map((row, at) => <tr key={textOf(row['id'])}><td className="n">{at + 1}</td>{columns.shown.map(({ path, field }) => <td key={path} className={kitOf(field.kind).end ? 'end' : undefined}><Show field={field} record={row} value={row[path]} scene={scene} plain /></td>)}<td /></tr>)}</tbody>
            <Footer entity={entity} query={query} columns={columns.shown} totals={columns.totals} />
          </table>
        </>
      )}
    </Sheet>
  )
}
