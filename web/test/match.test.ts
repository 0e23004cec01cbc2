import { expect, test } from 'vitest'
import { askedNew, match } from '@/lib/match.ts'

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
  expect(match('新建发票', '新建发货单'), 'another sign is another word').toBe(0)
})

test('what is asked for anew is told from the word for that', () => {
  expect(askedNew('new invoice')).toBe('invoice')
  expect(askedNew('Create a sales order')).toBe('sales order')
  expect(askedNew('新建发票')).toBe('发票')
  expect(askedNew('新增 客户')).toBe('客户')
  expect(askedNew('new')).toBe('')
  expect(askedNew('newton')).toBe(null)
  expect(askedNew('invoice new')).toBe(null)
  expect(match(askedNew('新建发票') ?? '', '新建销售发票')).toBeGreaterThan(0)
})
