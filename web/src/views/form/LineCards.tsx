import { DeleteOutlined } from '@ant-design/icons'
import { App } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Field, Rec } from '@/api/types.ts'
import { Edit, Show } from '@/fields/kits.tsx'
import { searchRefs } from '@/fields/ref.tsx'
import { add as plus } from '@/lib/decimal.ts'
import { idOf, rowsOf, type Scene } from '@/meta/meta.ts'
import { HintText } from '@/ui/parts.tsx'
import { ScanButton } from '@/ui/Scan.tsx'
import { addRow, blankRow, isBlank, leadField, shownRow, typeCell, type Row } from './draft.ts'
import { fixed } from './lineColumns.ts'
import type { LineGridProps, Said } from './LineGrid.tsx'
import { LineTools } from './LineTools.tsx'

interface LineCardsProps extends LineGridProps {
  columns: Field[]
  scene: Scene
  add: () => void
  remove: (row: Row) => void
  put: (row: Row, column: Field, value: Parameters<typeof typeCell>[5]) => void
  fill: (row: Row, values: Rec) => void
  remarksOf: (row: Row) => Said
}

/** On a phone a line is a small form. */
export function LineCards({ field, line, draft, record, editable, change, columns, scene, add, remove, put, fill, remarks, remarksOf }: LineCardsProps) {
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
          <div key={row.key} className="line-card" data-row={row.key}>
            {editable && lead ? (
              <>
                <div className="row-flex" data-column={lead.name}><Edit field={lead} record={now} parent={record} scene={scene} value={now[lead.name] ?? null} label={`${scene.meta.say(lead.label)} ${index + 1}`} placeholder={lead.kind === 'ref' ? t('form.line_placeholder') : undefined} onChange={(value) => put(row, lead, value)} /><button type="button" className="quiet" aria-label={t('form.remove_line', { n: index + 1 })} onClick={() => remove(row)}><DeleteOutlined /></button></div>
                {!isBlank(row) && <div className="line-card-fields">
                  {columns.filter((column) => column !== lead).map((column) => (
                    <label key={column.name} data-column={column.name}><span className="faint">{scene.meta.say(column.label)}</span>
                      {fixed(column) ? <span className="cell"><Show field={column} record={now} parent={record} scene={scene} /></span> : <Edit field={column} record={now} parent={record} scene={scene} value={now[column.name] ?? null} error={remarks.problems.has(`${field.name}/${row.key}/${column.name}`)} onChange={(value) => put(row, column, value)} onFill={(values) => fill(row, values)} />}
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
      {editable && <LineTools owned={field.name} line={line} lead={lead} scene={scene} add={add} change={change} />}
      {editable && lead?.kind === 'ref' && <ScanButton label onCode={(code) => void scanned(lead, code)} />}
    </div>
  )
}
