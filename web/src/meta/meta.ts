//! What the server says exists, in the words of the reader.
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useMetaData, useSession } from '@/api/queries.ts'
import type { Choice, Entity, Field, Json, MenuItem, MetaData, Rec, RefValue, Report, Text, Value } from '@/api/types.ts'
import { isLang, locale, type Lang } from '@/i18n/index.ts'

import { settle } from './settle.ts'

export const isRef = (value: Value): value is { id: string; label: string } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && typeof value['id'] === 'string' && 'label' in value
export const isRows = (value: Value): value is (Json[] & { [k: string]: Json }[]) => Array.isArray(value) && value.every((row) => typeof row === 'object' && row !== null && !Array.isArray(row))
export const rowsOf = (value: Value): Rec[] => (isRows(value) ? (value as Rec[]) : [])
export const textOf = (value: Value): string => (typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : isRef(value) ? value.label || value.id : '')
export const idOf = (value: Value): string => (isRef(value) ? value.id : typeof value === 'string' ? value : '')
export const isEmpty = (value: Value): boolean => value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0) || (isRef(value) && value.id === '')

export class Meta {
  readonly data: MetaData

  constructor(
    data: MetaData,
    readonly lang: Lang,
  ) {
    this.data = settle(data)
  }

  readonly say = (text: Text | string | null | undefined): string =>
    typeof text === 'string' ? text : text ? text[this.lang] || text.en || text.zh : ''

  entity(name: string): Entity | undefined {
    return Object.hasOwn(this.data.entities, name) ? this.data.entities[name] : undefined
  }

  /** The entity of a record, told by how its id begins. */
  kindOf(id: string): Entity | undefined {
    const end = id.lastIndexOf('_')
    return end < 0 ? undefined : Object.values(this.data.entities).find((entity) => entity.prefix === id.slice(0, end))
  }

  report(name: string): Report | undefined {
    return Object.hasOwn(this.data.reports, name) ? this.data.reports[name] : undefined
  }

  choices(name: string | undefined): readonly Choice[] {
    return (name && this.data.choices[name]) || []
  }

  choice(name: string | undefined, code: string): Choice | undefined {
    return this.choices(name).find((choice) => choice.code === code)
  }

  field(entity: Entity, name: string): Field | undefined {
    return entity.fields.find((field) => field.name === name)
  }

  /** The fields along `customer.country`; empty when the path leads nowhere. */
  path(entity: Entity, path: string): Field[] {
    const found: Field[] = []
    let here: Entity | undefined = entity
    for (const name of path.split('.')) {
      const field: Field | undefined = here && this.field(here, name)
      if (!field) return []
      found.push(field)
      here = field.entity ? this.entity(field.entity) : undefined
    }
    return found
  }

  fieldAt(entity: Entity, path: string): Field | undefined {
    return this.path(entity, path).at(-1)
  }

  /** `Customer › Country`. */
  pathLabel(entity: Entity, path: string): string {
    const fields = this.path(entity, path)
    return fields.length ? fields.map((field) => this.say(field.label)).join(' › ') : path
  }

  /** What a record is called: its title fields. */
  title(entity: Entity, record: Rec): string {
    if (typeof record['label'] === 'string' && !this.field(entity, 'label')) return record['label']
    const words = entity.title.map((name) => {
      const text = textOf(record[name])
      const choice = this.choices(this.field(entity, name)?.choice).find((one) => one.code === text)
      if (choice) return this.say(choice.label)
      // A job tells by name what it works on.
      return name === 'entity' ? this.say(this.entity(text)?.plural) || text : text
    }).filter(Boolean)
    return words.join(' ') || this.say(entity.label)
  }

  menuLabel(item: MenuItem): string {
    if (item.entity) return this.say(this.entity(item.entity)?.plural) || item.entity
    return this.say(this.report(item.report ?? '')?.label) || (item.report ?? '')
  }

  menuPath(item: MenuItem): string {
    if (item.entity) return `/${item.entity}`
    return `/report/${item.report ?? ''}`
  }

  /** Places in the other documents that name a record of this entity: what can follow from it, what can be counted. */
  references(name: string): { entity: Entity; field: Field }[] {
    const found: { entity: Entity; field: Field }[] = []
    for (const entity of Object.values(this.data.entities)) {
      if (!entity.can.see || entity.kind === 'owned' || entity.kind === 'setting') continue
      for (const field of entity.fields) {
        if (field.kind === 'ref' && field.entity === name && !field.hidden) found.push({ entity, field })
      }
    }
    return found
  }

  /** Entities that can be made from a record of this one. */
  makes(entity: Entity): Entity[] {
    const names = entity.makes ?? []
    return [...new Set(names)].flatMap((name) => this.entity(name) ?? []).filter((made) => made.can.add)
  }

  /** What is made of such a record: called as the server says, as a credit note is of an invoice. */
  madeLabel(made: Entity, from: Entity): string {
    return this.say(from.made_labels?.[made.name] ?? made.label)
  }
}

export function useMeta(): Meta {
  const data = useMetaData()
  const { i18n } = useTranslation()
  const lang: Lang = isLang(i18n.language) ? i18n.language : 'en'
  return useMemo(() => new Meta(data, lang), [data, lang])
}

/** What values need to be shown and read: language, choices, the company's money, the day. */
export interface Scene {
  meta: Meta
  lang: Lang
  locale: string
  today: string
  companyCurrency: string
}

export function useScene(): Scene {
  const meta = useMeta()
  const session = useSession()
  return useMemo(
    () => ({ meta, lang: meta.lang, locale: locale(meta.lang), today: session.today, companyCurrency: session.company.currency }),
    [meta, session],
  )
}

/** The currency of an amount: the record's own, its parent's, the company's, or a code by itself. */
export function currencyOf(field: Field, record: Rec, parent: Rec | undefined, scene: Scene): string {
  const at = field.currency
  if (!at || at === 'company.currency') return scene.companyCurrency
  const [head, tail] = at.split('.')
  const value = head === 'parent' && tail ? (parent ?? record)[tail] : record[at] ?? (tail ? record[tail] : undefined)
  return textOf(value) || (/^[A-Z]{3}$/.test(at) ? at : scene.companyCurrency)
}

export type { RefValue }
