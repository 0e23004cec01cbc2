//! Groups of fields behind each other. Which one was open last is kept; a group with something to mend comes forward.
import { Tabs } from 'antd'
import { useEffect, useState, type ReactNode, type RefObject } from 'react'
import type { Entity } from '@/api/types.ts'
import { isText, recall, remember } from '@/lib/local.ts'
import { useMeta } from '@/meta/meta.ts'
import type { Part } from './layout.ts'
import type { Remarks } from './useDraft.ts'

interface PartTabsProps { entity: Entity; parts: readonly Part[]; remarks: Remarks; draw: (part: Part, index: number) => ReactNode; root: RefObject<HTMLElement | null> }

export function PartTabs({ entity, parts, remarks, draw, root }: PartTabsProps) {
  const meta = useMeta()
  const place = `part.${entity.name}`
  const [tab, setTab] = useState(() => recall(place, isText, ''))
  const keyOf = (part: Part): string => (part.label?.en ?? '').replaceAll(' ', '_')
  const open = parts.some((part) => keyOf(part) === tab) ? tab : parts[0] ? keyOf(parts[0]) : ''
  const wrong = (part: Part): number => part.fields.filter((field) => remarks.problems.has(field.name)).length
  // Only when something is found wrong: whoever turns to another group then has seen it.
  useEffect(() => {
    const first = parts.find(wrong)
    if (first && !parts.some((part) => keyOf(part) === open && wrong(part))) setTab(keyOf(first))
  }, [remarks.problems])
  // Who looks for a field from outside, such as the list of what is wrong, finds its group open.
  useEffect(() => {
    const { current } = root
    const reveal = (event: Event): void => {
      const part = parts.find(({ fields }) => fields.some((field) => field.name === (event as CustomEvent<string>).detail))
      if (part) setTab(keyOf(part))
    }
    current?.addEventListener('reveal', reveal)
    return () => current?.removeEventListener('reveal', reveal)
  }, [parts, root])
  return (
    <Tabs
      className="part-tabs" activeKey={open}
      onChange={(next) => {
        remember(place, next)
        setTab(next)
      }}
      items={parts.map((part, index) => ({ key: keyOf(part), forceRender: true, label: <span data-part={keyOf(part)}>{meta.say(part.label)}{wrong(part) > 0 && <span className="part-wrong"> ✕ {wrong(part)}</span>}</span>, children: draw(part, index) }))}
    />
  )
}
