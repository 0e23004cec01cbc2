import { describe, expect, test } from 'vitest'
import { add, compare, digits, divide, evaluate, formatMoney, formatNumber, isZero, multiply, negate, round, shift, subtract, sum, trim } from '@/lib/decimal.ts'

describe('decimals are exact', () => {
  test('what a float gets wrong is right', () => {
    expect(add('0.1', '0.2')).toBe('0.3')
    expect(sum(['0.10', '0.20', '-0.30'])).toBe('0.00')
    expect(subtract('9007199254740993.01', '0.01')).toBe('9007199254740993.00')
    expect(multiply('1.005', '1000')).toBe('1005.000')
  })
  test('rounding is half away from zero, as on the server', () => {
    const cases: [string, number, string][] = [['1.005', 2, '1.01'], ['-1.005', 2, '-1.01'], ['2.344', 2, '2.34'], ['0.5', 0, '1'], ['-0.5', 0, '-1'], ['7', 2, '7.00'], ['0.0049', 2, '0.00']]
    for (const [value, scale, rounded] of cases) expect(round(value, scale)).toBe(rounded)
  })
  test('division keeps six digits and refuses zero', () => {
    expect(divide('1', '3')).toBe('0.333333')
    expect(divide('-2', '3')).toBe('-0.666667')
    expect(divide('1', '0')).toBeNull()
  })
  test('sum of parts is the sum, however they are ordered', () => {
    const parts = Array.from({ length: 200 }, (_, index) => `${index % 7 === 0 ? '-' : ''}${index * 37}.${String((index * 13) % 100).padStart(2, '0')}`)
    expect(compare(sum(parts), sum([...parts].reverse()))).toBe(0)
    expect(isZero(add(sum(parts), negate(sum(parts))))).toBe(true)
  })
  test('the point moves without losing digits', () => {
    expect(shift('0.13', 2)).toBe('13')
    expect(shift('0.135', 2)).toBe('13.5')
    expect(shift('13', -2)).toBe('0.13')
    expect(shift('1.5', 3)).toBe('1500')
    expect(trim('2.500')).toBe('2.5')
    expect(trim('100')).toBe('100')
    expect(trim('0.00')).toBe('0')
  })
})

describe('what people type', () => {
  const cases: [string, string | null][] = [
    ['12', '12'], ['1,234.50', '1234.50'], ['１２．５', '12.5'], ['¥ 99', '99'], ['=3*12+0.5', '36.5'], ['(1+2)*4', '12'], ['10/4', '2.5'], ['-5', '-5'], ['5-', null],
    ['2×3', '6'], ['abc', null], ['', null], ['1..2', null], ['1/0', null], ['(1', null], ['.5', '0.5'], ['--2', '2'],
    ['1,5', '1.5'], ['0,75', '0.75'], ['1.234,56', '1234.56'], ['1.234.567', '1234567'], ['1,234', '1234'], ['1,0000', '10000'], ['1,00,000', '100000'], ['1.5', '1.5'],
    ['1,23,4', null], ['1.2.3', null], ['1,234,5', null], ['1.23,456.7', null], ['12,5*2', '25.0'], ['1 234,50', '1234.50'], [',5', '0.5'],
  ]
  for (const [typed, value] of cases) test(`${typed || 'nothing'} is ${value ?? 'not understood'}`, () => expect(evaluate(typed)).toBe(value))
})

describe('money as it is read', () => {
  test('digits follow the currency', () => {
    expect([digits('CNY'), digits('JPY'), digits('KWD')]).toEqual([2, 0, 3])
  })
  test('large amounts keep every digit', () => {
    expect(formatMoney('12345678901234567.89', 'en-GB', 'USD')).toContain('12,345,678,901,234,567.89')
    expect(formatNumber('0.123456', 'en-GB')).toBe('0.123456')
  })
  test('an unknown currency is still shown', () => {
    expect(formatMoney('1.50', 'en-GB', 'nonsense')).toBe('nonsense 1.50')
  })
})
