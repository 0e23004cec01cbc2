//! A sheet for spreadsheet programs: the few parts such a file needs, in a zip that packs nothing.
import { saveFile, type Cell } from './save.ts'

const CRC = Uint32Array.from({ length: 256 }, (_, at) => {
  let value = at
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1
  return value >>> 0
})

export function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff
  for (const byte of bytes) value = (CRC[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8)
  return (value ^ 0xffffffff) >>> 0
}

/** 1 January 1980, the first day a zip knows: the same sheet always gives the same file. */
const FIRST_DAY = 0x21
const VERSION = 20
const LOCAL = 0x04034b50
const CENTRAL = 0x02014b50
const END = 0x06054b50

export function zip(parts: readonly { name: string; text: string }[]): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder()
  const chunks: Uint8Array[] = []
  const directory: Uint8Array[] = []
  let at = 0
  const push = (to: Uint8Array[], ...bytes: Uint8Array[]): void => {
    to.push(...bytes)
    if (to === chunks) at += bytes.reduce((sum, one) => sum + one.length, 0)
  }
  /** Little end first; each number with its width in bytes. */
  const pack = (...numbers: [value: number, width: 2 | 4][]): Uint8Array => {
    const view = new DataView(new ArrayBuffer(numbers.reduce((sum, [, width]) => sum + width, 0)))
    let place = 0
    for (const [value, width] of numbers) {
      if (width === 2) view.setUint16(place, value, true)
      else view.setUint32(place, value, true)
      place += width
    }
    return new Uint8Array(view.buffer)
  }
  for (const part of parts) {
    const name = encoder.encode(part.name)
    const bytes = encoder.encode(part.text)
    const facts: [number, 2 | 4][] = [[VERSION, 2], [0, 2], [0, 2], [0, 2], [FIRST_DAY, 2], [crc32(bytes), 4], [bytes.length, 4], [bytes.length, 4], [name.length, 2], [0, 2]]
    push(directory, pack([CENTRAL, 4], [VERSION, 2], ...facts, [0, 2], [0, 2], [0, 2], [0, 4], [at, 4]), name)
    push(chunks, pack([LOCAL, 4], ...facts), name, bytes)
  }
  const size = directory.reduce((sum, one) => sum + one.length, 0)
  chunks.push(...directory, pack([END, 4], [0, 2], [0, 2], [parts.length, 2], [parts.length, 2], [size, 4], [at, 4], [0, 2]))
  const all = new Uint8Array(at + size + 22)
  let place = 0
  for (const chunk of chunks) {
    all.set(chunk, place)
    place += chunk.length
  }
  return all
}

// XML 1.0 knows no other control characters than these three, not even escaped.
const escape = (text: string): string =>
  text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '').replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)

/** `A`, `Z`, `AA`. */
export const columnName = (index: number): string => (index < 26 ? String.fromCharCode(65 + index) : columnName(Math.floor(index / 26) - 1) + columnName(index % 26))

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const RELATIONS = 'http://schemas.openxmlformats.org/package/2006/relationships'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const TYPES = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
/** Places in `cellXfs` below. */
const STYLES = { plain: 0, head: 1, whole: 2, cents: 3, percent: 4 } as const
const NAME_MAX = 31
const WIDTH_MAX = 48

export interface Sheet {
  name: string
  rows: readonly (readonly Cell[])[]
  /** How many rows are heads, and how many columns name the rows: they stay in sight. */
  heads: number
  leads: number
}

function sheetXml({ rows, heads, leads }: Sheet): string {
  const cell = (value: Cell, row: number, column: number): string => {
    const place = `${columnName(column)}${row + 1}`
    if (typeof value === 'object') return value.digits === '' ? '' : `<c r="${place}" s="${STYLES[value.shown ?? 'plain']}"><v>${value.digits}</v></c>`
    if (typeof value === 'number') return `<c r="${place}"><v>${value}</v></c>`
    return value === '' ? '' : `<c r="${place}" s="${row < heads ? STYLES.head : STYLES.plain}" t="inlineStr"><is><t xml:space="preserve">${escape(value)}</t></is></c>`
  }
  const count = Math.max(1, ...rows.map((row) => row.length))
  // Han characters are as wide as two digits.
  const wide = (value: Cell | undefined): number => (value === undefined ? 0 : typeof value === 'object' ? value.digits.length + 2 : [...String(value)].reduce((sum, sign) => sum + (sign > '\u2e7f' ? 2 : 1), 0))
  const columns = Array.from({ length: count }, (_, at) => `<col min="${at + 1}" max="${at + 1}" width="${Math.min(WIDTH_MAX, Math.max(9, ...rows.slice(0, 500).map((row) => wide(row[at]) + 2)))}" customWidth="1"/>`).join('')
  const still = heads + leads === 0 ? '' : `<pane${leads ? ` xSplit="${leads}"` : ''}${heads ? ` ySplit="${heads}"` : ''} topLeftCell="${columnName(leads)}${heads + 1}" activePane="${leads && heads ? 'bottomRight' : heads ? 'bottomLeft' : 'topRight'}" state="frozen"/>`
  return `${HEAD}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0">${still}</sheetView></sheetViews><cols>${columns}</cols><sheetData>${rows.map((row, at) => `<row r="${at + 1}">${row.map((value, column) => cell(value, at, column)).join('')}</row>`).join('')}</sheetData></worksheet>`
}

export function xlsxOf(sheet: Sheet): Uint8Array<ArrayBuffer> {
  const name = escape(sheet.name.replace(/[[\]:*?/\\']/g, ' ').slice(0, NAME_MAX).trim() || 'Sheet')
  const relation = (id: number, kind: string, target: string): string => `<Relationship Id="rId${id}" Type="${OFFICE}/${kind}" Target="${target}"/>`
  return zip([
    { name: '[Content_Types].xml', text: `${HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPES}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${TYPES}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPES}.styles+xml"/></Types>` },
    { name: '_rels/.rels', text: `${HEAD}<Relationships xmlns="${RELATIONS}">${relation(1, 'officeDocument', 'xl/workbook.xml')}</Relationships>` },
    { name: 'xl/workbook.xml', text: `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="${name}" sheetId="1" r:id="rId1"/></sheets></workbook>` },
    { name: 'xl/_rels/workbook.xml.rels', text: `${HEAD}<Relationships xmlns="${RELATIONS}">${relation(1, 'worksheet', 'worksheets/sheet1.xml')}${relation(2, 'styles', 'styles.xml')}</Relationships>` },
    { name: 'xl/styles.xml', text: `${HEAD}<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="5">${[[0, 0], [0, 1], [3, 0], [4, 0], [10, 0]].map(([format, font]) => `<xf numFmtId="${format}" fontId="${font}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>`).join('')}</cellXfs></styleSheet>` },
    { name: 'xl/worksheets/sheet1.xml', text: sheetXml(sheet) },
  ])
}

export const saveSheet = (file: string, sheet: Sheet): void => saveFile(file, [xlsxOf(sheet)], `${TYPES}.sheet`)
