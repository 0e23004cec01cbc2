import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Segmented, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Condition, Entity, Field, Filter, Json, Operator, Value } from '@/api/types.ts'
import { Edit, kitOf } from '@/fields/kits.tsx'
import { later } from '@/fields/later.tsx'
import { searchRefs, targetOf, useRefLabel } from '@/fields/ref.tsx'
import { finished, group, inside, isCondition, isGroup, isNot, RANGES } from '@/meta/filter.ts'
import { idOf, useScene } from '@/meta/meta.ts'
import { FieldPicker } from './FieldPicker.tsx'
import { operatorKey } from './words.ts'
import type { Option } from '@/ui/ComboBox.tsx'

const CountryMany = later(() => import('@/fields/CountryBox.tsx').then((file) => file.CountryMany))

type GroupFilter = ['and' | 'or', ...Filter[]]
const canFilter = (field: Field): boolean => kitOf(field.kind).filters.length > 0

/** Always a group at the top, so that conditions can be added. */
const asGroup = (filter: Filter | null): GroupFilter => (!filter ? ['and'] : isGroup(filter) ? filter : ['and', filter])

function operatorsOf(field: Field): Operator[] {
  const own = kitOf(field.kind).filters
  return field.kind === 'ref' && field.entity === 'user' ? ['is', ...own] : [...own]
}

const emptyValue = (operator: Operator, field: Field): Json => (operator === 'within' ? 'this_month' : operator === 'is' ? 'me' : field.kind === 'bool' ? true : operator === 'between' ? [null, null] : operator === 'in' || operator === 'not_in' ? [] : null)

function RefMany({ field, value, onChange }: { field: Field; value: string[]; onChange: (value: string[]) => void }) {
  const scene = useScene()
  const [options, setOptions] = useState<Option[]>([])
  const look = (text: string): void => {
    void searchRefs(scene.meta, field.entity ?? '', field.only, text, new AbortController().signal).then(setOptions, () => setOptions([]))
  }
  return (
    <Select<string[]>
      mode="multiple" style={{ width: '100%' }} aria-label={scene.meta.say(field.label)} value={value} onChange={onChange} onFocus={() => look('')}
      showSearch={{ filterOption: false, onSearch: look }} options={options.map((option) => ({ value: option.key, label: option.label }))}
      labelRender={(option) => <RefName field={field} id={String(option.value)} />}
    />
  )
}
function RefName({ field, id }: { field: Field; id: string }) {
  return <>{useRefLabel(useScene(), field.entity, id)}</>
}

function ValueEditor({ field, operator, value, onChange }: { field: Field; operator: Operator; value: Json | undefined; onChange: (value: Json) => void }) {
  const scene = useScene()
  const { t } = useTranslation()
  const label = useRefLabel(scene, targetOf(scene.meta, field, value), typeof value === 'string' ? value : '')
  const name = scene.meta.say(field.label)
  // A box for a condition is neither required nor limited.
  const free: Field = { ...field, required: false, readonly: false, computed: false }
  if (operator === 'empty' || operator === 'not_empty') return null
  if (operator === 'within') return <Select style={{ width: '100%' }} aria-label={name} value={String(value)} onChange={onChange} options={RANGES.map((range) => ({ value: range, label: t(`range.${range}`) }))} />
  if (operator === 'is') return <Select style={{ width: '100%' }} aria-label={name} value={String(value)} onChange={onChange} options={['me', 'my_team'].map((who) => ({ value: who, label: t(`operator.${who}`) }))} />
  if (field.kind === 'bool') return <Select style={{ width: '100%' }} aria-label={name} value={value === true} onChange={onChange} options={[{ value: true, label: t('field.yes') }, { value: false, label: t('field.no') }]} />
  if (operator === 'in' || operator === 'not_in') {
    const many = Array.isArray(value) ? value.map(String) : []
    if (field.kind === 'ref') return <RefMany field={field} value={many} onChange={onChange} />
    if (field.kind === 'country') return <CountryMany value={many} onChange={onChange} label={name} scene={scene} />
    return <Select<string[]> aria-label={name} mode={field.kind === 'choice' ? 'multiple' : 'tags'} style={{ width: '100%' }} value={many} onChange={onChange} options={scene.meta.choices(field.choice).map((choice) => ({ value: choice.code, label: scene.meta.say(choice.label) }))} />
  }
  const box = (one: Value, put: (next: Json) => void) => <Edit field={free} record={{}} scene={scene} value={one ?? null} label={name} onChange={(next) => put(field.kind === 'ref' || field.kind === 'doc' ? idOf(next) || null : (next ?? null))} />
  if (operator === 'between') {
    const [from = null, to = null] = Array.isArray(value) ? value : []
    return <span className="row-flex">{box(from, (next) => onChange([next, to]))}<span className="faint">–</span>{box(to, (next) => onChange([from, next]))}</span>
  }
  return box((field.kind === 'ref' || field.kind === 'doc') && typeof value === 'string' ? { id: value, label } : value, onChange)
}

function ConditionRow({ entity, condition, onChange, onRemove }: { entity: Entity; condition: Condition | null; onChange: (condition: Condition) => void; onRemove: () => void }) {
  const { meta } = useScene()
  const { t } = useTranslation()
  const field = condition ? meta.fieldAt(entity, condition[0]) : undefined
  const choose = (path: string): void => {
    const next = meta.fieldAt(entity, path)
    const operator = next && operatorsOf(next)[0]
    if (next && operator) onChange([path, operator, emptyValue(operator, next)])
  }
  return (
    <div className="condition">
      <FieldPicker entity={entity} value={condition?.[0] ?? null} onChange={choose} fits={canFilter} lines />
      {condition && field ? (
        <>
          <Select<Operator>
            style={{ minWidth: 116 }} aria-label={t('list.add_condition')}
            value={condition[1]}
            options={operatorsOf(field).map((operator) => ({ value: operator, label: t(operatorKey(operator, field.kind)) }))}
            onChange={(operator) => {
              const same = Array.isArray(emptyValue(operator, field)) === Array.isArray(condition[2]) && operator !== 'within' && operator !== 'is' && condition[1] !== 'within' && condition[1] !== 'is'
              onChange(operator === 'empty' || operator === 'not_empty' ? [condition[0], operator] : [condition[0], operator, same ? (condition[2] ?? null) : emptyValue(operator, field)])
            }}
          />
          <div className="condition-value"><ValueEditor field={field} operator={condition[1]} value={condition[2]} onChange={(value) => onChange([condition[0], condition[1], value])} /></div>
        </>
      ) : <span />}
      <button type="button" className="quiet" aria-label={t('list.remove_condition')} onClick={onRemove}><DeleteOutlined /></button>
    </div>
  )
}

function GroupEditor({ entity, value, onChange, onRemove, depth }: { entity: Entity; value: GroupFilter; onChange: (value: GroupFilter) => void; onRemove?: () => void; depth: number }) {
  const { t } = useTranslation()
  const [fresh, setFresh] = useState(inside(value).length === 0 ? 1 : 0)
  const parts = inside(value)
  const put = (index: number, part: Filter | null): void => onChange(group(value[0], parts.flatMap((old, at) => (at === index ? (part ? [part] : []) : [old]))) as GroupFilter)
  const add = (part: Filter): void => onChange(group(value[0], [...parts, part]) as GroupFilter)
  return (
    <div className={depth ? 'condition-group inner' : 'condition-group'}>
      {(parts.length + fresh > 1 || depth > 0) && (
        <div className="spread">
          <Segmented<'and' | 'or'> size="small" value={value[0]} onChange={(join) => onChange(group(join, parts) as GroupFilter)} options={[{ value: 'and', label: t('list.all_of') }, { value: 'or', label: t('list.any_of') }]} />
          {onRemove && <button type="button" className="quiet" aria-label={t('list.remove_condition')} onClick={onRemove}><DeleteOutlined /></button>}
        </div>
      )}
      {parts.map((part, index) =>
        isGroup(part) ? <GroupEditor key={index} entity={entity} value={part} depth={depth + 1} onChange={(next) => put(index, next)} onRemove={() => put(index, null)} />
        : isNot(part) ? <GroupEditor key={index} entity={entity} value={asGroup(part[1])} depth={depth + 1} onChange={(next) => put(index, ['not', next])} onRemove={() => put(index, null)} />
        : isCondition(part) ? <ConditionRow key={index} entity={entity} condition={part} onChange={(next) => put(index, next)} onRemove={() => put(index, null)} />
        : null)}
      {Array.from({ length: fresh }, (_, index) => (
        <ConditionRow key={`fresh${index}`} entity={entity} condition={null} onRemove={() => setFresh(fresh - 1)} onChange={(condition) => {
          setFresh(fresh - 1)
          add(condition)
        }} />
      ))}
      <div className="row-flex">
        <Button type="text" size="small" icon={<PlusOutlined />} onClick={() => setFresh(fresh + 1)}>{t('list.add_condition')}</Button>
        {depth < 3 && <Button type="text" size="small" icon={<PlusOutlined />} onClick={() => add([value[0] === 'and' ? 'or' : 'and'])}>{t('list.add_group')}</Button>}
      </div>
    </div>
  )
}

export interface FilterBuilderProps {
  entity: Entity
  filter: Filter | null
  /** A field to begin a condition with. */
  first?: string
  onApply: (filter: Filter | null) => void
}

export function FilterBuilder({ entity, filter, first, onApply }: FilterBuilderProps) {
  const { t } = useTranslation()
  const { meta } = useScene()
  const [draft, setDraft] = useState<GroupFilter>(() => {
    const now = asGroup(filter)
    const field = first ? meta.fieldAt(entity, first) : undefined
    const operator = field && operatorsOf(field)[0]
    return field && operator && first ? (group(now[0], [...inside(now), [first, operator, emptyValue(operator, field)]]) as GroupFilter) : now
  })
  return (
    <form className="filter-builder" onSubmit={(event) => {
      event.preventDefault()
      onApply(finished(draft))
    }}>
      <GroupEditor entity={entity} value={draft} onChange={setDraft} depth={0} />
      <div className="row-flex" style={{ justifyContent: 'flex-end' }}>
        <Button onClick={() => onApply(null)} disabled={!filter}>{t('list.clear_filter')}</Button>
        <Button type="primary" htmlType="submit">{t('list.apply')}</Button>
      </div>
    </form>
  )
}

/** The same conditions inside another form: told while they are typed. */
export function FilterFields({ entity, filter, onChange }: { entity: Entity; filter: Filter | null; onChange: (filter: Filter | null) => void }) {
  const [draft, setDraft] = useState<GroupFilter>(() => asGroup(filter))
  return (
    <GroupEditor entity={entity} value={draft} depth={0} onChange={(next) => {
      setDraft(next)
      onChange(finished(next))
    }} />
  )
}
