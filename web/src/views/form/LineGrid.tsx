//! Lines of a document as a sheet for the keyboard: product, Tab, quantity, Enter, next line.
import { DeleteOutlined, HolderOutlined, PlusOutlined } from '@ant-design/icons'
import { App } from 'antd'
import { memo, useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entity, Field, Hint, Rec, Value } from '@/api/types.ts'
import { Edit, kitOf, Show } from '@/fields/kits.tsx'
import { searchRefs } from '@/fields/ref.tsx'
import { useLatest, usePhone, useWidth } from '@/lib/hooks.ts'
import { add as plus, isZero } from '@/lib/decimal.ts'
import { isComposing } from '@/lib/keys.ts'
import { idOf, isEmpty, rowsOf, useScene, type Scene } from '@/meta/meta.ts'
import { HintText } from '@/ui/parts.tsx'
import { ScanButton } from '@/ui/Scan.tsx'
import { addRow, blankRow, isBlank, leadField, moveRow, removeRow, shownRow, typeCell, type Draft, type Row } from './draft.ts'
import type { Remarks } from './useDraft.ts'

interface LineGridProps {
  field: Field
  line: Entity
  draft: Draft
  record: Rec
  editable: boolean
  change: (step: (draft: Draft) => Draft) => void
  remarks: Remarks
}

/** The columns of lines: what the entity lists, else all that is shown, without the way back to the owner. */
export function lineColumns(line: Entity, rows?: readonly Rec[]): Field[] {
  const owner = line.parent?.entity
  const lead = leadField(line)
  const sums = line.fields.filter((field) => field.kind === 'amount' && field.computed && !field.hidden)
  const shownFields = line.fields.filter((field) => {
    if (field.hidden || field.kind === 'id' || field.kind === 'owned' || field.name === 'position' || (field.kind === 'ref' && field.name === owner && field !== lead)) return false
    // One sum a line is enough: the others stand below. The line another document's line came from says nothing to a reader.
    if (sums.includes(field) && sums.length > 1 && field !== sums[0]) return false
    if (field.kind === 'ref' && field !== lead && line.fields.some((one) => one !== field && one.kind === 'ref' && /_line$/.test(field.entity ?? '') && one === lead)) return false
    // How far a line has got is a matter of lines that have; its money is told by the documents.
    if (field.readonly && field.kind === 'amount') return false
    return !(field.readonly && rows && field.kind === 'qty' && rows.every((row) => isZeroOrEmpty(row[field.name])))
  })
  const listed = line.list.flatMap((name) => shownFields.find((field) => field.name === name) ?? [])
  return listed.length ? listed : shownFields
}

const isZeroOrEmpty = (value: Value): boolean => isEmpty(value) || (typeof value === 'string' && isZero(value))

const fixed = (field: Field): boolean => Boolean(field.readonly || field.computed)

const WIDE: Partial<Record<Field['kind'], number>> = { ref: 92, text: 120, long_text: 160, amount: 116, qty: 84, price: 92, rate: 80, date: 124 }
const LEAD = 180
const FIXED_QTY = 72
const widthOf = (field: Field, lead: Field | undefined): number => (field === lead || field.entity === 'product' ? LEAD : field.kind === 'qty' && fixed(field) ? FIXED_QTY : field.entity === 'unit' ? FIXED_QTY : (WIDE[field.kind] ?? kitOf(field.kind).width))

/** How much narrower columns get where the timeline stands beside them, before the lines are moved sideways. */
const GIVES: Partial<Record<Field['kind'], number>> = { ref: 10, text: 34, long_text: 40, amount: 10, qty: 18, price: 12, rate: 8, date: 12 }
const LEAD_GIVES = 32
const givesOf = (field: Field, lead: Field | undefined): number => (widthOf(field, lead) === LEAD ? LEAD_GIVES : widthOf(field, lead) === FIXED_QTY ? 8 : (GIVES[field.kind] ?? 0))
const EDGES = 68

/** Widths of columns that fit the room as far as they can. */
export function fittedWidths(columns: readonly Field[], lead: Field | undefined, room: number): number[] {
  const whole = columns.reduce((sum, column) => sum + widthOf(column, lead), EDGES)
  const gives = columns.reduce((sum, column) => sum + givesOf(column, lead), 0)
  const share = room > 0 && gives > 0 ? Math.min(1, Math.max(0, (whole - room) / gives)) : 0
  return columns.map((column) => Math.floor(widthOf(column, lead) - share * givesOf(column, lead)))
}

/** What is said of a line: the columns that are wrong, why, and hints. */
interface Said { wrong: string[]; errors: string[]; hints: Hint[] }
const SILENT: Said = { wrong: [], errors: [], hints: [] }

export function LineGrid({ field, line, draft, record, editable, change, remarks }: LineGridProps) {
  const { t } = useTranslation()
  const scene = useScene()
  const phone = usePhone()
  const root = useRef<HTMLDivElement>(null)
  const room = useWidth(root)
  const wanted = useRef<{ key: string; column: string } | null>(null)
  const [dragged, setDragged] = useState<string | null>(null)
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
  const put = (row: Row, column: Field, value: Parameters<typeof typeCell>[5]): void => change((now) => typeCell(now, owned, line, row.key, column.name, value))
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
    for (const [at, hints] of remarks.hints) of(at)?.[0].hints.push(...hints)
    return all
  }, [remarks, owned, line, columns, scene])
  const remarksOf = (row: Row): Said => said.get(row.key) ?? SILENT

  // What lines need of their owner, kept the same object while it says the same: else each key would redraw every line.
  const owner = JSON.stringify(Object.fromEntries(columns.flatMap((column) => (column.currency?.startsWith('parent.') ? [[column.currency.slice(7), record[column.currency.slice(7)] ?? null]] : []))))
  const parent = useMemo(() => JSON.parse(owner) as Rec, [owner])
  const hands = useLatest<Hands>({
    put, onward, remove, onKeyDown,
    drag: setDragged,
    over: (key, index) => {
      if (!dragged || dragged === key) return false
      const from = rows.findIndex((one) => one.key === dragged)
      change((now) => moveRow(now, owned, dragged, index - from))
      return true
    },
  })

  if (phone) return <LineCards {...{ field, line, draft, record, editable, change, remarks }} columns={columns} scene={scene} add={() => add(rows.length)} remove={remove} put={put} remarksOf={remarksOf} />
  const widths = fittedWidths(columns, lead, room)
  const table = widths.reduce((sum, width) => sum + width, EDGES)
  // One column takes the room that is left; figures alone stand close together.
  const takesRoom = (column: Field): boolean => (column.name === lead?.name && column.kind === 'ref') || (column.kind === 'text' && column.name !== 'description')
  const whole = columns.some(takesRoom)
  return (
    <div className="lines" ref={root}>
      <div className="lines-scroll">
        <table className="lines-table" style={whole ? { minWidth: table } : { width: table }} aria-label={scene.meta.say(field.label)}>
          <colgroup>
            <col style={{ width: 32 }} />
            {columns.map((column, at) => <col key={column.name} style={{ width: takesRoom(column) ? undefined : widths[at] }} />)}
            <col style={{ width: 36 }} />
          </colgroup>
          <thead>
            <tr>
              <th className="position">#</th>
              {columns.map((column) => <th key={column.name} className={kitOf(column.kind).end ? 'end' : undefined} title={scene.meta.say(column.help)}>{scene.meta.say(column.label)}{column.required && editable && !fixed(column) && <span className="required" aria-hidden="true"> *</span>}</th>)}
              <th><span className="sr">{t('form.remove')}</span></th>
            </tr>
          </thead>
          {rows.map((row, index) => {
            const { wrong, errors, hints } = remarksOf(row)
            return (
              <LineRow
                key={row.key} row={row} index={index} columns={columns} lead={lead} parent={parent} scene={scene} editable={editable} dragged={dragged === row.key} hands={hands}
                wrong={wrong.join()} errors={errors.join('\n')} hints={hints.length ? JSON.stringify(hints) : ''}
              />
            )
          })}
          {rows.length === 0 && <tbody><tr><td /><td colSpan={columns.length + 1} className="faint" style={{ padding: '8px 10px' }}>{t('form.no_lines')}</td></tr></tbody>}
        </table>
      </div>
      {editable && <button type="button" className="quiet add-line" onClick={() => add(rows.length)}><PlusOutlined />{t('form.add_line')}</button>}
      {remarks.problems.get(owned) && <div style={{ padding: '0 10px 8px' }}><HintText tone="bad">{remarks.problems.get(owned)}</HintText></div>}
    </div>
  )
}

interface Hands {
  put: (row: Row, column: Field, value: Parameters<typeof typeCell>[5]) => void
  onward: (row: Row, column: Field) => void
  remove: (row: Row) => void
  onKeyDown: (event: KeyboardEvent, row: Row, column: Field) => void
  drag: (key: string | null) => void
  over: (key: string, index: number) => boolean
}
interface LineRowProps {
  row: Row
  index: number
  columns: Field[]
  lead: Field | undefined
  parent: Rec
  scene: Scene
  editable: boolean
  dragged: boolean
  hands: { readonly current: Hands }
  /** Names of columns with a problem, and what is said below the line; as text, so that equal is equal. */
  wrong: string
  errors: string
  hints: string
}

const LineRow = memo(function LineRow({ row, index, columns, lead, parent, scene, editable, dragged, hands, wrong, errors, hints }: LineRowProps) {
  const { t } = useTranslation()
  const now = shownRow(row)
  const bad = wrong.split(',')
  const said = hints ? (JSON.parse(hints) as Hint[]) : []
  return (
    <tbody data-row={row.key} className={dragged ? 'dragged' : undefined} onDragOver={(event) => hands.current.over(row.key, index) && event.preventDefault()}>
      <tr className={isBlank(row) ? 'blank' : undefined}>
        <td className="position" draggable={editable} onDragStart={() => hands.current.drag(row.key)} onDragEnd={() => hands.current.drag(null)}>
          <span className="position-number">{index + 1}</span>{editable && <HolderOutlined className="position-grip" title={t('form.drag_line')} />}
        </td>
        {columns.map((column) => {
          const stays = !editable || fixed(column)
          return (
            <td key={column.name} data-column={column.name} className={[stays && 'fixed', kitOf(column.kind).end && 'end'].filter(Boolean).join(' ')} onKeyDownCapture={stays ? undefined : (event) => hands.current.onKeyDown(event, row, column)}>
              {stays ? <span className="cell clip"><Show field={column} record={now} parent={parent} scene={scene} /></span> : (
                <Edit field={column} record={now} parent={parent} scene={scene} value={now[column.name] ?? null} error={bad.includes(column.name)} bare label={`${scene.meta.say(column.label)} ${index + 1}`} placeholder={column.name === lead?.name && column.kind === 'ref' && isBlank(row) ? t('form.line_placeholder') : undefined} onChange={(value) => hands.current.put(row, column, value)} onPicked={() => hands.current.onward(row, column)} />
              )}
            </td>
          )
        })}
        <td className="line-tools">{editable && <button type="button" className="quiet" tabIndex={-1} aria-label={t('form.remove_line', { n: index + 1 })} title={`${t('form.remove_line', { n: index + 1 })} (Ctrl ⌫)`} onClick={() => hands.current.remove(row)}><DeleteOutlined /></button>}</td>
      </tr>
      {(errors || said.length > 0) && (
        <tr className="line-remarks"><td /><td colSpan={columns.length + 1}>
          {errors && errors.split('\n').map((text) => <HintText key={text} tone="bad">{text}</HintText>)}
          {said.map((hint) => <HintText key={hint.text} tone={hint.tone}>{hint.text}</HintText>)}
        </td></tr>
      )}
    </tbody>
  )
})

interface LineCardsProps extends LineGridProps {
  columns: Field[]
  scene: Scene
  add: () => void
  remove: (row: Row) => void
  put: (row: Row, column: Field, value: Parameters<typeof typeCell>[5]) => void
  remarksOf: (row: Row) => Said
}

/** On a phone a line is a small form. */
function LineCards({ field, line, draft, record, editable, change, columns, scene, add, remove, put, remarks, remarksOf }: LineCardsProps) {
  const { t } = useTranslation()
  const rows = draft.rows[field.name] ?? []
  const lead = leadField(line) ?? columns[0]
  const { message } = App.useApp()
  /** A code read by the camera becomes a line of what has it, or one more of it. */
  const scanned = async (to: Field, code: string): Promise<void> => {
    const [found] = await searchRefs(scene.meta, to.entity ?? '', to.only, code, new AbortController().signal).catch(() => [])
    if (!found) return void message.error(t('scan.nothing', { code }))
    const same = rows.find((row) => idOf(shownRow(row)[to.name]) === found.key)
    const count = line.fields.find((one) => one.kind === 'qty' && one.required && !fixed(one))
    if (same && count) {
      const before = shownRow(same)[count.name]
      return change((now) => typeCell(now, field.name, line, same.key, count.name, plus(typeof before === 'string' ? before : '0', '1')))
    }
    const blank = rows.find(isBlank) ?? blankRow()
    change((now) => typeCell(rows.includes(blank) ? now : addRow(now, field.name, rows.length, blank), field.name, line, blank.key, to.name, { id: found.key, label: found.label }))
  }
  return (
    <div className="line-cards">
      {rows.map((row, index) => {
        const now = shownRow(row)
        const { errors, hints } = remarksOf(row)
        return (
          <div key={row.key} className="line-card">
            {editable && lead ? (
              <>
                <div className="row-flex"><Edit field={lead} record={now} parent={record} scene={scene} value={now[lead.name] ?? null} label={`${scene.meta.say(lead.label)} ${index + 1}`} placeholder={lead.kind === 'ref' ? t('form.line_placeholder') : undefined} onChange={(value) => put(row, lead, value)} /><button type="button" className="quiet" aria-label={t('form.remove_line', { n: index + 1 })} onClick={() => remove(row)}><DeleteOutlined /></button></div>
                {!isBlank(row) && <div className="line-card-fields">
                  {columns.filter((column) => column !== lead).map((column) => (
                    <label key={column.name}><span className="faint">{scene.meta.say(column.label)}</span>
                      {fixed(column) ? <span className="cell"><Show field={column} record={now} parent={record} scene={scene} /></span> : <Edit field={column} record={now} parent={record} scene={scene} value={now[column.name] ?? null} error={remarks.problems.has(`${field.name}/${row.key}/${column.name}`)} onChange={(value) => put(row, column, value)} />}
                    </label>
                  ))}
                </div>}
              </>
            ) : (
              <>
                <b>{lead && <Show field={lead} record={now} parent={record} scene={scene} />}</b>
                <div className="line-card-facts">
                  {columns.filter((column) => column !== lead).map((column) => rowsOf(now[column.name]).length === 0 && now[column.name] !== null && now[column.name] !== undefined && <span key={column.name}><span className="faint">{scene.meta.say(column.label)}</span> <Show field={column} record={now} parent={record} scene={scene} /></span>)}
                </div>
              </>
            )}
            {errors.map((text) => <HintText key={text} tone="bad">{text}</HintText>)}
            {hints.map((hint) => <HintText key={hint.text} tone={hint.tone}>{hint.text}</HintText>)}
          </div>
        )
      })}
      {editable && <button type="button" className="quiet add-line" onClick={add}><PlusOutlined />{t('form.add_line')}</button>}
      {editable && lead?.kind === 'ref' && <ScanButton label onCode={(code) => void scanned(lead, code)} />}
    </div>
  )
}
