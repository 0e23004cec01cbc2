import { CopyOutlined, DeleteOutlined, HolderOutlined } from '@ant-design/icons'
import { Tooltip } from 'antd'
import { memo, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field, Hint, Rec, Value } from '@/api/types.ts'
import { Edit, kitOf, Show } from '@/fields/kits.tsx'
import { textOf, type Scene } from '@/meta/meta.ts'
import { HintText } from '@/ui/parts.tsx'
import { isBlank, shownRow, type Row, type typeCell } from './draft.ts'
import { fixed } from './lineColumns.ts'

/** What a line asks of the grid it stands in. */
export interface Hands {
  put: (row: Row, column: Field, value: Parameters<typeof typeCell>[5]) => void
  fill: (row: Row, values: Rec) => void
  onward: (row: Row, column: Field) => void
  remove: (row: Row) => void
  copy: (row: Row) => void
  onKeyDown: (event: KeyboardEvent, row: Row, column: Field) => void
  drag: (key: string | null) => void
  over: (key: string, index: number) => boolean
}
interface CellsProps {
  row: Row
  index: number
  columns: Field[]
  lead: Field | undefined
  parent: Rec
  scene: Scene
  editable: boolean
  /** The column that stays in sight. */
  sum: string | undefined
  hands: { readonly current: Hands }
  /** Names of columns with a problem, as text, so that equal is equal. */
  wrong: string
  /** What is well with it, such as what is free in stock: a mark, not a row of its own. */
  well?: string
}

/** The quantity of a line, where what stock says of it is marked. */
const countedOf = (columns: readonly Field[]): Field | undefined => columns.find((column) => column.kind === 'qty' && !fixed(column))

/** Words that only repeat what the line is of, as the usual description of a product does. */
export const repeats = (text: Value, lead: Value): boolean => typeof text === 'string' && text.trim() !== '' && textOf(lead).endsWith(text.trim())

const Cells = memo(function Cells({ row, index, columns, lead, parent, scene, editable, sum, hands, wrong, well }: CellsProps) {
  const { t } = useTranslation()
  const now = shownRow(row)
  const bad = wrong.split(',')
  const counted = countedOf(columns)?.name
  return (
    <tr className={isBlank(row) ? 'blank' : undefined} aria-rowindex={index + 2}>
      <td className="position" draggable={editable} onDragStart={() => hands.current.drag(row.key)} onDragEnd={() => hands.current.drag(null)}>
        <span className="position-number">{index + 1}</span>{editable && <HolderOutlined className="position-grip" title={t('form.drag_line')} />}
      </td>
      {columns.map((column) => {
        const stays = !editable || fixed(column)
        return (
          <td key={column.name} data-column={column.name} className={[stays && 'fixed', kitOf(column.kind).end && 'end', column.name === sum && 'sum', column.kind === 'text' && lead && column !== lead && repeats(now[column.name], now[lead.name]) && 'same'].filter(Boolean).join(' ')} onKeyDownCapture={stays ? undefined : (event) => event.currentTarget.contains(event.target as Node) && hands.current.onKeyDown(event, row, column)}>
            {stays ? <span className="cell clip"><Show field={column} record={now} parent={parent} scene={scene} /></span> : (
              <Edit field={column} record={now} parent={parent} scene={scene} value={now[column.name] ?? null} error={bad.includes(column.name)} bare label={`${scene.meta.say(column.label)} ${index + 1}`} placeholder={column.name === lead?.name && column.kind === 'ref' && isBlank(row) ? t('form.line_placeholder') : undefined} onChange={(value) => hands.current.put(row, column, value)} onPicked={() => hands.current.onward(row, column)} onFill={(values) => hands.current.fill(row, values)} />
            )}
            {well && column.name === counted && <Tooltip title={well}><span className="line-well" tabIndex={-1}><span aria-hidden="true">✓</span><span className="sr">{well}</span></span></Tooltip>}
          </td>
        )
      })}
      <td className="line-tools">{editable && !isBlank(row) && <button type="button" className="quiet" tabIndex={-1} aria-label={t('form.copy_line', { n: index + 1 })} title={`${t('form.copy_line', { n: index + 1 })} (Ctrl D)`} onClick={() => hands.current.copy(row)}><CopyOutlined /></button>}{editable && <button type="button" className="quiet" tabIndex={-1} aria-label={t('form.remove_line', { n: index + 1 })} title={`${t('form.remove_line', { n: index + 1 })} (Ctrl ⌫)`} onClick={() => hands.current.remove(row)}><DeleteOutlined /></button>}</td>
    </tr>
  )
})

interface LineRowProps extends CellsProps {
  dragged: boolean
  /** What is said below the line, as text too. */
  errors: string
  hints: string
}

/** One line: its cells are drawn again only when something in them changed, not when something is said of them. */
export const LineRow = memo(function LineRow({ dragged, errors, hints, ...cells }: LineRowProps) {
  const { row, index, columns, hands } = cells
  const all = hints ? (JSON.parse(hints) as Hint[]) : []
  const isWell = (hint: Hint): boolean => hint.tone === 'good' && countedOf(columns) !== undefined
  const said = all.filter((hint) => !isWell(hint))
  const well = all.filter(isWell).map(({ text }) => text).join(' · ')
  return (
    <tbody data-row={row.key} className={dragged ? 'dragged' : undefined} onDragOver={(event) => hands.current.over(row.key, index) && event.preventDefault()}>
      <Cells {...cells} well={well} />
      {(errors || said.length > 0) && (
        <tr className="line-remarks"><td /><td colSpan={columns.length + 1}>
          {errors && errors.split('\n').map((text) => <HintText key={text} tone="bad">{text}</HintText>)}
          {said.map((hint) => <HintText key={hint.text} tone={hint.tone}>{hint.text}</HintText>)}
        </td></tr>
      )}
    </tbody>
  )
})
