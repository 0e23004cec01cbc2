// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { columnName, crc32, xlsxOf, zip } from '@/lib/xlsx.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Reads a zip by its directory, as programs do, and believes nothing: sizes, places and sums must agree. */
function unzip(file: Uint8Array): Map<string, string> {
  const view = new DataView(file.buffer)
  const end = file.length - 22
  expect(view.getUint32(end, true)).toBe(0x06054b50)
  const count = view.getUint16(end + 10, true)
  const start = view.getUint32(end + 16, true)
  expect(start + view.getUint32(end + 12, true)).toBe(end)
  const parts = new Map<string, string>()
  let at = start
  for (let index = 0; index < count; index += 1) {
    expect(view.getUint32(at, true)).toBe(0x02014b50)
    expect(view.getUint16(at + 10, true), 'stored').toBe(0)
    const [sum, packed, size, nameLength, local] = [view.getUint32(at + 16, true), view.getUint32(at + 20, true), view.getUint32(at + 24, true), view.getUint16(at + 28, true), view.getUint32(at + 42, true)]
    const name = new TextDecoder().decode(file.slice(at + 46, at + 46 + nameLength))
    expect(packed).toBe(size)
    expect(view.getUint32(local, true)).toBe(0x04034b50)
    expect([view.getUint32(local + 14, true), view.getUint32(local + 18, true), view.getUint16(local + 26, true)]).toEqual([sum, size, nameLength])
    const from = local + 30 + nameLength + view.getUint16(local + 28, true)
    const content = file.slice(from, from + size)
    expect(crc32(content)).toBe(sum)
    parts.set(name, new TextDecoder().decode(content))
    at += 46 + nameLength
  }
  expect(at).toBe(end)
  return parts
}

test('the check sum is the one all zips use', () => {
  expect(crc32(bytes('123456789'))).toBe(0xcbf43926)
  expect(crc32(bytes(''))).toBe(0)
})

test('what is put into a zip comes out of it', () => {
  expect([...unzip(zip([{ name: 'a.txt', text: '合一' }, { name: 'b/c.txt', text: '' }]))]).toEqual([['a.txt', '合一'], ['b/c.txt', '']])
})

test('columns are named as in a spreadsheet', () => {
  expect([0, 25, 26, 51, 52, 701, 702].map(columnName)).toEqual(['A', 'Z', 'AA', 'AZ', 'BA', 'ZZ', 'AAA'])
})

test('numbers stay numbers with every digit, words stay words', () => {
  const parts = unzip(xlsxOf({ name: "Orders: [all]/'x'", heads: 1, leads: 1, rows: [['客户 & <Co>', 'Total'], ['=1+1', { digits: '-12345678901234567.89', shown: 'cents' }], ['', { digits: '' }], [' two\u0000 ', 7]] }))
  const sheet = parts.get('xl/worksheets/sheet1.xml') ?? ''
  expect(sheet).toContain('<c r="B2" s="3"><v>-12345678901234567.89</v></c>')
  expect(sheet).toContain('<c r="A2" s="0" t="inlineStr"><is><t xml:space="preserve">=1+1</t></is></c>')
  expect(sheet).toContain('客户 &#38; &#60;Co&#62;')
  expect(sheet).toContain('<row r="3"></row>')
  expect(sheet).toContain('<t xml:space="preserve"> two </t>')
  expect(sheet).toContain('<pane xSplit="1" ySplit="1" topLeftCell="B2" activePane="bottomRight" state="frozen"/>')
  expect(parts.get('xl/workbook.xml')).toContain('<sheet name="Orders   all   x" ')
  const faults = (text: string): number => new DOMParser().parseFromString(text, 'application/xml').querySelectorAll('parsererror').length
  expect(faults('<a><b></a>')).toBe(1)
  for (const [name, text] of parts) expect(faults(text), name).toBe(0)
  const types = parts.get('[Content_Types].xml') ?? ''
  for (const [, part] of types.matchAll(/PartName="\/([^"]+)"/g)) expect(parts.has(part ?? ''), part).toBe(true)
})
