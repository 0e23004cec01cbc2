// @vitest-environment happy-dom
//! What a saved document tells when it is opened: what its lines find in stock, how far they are, what is open of it, and its paper.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, createElement } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { api } from '@/api/client.ts'
import type { Entity, Field, Preview, Rec } from '@/api/types.ts'
import { Meta } from '@/meta/meta.ts'
import { nameIn, namedIn } from '@/screens/paperNames.ts'
import { typeField } from '@/views/form/draft.ts'
import { lineColumns } from '@/views/form/lineColumns.ts'
import { toldTotals } from '@/views/form/Totals.tsx'
import { useDraft, type Form } from '@/views/form/useDraft.ts'
import { meta as data } from '../dev/mock_meta.ts'

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })
const meta = new Meta(data, 'en')
const of = (name: string): Entity => {
  const found = meta.entity(name)
  if (!found) throw new Error(`the mock has no ${name}`)
  return found
}
const field = (name: string, kind: Field['kind'], more: Partial<Field> = {}): Field => ({ name, kind, label: { en: name, zh: name }, ...more })

describe('what the lines of a saved order find in stock', () => {
  let root: Root
  let form: Form
  beforeEach(() => {
    root = createRoot(document.body.appendChild(document.createElement('div')))
  })
  afterEach(() => {
    act(() => root.unmount())
    vi.restoreAllMocks()
  })
  const order: Rec = { id: 'so_1', version: 3, lines: [{ id: 'sl_1', product: { id: 'pr_1', label: 'Mug' }, qty: '2' }, { id: 'sl_2', product: { id: 'pr_2', label: 'Jug' }, qty: '1' }] }
  const answer = { record: order, problems: [], hints: [
    { field: 'lines.qty', row: 0, tone: 'good', text: '2 reserved' }, { field: 'lines.qty', row: 1, tone: 'warn', text: 'Only 0 are free; 1 short.' },
    { field: 'lines.price', row: 0, tone: 'info', text: 'The list says 9.00' }, { field: 'rate', row: null, tone: 'warn', text: 'far' },
  ] } as unknown as Preview
  const draw = async (editable: boolean): Promise<void> => {
    const Probe = (): null => {
      form = useDraft(meta, of('sales_order'), order, true, editable)
      return null
    }
    await act(async () => {
      root.render(createElement(QueryClientProvider, { client: new QueryClient() }, createElement(Probe)))
      await Promise.resolve()
    })
  }
  test('is asked for once, for all lines, and nothing else of the answer is told', async () => {
    const asked = vi.spyOn(api, 'preview').mockResolvedValue(answer)
    await draw(true)
    expect(asked).toHaveBeenCalledTimes(1)
    expect([...form.remarks.hints.values()].flat().map((hint) => hint.text)).toEqual(['2 reserved', 'Only 0 are free; 1 short.'])
    expect([form.dirty, form.draft.filled]).toEqual([false, {}])
  })
  test('is not asked for where nothing can be changed', async () => {
    const asked = vi.spyOn(api, 'preview').mockResolvedValue(answer)
    await draw(false)
    expect([asked.mock.calls.length, form.remarks.hints.size]).toEqual([0, 0])
  })
  test('an answer that comes after something was typed is left alone', async () => {
    let come: (answer: Preview) => void = () => undefined
    // The question asked after typing has no answer yet.
    vi.spyOn(api, 'preview').mockReturnValue(new Promise(() => undefined)).mockReturnValueOnce(new Promise((resolve) => {
      come = resolve
    }))
    await draw(true)
    act(() => form.change((now) => typeField(now, 'note', 'typed')))
    await act(async () => {
      come(answer)
      await Promise.resolve()
    })
    expect(form.remarks.hints.size).toBe(0)
  })
})

test('what is paid of lines is a column where some are paid; company money of other lines is not', () => {
  const line = { ...of('sales_order_line'), list: [], fields: [field('product', 'ref', { entity: 'product' }), field('delivered_qty', 'qty', { readonly: true }), field('paid_amount', 'amount', { readonly: true, currency: 'parent.currency' }), field('written', 'amount', { readonly: true, currency: 'company.currency' })] }
  const names = (rows?: Rec[]): string[] => lineColumns(line, rows).map((one) => one.name)
  expect(names([{ delivered_qty: '0', paid_amount: '0.00', written: '5.00' }])).toEqual(['product'])
  expect(names([{ delivered_qty: '1', paid_amount: '0.00' }, { delivered_qty: '0', paid_amount: '4.50', written: '5.00' }])).toEqual(['product', 'delivered_qty', 'paid_amount'])
  expect(names()).toEqual(['product', 'delivered_qty'])
})

test('what is open of a document that may be settled is told below what settled it, not twice', () => {
  const totals = [field('total', 'amount', { required: true }), field('total_base', 'amount', { required: true, currency: 'company.currency' }), field('open_amount', 'amount', { required: true })]
  const told = (record: Rec, isSettled: boolean): string[] => toldTotals(totals, record, { companyCurrency: 'CNY' }, isSettled).map((one) => one.name)
  expect(told({ currency: 'EUR' }, true)).toEqual(['total', 'total_base'])
  expect(told({ currency: 'CNY' }, false)).toEqual(['total', 'open_amount'])
})

test('a paper calls units, taxes and terms in its own language', () => {
  const piece = { name_en: 'pcs', name_zh: '件' }
  expect([nameIn('en', piece), nameIn('zh', piece), nameIn('both', piece)]).toEqual(['pcs', '件', '件 pcs'])
  expect([nameIn('both', { name_en: 'kg', name_zh: 'kg' }), nameIn('en', { name_zh: '箱' }), nameIn('zh', undefined)]).toEqual(['', '', ''])
  const order = { lines: [{ product: { id: 'pr_2', label: 'Jug' } }, { product: { id: 'pr_1', label: 'Mug' } }, { product: { id: 'pr_2', label: 'Jug' } }, { product: null }] }
  expect(namedIn(meta, 'sales_order', 'product', order)).toEqual(['pr_1', 'pr_2'])
})
