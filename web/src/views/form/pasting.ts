//! A block from a spreadsheet becomes lines: which cell belongs to which column, and what could not be read.
import type { Entity, Field, Rec, Value } from '@/api/types.ts'
import { kitOf } from '@/fields/kits.tsx'
import { searchRefs } from '@/fields/ref.tsx'
import { isEmpty, type Scene } from '@/meta/meta.ts'
import type { Option } from '@/ui/ComboBox.tsx'
import { addRow, blankRow, isBlank, leadField, shownRow, typeCell, type Draft, type Row } from './draft.ts'

/** More lines are a file to import. */
export const PASTED_MAX = 500

const plain = (text: string): string => text.normalize('NFKC').trim().toLowerCase()

export interface Block { columns: (Field | null)[]; rows: string[][] }

/**
 * The columns of a block. When its first row names columns they are found by name, wherever they stand; else they follow
 * the one it is pasted into. What the server fills in itself is passed over.
 */
export function blockOf(cells: readonly string[][], columns: readonly Field[], from: Field, scene: Scene, isFixed: (field: Field) => boolean): Block {
  const [head = [], ...rest] = cells
  const named = head.map((text) => columns.find((field) => text !== '' && [scene.meta.say(field.label), field.label.en, field.label.zh, field.name].some((name) => plain(name) === plain(text))) ?? null)
  const found = named.filter(Boolean).length
  if (rest.length && found > 0 && found >= head.filter(Boolean).length / 2) return { columns: named.map((field) => (field && !isFixed(field) ? field : null)), rows: rest }
  const width = Math.max(0, ...cells.map((row) => row.length))
  const follow = columns.slice(columns.indexOf(from))
  return { columns: Array.from({ length: width }, (_, at) => {
    const field = follow[at]
    return field && !isFixed(field) ? field : null
  }), rows: [...cells] }
}

/** The record a cell names: by its whole name, by the code its name begins with, or as the only one found. */
export function chosen(options: readonly Option[], text: string): Option | null {
  const wanted = plain(text)
  const exact = options.filter((option) => plain(option.label) === wanted)
  const begun = options.filter((option) => plain(option.label).startsWith(`${wanted} `))
  const told = options.filter((option) => option.hint?.split(' · ').some((part) => plain(part) === wanted))
  for (const found of [exact, begun, told, options]) if (found.length === 1) return found[0] ?? null
  return null
}

export interface Unread { row: number; field: Field; text: string }
export interface Read { rows: Map<Field, Value>[]; unread: Unread[] }

/** Reads every cell; names of records are looked up once each. */
export async function readBlock(block: Block, scene: Scene, signal: AbortSignal): Promise<Read> {
  const looked = new Map<string, Promise<Option | null>>()
  const look = (field: Field, text: string): Promise<Option | null> => {
    const key = `${field.entity}\n${plain(text)}`
    const known = looked.get(key) ?? searchRefs(scene.meta, field.entity ?? '', field.only, text, signal).then((options) => chosen(options, text))
    looked.set(key, known)
    return known
  }
  const unread: Unread[] = []
  const rows = await Promise.all(block.rows.map(async (cells, row) => {
    const values = new Map<Field, Value>()
    for (const [at, text] of cells.entries()) {
      const field = block.columns[at]
      if (!field || text === '') continue
      const value = await readCell(field, text, scene, look)
      if (value === undefined) unread.push({ row, field, text })
      else values.set(field, value)
    }
    return values
  }))
  return { rows, unread: unread.sort((a, b) => a.row - b.row) }
}

async function readCell(field: Field, text: string, scene: Scene, look: (field: Field, text: string) => Promise<Option | null>): Promise<Value> {
  if (field.kind === 'ref') {
    const option = await look(field, text)
    return option ? { id: option.key, label: option.label } : undefined
  }
  if (field.kind === 'choice') return scene.meta.choices(field.choice).find((one) => [one.code, one.label.en, one.label.zh].some((name) => plain(name) === plain(text)))?.code
  const parsed = kitOf(field.kind).parse(text, scene)
  return parsed.ok ? parsed.value : undefined
}

/** The draft with the block in it, from the line with `key` on; lines are added where it is longer. And which line each row became. */
export function withBlock(draft: Draft, owned: string, line: Entity, key: string, rows: readonly ReadonlyMap<Field, Value>[]): { draft: Draft; keys: string[] } {
  const lead = leadField(line)
  let now = draft
  const keys: string[] = []
  let at = Math.max(0, (draft.rows[owned] ?? []).findIndex((row) => row.key === key))
  for (const values of rows) {
    const there = now.rows[owned]?.[at]
    const row = there ?? blankRow()
    if (!there) now = addRow(now, owned, at, row)
    // What the line is about goes first: it asks for the rest anew.
    for (const [field, value] of [...values].sort(([a], [b]) => Number(b === lead) - Number(a === lead))) now = typeCell(now, owned, line, row.key, field.name, value)
    keys.push(row.key)
    at += 1
  }
  return { draft: now, keys }
}

/** The same line once more, below: what a person may type of it. */
export function withCopy(draft: Draft, owned: string, line: Entity, key: string): { draft: Draft; key: string } | null {
  const rows = draft.rows[owned] ?? []
  const at = rows.findIndex((row) => row.key === key)
  const row = rows[at]
  if (!row || isBlank(row)) return null
  const now = shownRow(row)
  const typed: Rec = Object.fromEntries(line.fields.filter((field) => !field.hidden && !field.readonly && !field.computed && field.kind !== 'id' && field.kind !== 'owned' && !isEmpty(now[field.name])).map((field) => [field.name, now[field.name] as Value]))
  const copy: Row = { ...blankRow(), typed }
  const more = addRow(draft, owned, at + 1, copy)
  return { draft: { ...more, touched: more.touched.includes(owned) ? more.touched : [...more.touched, owned] }, key: copy.key }
}
