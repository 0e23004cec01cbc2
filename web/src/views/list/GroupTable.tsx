import { CaretDownOutlined, CaretRightOutlined } from '@ant-design/icons'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Fragment, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '@/api/queries.ts'
import type { Entity, Filter } from '@/api/types.ts'
import { asText, kitOf, Show } from '@/fields/kits.tsx'
import { Go, href, useGo } from '@/lib/go.tsx'
import { both, group as join } from '@/meta/filter.ts'
import { textOf, useScene } from '@/meta/meta.ts'
import { listParams, writeQuery, type Query } from '@/meta/query.ts'
import { formatPeriod } from '@/lib/dates.ts'
import { usePhone } from '@/lib/hooks.ts'
import { Skeleton, Trouble } from '@/ui/parts.tsx'
import type { Column } from './columns.ts'
import { Cards } from './Table.tsx'
import { condition, measures, readKey, tree, type Branch, type GroupKey } from './groups.ts'

const ROWS_MAX = 40

interface GroupTableProps { entity: Entity; query: Query; columns: readonly Column[] }

/** What a group is called. */
export function useKeyText(): (key: GroupKey, value: Branch['key']) => string {
  const scene = useScene()
  const { t } = useTranslation()
  return (key, value) => {
    if (value === null || value === '') return t('list.no_value')
    if (key.part && typeof value === 'string') return formatPeriod(value, scene.locale)
    return asText(value, { field: key.field, record: {} }, scene)
  }
}

export function GroupTable({ entity, query, columns }: GroupTableProps) {
  const { t } = useTranslation()
  const scene = useScene()
  const keyText = useKeyText()
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const keys = query.group.flatMap((text) => readKey(scene.meta, entity, text) ?? [])
  const phone = usePhone()
  const sums = measures(entity, query.group).slice(0, phone ? 1 : 4)
  const { filter, search } = listParams(query, [])
  const answer = useQuery(queries.groups(entity.name, { filter, search, group: query.group.join(','), sum: sums.map((field) => field.name).join(',') || undefined }))
  const branches = useMemo(() => tree(answer.data?.groups ?? []), [answer.data])

  if (answer.isError) return <Trouble error={answer.error} retry={() => void answer.refetch()} />
  if (!answer.data) return <Skeleton rows={10} />

  const draw = (branch: Branch, depth: number) => {
    const key = keys[depth]
    if (!key) return null
    const id = JSON.stringify(branch.path)
    const isOpen = open.has(id)
    const inner: Filter = join('and', branch.path.flatMap((value, at) => (keys[at] ? [condition(keys[at], value)] : [])))
    return (
      <Fragment key={id}>
        <tr className={`group-row depth-${depth}`} onClick={() => {
          const next = new Set(open)
          if (!next.delete(id)) next.add(id)
          setOpen(next)
        }}>
          <td style={{ paddingInlineStart: 12 + depth * 20 }}><span className="group-name">
            <button type="button" className="quiet" aria-expanded={isOpen} aria-label={keyText(key, branch.key)}>{isOpen ? <CaretDownOutlined /> : <CaretRightOutlined />}</button>
            {branch.key !== null && !key.part && key.field.kind === 'choice' ? <Show field={key.field} record={{}} value={branch.key} scene={scene} /> : <span className="clip">{keyText(key, branch.key)}</span>}
          </span></td>
          <td className="end num faint">{branch.count}</td>
          {sums.map((field) => <td key={field.name} className="end"><Show field={field} record={{}} value={branch.sum[field.name] ?? '0'} scene={scene} /></td>)}
        </tr>
        {isOpen && (branch.below.length ? branch.below.map((below) => draw(below, depth + 1)) : (
          <tr className="group-inner"><td colSpan={2 + sums.length}><GroupRows entity={entity} query={query} filter={both(query.filter, inner)} columns={columns} /></td></tr>
        ))}
      </Fragment>
    )
  }
  return (
    <div className="table-scroll">
      <table className="table groups">
        <colgroup><col /><col style={{ width: phone ? 54 : 90 }} />{sums.map((field) => <col key={field.name} style={{ width: phone ? 122 : 160 }} />)}</colgroup>
        <thead>
          <tr>
            <th className="clip" style={{ paddingInlineStart: 16 }}>{keys.map((key) => scene.meta.pathLabel(entity, key.path)).join(' › ')}</th>
            <th className="end">{t('list.count')}</th>
            {sums.map((field) => <th key={field.name} className="end">{scene.meta.say(field.label)}</th>)}
          </tr>
        </thead>
        <tbody>{branches.map((branch) => draw(branch, 0))}</tbody>
      </table>
    </div>
  )
}

function GroupRows({ entity, query, filter, columns }: { entity: Entity; query: Query; filter: Filter | null; columns: readonly Column[] }) {
  const { t } = useTranslation()
  const scene = useScene()
  const go = useGo()
  const phone = usePhone()
  const params = { ...listParams({ ...query, filter }, entity.default_sort), limit: ROWS_MAX }
  const { data } = useInfiniteQuery(queries.list(entity.name, params))
  const page = data?.pages[0]
  if (!page) return <Skeleton rows={3} />
  if (phone) return <Cards entity={entity} columns={columns} rows={page.rows} more={false} onEnd={() => undefined} />
  return (
    <table className="table inner">
      <tbody>
        {page.rows.map((row) => (
          <tr key={textOf(row['id'])} onClick={() => go(`/${entity.name}/${textOf(row['id'])}`)}>
            {columns.map(({ path, field }, at) => (
              <td key={path} className={kitOf(field.kind).end ? 'end clip' : 'clip'}>
                {at === 0 ? <Go to={`/${entity.name}/${textOf(row['id'])}`} className="lead"><Show field={field} record={row} value={row[path]} scene={scene} plain /></Go> : <Show field={field} record={row} value={row[path]} scene={scene} />}
              </td>
            ))}
          </tr>
        ))}
        {page.next && <tr><td colSpan={columns.length}><Go to={href(`/${entity.name}`, writeQuery({ ...query, filter, group: [] }))}>{t('list.show_group', { count: page.count ?? 0 })}</Go></td></tr>}
      </tbody>
    </table>
  )
}
