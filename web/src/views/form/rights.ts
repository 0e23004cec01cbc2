//! The rights of a role as a table: how far each verb reaches, of each kind of record and report. They are kept as
//! lines, one for each subject and range; what is read here is written back to the same lines.
import type { Entity, Field, Rec, Report, Text } from '@/api/types.ts'
import { textOf, type Meta } from '@/meta/meta.ts'
import { blankRow, shownRow, type Row } from './draft.ts'

export type Scope = 'none' | 'own' | 'team' | 'all'
/** Every subject, or every verb. */
export const ALL = '*'
export const VERBS = ['see', 'add', 'edit', 'remove', 'import', 'export'] as const
/** Fields records are found, filed and counted by: they are always shown. */
const NEEDED = ['id', 'company', 'owner', 'currency', 'rate']
const WIDTHS: readonly Scope[] = ['none', 'own', 'team', 'all']

const width = (scope: Scope): number => WIDTHS.indexOf(scope)
export const wider = (a: Scope, b: Scope): Scope => (width(a) < width(b) ? b : a)
const words = (value: Rec[string]): string[] => textOf(value).split(/\s+/).filter(Boolean)
const scopeOf = (line: Rec): Scope => WIDTHS.find((one) => one === textOf(line['row_rule'])) ?? 'all'
const sees = (verbs: readonly string[]): boolean => verbs.includes('see') || verbs.includes(ALL)

const writes = (verbs: readonly string[]): boolean => ['add', 'edit', ALL].some((verb) => verbs.includes(verb))

/** What a role allows with one subject. */
export interface Given {
  scopes: Readonly<Record<string, Scope>>
  hides: readonly string[]
  reads: readonly string[]
}

export function givenOf(rows: readonly Row[], subject: string): Given {
  const lines = rows.map(shownRow).filter((line) => textOf(line['subject']) === subject)
  const scopes: Record<string, Scope> = {}
  for (const line of lines) for (const verb of words(line['verbs'])) scopes[verb] = wider(scopes[verb] ?? 'none', scopeOf(line))
  // A field is kept back when no line that shows the record shows it, and read-only when none that writes it lets it be written.
  const inAll = (fits: (verbs: readonly string[]) => boolean, column: string): string[] => {
    const [first = [], ...others] = lines.filter((line) => fits(words(line['verbs']))).map((line) => words(line[column]))
    return first.filter((name) => others.every((one) => one.includes(name)))
  }
  return { scopes, hides: inAll(sees, 'hides'), reads: inAll(writes, 'read_only') }
}

/** What a verb reaches through the line of every verb, or the line of everything where that is another one. */
export function inherited(own: Given, everything: Given | undefined, verb: string): Scope {
  return [verb === ALL ? undefined : own.scopes[ALL], everything?.scopes[verb], everything?.scopes[ALL]].reduce<Scope>((most, one) => wider(most, one ?? 'none'), 'none')
}

export const withScope = (given: Given, verb: string, scope: Scope): Given => {
  const { [verb]: _, ...others } = given.scopes
  // What every verb has need not be said of each.
  const kept = verb === ALL ? Object.fromEntries(Object.entries(others).filter(([, one]) => width(scope) < width(one))) : others
  return { ...given, scopes: scope === 'none' ? kept : { ...kept, [verb]: scope } }
}

/** The lines with what is given with one subject, each line that stays the same being the same. */
export function written(rows: readonly Row[], subject: string, given: Given): Row[] {
  const order = [ALL, ...VERBS] as string[]
  const place = (verb: string): number => (order.includes(verb) ? order.indexOf(verb) : order.length)
  const wanted = WIDTHS.slice(1).reverse().flatMap((scope) => {
    const verbs = Object.keys(given.scopes).filter((verb) => given.scopes[verb] === scope).sort((a, b) => place(a) - place(b))
    return verbs.length ? [{ scope, verbs: verbs.join(' '), hides: sees(verbs) ? given.hides.join(' ') : '', reads: writes(verbs) ? given.reads.join(' ') : '' }] : []
  })
  const own = rows.filter((row) => textOf(shownRow(row)['subject']) === subject)
  const lines = wanted.map(({ scope, verbs, hides, reads }): Row => {
    const known = own.find((row) => scopeOf(shownRow(row)) === scope)
    const row = known ?? blankRow()
    const now = shownRow(row)
    if (known && textOf(now['verbs']) === verbs && textOf(now['hides']) === hides && textOf(now['read_only']) === reads) return known
    return { ...row, typed: { ...row.typed, subject, verbs, row_rule: scope, hides, read_only: reads }, filled: {} }
  })
  const at = rows.findIndex((row) => own.includes(row))
  const others = rows.filter((row) => !own.includes(row))
  const before = at < 0 ? others.length : rows.slice(0, at).filter((row) => !own.includes(row)).length
  return [...others.slice(0, before), ...lines, ...others.slice(before)]
}

type Fields = readonly { value: string; label: string }[]
/** Something rights are about: `fields` can be kept back, `written` made read-only. */
export interface Subject { name: string; label: string; verbs: readonly string[]; scopes: readonly Scope[]; actions: readonly { name: string; label: Text; help?: Text | null }[]; fields: Fields; written: Fields }
export interface Section { key: string; label: string; subjects: readonly Subject[] }

const hideable = (of: Entity, field: Field): boolean => !(field.search && field.required) && !NEEDED.includes(field.name) && of.stage_field !== field.name && !of.title.includes(field.name)
const writable = (_: Entity, field: Field): boolean => !field.readonly && !field.computed && !field.hidden && field.name !== 'id'

function fieldsOf(meta: Meta, entity: Entity, is: (of: Entity, field: Field) => boolean): Fields {
  const fits = (of: Entity, name: string): boolean => {
    const field = meta.field(of, name)
    return field !== undefined && is(of, field)
  }
  return entity.fields.filter((field) => fits(entity, field.name)).flatMap((field) => {
    const line = field.kind === 'owned' && field.entity ? meta.entity(field.entity) : undefined
    const inner = line ? line.fields.filter((one) => fits(line, one.name)).map((one) => ({ value: `${field.name}.${one.name}`, label: `${meta.say(field.label)} › ${meta.say(one.label)}` })) : []
    return [{ value: field.name, label: meta.say(field.label) }, ...inner]
  })
}

function ofEntity(meta: Meta, entity: Entity): Subject {
  const isOwned = entity.fields.some((field) => field.name === 'owner')
  return { name: entity.name, label: meta.say(entity.plural), verbs: entity.kind === 'ledger' ? ['see', 'export'] : VERBS, scopes: isOwned ? ['none', 'all', 'team', 'own'] : ['none', 'all'], actions: entity.actions, fields: fieldsOf(meta, entity, hideable), written: fieldsOf(meta, entity, writable) }
}

const ofReport = (meta: Meta, report: Report): Subject => ({ name: report.name, label: meta.say(report.label), verbs: ['see', 'export'], scopes: ['none', 'all'], actions: [], fields: [], written: [] })

/** All there is to be allowed, by the modules of the menu; first everything, at last what is known by its name only. */
export function sections(meta: Meta, rows: readonly Row[], words: { everything: string; other: string }): Section[] {
  const everything: Subject = { name: ALL, label: words.everything, verbs: VERBS, scopes: ['none', 'all', 'team', 'own'], actions: [], fields: [], written: [] }
  const entities = Object.values(meta.data.entities).filter((entity) => entity.kind !== 'owned')
  const reports = Object.values(meta.data.reports)
  const named = meta.data.modules.map((module): Section => ({
    key: module.name,
    label: meta.say(module.label),
    subjects: [...entities.filter((one) => one.module === module.name).map((one) => ofEntity(meta, one)), ...reports.filter((one) => one.module === module.name).map((one) => ofReport(meta, one))],
  }))
  const known = new Set([ALL, ...named.flatMap((section) => section.subjects.map((one) => one.name))])
  const names = [...new Set([...entities.map((one) => one.name), ...rows.map((row) => textOf(shownRow(row)['subject'])).filter(Boolean)])].filter((name) => !known.has(name))
  const others = names.map((name): Subject => {
    const entity = meta.entity(name)
    return entity ? ofEntity(meta, entity) : { name, label: name, verbs: VERBS, scopes: ['none', 'all', 'team', 'own'], actions: [], fields: [], written: [] }
  })
  return [{ key: ALL, label: '', subjects: [everything] }, ...named, { key: 'other', label: words.other, subjects: others }].filter((section) => section.subjects.length > 0)
}
