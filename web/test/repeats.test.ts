import { expect, test } from 'vitest'
import { repeats } from '@/views/form/LineRow.tsx'

test('a description that only repeats the product is told from one written for the line', () => {
  const bike = { id: 'pr_1', label: 'BK-M500 山地自行车 Mountain bike' }
  expect(repeats('山地自行车 Mountain bike', bike)).toBe(true)
  expect(repeats('山地自行车 Mountain bike, red', bike)).toBe(false)
  expect(repeats('', bike)).toBe(false)
  expect(repeats(null, bike)).toBe(false)
})
