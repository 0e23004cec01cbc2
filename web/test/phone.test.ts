import { expect, test } from 'vitest'
import { spaced } from '@/fields/phone.tsx'

test.each([
  ['13812345678', undefined, '138 1234 5678'],
  ['01088881234', 'CN', '010 8888 1234'],
  ['057188881234', 'CN', '0571 8888 1234'],
  ['+8613812345678', 'DE', '+86 138 1234 5678'],
  ['+862188881234', 'DE', '+86 21 8888 1234'],
  ['2125550100', 'US', '(212) 555-0100'],
  ['+12125550100', 'CN', '+1 (212) 555-0100'],
  ['+85223456789', undefined, '+852 2345 6789'],
  ['0142345678', 'FR', '01 42 34 56 78'],
  ['02079460000', 'GB', '020 7946 0000'],
  ['0312345678', 'JP', '03-1234-5678'],
  // Numbers of countries we know nothing of, and what people wrote with gaps of their own, stay.
  ['+49405550018', 'DE', '+49405550018'],
  ['057188881234', undefined, '057188881234'],
  ['040 5550018', 'DE', '040 5550018'],
  ['0571 1001', 'CN', '0571 1001'],
  ['13812345678', 'DE', '13812345678'],
])('%s of %s is written %s', (value, country, shown) => {
  expect(spaced(value, country)).toBe(shown)
})
