import { describe, expect, test } from 'vitest'
import type { Entity, Field, MetaData } from '@/api/types.ts'
import { Meta } from '@/meta/meta.ts'
import { askedOf, refFields, suggest } from '@/views/list/suggest.ts'

const label = (en: string) => ({ en, zh: en })
const field = (name: string, kind: Field['kind'], en: string, more: Partial<Field> = {}): Field => ({ name, kind, label: label(en), ...more })
const customer = field('customer', 'ref', 'Customer', { entity: 'party' })
const fields = [field('number', 'text', 'Number'), customer, field('owner', 'ref', 'Owner', { entity: 'user' }), field('stage', 'choice', 'Stage', { choice: 'stage' }), field('due_on', 'date', 'Due'), field('total', 'amount', 'Total'), field('remark', 'text', 'Remark')]
const entity = { name: 'order', fields, list: ['number', 'customer', 'owner', 'stage', 'due_on', 'total'], title: ['number'] } as unknown as Entity
const data = {
  entities: { order: entity, party: { name: 'party', fields: [], can: { see: true } }, user: { name: 'user', fields: [], can: { see: false } } },
  choices: { stage: [{ code: 'draft', label: label('Draft') }, { code: 'confirmed', label: label('Confirmed') }] }, reports: {},
} as unknown as MetaData
const meta = new Meta(data, 'en')
const words = { range: (range: string) => range.replaceAll('_', ' '), overdue: 'Overdue' }
const conditions = (text: string) => {
  const { before, after } = suggest(meta, entity, text, '2026-11-26', words)
  return [...before, ...after].map((offer) => offer.condition)
}

describe('what typed words may mean', () => {
  test('a choice by its beginning, or all of a field by its name', () => {
    expect(conditions('conf')[0]).toEqual(['stage', 'in', ['confirmed']])
    expect(conditions('stage')).toEqual(expect.arrayContaining([['stage', 'in', ['draft']], ['stage', 'in', ['confirmed']]]))
  })
  test('ready ranges, a day, and what is late', () => {
    expect(conditions('last month')).toContainEqual(['due_on', 'within', 'last_month'])
    expect(conditions('2026-11-03')).toContainEqual(['due_on', '=', '2026-11-03'])
    expect(conditions('overdue')).toContainEqual(['due_on', '<', '2026-11-26'])
  })
  test('an amount, with a sign, or with the name of its field', () => {
    expect(conditions('500')[0]).toEqual(['total', '>=', '500'])
    expect(conditions('<= 1,500')[0]).toEqual(['total', '<=', '1500'])
    expect(conditions('total ≥ 500')[0]).toEqual(['total', '>=', '500'])
    expect(conditions('total 500').slice(0, 2)).toEqual([['total', '>=', '500'], ['total', '<=', '500']])
  })
  test('a text that contains the words, in fields one sees', () => {
    expect(conditions('blue')).toEqual([['number', 'contains', 'blue']])
    expect(conditions('  ')).toEqual([])
  })
  test('records of fields one sees and may see, by what follows the name of the field', () => {
    expect(refFields(meta, entity)).toEqual([customer])
    expect(askedOf(meta, customer, 'Customer blue')).toBe('blue')
    expect(askedOf(meta, customer, 'blue')).toBe('blue')
  })
})
