import { expect, test } from 'vitest'
import { csvOf } from '@/lib/save.ts'

test('a CSV keeps what it is given, and no cell is a formula', () => {
  expect(csvOf([['序号', 'why'], [7, 'a "b", c\nd']])).toBe('序号,why\r\n7,"a ""b"", c\nd"\r\n')
  expect(csvOf([['=1+1', '@x', '-3', -3]])).toBe("'=1+1,'@x,'-3,-3\r\n")
})

test('a figure keeps all its digits and its sign', () => {
  expect(csvOf([[{ digits: '-12345678901234567.89', shown: 'cents' }, { digits: '' }]])).toBe('-12345678901234567.89,\r\n')
})
