import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Go } from '@/lib/go.tsx'
import { idOf, isRef, textOf } from '@/meta/meta.ts'
import { no, type FieldKit, type InputProps, type ValueOf } from './kit.ts'
import { KindBox } from './KindBox.tsx'
import { RefInput } from './ref.tsx'

type Doc = ValueOf['doc']

/** First of what kind the record is, then which one. What is for one kind only, such as a plan, says so in `for_entity`. */
function Input({ value, onChange, field, record, scene, id: box, ...rest }: InputProps<Doc>) {
  const { t } = useTranslation()
  const [chosen, setChosen] = useState<string | null>(null)
  const id = idOf(value)
  const only = textOf(record['for_entity'])
  const kind = scene.meta.kindOf(id)?.name ?? (only || (chosen ?? textOf(record[field.name.replace(/_doc$/, '_entity')])))
  return (
    <div className="doc-box">
      <KindBox
        id={only ? undefined : box} value={kind} meta={scene.meta} label={t('field.kind_of_record')} placeholder={t('field.kind_of_record')} error={rest.error && !kind} disabled={Boolean(rest.disabled || only)} clearable={false} autoFocus={rest.autoFocus && !only}
        onChange={(name) => {
          setChosen(name ?? '')
          if (id) onChange(null)
        }}
      />
      <RefInput {...rest} key={kind} id={only ? box : undefined} label={scene.meta.say(field.label)} placeholder={kind ? undefined : t('field.kind_first')} disabled={rest.disabled || !kind} autoFocus={Boolean(only && rest.autoFocus) || (chosen !== null && !id)} value={value} onChange={onChange} field={{ ...field, kind: 'ref', entity: kind }} record={record} scene={scene} />
    </div>
  )
}

/** A record of any entity; which one it is stands beside it in `…_entity`, and in its id. */
export const doc: FieldKit<Doc> = {
  Cell: ({ value, field, record, scene, plain }) => {
    const entity = textOf(record[field.name.replace(/_doc$/, '_entity')]) || (scene.meta.kindOf(idOf(value))?.name ?? '')
    const label = isRef(value) && value.label ? value.label : idOf(value)
    return plain || !scene.meta.entity(entity) ? label : <Go to={`/${entity}/${idOf(value)}`} about={`${entity}/${idOf(value)}`}>{label}</Go>
  },
  Input,
  format: (value) => (isRef(value) ? value.label : idOf(value)),
  parse: () => no('a record is chosen, not typed'),
  filters: ['=', 'empty', 'not_empty'],
  aggregates: [],
  width: 190,
}
