import type { Field } from '@/api/types.ts'
import type { Scene } from '@/meta/meta.ts'
import { Tag } from '@/ui/parts.tsx'
import { CODE_FILTERS, no, ok, type FieldKit, type InputProps } from './kit.ts'
import { later, Waiting } from './later.tsx'

const word = (value: string, field: Field, scene: Scene): string => scene.meta.say(scene.meta.choice(field.choice, value)?.label) || value

/** A choice whose values all look alike is a word; one with meaning is a tag. */
const speaks = (field: Field, scene: Scene): boolean => scene.meta.choices(field.choice).some((choice) => choice.tone !== 'neutral')

const ChoiceInput = later<InputProps<string>>(async () => (await import('./lateBoxes.tsx')).ChoiceInput, ({ value, field, scene, bare }) => <Waiting text={value ? word(value, field, scene) : ''} bare={bare} />)

export const choice: FieldKit<string> = {
  Cell: ({ value, field, scene, plain }) => (plain || !speaks(field, scene) ? word(value, field, scene) : <Tag tone={scene.meta.choice(field.choice, value)?.tone ?? 'neutral'}>{word(value, field, scene)}</Tag>),
  Input: ChoiceInput,
  format: (value, { field }, scene) => word(value, field, scene),
  parse: (typed) => (typed.trim() ? ok(typed.trim()) : no('empty')),
  filters: CODE_FILTERS,
  aggregates: [],
  width: 130,
}
