//! What a view is grouped by, as chips: added, replaced, moved and taken away by their menus.
import { CloseOutlined, DownOutlined, PlusOutlined } from '@ant-design/icons'
import { Dropdown, type MenuProps } from 'antd'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { Entity, Field } from '@/api/types.ts'
import { useMeta, type Meta } from '@/meta/meta.ts'
import { groupable, PARTS } from './groups.ts'

type Items = NonNullable<MenuProps['items']>

/** All keys a list can be grouped by; under a ref those of what it names. */
function keyItems(meta: Meta, entity: Entity, t: TFunction): Items {
  const own = groupable(entity)
  const item = (field: Field, path: string): Items[number] =>
    field.kind === 'date'
      ? { key: path, label: meta.say(field.label), children: PARTS.map((part) => ({ key: `${path}:${part}`, label: t(`part.${part}`) })) }
      : { key: path, label: meta.say(field.label) }
  const related = entity.fields.flatMap((field): Items => {
    const target = field.kind === 'ref' && !field.hidden && field.entity && field.entity !== entity.name ? meta.entity(field.entity) : undefined
    const below = target ? groupable(target) : []
    return below.length ? [{ key: `${field.name}.`, label: meta.say(field.label), children: below.map((inner) => item(inner, `${field.name}.${inner.name}`)) }] : []
  })
  return [...own.map((field) => item(field, field.name)), ...(related.length ? [{ type: 'divider' as const }, { type: 'group' as const, label: t('keys_of.related'), children: related }] : [])]
}

interface KeyChipsProps {
  entity: Entity
  label: string
  keys: readonly string[]
  most: number
  /** The last one stays. */
  least?: number
  onChange: (keys: string[]) => void
  /** Further things to do with a key. */
  more?: (key: string) => Items
  name: string
}

export function KeyChips({ entity, label, keys, most, least = 0, onChange, more, name }: KeyChipsProps) {
  const { t } = useTranslation()
  const meta = useMeta()
  const put = (at: number, key: string): void => {
    const next = [...keys]
    next[at] = key
    onChange([...new Set(next)])
  }
  const swap = (at: number, by: number): void => {
    const next = [...keys]
    const [one] = next.splice(at, 1)
    if (one) next.splice(at + by, 0, one)
    onChange(next)
  }
  return (
    <div className="key-chips" role="group" aria-label={label} data-keys={name}>
      <span className="faint">{label}</span>
      {keys.map((key, at) => {
        const [path = '', part] = key.split(':')
        const text = `${meta.pathLabel(entity, path)}${part ? ` (${t(`part.${part}`)})` : ''}`
        const parts: Items = part ? PARTS.map((one) => ({ key: `part ${one}`, label: t(`part.${one}`), onClick: () => put(at, `${path}:${one}`) })) : []
        const items: Items = [
          ...parts,
          ...(parts.length ? [{ type: 'divider' as const }] : []),
          { key: 'instead', label: t('keys_of.instead'), children: keyItems(meta, entity, t), onClick: (event) => put(at, event.key) },
          ...(at > 0 ? [{ key: 'earlier', label: t('keys_of.earlier'), onClick: () => swap(at, -1) }] : []),
          ...(at < keys.length - 1 ? [{ key: 'later', label: t('keys_of.later'), onClick: () => swap(at, 1) }] : []),
          ...(more?.(key) ?? []),
        ]
        return (
          <span key={key} className="chip" data-key={key}>
            <Dropdown trigger={['click']} autoFocus menu={{ items, selectedKeys: part ? [`part ${part}`] : [] }}><button type="button" className="chip-text clip">{text} <DownOutlined style={{ fontSize: 9 }} /></button></Dropdown>
            {keys.length > least && <button type="button" className="chip-x" aria-label={t('keys_of.remove', { what: text })} onClick={() => onChange(keys.filter((one) => one !== key))}><CloseOutlined /></button>}
          </span>
        )
      })}
      {keys.length < most && (
        <Dropdown trigger={['click']} autoFocus menu={{ items: keyItems(meta, entity, t), onClick: ({ key }) => onChange([...new Set([...keys, key])]), className: 'key-menu' }}>
          <button type="button" className="quiet" aria-label={t('keys_of.add', { what: label })} title={t('keys_of.add', { what: label })}><PlusOutlined /></button>
        </Dropdown>
      )}
    </div>
  )
}
