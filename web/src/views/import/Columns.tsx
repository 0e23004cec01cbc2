//! Which column of the file is which field, and how its days and numbers are written.
import { Button, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entity, FileLook, FilePlan, Value } from '@/api/types.ts'
import { Edit } from '@/fields/kits.tsx'
import { idOf, textOf, useScene } from '@/meta/meta.ts'
import { Tag } from '@/ui/parts.tsx'
import { choose, fillable, isKey, keyBy, type Column } from './plan.ts'

interface ColumnsProps { entity: Entity; look: FileLook; plan: FilePlan; onPlan: (plan: FilePlan) => void; onHead: (sheet: number, head?: number) => void }

const SURE = 90

/** The rows at the top of the file, one of which has the headings. */
const tops = (look: FileLook): { value: number; label: string }[] => (look.top.some(({ line }) => line === look.head) ? look.top : [{ line: look.head, cells: [] }, ...look.top]).map(({ line, cells }) => ({ value: line, label: `${line}: ${cells.join(' · ')}` }))

export function Columns({ entity, look, plan, onPlan, onHead }: ColumnsProps) {
  const { t } = useTranslation()
  const scene = useScene()
  const { meta } = scene
  const fields = fillable(entity)
  const [adding, setAdding] = useState<string | null>(null)
  const options = [
    { value: '', label: t('import.leave_out') },
    ...fields.map((field) => ({ value: field.name, label: `${meta.say(field.label)}${field.required ? ' *' : ''}` })),
    { value: 'external_id', label: t('import.external_id') },
    { value: 'id', label: t('import.id') },
  ]
  const put = (at: number, more: Partial<Column>): void => onPlan({ ...plan, columns: plan.columns.map((column, index) => (index === at && column ? { ...column, ...more } : column)) })
  const key = plan.columns.find((column) => column?.known)
  const keys = plan.columns.flatMap((column) => (column && isKey(entity, column.field) ? [column.field] : []))
  const nameOf = (field: string): string => (field === 'id' ? t('import.id') : field === 'external_id' ? t('import.external_id') : meta.say(entity.fields.find((one) => one.name === field)?.label) || field)
  const filled = new Set([...plan.columns.flatMap((column) => (column ? [column.field] : [])), ...Object.keys(plan.same ?? {})])
  // What a line needs is asked for when there are lines.
  const counts = (name: string): boolean => !name.includes('.') || [...filled].some((other) => other.startsWith(name.slice(0, name.indexOf('.') + 1)))
  // Of a document the server fills in what can be known, such as currency and place; the check tells what cannot.
  const missing = entity.kind === 'document' ? [] : fields.filter((field) => counts(field.name) && field.required && !filled.has(field.name) && (field.default === undefined || field.default === null))
  const putSame = (name: string, value: Value): void => {
    const { [name]: _, ...rest } = plan.same ?? {}
    const text = idOf(value) || textOf(value)
    onPlan({ ...plan, same: text ? { ...rest, [name]: text } : rest })
  }
  return (
    <>
      <div className="wrap-flex import-head">
        {look.sheets.length > 1 && <label className="row-flex">{t('import.sheet')} <Select<number> value={look.sheet} style={{ minWidth: 160 }} aria-label={t('import.sheet')} onChange={(sheet) => onHead(sheet)} options={look.sheets.map((name, at) => ({ value: at, label: name }))} /></label>}
        <label className="row-flex">{t('import.head_line')} <Select<number> value={look.head} aria-label={t('import.head_line')} data-import="head" style={{ width: 220 }} popupMatchSelectWidth={false} onChange={(head) => onHead(look.sheet, head)} options={tops(look)} /></label>
        <span className="muted">{t('import.rows', { count: look.rows })}</span>
        <span style={{ flex: 1 }} />
        <label className="row-flex">{t('import.key')} <Select<string>
          value={key?.field ?? ''} style={{ minWidth: 150 }} aria-label={t('import.key')} onChange={(field) => onPlan(keyBy(plan, field, field ? (key?.known ?? 'change') : null))}
          options={[{ value: '', label: t('import.all_new') }, ...keys.map((field) => ({ value: field, label: nameOf(field) }))]}
        /></label>
        {key && <Select<'change' | 'skip'> value={key.known ?? 'change'} style={{ minWidth: 150 }} aria-label={t('import.known')} onChange={(known) => onPlan(keyBy(plan, key.field, known))} options={[{ value: 'change', label: t('import.known_change') }, { value: 'skip', label: t('import.known_skip') }]} />}
      </div>
      {missing.length > 0 && <p className="hint warn"><span aria-hidden="true">⚠</span><span>{t('import.missing', { what: missing.map((field) => meta.say(field.label)).join(t('list.or_comma')) })}</span></p>}
      <div className="import-scroll">
        <table className="table small">
          <thead><tr><th>{t('import.column')}</th><th>{t('import.values')}</th><th style={{ width: 250 }}>{t('import.field')}</th><th style={{ width: 190 }}>{t('import.written')}</th></tr></thead>
          <tbody>
            {look.columns.map((told, at) => {
              const column = plan.columns[at]
              const kind = entity.fields.find((field) => field.name === column?.field)?.kind
              return (
                <tr key={at} data-file-column={told.name} className={column ? undefined : 'left-out'}>
                  <td><b>{told.name || t('import.nameless', { n: at + 1 })}</b></td>
                  <td className="clip muted" style={{ maxWidth: 300 }} title={told.values.join('\n')}>{told.values.slice(0, 4).join(' · ')}</td>
                  <td>
                    <Select<string> value={column?.field ?? ''} style={{ width: '100%' }} showSearch={{ optionFilterProp: 'label' }} aria-label={t('import.field_of', { what: told.name })} onChange={(field) => onPlan(choose(entity, plan, look, at, field))} options={options} />
                    {column && told.field === column.field && told.sure < SURE && <Tag tone="warn">{t('import.guess', { sure: told.sure })}</Tag>}
                  </td>
                  <td>
                    {kind === 'date' && <span className="row-flex"><Select<NonNullable<Column['days']>> value={column?.days ?? 'ymd'} style={{ width: '100%' }} aria-label={t('import.days')} onChange={(days) => put(at, { days })} options={(['ymd', 'dmy', 'mdy'] as const).map((days) => ({ value: days, label: t(`import.days_${days}`) }))} />{!told.days_sure && <Tag tone="warn">?</Tag>}</span>}
                    {column?.decimal && <Select<string> value={column.decimal} style={{ width: '100%' }} aria-label={t('import.decimal')} onChange={(decimal) => put(at, { decimal })} options={[{ value: '.', label: '1,234.56' }, { value: ',', label: '1.234,56' }]} />}
                  </td>
                </tr>
              )
            })}
            {Object.entries(plan.same ?? {}).map(([name]) => {
              const field = entity.fields.find((one) => one.name === name)
              return field && (
                <tr key={name} data-same={name}><td><b>{t('import.same')}</b></td><td className="muted">{t('import.same_text')}</td><td>{meta.say(field.label)}</td><td><Same entity={entity} name={name} onPut={putSame} /></td></tr>
              )
            })}
          </tbody>
        </table>
      </div>
      <div className="row-flex" style={{ marginTop: 8 }}>
        {adding === null ? <Button size="small" data-import="same" onClick={() => setAdding('')}>{t('import.add_same')}</Button> : (
          <>
            <Select<string> value={adding || undefined} autoFocus style={{ width: 240 }} placeholder={t('list.choose_field')} showSearch={{ optionFilterProp: 'label' }} onChange={(name) => setAdding(name)} options={fields.filter((field) => !filled.has(field.name)).map((field) => ({ value: field.name, label: meta.say(field.label) }))} />
            {adding && <div style={{ width: 240 }}><Same entity={entity} name={adding} onPut={putSame} /></div>}
            <Button size="small" type="text" onClick={() => setAdding(null)}>{t('form.close')}</Button>
          </>
        )}
      </div>
    </>
  )
}

/** One value for all rows. */
function Same({ entity, name, onPut }: { entity: Entity; name: string; onPut: (name: string, value: Value) => void }) {
  const scene = useScene()
  const field = entity.fields.find((one) => one.name === name)
  const [value, setValue] = useState<Value>(null)
  return field ? <Edit key={name} field={{ ...field, required: false }} record={{}} scene={scene} value={value} label={scene.meta.say(field.label)} onChange={(next) => {
    setValue(next)
    onPut(name, next)
  }} /> : null
}
