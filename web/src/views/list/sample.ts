//! What an empty list will look like: rows made up from the description, which show the sorts of things that will stand there.
import type { Entity, Field, Rec, Value } from '@/api/types.ts'
import type { Meta } from '@/meta/meta.ts'
import type { Column } from './columns.ts'

const DAY_MS = 86_400_000
const AMOUNTS = ['12480.00', '3960.50', '860.00', '27300.00', '5415.20', '1980.00', '640.80']
const QTYS = ['24', '6', '120', '2', '48', '10', '36']
const RATES = ['5', '10', '2.5', '0', '15', '8', '3']

/** A, B, C, as one counts what has no name yet. */
const mark = (at: number, zh: boolean): string => (zh ? '甲乙丙丁戊己庚辛' : 'ABCDEFGH').charAt(at % 8)
const daysAgo = (today: string, days: number): string => new Date(Date.parse(`${today}T00:00:00Z`) - days * DAY_MS).toISOString().slice(0, 10)

/** `at`: which row; `seed`: which column, so that columns do not move in step. */
function valueOf(field: Field, at: number, seed: number, entity: Entity, meta: Meta, today: string): Value {
  const step = at + seed
  const zh = meta.lang === 'zh'
  const named = (what: string): string => `${what}${zh ? '' : ' '}${mark(step, zh)}`
  switch (field.kind) {
    case 'amount': return AMOUNTS[step % AMOUNTS.length]
    case 'price': return AMOUNTS[(step + 2) % AMOUNTS.length]
    case 'qty': return QTYS[step % QTYS.length]
    case 'rate': return field.factor ? '1' : RATES[step % RATES.length]
    case 'int': return (at + 1) * 10
    case 'bool': return step % 3 !== 0
    case 'date': return daysAgo(today, at * 2 + (at % 3))
    case 'instant': return `${daysAgo(today, at)}T0${1 + (step % 8)}:30:00Z`
    case 'choice': return meta.choices(field.choice)[step % Math.max(1, Math.min(4, meta.choices(field.choice).length))]?.code
    case 'ref':
    case 'doc': return { id: 'sample', label: named(meta.say(field.entity ? meta.entity(field.entity)?.label ?? field.label : field.label)) }
    case 'email': return `${mark(at, false).toLowerCase()}@example.com`
    case 'phone': return `${300 + at * 17} 555 0${100 + at}`
    case 'url': return 'https://example.com'
    case 'barcode': return `69012345${6000 + at * 7}`
    case 'currency': return ['CNY', 'EUR', 'USD'][step % 3]
    case 'country': return ['CN', 'DE', 'US'][step % 3]
    case 'text':
    case 'long_text':
      if (field.name === 'number') return `${today.slice(0, 4)}-${String(48 - at).padStart(5, '0')}`
      if (field.name === 'code') return String(1001 + at)
      return named(entity.title.includes(field.name) ? meta.say(entity.label) : meta.say(field.label))
    default: return null
  }
}

/** `count` records with something in each of the columns. */
export const samples = (entity: Entity, columns: readonly Column[], count: number, meta: Meta, today: string): Rec[] =>
  Array.from({ length: count }, (_, at) => ({ id: `sample_${at}`, ...Object.fromEntries(columns.map(({ path, field }, column) => [path, valueOf(field, at, entity.title.includes(path) ? 0 : column, entity, meta, today) ?? null])) }))

/** What something is for, in one sentence. */
export const firstSentence = (text: string): string => /^.*?(?:[。！？]|[.!?](?=\s|$))/su.exec(text)?.[0] ?? text
