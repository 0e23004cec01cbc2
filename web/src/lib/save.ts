//! Files made here, for the person to keep.

/** A number of any length, and how a spreadsheet shows it. */
export interface Numeral { digits: string; shown?: 'whole' | 'cents' | 'percent' }
export type Cell = string | number | Numeral

export function saveFile(name: string, parts: BlobPart[], type: string): void {
  const address = URL.createObjectURL(new Blob(parts, { type }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 1000)
}

/** Text as UTF-8; with the mark Excel needs to see Chinese in a CSV. */
export const saveText = (name: string, text: string): void => saveFile(name, ['\ufeff', text], 'text/csv;charset=utf-8')

/** Rows as CSV (RFC 4180). What a spreadsheet would take for a formula is kept as text by an apostrophe. */
export function csvOf(rows: readonly (readonly Cell[])[]): string {
  const cell = (value: Cell): string => {
    const text = typeof value === 'number' ? String(value) : typeof value === 'object' ? value.digits : /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')
}
