import { lazy, Suspense } from 'react'
import type { Value } from '@/api/types.ts'
import { Go } from '@/lib/go.tsx'
import type { Scene } from '@/meta/meta.ts'
import { idText } from '@/meta/settle.ts'
import { TextBox } from '@/ui/boxes.tsx'
import { bidi } from './bidi.tsx'
import { namesKind } from './kinds.ts'
import { TEXT_FILTERS, no, ok, type FieldKit } from './kit.ts'

const KindBox = lazy(() => import('./KindBox.tsx'))

export const text: FieldKit<string> = {
  Cell: ({ value, field, record, scene, plain }) => (field.name === 'doc_entity' ? <Document entity={value} number={record['doc_id']} scene={scene} plain={plain} /> : namesKind(field) ? kindLabel(value, scene) : bidi(value)),
  Input: ({ value, onChange, field, scene, ...box }) => (namesKind(field) ? <Suspense><KindBox {...box} value={value ?? ''} onChange={onChange} meta={scene.meta} clearable={!field.required} /></Suspense> : <TextBox {...box} value={value ?? ''} onChange={(next) => onChange(next || null)} max={field.max} />),
  format: (value, { field }, scene) => (namesKind(field) ? kindLabel(value, scene) : value),
  parse: (typed) => (typed.trim() ? ok(typed.trim()) : no('empty')),
  filters: TEXT_FILTERS,
  aggregates: [],
  width: 180,
}

const kindLabel = (name: string, scene: Scene): string => scene.meta.say(scene.meta.entity(name)?.label) || name

/** The document a row of the books comes from. */
function Document({ entity: name, number, scene, plain }: { entity: string; number: Value; scene: Scene; plain?: boolean }) {
  const entity = scene.meta.entity(name)
  if (!entity) return <>{name}</>
  const label = scene.meta.say(entity.label)
  return typeof number === 'number' && !plain ? <Go to={`/${name}/${idText(entity.prefix, number)}`}>{label}</Go> : <>{label}</>
}
