import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import type { Condition, Entity, Field, Filter, Json } from '@/api/types.ts'
import { asText } from '@/fields/kits.tsx'
import { targetOf, useRefLabel } from '@/fields/ref.tsx'
import { ARCHIVED, IN_USE, isSame } from '@/meta/archived.ts'
import { inside, isGroup, isNot } from '@/meta/filter.ts'
import { useScene } from '@/meta/meta.ts'
import { operatorKey } from './words.ts'

function One({ field, value }: { field: Field; value: Json }) {
  const scene = useScene()
  const isId = (field.kind === 'ref' || field.kind === 'doc') && typeof value === 'string'
  const label = useRefLabel(scene, targetOf(scene.meta, field, value), isId ? value : '')
  return <b>{isId ? label : asText(value, { field, record: {} }, scene)}</b>
}

function ConditionText({ entity, condition }: { entity: Entity; condition: Condition }) {
  const { t } = useTranslation()
  const { meta } = useScene()
  if (isSame(condition, ARCHIVED)) return <b>{t('list.archived')}</b>
  if (isSame(condition, IN_USE)) return <b>{t('list.in_use')}</b>
  const [path, operator, value] = condition
  const field = meta.fieldAt(entity, path)
  const label = meta.pathLabel(entity, path)
  const verb = t(operatorKey(operator, field?.kind ?? 'text'))
  if (!field || operator === 'empty' || operator === 'not_empty') return <>{label} {verb}</>
  if (operator === 'within') return <>{label}: <b>{t(`range.${String(value)}`, { defaultValue: String(value) })}</b></>
  if (operator === 'is') return <>{label}: <b>{t(`operator.${String(value)}`, { defaultValue: String(value) })}</b></>
  if (operator === 'between' && Array.isArray(value)) return <>{label}: <One field={field} value={value[0] ?? null} /> – <One field={field} value={value[1] ?? null} /></>
  if (Array.isArray(value)) {
    const few = value.slice(0, 3)
    return (
      <>
        {label}{operator === 'not_in' ? ` ${verb}` : ':'}{' '}
        {few.map((one, index) => <Fragment key={index}>{index > 0 && t('list.or_comma')}<One field={field} value={one} /></Fragment>)}
        {value.length > few.length && ` +${value.length - few.length}`}
      </>
    )
  }
  return <>{label}{operator === '=' ? ': ' : ` ${verb} `}<One field={field} value={value ?? null} /></>
}

/** A condition in words. */
export function FacetText({ entity, filter }: { entity: Entity; filter: Filter }) {
  const { t } = useTranslation()
  if (isNot(filter)) return <>{t('list.not')} (<FacetText entity={entity} filter={filter[1]} />)</>
  if (!isGroup(filter)) return <ConditionText entity={entity} condition={filter} />
  return (
    <>
      {inside(filter).map((part, index) => (
        <Fragment key={index}>
          {index > 0 && <span className="faint"> {filter[0] === 'or' ? t('list.or') : t('list.and')} </span>}
          {isGroup(part) ? <>(<FacetText entity={entity} filter={part} />)</> : <FacetText entity={entity} filter={part} />}
        </Fragment>
      ))}
    </>
  )
}
