import { DeleteOutlined, HolderOutlined } from '@ant-design/icons'
import { Button, Checkbox } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entity, Field } from '@/api/types.ts'
import type { Meta } from '@/meta/meta.ts'
import type { Columns } from './columns.ts'
import { FieldPicker } from './FieldPicker.tsx'

const canShow = (field: Field): boolean => field.kind !== 'owned' && field.kind !== 'id'

export function ColumnPicker({ meta, entity, columns }: { meta: Meta; entity: Entity; columns: Columns }) {
  const { t } = useTranslation()
  const [dragged, setDragged] = useState<string | null>(null)
  const paths = columns.shown.map((column) => column.path)
  const others = entity.fields.filter((field) => canShow(field) && !field.hidden && !paths.includes(field.name))
  const { move } = columns
  const shift = (path: string, by: number): void => {
    const other = paths[paths.indexOf(path) + by]
    if (other) move(path, other)
  }
  return (
    <div className="column-picker">
      <ul>
        {columns.shown.map(({ path, label }) => (
          <li
            key={path} draggable className={dragged === path ? 'dragged' : undefined}
            onDragStart={() => setDragged(path)} onDragEnd={() => setDragged(null)}
            onDragOver={(event) => {
              event.preventDefault()
              if (dragged && dragged !== path) move(dragged, path)
            }}
            onKeyDown={(event) => {
              if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
                event.preventDefault()
                shift(path, event.key === 'ArrowUp' ? -1 : 1)
              }
            }}
          >
            <HolderOutlined className="faint" style={{ cursor: 'grab' }} title={t('list.drag_column')} />
            {path.includes('.') ? (
              <><span className="clip" style={{ flex: 1 }}>{label}</span><button type="button" className="quiet" aria-label={t('list.hide_column')} onClick={() => columns.setPaths(paths.filter((one) => one !== path))}><DeleteOutlined /></button></>
            ) : (
              <Checkbox checked disabled={paths.length === 1} onChange={() => columns.setPaths(paths.filter((one) => one !== path))}>{label}</Checkbox>
            )}
          </li>
        ))}
        {others.map((field) => (
          <li key={field.name}><span style={{ width: 14 }} /><Checkbox checked={false} onChange={() => columns.setPaths([...paths, field.name])}>{meta.say(field.label)}</Checkbox></li>
        ))}
      </ul>
      <div className="column-foot">
        <FieldPicker entity={entity} value={null} fits={canShow} placeholder={t('list.related_column')} onChange={(path) => !paths.includes(path) && path.includes('.') && columns.setPaths([...paths, path])} />
        <Button size="small" type="text" disabled={columns.isDefault} onClick={columns.reset}>{t('list.default_columns')}</Button>
      </div>
    </div>
  )
}
