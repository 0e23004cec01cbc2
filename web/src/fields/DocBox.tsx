import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { idOf, textOf } from '@/meta/meta.ts'
import type { InputProps, ValueOf } from './kit.ts'
import KindBox from './KindBox.tsx'
import { RefInput } from './ref.tsx'

/** First of what kind the record is, then which one. What is for one kind only, such as a plan, says so in `for_entity`. */
export default function DocBox({ value, onChange, field, record, scene, id: box, ...rest }: InputProps<ValueOf['doc']>) {
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
