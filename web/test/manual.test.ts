import { expect, test } from 'vitest'
import { anchorOf, find, inOrder, linkOf, readPage } from '@/lib/manual.ts'

const page = readPage('order-to-cash', '<!-- about: quotation sales_order -->\n# 从报价到收款\n\n客户询价。\n\n## 2. 报价\n\n1. 打开**销售 › 报价单**。\n2. 按 `Ctrl S` 保存。\n\n| 键 | 作用 |\n| --- | --- |\n| F1 | 手册 |\n\n## Paid *in* parts\n\n![a picture](pictures/x.png)\n')

test('a page is its headings with what a person reads below them', () => {
  expect(page.title).toBe('从报价到收款')
  expect(page.about).toEqual(['quotation', 'sales_order'])
  expect(page.sections.map((section) => [section.anchor, section.text])).toEqual([
    ['从报价到收款', '客户询价。'],
    ['2-报价', '打开销售 › 报价单。 按 Ctrl S 保存。 键 作用 F1 手册'],
    ['paid-in-parts', ''],
  ])
})

test('what is searched must hold every word, and headings come first', () => {
  const other = readPage('other', '# Other\n\n报价 is mentioned. Ctrl S too.\n')
  expect(find([other, page], '报价').map((hit) => hit.section.anchor)).toEqual(['从报价到收款', '2-报价', 'other'])
  expect(find([other, page], 'ctrl 报价').map((hit) => hit.page.name)).toEqual(['order-to-cash', 'other'])
  expect(find([page], 'ctrl').map((hit) => hit.word)).toEqual(['Ctrl'])
  expect(find([page], '没有的词')).toEqual([])
  expect(find([page], '   ')).toEqual([])
})

test('links lead to pages, places in them, or outside', () => {
  expect(linkOf('order-to-cash', 'users-and-keys.zh.md')).toEqual({ page: 'users-and-keys', anchor: '' })
  expect(linkOf('order-to-cash', 'scenarios/index.en.md#x')).toEqual({ page: 'scenarios/index', anchor: 'x' })
  expect(linkOf('scenarios/sold_in_parts', '../order-to-cash.en.md')).toEqual({ page: 'order-to-cash', anchor: '' })
  expect(linkOf('scenarios/sold_in_parts', '#2')).toEqual({ page: 'scenarios/sold_in_parts', anchor: '2' })
  expect(linkOf('a', 'https://example.com/')).toEqual({ outside: 'https://example.com/' })
})

test('pages by hand come before printed ones', () => {
  const names = ['scenarios/a', 'scenarios/index', 'users-and-keys', 'zebra', 'order-to-cash'].map((name) => readPage(name, `# ${name}\n`))
  expect(inOrder(names).map((one) => one.name)).toEqual(['order-to-cash', 'users-and-keys', 'zebra', 'scenarios/index', 'scenarios/a'])
  expect(anchorOf('Ordered once, delivered!')).toBe('ordered-once-delivered')
})
