import { Select } from 'antd'
import type { Field } from '@/api/types.ts'
import type { Scene } from '@/meta/meta.ts'
import { Tag } from '@/ui/parts.tsx'
import { CODE_FILTERS, no, ok, type FieldKit } from './kit.ts'

const word = (value: string, field: Field, scene: Scene): string => scene.meta.say(scene.meta.choice(field.choice, value)?.label) || value

/** A choice whose values all look alike is a word; one with meaning is a tag. */
const speaks = (field: Field, scene: Scene): boolean => scene.meta.choices(field.choice).some((choice) => choice.tone !== 'neutral')

export const choice: FieldKit<string> = {
  Cell: ({ value, field, scene, plain }) => (plain || !speaks(field, scene) ? word(value, field, scene) : <Tag tone={scene.meta.choice(field.choice, value)?.tone ?? 'neutral'}>{word(value, field, scene)}</Tag>),
  Input: ({ value, onChange, field, scene, id, error, disabled, autoFocus, bare, label, onPicked }) => (
    <Select<string>
      id={id}
      style={{ width: '100%' }}
      variant={bare ? 'borderless' : 'outlined'}
      value={value ?? undefined}
      status={error ? 'error' : undefined}
      disabled={disabled}
      autoFocus={autoFocus}
      allowClear={!field.required}
      aria-label={label}
      popupMatchSelectWidth={false}
      showSearch={scene.meta.choices(field.choice).length > 8 ? { optionFilterProp: 'label' } : false}
      options={scene.meta.choices(field.choice).map((one) => ({ value: one.code, label: scene.meta.say(one.label) }))}
      onChange={(next: string | undefined) => onChange(next ?? null)}
      onSelect={() => onPicked?.()}
    />
  ),
  format: (value, { field }, scene) => word(value, field, scene),
  parse: (typed) => (typed.trim() ? ok(typed.trim()) : no('empty')),
  filters: CODE_FILTERS,
  aggregates: [],
  width: 130,
}
