import { lazy, Suspense } from 'react'
import { Go } from '@/lib/go.tsx'
import { idOf, textOf, type Scene } from '@/meta/meta.ts'
import { TextBox } from '@/ui/boxes.tsx'
import { bidi } from './bidi.tsx'
import { isPlace, isStreet, namesKind } from './kinds.ts'
import { TEXT_FILTERS, no, ok, type FieldKit, type InputProps } from './kit.ts'
import { later } from './later.tsx'

const KindBox = lazy(() => import('./KindBox.tsx'))
const RoleName = lazy(() => import('./RoleName.tsx'))
const StreetBox = later(() => import('./StreetBox.tsx').then((file) => file.default))
const RegionBox = later(() => import('./RegionBox.tsx').then((file) => file.default))

export const text: FieldKit<string> = {
  Cell: ({ value, field, record, scene, plain }) => (field.name === 'doc_entity' ? <Document entity={value} id={idOf(record['doc_id'] ?? null)} scene={scene} plain={plain} /> : field.name === 'for_role' ? <Suspense fallback={value}><RoleName code={value} /></Suspense> : namesKind(field) ? kindLabel(value, scene) : bidi(value)),
  Input: ({ value, onChange, onFill, field, scene, ...box }) => {
    const { record, parent, onPicked: _, ...plain } = box
    if (namesKind(field)) return <Suspense><KindBox {...plain} value={value ?? ''} onChange={onChange} meta={scene.meta} clearable={!field.required} /></Suspense>
    if (isPlace(field) && isInChina(box, scene)) return <RegionBox {...box} value={value} onChange={onChange} onFill={onFill} field={field} scene={scene} />
    if (isStreet(field) && isInChina(box, scene)) return <StreetBox {...plain} record={record} value={value ?? ''} onChange={onChange} onFill={onFill} max={field.max} />
    return <TextBox {...plain} value={value ?? ''} onChange={(next) => onChange(next || null)} max={field.max} />
  },
  format: (value, { field }, scene) => (namesKind(field) ? kindLabel(value, scene) : value),
  parse: (typed) => (typed.trim() ? ok(typed.trim()) : no('empty')),
  filters: TEXT_FILTERS,
  aggregates: [],
  width: 180,
}

/** Whether a record of China is typed: what lies in it is looked up there. */
function isInChina({ record, parent }: Pick<InputProps<string>, 'record' | 'parent'>, scene: Scene): boolean {
  const country = (textOf(record['country']) || textOf(parent?.['country'])).toUpperCase()
  return country === '' ? scene.companyCurrency === 'CNY' : country === 'CN'
}

const kindLabel = (name: string, scene: Scene): string => scene.meta.say(scene.meta.entity(name)?.label) || name

/** The document a row of the books comes from. */
function Document({ entity: name, id, scene, plain }: { entity: string; id: string; scene: Scene; plain?: boolean }) {
  const entity = scene.meta.entity(name)
  if (!entity) return <>{name}</>
  const label = scene.meta.say(entity.label)
  return id && !plain ? <Go to={`/${name}/${id}`} about={`${name}/${id}`}>{label}</Go> : <>{label}</>
}
