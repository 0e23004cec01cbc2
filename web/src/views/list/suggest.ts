//! What the words typed in the search box may mean: conditions to take instead of searching all fields.
import type { Condition, Entity, Field } from '@/api/types.ts'
import { parseDay } from '@/lib/dates.ts'
import { evaluate } from '@/lib/decimal.ts'
import { match } from '@/lib/match.ts'
import { RANGES } from '@/meta/filter.ts'
import type { Meta } from '@/meta/meta.ts'

export interface Offer { key: string; condition: Condition }

/** How many of each sort, so that every sort is seen. */
const EACH_MAX = 4
const TEXTS = ['text', 'long_text', 'email', 'phone', 'barcode']
const FIGURES = ['amount', 'qty', 'price', 'int']
const COMPARED = /^(.*?)\s*(>=|<=|>|<|=|≥|≤|＞|＜|＝)?\s*(\d[\d.,]*)$/
const SIGNS: Record<string, '>=' | '<=' | '>' | '<' | '='> = { '≥': '>=', '≤': '<=', '＞': '>', '＜': '<', '＝': '=', '>=': '>=', '<=': '<=', '>': '>', '<': '<', '=': '=' }

const offer = (condition: Condition): Offer => ({ key: JSON.stringify(condition), condition })

/** What is asked of a field: all that was typed, or what follows its name, as in `customer blue`. */
export function askedOf(meta: Meta, field: Field, text: string): string {
  const label = meta.say(field.label).toLowerCase()
  return text.toLowerCase().startsWith(`${label} `) ? text.slice(label.length).trim() : text
}

/** Fields a person sees in the list or as the name of the record, those first. */
function fieldsOf(entity: Entity, kinds: readonly string[]): Field[] {
  const rank = (field: Field): number => (entity.title.includes(field.name) ? 0 : entity.list.includes(field.name) ? 1 : 2)
  return entity.fields.filter((field) => kinds.includes(field.kind) && !field.hidden).sort((a, b) => rank(a) - rank(b))
}

/** The fields whose records are searched for the typed words. */
export const refFields = (meta: Meta, entity: Entity): Field[] =>
  fieldsOf(entity, ['ref']).filter((field) => field.entity && meta.entity(field.entity)?.can.see && entity.list.includes(field.name)).slice(0, EACH_MAX)

function choices(meta: Meta, entity: Entity, text: string): Offer[] {
  return best(fieldsOf(entity, ['choice']).flatMap((field) =>
    meta.choices(field.choice).map((choice): [number, Condition] => [fit(text, meta.say(field.label), meta.say(choice.label)), [field.name, 'in', [choice.code]]])))
}

function dates(meta: Meta, entity: Entity, text: string, today: string, sayRange: (range: string) => string, late: string): Offer[] {
  const fields = fieldsOf(entity, ['date'])
  const exact = /\d[-/.年月]\d|^\d{8}$/.test(text) ? parseDay(text, today) : null
  const days = exact ? fields.slice(0, EACH_MAX).map((field) => offer([field.name, '=', exact])) : []
  const ranges = fields.flatMap((field) => RANGES.map((range): [number, Condition] => [fit(text, meta.say(field.label), sayRange(range)), [field.name, 'within', range]]))
  const overdue = fields.filter((field) => field.name.startsWith('due')).map((field): [number, Condition] => [fit(text, meta.say(field.label), late), [field.name, '<', today]])
  return [...days, ...best([...overdue, ...ranges])]
}

function figures(meta: Meta, entity: Entity, text: string): Offer[] {
  const [, words = '', sign = '', typed = ''] = COMPARED.exec(text) ?? []
  const value = typed && evaluate(typed)
  if (!value) return []
  const operators = sign ? [SIGNS[sign] ?? '>='] : words ? (['>=', '<='] as const) : (['>='] as const)
  return fieldsOf(entity, FIGURES)
    .filter((field) => (words ? match(words, meta.say(field.label)) > 0 : entity.list.includes(field.name)))
    .slice(0, 2)
    .flatMap((field) => operators.map((operator) => offer([field.name, operator, field.kind === 'int' ? Number(value) : value])))
}

const texts = (meta: Meta, entity: Entity, text: string): Offer[] =>
  fieldsOf(entity, TEXTS).filter((field) => entity.list.includes(field.name) || entity.title.includes(field.name)).slice(0, EACH_MAX)
    .map((field) => offer([field.name, 'contains', askedOf(meta, field, text)]))

/** A value is better found by its own words than by those of its field. */
const fit = (text: string, field: string, value: string): number => match(text, value) * 2 || match(text, `${field} ${value}`)

const best = (scored: [number, Condition][]): Offer[] =>
  scored.filter(([score]) => score >= 2).sort(([a], [b]) => b - a).slice(0, EACH_MAX).map(([, condition]) => offer(condition))

export interface Words { range: (range: string) => string; overdue: string }

/** All but the records, which the server is asked for. */
export function suggest(meta: Meta, entity: Entity, typed: string, today: string, words: Words): { before: Offer[]; after: Offer[] } {
  const text = typed.normalize('NFKC').trim()
  if (!text) return { before: [], after: [] }
  return {
    before: [...figures(meta, entity, text), ...choices(meta, entity, text), ...dates(meta, entity, text, today, words.range, words.overdue)],
    after: texts(meta, entity, text),
  }
}
