//! The menu: modules that open, and in a long one the parts it has.
import { RightOutlined } from '@ant-design/icons'
import { Dropdown, type MenuProps } from 'antd'
import { useEffect, useState } from 'react'
import type { MenuItem, Module } from '@/api/types.ts'
import { Go } from '@/lib/go.tsx'
import { isTexts, recall, remember } from '@/lib/local.ts'
import { partsOf, type MenuPart } from '@/meta/menu.ts'
import type { Meta } from '@/meta/meta.ts'
import { ModuleIcon } from './icons.tsx'

export function Modules({ meta, path, narrow }: { meta: Meta; path: string; narrow: boolean }) {
  const [open, setOpen] = useState<string[]>(() => recall('menu.open', isTexts, []))
  const place = path.split('/').slice(1)
  const isHere = (item: MenuItem): boolean => {
    const to = meta.menuPath(item)
    return path === to || path.startsWith(`${to}/`) || (place[0] === 'chain' && to === `/${place[1]}`)
  }
  const modules = meta.data.modules.filter((module) => module.menu.length)
  const module = modules.find((one) => one.menu.some(isHere))
  const current = module?.name
  const part = module && partsOf(module).find((one) => one.items.some(isHere))
  const here = module ? [module.name, ...(part?.label ? [part.name] : [])] : []
  useEffect(() => setOpen((now) => [...new Set([...now, ...here])]), [here.join()])
  const toggle = (name: string): void => {
    const next = open.includes(name) ? open.filter((one) => one !== name) : [...open, name]
    remember('menu.open', next)
    setOpen(next)
  }
  const itemOf = (item: MenuItem) => <li key={meta.menuPath(item)}><Go to={meta.menuPath(item)} className={isHere(item) ? 'nav-sub on' : 'nav-sub'} current={isHere(item)}><span className="clip">{meta.menuLabel(item)}</span></Go></li>
  const partOf = ({ name, label, items }: MenuPart) => (label ? (
    <li key={name}>
      <button type="button" className="nav-sub folder" aria-expanded={open.includes(name)} data-section={name} onClick={() => toggle(name)}><span className="clip">{meta.say(label)}</span><RightOutlined className={open.includes(name) ? 'nav-arrow open' : 'nav-arrow'} /></button>
      {open.includes(name) && <ul className="nav-subs inner">{items.map(itemOf)}</ul>}
    </li>
  ) : items.map(itemOf))
  return (
    <ul className="modules">
      {modules.map((one) => (
        <li key={one.name}>
          {narrow ? (
            <Dropdown trigger={['click', 'hover']} placement="bottomLeft" menu={{ items: [{ key: one.name, type: 'group', label: meta.say(one.label), children: entriesOf(meta, one) }] }}>
              <button type="button" className={one.name === current ? 'nav-item on' : 'nav-item'} aria-label={meta.say(one.label)}><ModuleIcon name={one.icon} /></button>
            </Dropdown>
          ) : (
            <>
              <button type="button" className={one.name === current ? 'nav-item here' : 'nav-item'} aria-expanded={open.includes(one.name)} data-module={one.name} onClick={() => toggle(one.name)}>
                <ModuleIcon name={one.icon} /><span className="clip">{meta.say(one.label)}</span><RightOutlined className={open.includes(one.name) ? 'nav-arrow open' : 'nav-arrow'} />
              </button>
              {open.includes(one.name) && <ul className="nav-subs">{partsOf(one).map(partOf)}</ul>}
            </>
          )}
        </li>
      ))}
    </ul>
  )
}

/** The same, where only the signs of the modules are seen. */
function entriesOf(meta: Meta, module: Module): NonNullable<MenuProps['items']> {
  const entry = (item: MenuItem) => ({ key: meta.menuPath(item), label: <Go to={meta.menuPath(item)}>{meta.menuLabel(item)}</Go> })
  return partsOf(module).flatMap((part): NonNullable<MenuProps['items']> => (part.label ? [{ key: part.name, label: meta.say(part.label), children: part.items.map(entry) }] : part.items.map(entry)))
}
