//! The heading of lines, and what their columns are for.
import { InfoCircleOutlined } from '@ant-design/icons'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entity, Field } from '@/api/types.ts'
import type { Scene } from '@/meta/meta.ts'
import { lineColumns } from './lineColumns.ts'

export function LinesBlock({ field, line, scene, children }: { field: Field; line: Entity; scene: Scene; children: ReactNode }) {
  const { t } = useTranslation()
  const { say } = scene.meta
  const [helped, setHelped] = useState(false)
  const columns = lineColumns(line).filter((column) => say(column.help))
  const id = `${field.name}-help`
  return (
    <div className="lines-block" onKeyDown={columns.length ? (event) => {
      if (event.key !== 'F1') return
      event.preventDefault()
      event.stopPropagation()
      setHelped(!helped)
    } : undefined}>
      <div className="row-flex lines-head">
        <h2>{say(field.label)}</h2>
        {columns.length > 0 && <button type="button" className="help" aria-label={t('form.help_of', { what: say(field.label) })} aria-keyshortcuts="F1" aria-expanded={helped} aria-controls={helped ? id : undefined} title={t('form.help_key')} onClick={() => setHelped(!helped)}><InfoCircleOutlined /></button>}
      </div>
      {helped && (
        <dl id={id} className="help-text lines-help" role="note">
          {columns.map((column) => <div key={column.name}><dt>{say(column.label)}</dt><dd>{say(column.help)}</dd></div>)}
        </dl>
      )}
      {children}
    </div>
  )
}
