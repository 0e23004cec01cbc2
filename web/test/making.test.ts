//! A record made from the field that is to name it is what that field looks for.
import { expect, test } from 'vitest'
import type { Entity, Field, Filter } from '@/api/types.ts'
import { asWanted } from '@/fields/making.ts'
import { Meta } from '@/meta/meta.ts'
import { askedOf } from '@/views/form/asked.ts'
import { meta as data } from '../dev/mock_meta.ts'

const meta = new Meta(data, 'en')
const field = (name: string, kind: Field['kind'], more: Partial<Field> = {}): Field => ({ name, kind, label: { en: name, zh: name }, ...more }) as Field
const party = {
  name: 'party', title: ['name'], sections: [], list: [], kind: 'master',
  fields: [field('code', 'text', { required: true }), field('name', 'text', { required: true }), field('is_customer', 'bool'), field('parent', 'ref', { entity: 'party' }), field('balance', 'amount', { computed: true }), field('phone', 'phone')],
} as unknown as Entity

test('where customers are chosen a customer is made, and nothing a filter only may say', () => {
  expect(asWanted(party, ['is_customer', '=', true])).toEqual({ is_customer: true })
  expect(asWanted(party, ['and', ['is_customer', '=', true], ['parent', '=', 'pa_1']] as Filter)).toEqual({ is_customer: true, parent: 'pa_1' })
  expect(asWanted(party, ['or', ['is_customer', '=', true], ['parent', '=', 'pa_1']] as Filter)).toEqual({})
  expect(asWanted(party, ['is_customer', '!=', true] as Filter)).toEqual({})
  expect(asWanted(party, ['balance', '=', '0'] as Filter)).toEqual({})
  expect(asWanted(party, ['owner.team', '=', 'x'] as Filter)).toEqual({})
  expect(asWanted(party, null)).toEqual({})
})

test('what was missed is asked for with the name; what nobody can place asks for all', () => {
  const names = (problems: { field: string | null }[], whole = false): string[] => askedOf(meta, party, { name: 'New' }, problems as never, whole).map((one) => one.name)
  expect(names([{ field: 'code' }])).toEqual(['code', 'name'])
  expect(names([{ field: 'is_customer' }])).toEqual(['code', 'name', 'is_customer'])
  expect(names([{ field: null }])).toEqual(['code', 'name', 'is_customer', 'parent', 'phone'])
  expect(names([], true)).toEqual(['code', 'name', 'is_customer', 'parent', 'phone'])
})
