import { ExportOutlined, PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/client.ts'
import { queries } from '@/api/queries.ts'
import type { Entity, Rec } from '@/api/types.ts'
import { Go } from '@/lib/go.tsx'
import { idOf, isRef, textOf, type Meta, type Scene } from '@/meta/meta.ts'
import { ComboBox, type Option } from '@/ui/ComboBox.tsx'
import { no, type FieldKit, type InputProps, type ValueOf } from './kit.ts'

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

export async function searchRefs(meta: Meta, entityName: string, only: unknown, text: string, signal: AbortSignal): Promise<Option[]> {
  const entity = meta.entity(entityName)
  const page = await api.list(entityName, { search: text, limit: FOUND_MAX, ...(only ? { filter: JSON.stringify(only) } : {}) }, signal)
  return page.rows.map((row) => (entity ? asOption(meta, entity, row) : { key: textOf(row['id']), label: textOf(row['label']) || textOf(row['id']) }))
}

/** The label of a record of which only the id is known, as in a filter. */
export function useRefLabel(scene: Scene, entityName: string | undefined, id: string): string {
  const entity = entityName ? scene.meta.entity(entityName) : undefined
  const { data } = useQuery({ ...queries.record(entityName ?? '', id), enabled: Boolean(entity && id), staleTime: 300_000, retry: false })
  return entity && data ? scene.meta.title(entity, data.record) : id
}

function Input({ value, onChange, field, scene, onPicked, ...box }: InputProps<Ref>) {
  const { t } = useTranslation()
  const entityName = field.entity ?? ''
  const entity = scene.meta.entity(entityName)
  const id = idOf(value)
  return (
    <ComboBox
      {...box}
      value={id ? { key: id, label: isRef(value) ? value.label : id } : null}
      onChange={(option) => onChange(option ? { id: option.key, label: option.label } : null)}
      search={(text, signal) => searchRefs(scene.meta, entityName, field.only, text, signal)}
      onPicked={onPicked}
      clearable={!field.required}
      extra={id && entity && !box.bare ? <Go to={`/${entityName}/${id}`} className="quiet" tabIndex={-1} label={t('field.open_record')} title={t('field.open_record')}><ExportOutlined /></Go> : undefined}
      foot={entity?.can.add ? () => (
        <a className="pop-option" style={{ justifyContent: 'flex-start', gap: 8, color: 'var(--accent-text)' }} tabIndex={-1} href={`/${entityName}/new`} target="_blank" rel="noreferrer">
          <PlusOutlined />{t('field.new_in_tab', { what: scene.meta.say(entity.label) })}
        </a>
      ) : undefined}
    />
  )
}

export const ref: FieldKit<Ref> = {
  Cell: ({ value, field, scene, plain }) => {
    const id = idOf(value)
    const entity = field.entity ? scene.meta.entity(field.entity) : undefined
    // A record without a name, such as a line of an entry, is called what it is.
    const label = isRef(value) && value.label && value.label !== id ? value.label : entity && entity.title.length === 0 ? scene.meta.say(entity.label) : id
    return plain || !field.entity || !entity ? label : <Go to={`/${field.entity}/${id}`}>{label}</Go>
  },
  Input,
  format: (value) => (isRef(value) ? value.label : idOf(value)),
  parse: () => no('a record is chosen, not typed'),
  filters: ['=', 'in', '!=', 'empty', 'not_empty'],
  aggregates: [],
  width: 190,
}
