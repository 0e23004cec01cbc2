import { expect, test } from 'vitest'
import { meta } from '../dev/mock_meta.ts'
import type { Entity } from '@/api/types.ts'
import { ticks } from '@/ui/chartOptions.ts'
import { secondGroup } from '@/views/chart/shape.ts'
import { rowsIn } from '@/views/dashboard/ListCardView.tsx'

test('a card shows whole rows: all of them, or as many as leave room for the way to the others', () => {
  expect(rowsIn(244, 5, false)).toBe(5)
  expect(rowsIn(244, 20, false)).toBe(5)
  expect(rowsIn(244, 5, true)).toBe(5)
  expect(rowsIn(0, 9, false)).toBe(1)
})

test('along lying bars so few steps stand that none is left out', () => {
  expect([0, 380, 430, 600].map(ticks)).toEqual([2, 2, 3, 4])
})

test('a heat map of one grouping is offered another one', () => {
  const entity = meta.entities['sales_order'] as Entity
  const second = secondGroup(entity, ['ordered_on:month'])
  expect(second).toBe(entity.stage_field)
  expect(secondGroup(entity, ['ordered_on:month', second ?? ''])).toBeUndefined()
})
