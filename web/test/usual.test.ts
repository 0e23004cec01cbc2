import { expect, test } from 'vitest'
import type { Entity, Field } from '@/api/types.ts'
import { withUsual } from '@/views/form/usual.ts'

const field = (name: string, kind: Field['kind'], more: Partial<Field> = {}): Field => ({ name, kind, label: { en: name, zh: name }, ...more })
const order = { kind: 'document', fields: [field('currency', 'currency', { required: true }), field('rate', 'rate', { factor: true }), field('total', 'amount', { currency: 'currency' })] } as unknown as Entity

test('a new document shows the money of the company until its customer says otherwise', () => {
  expect(withUsual(order, { currency: null, rate: '0' }, 'CNY')).toEqual({ currency: 'CNY', rate: '1' })
  expect(withUsual(order, { currency: 'EUR', rate: '7.8' }, 'CNY')).toEqual({ currency: 'EUR', rate: '7.8' })
})

test('what is in no money yet is left alone: a price list, the worth of a foreign currency', () => {
  const list = { ...order, kind: 'master' } as Entity
  expect(withUsual(list, { currency: null }, 'CNY')).toEqual({ currency: null })
  const move = { ...order, fields: order.fields.filter((one) => one.kind !== 'amount') } as Entity
  expect(withUsual(move, { currency: null }, 'CNY')).toEqual({ currency: null })
})
