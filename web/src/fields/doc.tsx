import { lazy, Suspense } from 'react'
import { Go } from '@/lib/go.tsx'
import { idOf, isRef, textOf } from '@/meta/meta.ts'
import { no, type FieldKit, type ValueOf } from './kit.ts'

const DocBox = lazy(() => import('./DocBox.tsx'))

type Doc = ValueOf['doc']

/** A record of any entity; which one it is stands beside it in `…_entity`, and in its id. */
export const doc: FieldKit<Doc> = {
  Cell: ({ value, field, record, scene, plain }) => {
    const entity = textOf(record[field.name.replace(/_(doc|id)$/, '_entity')]) || (scene.meta.kindOf(idOf(value))?.name ?? '')
    const label = isRef(value) && value.label ? value.label : idOf(value)
    return plain || !scene.meta.entity(entity) ? label : <Go to={`/${entity}/${idOf(value)}`} about={`${entity}/${idOf(value)}`}>{label}</Go>
  },
  Input: (props) => <Suspense><DocBox {...props} /></Suspense>,
  format: (value) => (isRef(value) ? value.label : idOf(value)),
  parse: () => no('a record is chosen, not typed'),
  filters: ['=', 'empty', 'not_empty'],
  aggregates: [],
  width: 190,
}
