//! Lines of a document as a sheet for the keyboard: product, Tab, quantity, Enter, next line.
import { App } from 'antd'
import { useEffect, useMemo, useRef, useState, type ClipboardEvent, type CSSProperties, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entity, Field, Hint, Rec } from '@/api/types.ts'
import { kitOf } from '@/fields/kits.tsx'
import { useLatest, usePhone, useWidth } from '@/lib/hooks.ts'
import { isComposing } from '@/lib/keys.ts'
import { cellsOf } from '@/lib/tsv.ts'
import { useScene } from '@/meta/meta.ts'
import { inPlace } from '@/ui/inPlace.ts'
import { HintText } from '@/ui/parts.tsx'
import { useComplain } from '@/ui/Snack.tsx'
import { addRow, blankRow, isBlank, leadField, moveRow, removeRow, typeCell, type Draft, type Row } from './draft.ts'
import { isStreet } from '@/fields/kinds.ts'
import { CARDS_BELOW, EDGES, fittedWidths, fixed, lineColumns } from './lineColumns.ts'
import { LineCards } from './LineCards.tsx'
import { LineRow, type Hands } from './LineRow.tsx'
import { LineTools } from './LineTools.tsx'
import { blockOf, PASTED_MAX, readBlock, withBlock, withCopy, type Unread } from './pasting.ts'
import type { Remarks } from './useDraft.ts'
import { useDrawn } from './useDrawn.ts'

export interface LineGridProps {
  field: Field
  line: Entity
  draft: Draft
  record: Rec
  editable: boolean
  change: (step: (draft: Draft) => Draft) => void
  remarks: Remarks
}

/** What is said of a line: the columns that are wrong, why, and hints. */
export interface Said { wrong: string[]; errors: string[]; hints: Hint[] }
const SILENT: Said = { wrong: [], errors: [], hints: [] }

export function LineGrid({ field, line, draft, record, editable, change, remarks }: LineGridProps) {
  const { t } = useTranslation()
  const scene = useScene()
  const phone = usePhone()
  const root = useRef<HTMLDivElement>(null)
  const table = useRef<HTMLTableElement>(null)
  const room = useWidth(root)
  const wanted = useRef<{ key: string; column: string } | null>(null)
  const [dragged, setDragged] = useState<string | null>(null)
  const [unread, setUnread] = useState<ReadonlyMap<string, readonly Unread[]>>(new Map())
  const { message } = App.useApp()
  const complain = useComplain()
  const owned = field.name
  const rows = draft.rows[owned] ?? []
  const done = rows.some((row) => Object.values(row.base).length > 0) ? rows : undefined
  const found = lineColumns(line, (done ?? []).map((row) => row.base))
  // The same columns are the same array: else each key would redraw every line.
  const columns = useMemo(() => found, [line, found.map((column) => column.name).join()])
  const typable = columns.filter((column) => !fixed(column))
  const lead = leadField(line) ?? typable[0]

  const focus = (key: string, column: string): void => {
    wanted.current = { key, column }
  }
  useEffect(() => {
    const to = wanted.current
    if (!to) return
    wanted.current = null
    root.current?.querySelector<HTMLElement>(`[data-row="${to.key}"] [data-column="${to.column}"] :is(input, textarea, button)`)?.focus()
  })

  const add = (at: number): void => {
    const row = blankRow()
    if (lead) focus(row.key, lead.name)
    change((now) => addRow(now, owned, at, row))
  }
  const remove = (row: Row): void => {
    const at = rows.indexOf(row)
    const next = rows[at + 1] ?? rows[at - 1]
    if (next && lead) focus(next.key, lead.name)
    change((now) => removeRow(now, owned, row.key))
  }
  const put = (row: Row, column: Field, value: Parameters<typeof typeCell>[5]): void => {
    if (unread.has(row.key)) setUnread((now) => new Map([...now].map(([key, cells]) => [key, key === row.key ? cells.filter((cell) => cell.field !== column) : cells])))
    change((now) => typeCell(now, owned, line, row.key, column.name, value))
  }
  const fill = (row: Row, values: Rec): void => {
    for (const column of line.fields) if (column.name in values) put(row, column, values[column.name] ?? null)
  }
  const copy = (row: Row): void => {
    const made = withCopy(draft, owned, line, row.key)
    if (!made) return
    const count = typable.find((one) => one.kind === 'qty') ?? lead
    if (count) focus(made.key, count.name)
    change(() => made.draft)
  }
  /** A block of a spreadsheet becomes lines; what cannot be read in it is told at its line. */
  const paste = async (event: ClipboardEvent): Promise<void> => {
    const cells = cellsOf(event.clipboardData.getData('text/plain')).filter((row) => row.some(Boolean))
    const at = event.target instanceof HTMLElement ? event.target : null
    const key = at?.closest<HTMLElement>('[data-row]')?.dataset['row']
    const column = columns.find((one) => one.name === at?.closest<HTMLElement>('[data-column]')?.dataset['column'])
    // A single cell is text like any other.
    if (!editable || !key || !column || (cells.length < 2 && (cells[0]?.length ?? 0) < 2)) return
    event.preventDefault()
    const block = blockOf(cells, columns, column, scene, fixed)
    if (block.rows.length > PASTED_MAX) return void message.error(t('form.paste_many', { count: block.rows.length, max: PASTED_MAX }))
    // What was begun in this box is not what is pasted.
    at?.blur()
    try {
      const read = await readBlock(block, scene, new AbortController().signal)
      let keys: string[] = []
      change((now) => {
        const made = withBlock(now, owned, line, key, read.rows)
        keys = made.keys
        return made.draft
      })
      const told = new Map<string, Unread[]>()
      for (const one of read.unread) told.set(keys[one.row] ?? '', [...(told.get(keys[one.row] ?? '') ?? []), one])
      setUnread(told)
      if (read.unread.length) void message.warning({ key: inPlace(message, 'paste'), content: t('form.pasted_but', { count: keys.length, bad: read.unread.length }), duration: 6 })
      else void message.success({ key: inPlace(message, 'paste'), content: t('form.pasted', { count: keys.length }) })
      focus(key, column.name)
      change((now) => ({ ...now }))
    } catch (problem) {
      complain(problem)
    }
  }
  /** After something was chosen: the next cell that can be typed in. */
  const onward = (row: Row, column: Field): void => {
    const next = typable[typable.indexOf(column) + 1]
    // The quantity is what one types after a product; the description is already there.
    const afterLead = column.name === lead?.name ? (typable.find((one) => one.kind === 'qty') ?? next) : next
    if (afterLead) {
      focus(row.key, afterLead.name)
      change((now) => ({ ...now }))
    }
  }

  const onKeyDown = (event: KeyboardEvent, row: Row, column: Field): void => {
    if (isComposing(event.nativeEvent) || event.defaultPrevented) return
    const at = rows.indexOf(row)
    // An open list of a choice keeps its keys.
    if ((event.target as HTMLElement).getAttribute('aria-expanded') === 'true') return
    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault()
      event.stopPropagation()
      const next = rows[at + (event.shiftKey ? -1 : 1)]
      if (next) {
        focus(next.key, column.name)
        change((now) => ({ ...now }))
      } else if (!event.shiftKey && !isBlank(row)) add(rows.length)
    } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && !event.altKey && !event.ctrlKey) {
      const next = rows[at + (event.key === 'ArrowDown' ? 1 : -1)]
      if (!next) return
      event.preventDefault()
      focus(next.key, column.name)
      change((now) => ({ ...now }))
    } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && event.ctrlKey) {
      event.preventDefault()
      focus(row.key, column.name)
      change((now) => moveRow(now, owned, row.key, event.key === 'ArrowDown' ? 1 : -1))
    } else if (event.key === 'd' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      event.stopPropagation()
      copy(row)
    } else if ((event.key === 'Delete' || event.key === 'Backspace') && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      remove(row)
    } else if (event.key === 'Escape') {
      event.preventDefault()
      event.stopPropagation()
      if (isBlank(row) && rows.length > 1) remove(row)
      else (event.target as HTMLElement).blur()
    }
  }

  // Sorted by line once for each answer, not for each line and key.
  const said = useMemo(() => {
    const all = new Map<string, Said>()
    const of = (at: string): [Said, string] | null => {
      const [head, row = '', name = ''] = at.split('/')
      if (head !== owned || !row) return null
      const one = all.get(row) ?? { wrong: [], errors: [], hints: [] }
      all.set(row, one)
      return [one, name]
    }
    for (const [at, text] of remarks.problems) {
      const found = of(at)
      if (!found) continue
      const named = line.fields.find((one) => one.name === found[1])
      if (named && columns.includes(named)) found[0].wrong.push(named.name)
      found[0].errors.push(named && columns.includes(named) ? `${scene.meta.say(named.label)}: ${text}` : text)
    }
    for (const [key, cells] of unread) {
      const found = cells.length ? of(`${owned}/${key}/`) : null
      for (const { field: column, text } of found ? cells : []) {
        found?.[0].wrong.push(column.name)
        found?.[0].errors.push(`${scene.meta.say(column.label)}: ${t('form.not_understood', { text })}`)
      }
    }
    for (const [at, hints] of remarks.hints) of(at)?.[0].hints.push(...hints)
    return all
  }, [remarks, unread, owned, line, columns, scene, t])
  const remarksOf = (row: Row): Said => said.get(row.key) ?? SILENT

  // What lines need of their owner, kept the same object while it says the same: else each key would redraw every line.
  const owner = JSON.stringify(Object.fromEntries(columns.flatMap((column) => (column.currency?.startsWith('parent.') ? [[column.currency.slice(7), record[column.currency.slice(7)] ?? null]] : []))))
  const parent = useMemo(() => JSON.parse(owner) as Rec, [owner])
  const hands = useLatest<Hands>({
    put, fill, onward, remove, copy, onKeyDown,
    drag: setDragged,
    over: (key, index) => {
      if (!dragged || dragged === key) return false
      const from = rows.findIndex((one) => one.key === dragged)
      change((now) => moveRow(now, owned, dragged, index - from))
      return true
    },
  })

  // Lines one was in, and those with something to mend, are there for whoever looks for them.
  const visited = useRef(new Set<string>())
  const must = new Set(visited.current)
  for (const key of [wanted.current?.key, dragged]) if (key) must.add(key)
  for (const [key, { errors }] of said) if (errors.length) must.add(key)
  const drawn = useDrawn(table, rows.map((row) => row.key), must)

  const widths = fittedWidths(columns, lead, room)
  const whole = widths.reduce((sum, width) => sum + width, EDGES)
  const scrolls = room > 0 && whole > room
  // Beside a list there is no more room than on a phone. The element stays the same: its width is being watched.
  if (phone || (scrolls && room < CARDS_BELOW)) return <div ref={root}><LineCards {...{ field, line, draft, record, editable, change, remarks }} columns={columns} scene={scene} add={() => add(rows.length)} remove={remove} put={put} fill={fill} remarksOf={remarksOf} /></div>
  // One column takes the room that is left, of an address the street; figures alone stand close together.
  const takesRoom = (column: Field): boolean => (column.name === lead?.name && column.kind === 'ref') || (column.kind === 'text' && column.name !== 'description' && (isStreet(column) || !columns.some(isStreet)))
  const stretches = columns.some(takesRoom)
  const isTyped = editable && typable.length > 0 && rows.length > 0
  // What a line comes to stays in sight, however far the others are moved.
  const sum = scrolls ? columns.findLast((column) => column.kind === 'amount' && fixed(column)) : undefined
  return (
    <div className="lines" ref={root}>
      {/* Where nothing can be typed, the keyboard scrolls. */}
      <div className={scrolls ? 'lines-scroll scrolls' : 'lines-scroll'} {...(scrolls && !isTyped ? { tabIndex: 0, role: 'region', 'aria-label': scene.meta.say(field.label) } : {})} style={sum ? ({ '--sum': `${widths[columns.indexOf(sum)] ?? 0}px` } as CSSProperties) : undefined}>
        <table
          className="lines-table" ref={table} style={stretches ? { minWidth: whole } : { width: whole }} aria-label={scene.meta.say(field.label)} aria-rowcount={rows.length + 1}
          onPaste={(event) => void paste(event)}
          onFocus={(event) => {
            const key = event.target.closest('tbody')?.dataset['row']
            if (key) visited.current.add(key)
          }}
        >
          <colgroup>
            <col style={{ width: 32 }} />
            {columns.map((column, at) => <col key={column.name} style={{ width: takesRoom(column) ? undefined : widths[at] }} />)}
            <col style={{ width: 52 }} />
          </colgroup>
          <thead>
            <tr>
              <th className="position">#</th>
              {columns.map((column) => <th key={column.name} className={[kitOf(column.kind).end && 'end', column === sum && 'sum'].filter(Boolean).join(' ')} title={scene.meta.say(column.help)}>{scene.meta.say(column.label)}{column.required && editable && !fixed(column) && <span className="required" aria-hidden="true"> *</span>}</th>)}
              <th><span className="sr">{t('form.remove')}</span></th>
            </tr>
          </thead>
          {drawn.map((piece) => {
            const row = rows[piece.at]
            if (piece.room !== undefined || !row) return <tbody key={`room${piece.at}`} aria-hidden="true"><tr><td colSpan={columns.length + 2} style={{ height: piece.room, border: 0 }} /></tr></tbody>
            const { wrong, errors, hints } = remarksOf(row)
            return (
              <LineRow
                key={row.key} row={row} index={piece.at} columns={columns} lead={lead} parent={parent} scene={scene} editable={editable} sum={sum?.name} dragged={dragged === row.key} hands={hands}
                wrong={wrong.join()} errors={errors.join('\n')} hints={hints.length ? JSON.stringify(hints) : ''}
              />
            )
          })}
          {rows.length === 0 && <tbody><tr><td /><td colSpan={columns.length + 1} className="faint" style={{ padding: '8px 10px' }}>{t('form.no_lines')}</td></tr></tbody>}
        </table>
      </div>
      {editable && <LineTools owned={owned} line={line} lead={lead} scene={scene} add={() => add(rows.length)} change={change} />}
      {remarks.problems.get(owned) && <div style={{ padding: '0 10px 8px' }}><HintText tone="bad">{remarks.problems.get(owned)}</HintText></div>}
    </div>
  )
}
