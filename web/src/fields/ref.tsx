import { ExportOutlined, PlusOutlined, SearchOutlined } from '@ant-design/icons'
import { App } from 'antd'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, newKey, Refused } from '@/api/client.ts'
import { queries } from '@/api/queries.ts'
import type { Entity, Field, Filter, Rec, Value } from '@/api/types.ts'
import { Go, href } from '@/lib/go.tsx'
import { idOf, isRef, textOf, type Meta, type Scene } from '@/meta/meta.ts'
import { ComboBox, type Option } from '@/ui/ComboBox.tsx'
import { bidi } from './bidi.tsx'
import { later } from './later.tsx'
import { no, type FieldKit, type InputProps, type Place, type ValueOf } from './kit.ts'

const SearchMore = lazy(() => import('./SearchMore.tsx'))
const DimensionBox = later<InputProps<ValueOf['ref']>>(async () => (await import('./DimensionBox.tsx')).default)

type Ref = ValueOf['ref']

const FOUND_MAX = 20

/** A row of a list as something to choose: its title, and what else tells it apart. */
export function asOption(meta: Meta, entity: Entity, row: Rec): Option {
  const label = meta.title(entity, row)
  const hint = entity.list
    .filter((name) => !entity.title.includes(name))
    .map((name) => ({ field: meta.field(entity, name), value: row[name] }))
    .filter(({ field }) => field && ['text', 'phone', 'barcode', 'ref', 'email'].includes(field.kind))
    .map(({ value }) => textOf(value))
    .filter((word) => word && word !== label)
    .slice(0, 2)
    .join(' · ')
  return { key: textOf(row['id']), label, hint }
}

/** What a field may name, narrowed to what goes with the record: the invoices of the party that pays. */
function narrowed({ field, record, parent }: Place): Filter | null | undefined {
  if (!field.along) return field.only
  const { field: name, of } = field.along
  const owner = of.startsWith('parent.') ? parent : record
  const id = idOf(owner?.[of.replace(/^parent\./, '')] ?? null)
  if (!id) return field.only
  const same: Filter = [name, '=', id]
  return field.only ? ['and', field.only, same] : same
}

export async function searchRefs(meta: Meta, entityName: string, only: unknown, text: string, signal: AbortSignal): Promise<Option[]> {
  const entity = meta.entity(entityName)
  const page = await api.list(entityName, { search: text, limit: FOUND_MAX, ...(only ? { filter: JSON.stringify(only) } : {}) }, signal)
  return page.rows.map((row) => (entity ? asOption(meta, entity, row) : { key: textOf(row['id']), label: textOf(row['label']) || textOf(row['id']) }))
}

/** Of what entity a record is that a field names by its id alone, as in a filter. */
export const targetOf = (meta: Meta, field: Field, id: Value): string | undefined => (field.kind === 'ref' ? field.entity : field.kind === 'doc' && typeof id === 'string' ? meta.kindOf(id)?.name : undefined)

/** The label of a record of which only the id is known, as in a filter. */
export function useRefLabel(scene: Scene, entityName: string | undefined, id: string): string {
  const entity = entityName ? scene.meta.entity(entityName) : undefined
  const { data } = useQuery({ ...queries.record(entityName ?? '', id), enabled: Boolean(entity && id), staleTime: 300_000, retry: false })
  return entity && data ? scene.meta.title(entity, data.record) : id
}

export function RefInput({ value, onChange, field, scene, onPicked, ...box }: InputProps<Ref>) {
  const { t } = useTranslation()
  const only = narrowed({ field, record: box.record, parent: box.parent })
  const entityName = field.entity ?? ''
  const entity = scene.meta.entity(entityName)
  const id = idOf(value)
  const { message } = App.useApp()
  /** What was typed when the whole list was asked for. */
  const [more, setMore] = useState<string | null>(null)
  // What was typed in the box is answered elsewhere: the box begins anew.
  const [round, setRound] = useState(0)
  const take = (row: Rec): void => {
    onChange({ id: textOf(row['id']), label: entity ? scene.meta.title(entity, row) : textOf(row['id']) })
    setRound(round + 1)
    onPicked?.()
  }
  const title = entity?.title.length === 1 ? entity.fields.find((one) => one.name === entity.title[0]) : undefined
  /** A record that needs no more than its name is made at once; else its form opens with the name filled in. */
  const create = async (text: string): Promise<void> => {
    if (!entity || !title) return
    try {
      const { record } = await api.create(entityName, { [title.name]: text }, newKey())
      take(record)
    } catch (problem) {
      if (!(problem instanceof Refused)) return void message.error(problem instanceof Error ? problem.message : String(problem))
      open(href(`/${entityName}/new`, { [title.name]: text }), '_blank', 'noopener')
    }
  }
  return (
    <>
    <ComboBox
      key={round}
      {...box}
      value={id ? { key: id, label: isRef(value) ? value.label : id } : null}
      onChange={(option) => onChange(option ? { id: option.key, label: option.label } : null)}
      search={(text, signal) => searchRefs(scene.meta, entityName, only, text, signal)}
      onPicked={onPicked}
      clearable={!field.required}
      extra={id && entity && !box.bare ? <Go to={`/${entityName}/${id}`} className="quiet" tabIndex={-1} label={t('field.open_record')} about={`${entityName}/${id}`}><ExportOutlined /></Go> : undefined}
      foot={entity ? (text, close) => (
        <>
          {entity.can.add && title && !title.readonly && text.trim() && (
            <button type="button" className="pop-option foot" tabIndex={-1} data-create onClick={() => {
              close()
              void create(text.trim())
            }}><PlusOutlined />{t('field.create', { what: text.trim() })}</button>
          )}
          {entity.can.add && (
            <a className="pop-option foot" tabIndex={-1} href={title && text.trim() ? href(`/${entityName}/new`, { [title.name]: text.trim() }) : `/${entityName}/new`} target="_blank" rel="noreferrer">
              <PlusOutlined />{t('field.new_in_tab', { what: scene.meta.say(entity.label) })}
            </a>
          )}
          <button type="button" className="pop-option foot" tabIndex={-1} data-more onClick={() => {
            close()
            setMore(text)
          }}><SearchOutlined />{t('field.search_more')}</button>
        </>
      ) : undefined}
    />
    {more !== null && entity && <Suspense><SearchMore entity={entity} only={only} text={more} scene={scene} onClose={() => setMore(null)} onPick={(row) => {
      setMore(null)
      take(row)
    }} /></Suspense>}
    </>
  )
}

export const ref: FieldKit<Ref> = {
  Cell: ({ value, field, scene, plain }) => {
    const id = idOf(value)
    const entity = field.entity ? scene.meta.entity(field.entity) : undefined
    // A record without a name, such as a line of an entry, is called what it is.
    const label = isRef(value) && value.label && value.label !== id ? value.label : entity && entity.title.length === 0 ? scene.meta.say(entity.label) : id
    return plain || !field.entity || !entity ? bidi(label) : <Go to={`/${field.entity}/${id}`} about={entity.can.see ? `${field.entity}/${id}` : undefined}>{bidi(label)}</Go>
  },
  // What a line is about is put together of values; elsewhere, as in a filter, one chooses among what there is and makes nothing.
  Input: (props) => (props.parent && props.field.entity === 'dimension_set' ? <DimensionBox {...props} /> : <RefInput {...props} />),
  format: (value) => (isRef(value) ? value.label : idOf(value)),
  parse: () => no('a record is chosen, not typed'),
  filters: ['=', 'in', '!=', 'empty', 'not_empty'],
  aggregates: [],
  width: 190,
}
