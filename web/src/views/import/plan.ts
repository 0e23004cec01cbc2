//! How a file is to be read: begun from what the server guessed and from what was chosen last time.
import type { Meta } from '@/meta/meta.ts'
import type { Entity, Field, FileLook, FilePlan, FailedRow } from '@/api/types.ts'

export type Column = NonNullable<FilePlan['columns'][number]>
/** The columns people chose before, by the name at their head; empty for those left out. */
export type Memory = Readonly<Record<string, string>>
export const isMemory = (value: unknown): value is Record<string, string> => typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every((one) => typeof one === 'string')

/** How a column was read, by the name at its head: its days and numbers, what its values mean, whether rows are known by it. */
export type Ways = Readonly<Record<string, Column>>
export const isWays = (value: unknown): value is Record<string, Column> => typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every((one) => typeof one === 'object' && one !== null && 'field' in one)

const UNREAD: ReadonlySet<Field['kind']> = new Set(['id', 'owned'])
const KEYS: ReadonlySet<Field['kind']> = new Set(['text', 'email', 'phone', 'barcode'])

/** The entity as a file sees it: the fields of its lines are among its own, as `lines.product`. */
export function withLines(meta: Meta, entity: Entity): Entity {
  const inner = (owned: Field): Field[] => ((owned.entity ? meta.entity(owned.entity)?.fields : undefined) ?? []).map((field) => ({ ...field, name: `${owned.name}.${field.name}`, label: { en: `${owned.label.en} / ${field.label.en}`, zh: `${owned.label.zh} / ${field.label.zh}` } }))
  return { ...entity, fields: entity.fields.flatMap((field) => (field.kind === 'owned' && !field.readonly ? inner(field) : [field])) }
}

/** The id of a line tells which of the lines of a known record a row is. */
const isLineId = (field: Field): boolean => field.kind === 'id' && field.name.includes('.')
/** The fields a file can fill. */
export const fillable = (entity: Entity): Field[] => entity.fields.filter((field) => !field.readonly && !field.computed && (!UNREAD.has(field.kind) || isLineId(field)))
/** Whether records can be told apart by it. */
export const isKey = (entity: Entity, name: string): boolean => name === 'id' || name === 'external_id' || (!name.includes('.') && entity.fields.some((field) => field.name === name && KEYS.has(field.kind)))

function columnOf(entity: Entity, field: string, told: FileLook['columns'][number]): Column {
  const kind = entity.fields.find((one) => one.name === field)?.kind
  return {
    field,
    ...(kind === 'date' ? { days: told.days ?? 'ymd' } : {}),
    ...(kind && ['amount', 'qty', 'price', 'rate', 'int'].includes(kind) ? { decimal: told.decimal ?? '.' } : {}),
  }
}

/** What was chosen before goes before what is guessed. No field twice. */
export function planOf(entity: Entity, look: FileLook, memory: Memory, ways: Ways = {}): FilePlan {
  const known = new Set([...fillable(entity).map((field) => field.name), 'id', 'external_id'])
  const taken = new Set<string>()
  const wish = look.columns.map((column) => (column.name in memory ? memory[column.name] : (column.field ?? '')) ?? '')
  const remembered = new Set(look.columns.flatMap((column, at) => (column.name in memory && wish[at] ? [wish[at]] : [])))
  const columns = look.columns.map((told, at): Column | null => {
    const field = wish[at] ?? ''
    if (!known.has(field) || taken.has(field) || (remembered.has(field) && !(told.name in memory))) return null
    taken.add(field)
    const now = columnOf(entity, field, told)
    const { days, decimal, values, field: before } = ways[told.name] ?? {}
    if (before !== field) return now
    // What the file itself leaves no doubt of goes before what was so the last time.
    return { ...now, ...(now.days && days && !told.days_sure ? { days } : {}), ...(now.decimal && decimal && !told.decimal ? { decimal } : {}), ...(values ? { values } : {}) }
  })
  const keyed = look.columns.find((told, at) => columns[at] && ways[told.name]?.known && ways[told.name]?.field === columns[at]?.field)
  if (keyed) return { sheet: look.sheet, head: look.head, columns: columns.map((column, at) => (column && look.columns[at] === keyed ? { ...column, known: ways[keyed.name]?.known ?? 'change' } : column)), same: {}, cells: {}, skip: [] }
  const key = ['id', 'external_id', 'code', 'number', 'login'].find((name) => columns.some((column) => column?.field === name) && isKey(entity, name))
  return { sheet: look.sheet, head: look.head, columns: columns.map((column) => (column && column.field === key ? { ...column, known: 'change' as const } : column)), same: {}, cells: {}, skip: [] }
}

/** Another field for a column; whichever column had it loses it. */
export function choose(entity: Entity, plan: FilePlan, look: FileLook, at: number, field: string): FilePlan {
  return {
    ...plan,
    columns: plan.columns.map((column, index) => {
      const told = look.columns[index]
      if (index === at) return field && told ? columnOf(entity, field, told) : null
      return field && column?.field === field ? null : column
    }),
  }
}

/** The column rows are told apart by; only one. */
export const keyBy = (plan: FilePlan, field: string, known: 'change' | 'skip' | null): FilePlan => ({
  ...plan,
  columns: plan.columns.map((column) => (column ? { ...column, known: column.field === field ? known : null } : column)),
})

export function mend(plan: FilePlan, line: number, column: number, text: string): FilePlan {
  return { ...plan, cells: { ...plan.cells, [line]: { ...plan.cells?.[line], [column]: text } } }
}

export const leaveOut = (plan: FilePlan, line: number, out: boolean): FilePlan => ({ ...plan, skip: out ? [...new Set([...(plan.skip ?? []), line])] : (plan.skip ?? []).filter((one) => one !== line) })

export const mean = (plan: FilePlan, at: number, text: string, meant: string): FilePlan => ({ ...plan, columns: plan.columns.map((column, index) => (index === at && column ? { ...column, values: { ...column.values, [text]: meant } } : column)) })

/** How a cell is shown: what was chosen for its value by its title or, where that is not at hand, by what stands in the file. */
export function cellShown(column: Column | null | undefined, cell: string, titles: Readonly<Record<string, string>>): string {
  const written = Object.entries(column?.values ?? {}).find(([, meant]) => meant === cell)?.[0]
  return written === undefined ? cell : (titles[cell] ?? written)
}

/** Places of the planned columns in the file, in the order the server tells the cells of a refused row. */
export const places = (plan: FilePlan): number[] => plan.columns.flatMap((column, at) => (column ? [at] : []))

/** A row of the file that something is wrong with. */
export interface WrongRow { line: number; cells: string[]; problems: NonNullable<FailedRow['problems']> }

/** The rows to mend: of a record with lines each row that something is wrong with, by itself. */
export function wrongRows(failed: readonly FailedRow[]): WrongRow[] {
  return failed.flatMap((row) => {
    const first = row.line ?? -1
    const rows = [{ line: first, cells: row.cells ?? [] }, ...(row.also ?? [])]
    const lines = new Set(rows.map((one) => one.line))
    const lineOf = (problem: { line?: number }): number => (problem.line !== undefined && lines.has(problem.line) ? problem.line : first)
    return rows
      .map((one) => ({ ...one, problems: (row.problems ?? []).filter((problem) => lineOf(problem) === one.line) }))
      .filter((one) => one.problems.length > 0)
      .sort((one, other) => one.line - other.line)
  })
}

export interface Unknown { column: number; field: string; text: string; count: number }

/** Kinds of fields a file names by words of its own, each of which can be given a meaning. */
const NAMED: ReadonlySet<Field['kind']> = new Set(['ref', 'choice', 'bool', 'currency', 'country'])

/** Values that are nothing of ours, each once: a name nobody has, a choice there is not. */
export function unknownValues(plan: FilePlan, entity: Entity, rows: readonly WrongRow[]): Unknown[] {
  const found = new Map<string, Unknown>()
  const at = places(plan)
  for (const row of rows) {
    for (const problem of row.problems) {
      const place = at.findIndex((column) => plan.columns[column]?.field === problem.field)
      const column = at[place]
      const field = entity.fields.find((one) => one.name === problem.field)
      const text = row.cells[place]
      if (column === undefined || !field || !text || !NAMED.has(field.kind)) continue
      const key = `${column}/${text}`
      const before = found.get(key)
      found.set(key, { column, field: field.name, text, count: (before?.count ?? 0) + 1 })
    }
  }
  return [...found.values()].sort((a, b) => b.count - a.count)
}

/** What to remember for the next file of this kind. */
export const memoryOf = (plan: FilePlan, look: FileLook): Record<string, string> => Object.fromEntries(look.columns.flatMap((told, at) => (told.name ? [[told.name, plan.columns[at]?.field ?? '']] : [])))
export const waysOf = (plan: FilePlan, look: FileLook): Record<string, Column> => Object.fromEntries(look.columns.flatMap((told, at) => (told.name && plan.columns[at] ? [[told.name, plan.columns[at]]] : [])))
