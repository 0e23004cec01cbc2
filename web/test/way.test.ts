import { describe, expect, test } from 'vitest'
import { readWay, wayTo, type Crumb } from '@/lib/way.ts'

const crumb = (to: string): Crumb => ({ to, title: to })
const walk = (...pages: string[]): string[] => {
  let way: Crumb[] = []
  pages.reduce((here, to) => {
    way = wayTo(to, crumb(here), way)
    return to
  })
  return way.map((one) => one.to)
}

describe('the way one came', () => {
  test('a list with its search, a record, one it names', () => {
    expect(walk('/sales_order?search=a', '/sales_order/so_1', '/party/pa_1')).toEqual(['/sales_order?search=a', '/sales_order/so_1'])
  })
  test('going back takes the way back', () => {
    expect(walk('/sales_order', '/sales_order/so_1', '/party/pa_1', '/sales_order/so_1')).toEqual(['/sales_order'])
    expect(walk('/sales_order?search=a', '/sales_order/so_1', '/sales_order?search=a')).toEqual([])
  })
  test('the menu and home begin anew, a figure of home does not', () => {
    expect(walk('/sales_order/so_1', '/party/pa_1', '/invoice')).toEqual([])
    expect(walk('/invoice/in_1', '/')).toEqual([])
    expect(walk('/', '/invoice?filter=x', '/invoice/in_1')).toEqual(['/', '/invoice?filter=x'])
    expect(walk('/', '/report/balance_sheet', '/report/general_ledger?account=1', '/journal_entry/je_1')).toEqual(['/report/balance_sheet', '/report/general_ledger?account=1'])
  })
  test('forms that were filled in and prints are not come back to; the same list asked otherwise is one place', () => {
    expect(walk('/sales_order', '/sales_order/new', '/sales_order/so_1')).toEqual(['/sales_order'])
    expect(walk('/sales_order', '/sales_order?search=a', '/sales_order/so_1')).toEqual(['/sales_order?search=a'])
    expect(walk('/sales_order/so_1', '/print/sales_order/so_1', '/chain/sales_order/so_1')).toEqual(['/sales_order/so_1'])
  })
  test('a ring does not grow, and no way is endless', () => {
    expect(walk('/a/1', '/b/1', '/a/1?x=1', '/b/1')).toEqual(['/a/1'])
    expect(walk('/l', ...Array.from({ length: 20 }, (_, at) => `/a${at}/x`))).toHaveLength(6)
  })
  test('what the history holds is looked at before it is believed', () => {
    expect(readWay({ way: [crumb('/a'), { to: 'https://evil.example', title: 'x' }, 3] })).toEqual([crumb('/a')])
    expect(readWay(null)).toEqual([])
  })
})
