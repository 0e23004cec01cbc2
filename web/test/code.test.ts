import { expect, test } from 'vitest'
import { nextCode } from '@/fields/nextCode.ts'

test('the next of a series, with its noughts', () => {
  expect(nextCode(['C0009', 'C0008', 'C0007'])).toBe('C0010')
  expect(nextCode(['1099', '1098'])).toBe('1100')
  expect(nextCode(['K-99', 'K-98'])).toBe('K-100')
})

test('one that was filled in later does not bring a code twice', () => {
  expect(nextCode(['C0003', 'C0012', 'C0011'])).toBe('C0013')
})

test('what was not counted on is left to the person', () => {
  expect(nextCode([])).toBe(null)
  expect(nextCode(['LONDON', 'C0002', 'C0001'])).toBe(null)
  expect(nextCode(['C0001', 'PARIS', 'LONDON'])).toBe(null)
  expect(nextCode(['T1795762036171', 'T1795761996032'])).toBe(null)
  expect(nextCode(['C99999999999999999999', 'C99999999999999999998'])).toBe(null)
})
