//! A record being typed. What the person typed is kept apart from what it was and from what the server filled in,
//! so that a changed customer can bring its own terms and a typed price is never overwritten.
import type { Entity, Field, Json, Rec, Value } from '@/api/types.ts'
import { isZero } from '@/lib/decimal.ts'
import { isEmpty, rowsOf, textOf, type Meta } from '@/meta/meta.ts'
import { toWire } from '@/meta/wire.ts'

export interface Row {
  readonly key: string
  /** As saved, or as prefilled. */
  readonly base: Rec
  readonly typed: Rec
  /** As the server completed it last. */
  readonly filled: Rec
}

export interface Draft {
  readonly entity: Entity
  readonly base: Rec
  readonly typed: Rec
  readonly filled: Rec
  readonly rows: Readonly<Record<string, readonly Row[]>>
  /** Fields of lines that were changed. */
  readonly touched: readonly string[]
  readonly saved: boolean
}

let keys = 0
const newKey = (): string => `row${(keys += 1)}`

export const ownedFields = (entity: Entity): Field[] => entity.fields.filter((field) => field.kind === 'owned' && !field.hidden)
export const blankRow = (): Row => ({ key: newKey(), base: {}, typed: {}, filled: {} })
/** Nothing was typed in it and nothing stands in it: it is not sent. */
export const isBlank = (row: Row): boolean => Object.keys(row.base).length === 0 && Object.values(row.typed).every(isEmpty)

function rowsFrom(entity: Entity, record: Rec): Record<string, readonly Row[]> {
  return Object.fromEntries(ownedFields(entity).map((field) => [field.name, rowsOf(record[field.name]).map((base) => ({ key: newKey(), base, typed: {}, filled: {} }))]))
}

/** A saved record, or a prefilled one. */
export function draftOf(entity: Entity, record: Rec, saved: boolean): Draft {
  return { entity, base: record, typed: {}, filled: {}, rows: rowsFrom(entity, record), touched: [], saved }
}

export const isDirty = (draft: Draft): boolean => Object.keys(draft.typed).length > 0 || draft.touched.length > 0

export const shownRow = (row: Row): Rec => ({ ...row.base, ...row.filled, ...row.typed })
/** The record as the person sees it. */
export function shown(draft: Draft): Rec {
  const lines: Rec = {}
  for (const [name, rows] of Object.entries(draft.rows)) lines[name] = rows.filter((row) => !isBlank(row)).map(shownRow) as Json[]
  return { ...draft.base, ...draft.filled, ...draft.typed, ...lines }
}

const same = (a: Value, b: Value): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)

export function typeField(draft: Draft, name: string, value: Value): Draft {
  const typed = { ...draft.typed, [name]: value ?? null }
  // Typed back to what was saved: no longer a change.
  if (draft.saved && same(draft.base[name], value)) delete typed[name]
  return { ...draft, typed }
}

/** Several fields that were chosen as one. */
export const typeFields = (draft: Draft, values: Rec): Draft => Object.entries(values).reduce((now, [name, value]) => typeField(now, name, value ?? null), draft)

const touch = (draft: Draft, owned: string, rows: readonly Row[]): Draft => ({
  ...draft,
  rows: { ...draft.rows, [owned]: rows },
  touched: draft.touched.includes(owned) ? draft.touched : [...draft.touched, owned],
})

/** The field a line is about, such as its product: the first ref a person may choose. */
export function leadField(line: Entity): Field | undefined {
  const refs = line.fields.filter((field) => field.kind === 'ref' && !field.hidden && !field.readonly && !field.computed)
  // What a line must have leads it, rather than the line of another document it may come from.
  return refs.find((field) => field.required) ?? refs[0]
}

export function typeCell(draft: Draft, owned: string, line: Entity, key: string, name: string, value: Value): Draft {
  const lead = leadField(line)
  const rows = (draft.rows[owned] ?? []).map((row): Row => {
    if (row.key !== key) return row
    if (lead?.name !== name || same(shownRow(row)[name], value)) return { ...row, typed: { ...row.typed, [name]: value ?? null } }
    // Another product: its description, price and taxes are asked for anew. The quantity stays, and so does what the line came from.
    const keep = new Set(line.fields.filter((field) => field.kind === 'qty' || field.hidden || field.readonly).map((field) => field.name))
    const kept = (record: Rec): Rec => Object.fromEntries(Object.entries(record).filter(([field]) => field === 'id' || keep.has(field)))
    // The first product of a line may come after its price was typed: then that price is meant for it.
    const typed = { ...(isEmpty(shownRow(row)[name]) ? row.typed : kept(row.typed)), [name]: value ?? null }
    // One of it, until another number is typed.
    const count = line.fields.find((field) => field.kind === 'qty' && field.required && !field.hidden && !field.readonly && !field.computed)
    if (count && !isEmpty(value) && isEmpty(shownRow(row)[count.name] === '0' ? null : shownRow(row)[count.name])) typed[count.name] = '1'
    return { key: row.key, base: kept(row.base), typed, filled: {} }
  })
  return touch(draft, owned, rows)
}

export const addRow = (draft: Draft, owned: string, at: number, row: Row = blankRow()): Draft => {
  const rows = [...(draft.rows[owned] ?? [])]
  rows.splice(at, 0, row)
  // An empty line is no change yet.
  return { ...draft, rows: { ...draft.rows, [owned]: rows } }
}
export function removeRow(draft: Draft, owned: string, key: string): Draft {
  const rows = draft.rows[owned] ?? []
  const gone = rows.find((row) => row.key === key)
  const rest = rows.filter((row) => row.key !== key)
  return gone && isBlank(gone) ? { ...draft, rows: { ...draft.rows, [owned]: rest } } : touch(draft, owned, rest)
}
export function moveRow(draft: Draft, owned: string, key: string, by: number): Draft {
  const rows = [...(draft.rows[owned] ?? [])]
  const at = rows.findIndex((row) => row.key === key)
  const row = rows[at]
  const to = at + by
  if (!row || to < 0 || to >= rows.length) return draft
  rows.splice(at, 1)
  rows.splice(to, 0, row)
  return touch(draft, owned, rows)
}

/** All lines at once, where they are not typed one by one. */
export const putRows = (draft: Draft, owned: string, rows: readonly Row[]): Draft => touch(draft, owned, rows)

export interface Sent {
  record: Rec
  /** Which row of the screen stands at which place of the message. */
  keys: Record<string, string[]>
}

function sentRows(draft: Draft, see: (row: Row) => Rec): { rows: Record<string, Rec[]>; keys: Record<string, string[]> } {
  const rows: Record<string, Rec[]> = {}
  const keysOf: Record<string, string[]> = {}
  for (const [name, all] of Object.entries(draft.rows)) {
    const full = all.filter((row) => !isBlank(row))
    rows[name] = full.map(see)
    keysOf[name] = full.map((row) => row.key)
  }
  return { rows, keys: keysOf }
}

/** In a line somebody typed in, what the server put in the place of what stood there: it is found anew. Else what was, such as an
 *  amount in the currency before, would come back beside what is typed. */
const outlived = (row: Row, optional: ReadonlySet<string>): Rec =>
  Object.keys(row.typed).length === 0 ? {} : Object.fromEntries(Object.keys(row.base).filter((name) => optional.has(name) && name in row.filled && !same(row.base[name], row.filled[name])).map((name) => [name, null]))

/** What the server is asked to complete: only what was typed or stood there, so that defaults are found anew. */
export function forPreview(meta: Meta, draft: Draft): Sent {
  const optional = new Set(ownedFields(draft.entity).flatMap((owned) => meta.entity(owned.entity ?? '')?.fields ?? []).filter((field) => !field.required && !field.computed && !field.readonly && !field.hidden).map((field) => field.name))
  const { rows, keys: keysOf } = sentRows(draft, (row) => ({ ...row.base, ...outlived(row, optional), ...row.typed }))
  return { record: toWire(meta, draft.entity, { ...draft.base, ...draft.typed, ...(rows as unknown as Rec) }), keys: keysOf }
}

/** What is saved: what the person sees. Of a saved record only what changed. */
export function forSave(meta: Meta, draft: Draft): Sent {
  const { rows, keys: keysOf } = sentRows(draft, shownRow)
  const whole = { ...draft.base, ...draft.filled, ...draft.typed, ...(rows as unknown as Rec) }
  const wire = toWire(meta, draft.entity, whole)
  delete wire['id']
  if (!draft.saved) {
    for (const [name, value] of Object.entries(wire)) if (value === null && !(name in draft.typed)) delete wire[name]
    return { record: wire, keys: keysOf }
  }
  const changed = Object.fromEntries(Object.entries(wire).filter(([name]) => name in draft.typed || draft.touched.includes(name)))
  return { record: { ...changed, version: draft.base['version'] }, keys: keysOf }
}

/** An answer that says what stands there is the same value, too: nothing that shows it is drawn again. */
function kept(draft: Draft, name: string, answer: Value): Value {
  const before = draft.filled[name] ?? draft.base[name]
  return same(before, answer) ? (before ?? null) : answer
}

/** Takes over what the server filled in, for the rows that are still there. */
export function fill(draft: Draft, answer: Rec, keysOf: Record<string, string[]>): Draft {
  const { entity } = draft
  const filled: Rec = {}
  // No exchange rate yet is no rate of zero.
  for (const field of entity.fields) if (field.kind !== 'owned' && field.name !== 'id' && answer[field.name] !== undefined && !(field.factor && isZero(textOf(answer[field.name]) || '0'))) filled[field.name] = kept(draft, field.name, answer[field.name])
  const rows: Record<string, readonly Row[]> = { ...draft.rows }
  for (const [name, order] of Object.entries(keysOf)) {
    const answers = rowsOf(answer[name])
    const lines = rows[name] ?? []
    const next = lines.map((row): Row => {
      const found = answers[order.indexOf(row.key)]
      if (!found) return row
      const { id: _, ...rest } = found
      // An answer that says what stands there is the same row: the line is not drawn again.
      return same(shownRow(row) as Value, { ...row.base, ...rest, ...row.typed } as Value) ? row : { ...row, filled: rest }
    })
    // Lines the server added itself, such as those of a bundle or of a copied document.
    const added = answers.slice(order.length).map((base): Row => ({ key: newKey(), base, typed: {}, filled: {} }))
    rows[name] = added.length ? [...next.filter((row) => !isBlank(row)), ...added] : next
  }
  return { ...draft, filled, rows }
}

/** Two drafts with the same question get the same answer from the server. */
export const questionOf = (draft: Draft): string => JSON.stringify([draft.typed, Object.entries(draft.rows).map(([name, rows]) => [name, rows.map((row) => [row.key, row.typed, Object.keys(row.base)])])])

/** What `to` has that `from` had not, or had otherwise. */
const newer = (from: Rec, to: Rec): Rec => Object.fromEntries(Object.entries(to).filter(([name, value]) => !(name in from) || !same(from[name], value)))

/** After saving: what was saved, and on top of it what was typed while the saving was under way. */
export function carry(sent: Draft, now: Draft, saved: Rec, keysOf: Record<string, string[]>): Draft {
  const fresh = draftOf(sent.entity, saved, true)
  const typed = newer(sent.typed, now.typed)
  // Typed back to what it was, while the change was on its way.
  for (const name of Object.keys(sent.typed)) if (!(name in now.typed)) typed[name] = sent.base[name] ?? null
  const touched: string[] = []
  const rows: Record<string, readonly Row[]> = { ...fresh.rows }
  for (const [name, order] of Object.entries(keysOf)) {
    const answers = rowsOf(saved[name])
    const before = new Map((sent.rows[name] ?? []).map((row) => [row.key, row]))
    const kept = (now.rows[name] ?? []).filter((row) => !isBlank(row) || !before.has(row.key))
    const full = kept.filter((row) => !isBlank(row))
    const later = full.some((row) => !same(before.get(row.key)?.typed as Value, row.typed as Value)) || full.map((row) => row.key).join() !== order.join()
    // The rows keep their keys, and with them the place where the person types.
    if (later) touched.push(name)
    else if (answers.length !== order.length) continue
    rows[name] = kept.map((row): Row => {
      const was = before.get(row.key)
      const base = answers[order.indexOf(row.key)]
      if (!was || !base) return row
      if (row.base === was.base) return { key: row.key, base, typed: newer(was.typed, row.typed), filled: {} }
      // Another product since: of what was saved only what would have been kept.
      return { key: row.key, base: Object.fromEntries(Object.entries(base).filter(([field]) => field === 'id' || field in row.base)), typed: row.typed, filled: {} }
    })
  }
  return { ...fresh, typed, rows, touched }
}

export interface Differing { field: Field; mine: Value; theirs: Value; was: Value }

/** Where what I typed and what someone else saved disagree. */
export function conflict(draft: Draft, current: Rec): Differing[] {
  const names = [...Object.keys(draft.typed), ...draft.touched]
  return draft.entity.fields
    .filter((field) => names.includes(field.name) || (!field.computed && field.name !== 'version' && field.kind !== 'owned' && !same(draft.base[field.name], current[field.name])))
    .map((field) => ({ field, mine: shown(draft)[field.name], theirs: current[field.name], was: draft.base[field.name] }))
}

/** My changes on top of theirs, but for the fields of which theirs are taken. Lines I changed are mine as a whole. */
export function rebase(draft: Draft, current: Rec, theirs: ReadonlySet<string> = new Set()): Draft {
  const fresh = draftOf(draft.entity, current, true)
  const rows = { ...fresh.rows }
  const touched = draft.touched.filter((name) => !theirs.has(name))
  for (const name of touched) rows[name] = draft.rows[name] ?? []
  return { ...fresh, typed: Object.fromEntries(Object.entries(draft.typed).filter(([name]) => !theirs.has(name))), rows, touched }
}

/** Key of a problem or hint: a field of the head, or of a row on the screen. */
export function place(field: string | null | undefined, row: number | null | undefined, entity: Entity, keysOf: Record<string, string[]>): string {
  if (!field) return ''
  const [head = '', ...rest] = field.split('.')
  const isOwned = entity.fields.some((one) => one.name === head && one.kind === 'owned')
  if (isOwned && row !== null && row !== undefined) return `${head}/${keysOf[head]?.[row] ?? ''}/${rest.join('.')}`
  if (!isOwned && row !== null && row !== undefined) {
    // A hint may name the line's field alone.
    const [owned] = ownedFields(entity)
    if (owned) return `${owned.name}/${keysOf[owned.name]?.[row] ?? ''}/${field}`
  }
  return head
}

