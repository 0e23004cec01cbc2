import { expect, test } from 'vitest'
import { match } from '@/lib/match.ts'

test('words are found at their beginning first, initials too, and letters at random not', () => {
  expect(match('sal', 'Sales orders')).toBeGreaterThan(match('ord', 'Sales orders'))
  expect(match('ord', 'Sales orders')).toBeGreaterThan(match('ders', 'Sales orders'))
  expect(match('so', 'Sales orders')).toBeGreaterThan(0)
  expect(match('xq', 'Sales orders')).toBe(0)
  expect(match('订单', '销售订单')).toBeGreaterThan(0)
  expect(match('new order', 'New Sales order')).toBeGreaterThan(0)
  for (const slip of ['slaes', 'salse', 'sals orders', 'saless', 'sakes']) expect(match(slip, 'Sales orders'), slip).toBeGreaterThan(0)
  expect(match('xales', 'Sales orders')).toBe(0)
  expect(match('slesa', 'Sales orders')).toBe(0)
  expect(match('', 'anything')).toBe(1)
})
