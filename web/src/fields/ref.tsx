import { EditOutlined, ExportOutlined, PlusOutlined, SearchOutlined } from '@ant-design/icons'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useContext, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, newKey, Refused } from '@/api/client.ts'
import { queries } from '@/api/queries.ts'
import type { Entity, Field, Filter, Problem, Rec, Value } from '@/api/types.ts'
import { Go } from '@/lib/go.tsx'
import { idOf, isRef, textOf, type Meta, type Scene } from '@/meta/meta.ts'
import { ComboBox, type FootEntry, type Option } from '@/ui/ComboBox.tsx'
import { useComplain } from '@/ui/Snack.tsx'
import { bidi } from './bidi.tsx'
import { later } from './later.tsx'
import { asWanted, MakeHereContext, proposed } from './making.ts'
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
  const complain = useComplain()
  const client = useQueryClient()
  /** What was typed when the whole list was asked for. */
  const [more, setMore] = useState<string | null>(null)
  /** A new one that asks for more than its name. */
  const MakeHere = useContext(MakeHereContext)
  const [making, setMaking] = useState<{ begun: Rec; problems: readonly Problem[]; whole: boolean } | null>(null)
  // What was typed in the box is answered elsewhere: the box begins anew.
  const [round, setRound] = useState(0)
  const take = (row: Rec): void => {
    onChange({ id: textOf(row['id']), label: entity ? scene.meta.title(entity, row) : textOf(row['id']) })
    setRound(round + 1)
    onPicked?.()
  }
  const title = entity?.title.length === 1 ? entity.fields.find((one) => one.name === entity.title[0]) : undefined
  const begun = (text: string): Rec => ({ ...(entity ? asWanted(entity, only) : {}), ...(title && !title.readonly && text ? { [title.name]: text } : {}) })
  /** A record that needs no more than its name, and what it is for this field, is made at once; else a window asks for the rest. */
  const create = async (text: string): Promise<void> => {
    if (!entity) return
    try {
      const record = { ...begun(text), ...(await proposed(entity)) }
      const { record: made } = await api.create(entityName, record, newKey())
      void client.invalidateQueries({ queryKey: ['list', entityName] })
      take(made)
    } catch (problem) {
      if (problem instanceof Refused && problem.problems.length) setMaking({ begun: begun(text), problems: problem.problems, whole: false })
      else complain(problem)
    }
  }
  const feet = (text: string): FootEntry[] => (!entity ? [] : [
    ...(entity.can.add && title && !title.readonly && text ? [{ key: 'create', icon: <PlusOutlined />, label: t('field.create', { what: text }), run: () => void create(text) }] : []),
    ...(entity.can.add ? [{ key: 'edit', icon: <EditOutlined />, label: t('field.create_edit', { what: scene.meta.say(entity.label) }), run: () => setMaking({ begun: begun(text), problems: [], whole: true }) }] : []),
    { key: 'more', icon: <SearchOutlined />, label: t('field.search_more'), run: () => setMore(text) },
  ])
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
      foot={entity ? (text) => feet(text.trim()) : undefined}
    />
    {more !== null && entity && <Suspense><SearchMore entity={entity} only={only} text={more} scene={scene} onClose={() => setMore(null)} onPick={(row) => {
      setMore(null)
      take(row)
    }} /></Suspense>}
    {making && entity && <Suspense><MakeHere entity={entity} {...making} scene={scene} onClose={() => setMaking(null)} onMade={(row) => {
      setMaking(null)
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
