//! What is told of a record where there is little room, and in the tooltip where there is more.
import type { ReactNode } from 'react'
import type { Entity, Rec, Tone } from '@/api/types.ts'
import { asText } from '@/fields/kits.tsx'
import type { Scene } from '@/meta/meta.ts'
import { MARKS, Tag } from '@/ui/parts.tsx'
import { fact, type Column } from '../list/columns.ts'
import { toneOf } from './fields.ts'

const FACTS_MAX = 8

export interface Told {
  title: string
  /** Whom or what it is about. */
  second: string
  /** Both, what tells people more first: a number given by the server comes last. */
  names: [lead: string, rest: string]
  tone: Tone
  word: string
  facts: { label: string; text: string }[]
  words: string[]
}

export function tell(scene: Scene, entity: Entity, columns: readonly Column[], row: Rec): Told {
  const title = scene.meta.title(entity, row)
  const { tone, word } = toneOf(scene.meta, entity, row)
  const rest = columns.filter((column) => !entity.title.includes(column.path) && column.path !== entity.stage_field)
  const facts = rest.flatMap((column) => {
    const text = asText(row[column.path], { field: column.field, record: row }, scene)
    return text ? [{ label: column.label, text }] : []
  }).slice(0, FACTS_MAX)
  const named = rest.find((column) => ['ref', 'doc', 'text'].includes(column.field.kind) && asText(row[column.path], { field: column.field, record: row }, scene) !== '')
  const second = named ? asText(row[named.path], { field: named.field, record: row }, scene) : ''
  const numbered = second !== '' && entity.fields.some((field) => field.name === entity.title[0] && (field.readonly || field.computed))
  const nameless = second !== '' && title === scene.meta.say(entity.label)
  const names: Told['names'] = nameless ? [second, ''] : numbered ? [second, title] : [title, second]
  const words = rest.filter((column) => column.field.kind !== 'date' && column.field.kind !== 'instant').map((column) => fact(column, row, scene)).filter(Boolean).slice(0, 4)
  return { title, second, names, tone, word, facts, words }
}

export const Mark = ({ told }: { told: Told }) => <span className="time-mark" aria-hidden="true">{MARKS[told.tone]}</span>

export function FactsTip({ told, note }: { told: Told; note?: ReactNode }) {
  return (
    <span className="time-facts">
      <span className="spread"><b>{told.title}</b>{told.word && <Tag tone={told.tone}>{told.word}</Tag>}</span>
      <dl>{told.facts.map(({ label, text }) => <div key={label}><dt>{label}</dt><dd>{text}</dd></div>)}</dl>
      {note && <span className="faint">{note}</span>}
    </span>
  )
}
