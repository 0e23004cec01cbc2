//! What a value of the file means in ours: the most alike is proposed, and taken at once where the names are nearly equal.
import { Button } from 'antd'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/client.ts'
import type { Entity, Field, Rec, Value } from '@/api/types.ts'
import { countries } from '@/fields/countries.ts'
import { countryName } from '@/fields/country.tsx'
import { currencyName } from '@/fields/currency.tsx'
import { Edit } from '@/fields/kits.tsx'
import { idOf, textOf, useScene, type Scene } from '@/meta/meta.ts'
import { NEARLY_EQUAL, nearest, type Candidate } from './nearest.ts'
import type { Unknown } from './plan.ts'

/** Of larger tables only what is found by the first words is compared. */
const ALL_MAX = 500
const FOUND_MAX = 30
/** How many letters of a name are looked for: what follows may be misspelt. */
const BEGINNING = 4

const CURRENCIES = ['CNY', 'USD', 'EUR', 'GBP', 'JPY', 'HKD', 'TWD', 'KRW', 'SGD', 'AUD', 'CAD', 'CHF']

async function records(scene: Scene, field: Field, text: string, signal: AbortSignal): Promise<Candidate[]> {
  const entity = scene.meta.entity(field.entity ?? '')
  if (!entity) return []
  const only = field.only ? { filter: JSON.stringify(field.only) } : {}
  const names = entity.fields.filter((one) => one.kind === 'text' && (entity.title.includes(one.name) || ['code', 'name', 'number', 'login'].includes(one.name))).map((one) => one.name)
  const candidate = (row: Rec): Candidate => {
    const label = scene.meta.title(entity, row)
    return { value: textOf(row['id']), label, names: [label, ...names.map((name) => textOf(row[name]))].filter(Boolean) }
  }
  const all = await api.list(entity.name, { limit: ALL_MAX, ...only }, signal)
  if (all.rows.length < ALL_MAX) return all.rows.map(candidate)
  const [first = text] = text.split(/[\s,.，。（(]+/).filter(Boolean)
  const asked = [...new Set([text, first, text.slice(0, BEGINNING)])]
  const pages = await Promise.all(asked.map((search) => api.list(entity.name, { search, limit: FOUND_MAX, ...only }, signal)))
  return [...new Map(pages.flatMap((page) => page.rows.map(candidate)).map((one) => [one.value, one])).values()]
}

/** All a value of this field can mean. */
async function candidates(scene: Scene, field: Field, text: string, signal: AbortSignal): Promise<Candidate[]> {
  if (field.kind === 'ref') return records(scene, field, text, signal)
  if (field.kind === 'choice') return scene.meta.choices(field.choice).map(({ code, label }) => ({ value: code, label: scene.meta.say(label), names: [code, label.en, label.zh] }))
  if (field.kind === 'country') return (await countries()).map(({ code, names }) => ({ value: code, label: countryName(code, scene.locale), names }))
  if (field.kind === 'currency') return CURRENCIES.map((code) => ({ value: code, label: `${code} ${currencyName(code, scene.locale)}`, names: [code, currencyName(code, 'en'), currencyName(code, 'zh')] }))
  return []
}

/** What a chosen value is called; of what is no record only its text. */
const titleOf = (value: Value): string => (typeof value === 'object' && value !== null && 'label' in value && typeof value.label === 'string' ? value.label : textOf(value))

/** One value of the file, and the box to choose what it means. */
export function Meaning({ entity, one, meant, onMean }: { entity: Entity; one: Unknown; meant: string | undefined; onMean: (meant: string, title: string) => void }) {
  const { t } = useTranslation()
  const scene = useScene()
  const [value, setValue] = useState<Value>(null)
  const [asked, setAsked] = useState(false)
  const field = entity.fields.find((candidate) => candidate.name === one.field)
  const { data: near } = useQuery({
    queryKey: ['import near', entity.name, one.field, one.text],
    queryFn: async ({ signal }) => (field ? nearest(one.text, await candidates(scene, field, one.text, signal)) : null),
    staleTime: 60_000, retry: false,
  })
  const take = (found: Candidate): void => {
    setValue(field?.kind === 'ref' ? { id: found.value, label: found.label } : found.value)
    onMean(found.value, found.label)
  }
  const isSame = near !== undefined && near !== null && near.sure >= NEARLY_EQUAL
  useEffect(() => {
    if (near && isSame && !asked && meant === undefined) take(near)
  }, [near])
  if (!field) return null
  const isTaken = near !== undefined && near !== null && (idOf(value) || textOf(value)) === near.value
  return (
    <div className="import-value" data-value={one.text} data-near={near?.label}>
      <span className="clip"><span className="faint">{scene.meta.say(field.label)}:</span> <b>{one.text}</b> <span className="faint">{t('import.times', { count: one.count })}</span></span>
      <span aria-hidden="true">→</span>
      <span className="import-meant">
        <Edit field={{ ...field, required: false }} record={{}} scene={scene} value={value ?? (meant && field.kind !== 'ref' && field.kind !== 'bool' ? meant : null)} label={one.text} onChange={(next) => {
          setAsked(true)
          setValue(next)
          onMean(idOf(next) || textOf(next), titleOf(next))
        }} />
        {near && !isTaken && <Button size="small" type="link" data-propose={near.value} onClick={() => take(near)}>{t('import.propose', { what: near.label })}</Button>}
        {isTaken && isSame && !asked && <span className="faint">{t('import.proposed')}</span>}
      </span>
    </div>
  )
}
