import { expect, test } from 'vitest'
import type { Entity, Field } from '@/api/types.ts'
import type { Meta } from '@/meta/meta.ts'
import { wayBackTo } from '@/views/form/undo.ts'

const field = (name: string, kind: Field['kind'], more: Partial<Field> = {}): Field => ({ name, kind, label: { en: name, zh: name }, ...more })
const line = { name: 'line', fields: [field('qty', 'qty'), field('net', 'amount', { computed: true })] } as unknown as Entity
const order = { name: 'order', fields: [field('customer', 'ref'), field('terms', 'text'), field('total', 'amount', { computed: true }), field('lines', 'owned', { entity: 'line' })] } as unknown as Entity
const meta = { entity: () => line } as unknown as Meta
const before = { id: 'so_1', customer: { id: 'pa_1', label: 'A' }, terms: '30 days', total: '5', lines: [{ id: 'l1', qty: '1', net: '2' }, { id: 'l2', qty: '2', net: '3' }] }

test('what was typed goes back, and what was filled in with it; nothing else is touched', () => {
  expect(wayBackTo(meta, order, before, { ...before, customer: { id: 'pa_2', label: 'B' }, terms: null, total: '9' })).toEqual({ customer: 'pa_1', terms: '30 days' })
  expect(wayBackTo(meta, order, before, { ...before, total: '9' })).toBe(null)
})

test('lines go back as a whole; one that is gone comes back as a new one', () => {
  expect(wayBackTo(meta, order, before, { ...before, lines: [{ id: 'l1', qty: '4' }, { id: 'l3', qty: '1' }] })).toEqual({ lines: [{ id: 'l1', qty: '1' }, { qty: '2' }] })
})
