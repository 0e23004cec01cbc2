import { describe, expect, test } from 'vitest'
import type { Field } from '@/api/types.ts'
import { cellsOf } from '@/lib/tsv.ts'
import { Meta, type Scene } from '@/meta/meta.ts'
import { lettersOf } from '@/shell/letters.ts'
import { addRow, draftOf, forSave, isBlank, isDirty, shownRow, typeCell, type Draft } from '@/views/form/draft.ts'
import { fixed, lineColumns } from '@/views/form/lineColumns.ts'
import { withPicked } from '@/views/form/LineTools.tsx'
import { blockOf, chosen, withBlock, withCopy } from '@/views/form/pasting.ts'
import { meta as data } from '../dev/mock_meta.ts'

const meta = new Meta(data, 'zh')
const scene: Scene = { meta, lang: 'zh', locale: 'zh-CN', today: '2026-11-26', companyCurrency: 'CNY' }
const order = meta.entity('sales_order')
const line = meta.entity('sales_order_line')
if (!order || !line) throw new Error('the mock has no orders')
const columns = lineColumns(line)
const column = (name: string): Field => {
  const found = line.fields.find((field) => field.name === name)
  if (!found) throw new Error(name)
  return found
}
const mug = { id: 'pr_1', label: 'Mug' }
const jug = { id: 'pr_2', label: 'Jug' }
const empty = draftOf(order, { id: 'so_1', version: 1, lines: [{ id: 'sl_1', product: mug, qty: '2', price: '9.00', net: '18.00' }] }, true)
const first = (draft: Draft): string => draft.rows['lines']?.[0]?.key ?? ''
const told = (draft: Draft): string => (draft.rows['lines'] ?? []).map((row) => {
  const now = shownRow(row)
  return `${(now['product'] as { label?: string } | null)?.label ?? '-'} ${String(now['qty'] ?? '-')}`
}).join(', ')

describe('cells of a spreadsheet', () => {
  test('rows and cells', () => {
    expect(cellsOf('a\tb\r\nc\td\r\n')).toEqual([['a', 'b'], ['c', 'd']])
  })

  test('quoted cells hold tabs, breaks and quotes', () => {
    expect(cellsOf('"a\tb"\t"say ""hi"""\n"two\nlines"\t3')).toEqual([['a\tb', 'say "hi"'], ['two\nlines', '3']])
  })

  test('an empty cell keeps its place', () => {
    expect(cellsOf('a\t\tc\n\t\t')).toEqual([['a', '', 'c'], ['', '', '']])
  })

  test('a quote inside a word is a sign like others', () => {
    expect(cellsOf('5" pipe\t1')).toEqual([['5" pipe', '1']])
  })
})

describe('a block among the lines', () => {
  test('columns follow the one it is pasted into', () => {
    const from = column('product')
    const { columns: found, rows } = blockOf([['Mug', 'x'], ['Jug']], columns, from, scene, fixed)
    expect(found.map((field) => field?.name)).toEqual(columns.slice(columns.indexOf(from), columns.indexOf(from) + 2).map((field) => (fixed(field) ? undefined : field.name)))
    expect(rows.length).toBe(2)
  })

  test('a first row of names finds the columns, in either language and any order', () => {
    const { columns: found, rows } = blockOf([[column('qty').label.zh, 'no such', column('product').label.en.toUpperCase()], ['3', 'x', 'Mug']], columns, column('description'), scene, fixed)
    expect(found.map((field) => field?.name)).toEqual(['qty', undefined, 'product'])
    expect(rows).toEqual([['3', 'x', 'Mug']])
  })

  test('what the server computes is passed over', () => {
    const net = columns.find(fixed)
    if (!net) throw new Error('no computed column')
    expect(blockOf([['1'], ['2']], columns, net, scene, fixed).columns).toEqual([null])
  })

  test('lines are filled from where one stands and added where there are too few', () => {
    const rows = [new Map([[column('qty'), '5']]), new Map<Field, string | typeof jug>([[column('qty'), '7'], [column('product'), jug]])]
    const made = withBlock(empty, 'lines', line, first(empty), rows)
    expect(told(made.draft)).toBe('Mug 5, Jug 7')
    expect(made.keys).toEqual((made.draft.rows['lines'] ?? []).map((row) => row.key))
    expect(isDirty(made.draft)).toBe(true)
  })
})

describe('the record a cell names', () => {
  const options = [{ key: '1', label: 'AC-BELL Bell', hint: '6901' }, { key: '2', label: 'AC-BELLX Bell X' }, { key: '3', label: 'Bell' }]
  test('by its whole name, its code, or what else is told of it', () => {
    expect(chosen(options, 'ac-bell bell')?.key).toBe('1')
    expect(chosen(options, 'ＡＣ-BELL')?.key).toBe('1')
    expect(chosen(options, 'bell')?.key).toBe('3')
    expect(chosen(options, '6901')?.key).toBe('1')
  })

  test('not by chance: what may be several is nobody', () => {
    expect(chosen(options, 'AC')).toBe(null)
    expect(chosen([], 'AC')).toBe(null)
    expect(chosen([{ key: '9', label: 'Something else' }], 'found by its barcode')?.key).toBe('9')
  })
})

describe('the same line again', () => {
  test('has what was typed or filled in, and is a line of its own', () => {
    const made = withCopy(empty, 'lines', line, first(empty))
    if (!made) throw new Error('no copy')
    expect(told(made.draft)).toBe('Mug 2, Mug 2')
    const [, sent] = forSave(meta, made.draft).record['lines'] as Record<string, unknown>[]
    expect(sent?.['id']).toBe(undefined)
    expect(sent?.['price']).toBe('9.00')
  })

  test('of an empty line there is none', () => {
    const blank = addRow(draftOf(order, {}, false), 'lines', 0)
    expect(withCopy(blank, 'lines', line, first(blank))).toBe(null)
  })
})

describe('chosen from a catalogue', () => {
  const take = (draft: Draft, ...picked: { id: string; label: string; qty: string }[]): Draft => withPicked(draft, 'lines', line, column('product'), column('qty'), picked)

  test('more of what is there, new lines for the rest, empty lines first', () => {
    expect(told(take(empty, { ...mug, qty: '3' }, { ...jug, qty: '1.5' }))).toBe('Mug 5, Jug 1.5')
    const blank = addRow(draftOf(order, {}, false), 'lines', 0)
    const made = take(blank, { ...jug, qty: '4' })
    expect(told(made)).toBe('Jug 4')
    expect(made.rows['lines']?.some(isBlank)).toBe(false)
  })

  test('chosen again it is more again', () => {
    const typed = typeCell(empty, 'lines', line, first(empty), 'qty', '10')
    expect(told(take(take(typed, { ...mug, qty: '1' }), { ...mug, qty: '1' }))).toBe('Mug 12')
  })
})

describe('letters of buttons', () => {
  test('its own, then of its name, then any that is free', () => {
    expect(lettersOf([{ name: 'Save', fixed: 's' }, { name: 'Send' }, { name: 'Sent' }, { name: '打印' }, { name: 'Nest' }], new Set())).toEqual(['s', 'e', 'n', 'a', 't'])
  })

  test('none twice, and none that means something else', () => {
    const taken = new Set(['c', 'm'])
    const letters = lettersOf(Array.from({ length: 30 }, () => ({ name: 'Confirm' })), taken).filter((one) => one !== null)
    expect(new Set(letters).size).toBe(letters.length)
    expect(letters.length).toBe(24)
    expect(letters.some((one) => taken.has(one))).toBe(false)
    expect(lettersOf([{ name: 'a', fixed: 'n' }, { name: 'b', fixed: 'n' }], new Set(['n']))).toEqual(['n', null])
  })
})
