import { Cascader } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entity, Field } from '@/api/types.ts'
import type { Meta } from '@/meta/meta.ts'
import { useMeta } from '@/meta/meta.ts'

interface Node { value: string; label: string; children?: Node[] }

const DEPTH = 2

/** The fields of an entity, through its refs those of others and, where asked for, those of its lines. */
function tree(meta: Meta, entity: Entity, fits: (field: Field) => boolean, lines: boolean, depth: number): Node[] {
  return entity.fields.flatMap((field): Node[] => {
    const owned = field.kind === 'owned'
    if (field.hidden || (owned && !lines)) return []
    const target = (owned || (field.kind === 'ref' && depth < DEPTH)) && field.entity ? meta.entity(field.entity) : undefined
    const own = !owned && fits(field)
    const below = target ? tree(meta, target, fits, false, owned ? depth : depth + 1) : []
    if (!own && below.length === 0) return []
    const label = meta.say(field.label)
    return [{ value: field.name, label, ...(below.length ? { children: below } : {}) }]
  })
}

export interface FieldPickerProps { entity: Entity; value: string | null; onChange: (path: string) => void; fits: (field: Field) => boolean; placeholder?: string; autoFocus?: boolean; /** Fields of lines, too: “orders with this product”. */ lines?: boolean }

/** A tree of fields to choose one from; loaded when it is drawn, by FieldPicker. */
export default function FieldTree({ entity, value, onChange, fits, placeholder, autoFocus, lines = false }: FieldPickerProps) {
  const meta = useMeta()
  const { t } = useTranslation()
  const options = useMemo(() => tree(meta, entity, fits, lines, 1), [meta, entity, fits, lines])
  return (
    <Cascader<Node>
      style={{ width: '100%', minWidth: 150 }}
      options={options}
      value={value ? value.split('.') : []}
      changeOnSelect
      allowClear={false}
      autoFocus={autoFocus}
      showSearch={{ filter: (typed, path) => path.some((node) => node.label.toLowerCase().includes(typed.toLowerCase()) || node.value.includes(typed.toLowerCase())) }}
      displayRender={(labels) => labels.join(' › ')}
      aria-label={placeholder ?? t('list.choose_field')}
      placeholder={placeholder ?? t('list.choose_field')}
      onChange={(path) => path.length && onChange(path.join('.'))}
    />
  )
}
