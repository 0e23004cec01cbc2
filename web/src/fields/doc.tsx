import { Go } from '@/lib/go.tsx'
import { idOf, isRef, textOf } from '@/meta/meta.ts'
import { no, type FieldKit, type ValueOf } from './kit.ts'

/** A record of any entity; which one it is stands beside it in `…_entity`. It is set where the record is, not here. */
export const doc: FieldKit<ValueOf['doc']> = {
  Cell: ({ value, field, record, scene, plain }) => {
    const entity = textOf(record[field.name.replace(/_doc$/, '_entity')])
    const label = isRef(value) && value.label ? value.label : idOf(value)
    return plain || !scene.meta.entity(entity) ? label : <Go to={`/${entity}/${idOf(value)}`} about={`${entity}/${idOf(value)}`}>{label}</Go>
  },
  Input: ({ value }) => (value ? <span>{isRef(value) && value.label ? value.label : idOf(value)}</span> : null),
  format: (value) => (isRef(value) ? value.label : idOf(value)),
  parse: () => no('a record is chosen, not typed'),
  filters: ['=', 'in', 'empty', 'not_empty'],
  aggregates: [],
  width: 190,
}
