import { describe, expect, test } from 'vitest'
import type { Entity, Rec } from '@/api/types.ts'
import { defaultOf } from '@/meta/defaults.ts'
import { Meta } from '@/meta/meta.ts'
import { addRow, conflict, draftOf, fill, forPreview, forSave, isDirty, moveRow, place, rebase, removeRow, shown, typeCell, typeField } from '@/views/form/draft.ts'
import { arrange } from '@/views/form/chain.ts'
import { isTold, layout } from '@/views/form/layout.ts'
import { meta as data } from '../dev/mock_meta.ts'

const meta = new Meta(data, 'en')
const must = (name: string): Entity => {
  const entity = meta.entity(name)
  if (!entity) throw new Error(name)
  return entity
}
const order = must('sales_order')
const line = must('sales_order_line')
const blue = { id: 'pa_1', label: 'Blue' }
const mug = { id: 'pr_1', label: 'Mug' }
const jug = { id: 'pr_2', label: 'Jug' }
const saved: Rec = { id: 'so_1', version: 3, number: 'SO-1', customer: blue, currency: 'CNY', total: '24.00', lines: [{ id: 'sl_1', product: mug, description: 'A mug', qty: '2', price: '10', amount: '20.00' }] }
const rowKey = (draft: ReturnType<typeof draftOf>, at: number): string => draft.rows['lines']?.[at]?.key ?? ''

describe('a record being typed', () => {
  test('typing and typing back is no change', () => {
    const draft = draftOf(order, saved, true)
    expect(isDirty(draft)).toBe(false)
    const changed = typeField(draft, 'reference', 'PO 7')
    expect(isDirty(changed)).toBe(true)
    expect(isDirty(typeField(changed, 'reference', null))).toBe(false)
  })
  test('an empty line is neither a change nor sent', () => {
    const draft = addRow(draftOf(order, saved, true), 'lines', 1)
    expect(isDirty(draft)).toBe(false)
    expect((forPreview(meta, draft).record['lines'] as Rec[]).length).toBe(1)
  })
  test('only what changed is saved, with the version; refs go by id, computed fields stay behind', () => {
    const draft = typeField(draftOf(order, saved, true), 'customer', { id: 'pa_2', label: 'Red' })
    expect(forSave(meta, draft).record).toEqual({ customer: 'pa_2', version: 3 })
    const typed = typeCell(draft, 'lines', line, rowKey(draft, 0), 'qty', '5')
    expect(forSave(meta, typed).record['lines']).toEqual([{ id: 'sl_1', product: 'pr_1', description: 'A mug', qty: '5', price: '10' }])
  })
  test('another product brings its own description and price, the quantity stays', () => {
    const draft = draftOf(order, saved, true)
    const typed = typeCell(draft, 'lines', line, rowKey(draft, 0), 'product', jug)
    const sent = forPreview(meta, typed)
    expect(sent.record['lines']).toEqual([{ id: 'sl_1', product: 'pr_2', qty: '2' }])
    const filled = fill(typed, { total: '30.00', lines: [{ id: 'sl_1', product: jug, description: 'A jug', qty: '2', price: '15', amount: '30.00' }] }, sent.keys)
    expect((shown(filled)['lines'] as Rec[])[0]).toMatchObject({ description: 'A jug', price: '15', amount: '30.00' })
    expect(shown(filled)['total']).toBe('30.00')
  })
  test('a typed price survives the answer of the server', () => {
    const draft = draftOf(order, saved, true)
    const typed = typeCell(draft, 'lines', line, rowKey(draft, 0), 'price', '8')
    const filled = fill(typed, { lines: [{ id: 'sl_1', price: '10', amount: '16.00' }] }, forPreview(meta, typed).keys)
    expect((shown(filled)['lines'] as Rec[])[0]).toMatchObject({ price: '8', amount: '16.00' })
  })
  test('what the server put in the place of what stood in a line does not come back when somebody types beside it', () => {
    const draft = draftOf(order, saved, true)
    const answered = fill(draft, { lines: [{ id: 'sl_1', product: mug, description: 'Ein Becher', qty: '2', price: '10', amount: '20.00' }] }, forPreview(meta, draft).keys)
    const sent = (now: typeof draft): Rec | undefined => (forPreview(meta, now).record['lines'] as Rec[])[0]
    expect(sent(answered)).toMatchObject({ description: 'A mug' })
    const typed = typeCell(answered, 'lines', line, rowKey(answered, 0), 'price', '8')
    expect(sent(typed)).toMatchObject({ description: null, price: '8', qty: '2' })
    expect(sent(typeCell(typed, 'lines', line, rowKey(typed, 0), 'description', 'A mug'))).toMatchObject({ description: 'A mug' })
  })
  test('an answer that comes late finds its row although another was inserted before', () => {
    const draft = draftOf(order, saved, true)
    const sent = forPreview(meta, draft)
    const moved = addRow(draft, 'lines', 0)
    const filled = fill(moved, { lines: [{ id: 'sl_1', amount: '99.00' }] }, sent.keys)
    expect(filled.rows['lines']?.map((row) => row.filled['amount'])).toEqual([undefined, '99.00'])
  })
  test('lines are moved and removed', () => {
    let draft = draftOf(order, { ...saved, lines: [{ id: 'sl_1', product: mug }, { id: 'sl_2', product: jug }] }, true)
    draft = moveRow(draft, 'lines', rowKey(draft, 0), 1)
    expect(draft.rows['lines']?.map((row) => row.base['id'])).toEqual(['sl_2', 'sl_1'])
    draft = removeRow(draft, 'lines', rowKey(draft, 0))
    expect(forSave(meta, draft).record['lines']).toEqual([{ id: 'sl_1', product: 'pr_1' }])
  })
  test('a new record sends what the person sees, without empty fields', () => {
    let draft = typeField(draftOf(order, {}, false), 'customer', blue)
    draft = fill(draft, { ordered_on: '2026-11-25', currency: 'CNY', total: '0.00', reference: null }, {})
    expect(forSave(meta, draft).record).toEqual({ customer: 'pa_1', ordered_on: '2026-11-25', currency: 'CNY', lines: [] })
  })
  test('what a prefilled line came from is kept, hidden or not', () => {
    const draft = draftOf(order, { customer: blue, lines: [{ product: mug, qty: '2', source: 'sl_9' }] }, false)
    expect((forSave(meta, draft).record['lines'] as Rec[])[0]).toMatchObject({ source: 'sl_9' })
  })
})

describe('someone was faster', () => {
  test('differences are named, and my changes go on top of theirs', () => {
    const draft = typeField(draftOf(order, saved, true), 'reference', 'mine')
    const current = { ...saved, version: 4, reference: 'theirs', currency: 'USD' }
    expect(conflict(draft, current).map(({ field }) => field.name)).toEqual(['currency', 'reference'])
    const merged = rebase(draft, current)
    expect(shown(merged)).toMatchObject({ reference: 'mine', currency: 'USD' })
    expect(forSave(meta, merged).record).toEqual({ reference: 'mine', version: 4 })
  })
})

test('a problem finds its place on the screen', () => {
  const keys = { lines: ['row7', 'row9'] }
  expect(place('customer', null, order, keys)).toBe('customer')
  expect(place('lines.qty', 1, order, keys)).toBe('lines/row9/qty')
  expect(place('qty', 0, order, keys)).toBe('lines/row7/qty')
  expect(place('lines', null, order, keys)).toBe('lines')
  expect(place(null, null, order, keys)).toBe('')
})

test('a sum that not every document has is told where it is something', () => {
  const { totals } = layout(order)
  const total = totals.find((field) => field.name === 'total')
  if (!total) throw new Error('no total')
  const rounding = { ...total, name: 'rounding_amount', computed: true, required: false }
  expect(isTold(rounding, { rounding_amount: '0.00' })).toBe(false)
  expect(isTold(rounding, {})).toBe(false)
  expect(isTold(rounding, { rounding_amount: '-0.02' })).toBe(true)
  expect(isTold({ ...rounding, required: true }, { rounding_amount: '0.00' })).toBe(true)
  expect(isTold({ ...rounding, computed: false, readonly: true }, { rounding_amount: '0.00' })).toBe(true)
})

test('lines stand across, sums below them, the number in the heading', () => {
  const { parts, totals } = layout(order)
  expect(totals.map((field) => field.name)).toEqual(['untaxed', 'tax_amount', 'total', 'total_base', 'margin_rate'])
  expect(parts.flatMap((part) => part.fields.map((field) => field.name))).not.toContain('number')
  expect(parts.filter((part) => part.lines.length)).toHaveLength(1)
})

test('lines the sections do not name stand where the entity has them', () => {
  const plain = { ...order, sections: [{ label: { en: 'General', zh: '' }, fields: order.fields.filter((field) => field.kind !== 'owned').map((field) => field.name) }] }
  const { parts } = layout(plain)
  expect(parts.map((part) => [part.label?.en ?? '', part.fields.map((field) => field.name).join(), part.lines.length])).toEqual([
    ['General', 'customer,ordered_on,promised_on,currency,salesperson,reference,quotation', 0],
    ['', '', 1],
    ['', 'note', 0],
  ])
})

test('what only the server may set is not sent', () => {
  const draft = fill(draftOf(order, { customer: blue, lines: [] }, false), { number: 'SO-9', stage: 'draft' }, {})
  expect(forSave(meta, draft).record).toEqual({ customer: 'pa_1', lines: [] })
})

test('defaults may be named days', () => {
  const field = (kind: 'date' | 'bool' | 'int' | 'text', value: string) => ({ name: 'x', kind, label: { en: '', zh: '' }, default: value })
  expect(['today', 'month_start', 'year_start', '2026-02-03'].map((word) => defaultOf(field('date', word), '2026-11-25'))).toEqual(['2026-11-25', '2026-11-01', '2026-01-01', '2026-02-03'])
  expect(defaultOf(field('bool', 'true'), '')).toBe(true)
  expect(defaultOf(field('int', '30'), '')).toBe(30)
})

test('a chain stands in the order of its documents, even when the data runs in a circle', () => {
  const node = (id: string) => ({ entity: 'x', id, label: id })
  const made = arrange({ nodes: ['a', 'b', 'c', 'd'].map(node), edges: [{ from: 'a', to: 'b', kind: '' }, { from: 'b', to: 'c', kind: '' }, { from: 'a', to: 'd', kind: '' }, { from: 'c', to: 'd', kind: '' }] })
  expect(Object.fromEntries(made.nodes.map((one) => [one.node.id, one.layer]))).toEqual({ a: 0, b: 1, c: 2, d: 3 })
  const circle = arrange({ nodes: ['a', 'b'].map(node), edges: [{ from: 'a', to: 'b', kind: '' }, { from: 'b', to: 'a', kind: '' }] })
  expect(circle.nodes).toHaveLength(2)
})
