//! What one keeps at hand, in the menu: in folders, in one's own order.
import { FolderOutlined, MoreOutlined, RightOutlined, StarOutlined } from '@ant-design/icons'
import { Dropdown, type MenuProps } from 'antd'
import { lazy, Suspense, useState, type DragEvent, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Go } from '@/lib/go.tsx'
import { isTexts, recall, remember } from '@/lib/local.ts'
import { useScene } from '@/meta/meta.ts'
import { useFavourites } from '@/views/favourite/favourites.ts'
import { foldersOf, nudged, placed, type Favourite } from '@/views/favourite/order.ts'

const AskName = lazy(() => import('./AskName.tsx'))

type Asking = { what: 'name' | 'folder'; one: Favourite } | null

export function Favourites({ address, narrow }: { address: string; narrow: boolean }) {
  const { t } = useTranslation()
  const { locale } = useScene()
  const { all, remove, change } = useFavourites()
  const [shut, setShut] = useState<string[]>(() => recall('menu.folders', isTexts, []))
  const [asking, setAsking] = useState<Asking>(null)
  const [dragged, setDragged] = useState('')
  const [over, setOver] = useState('')
  if (all.length === 0) return null
  const folders = foldersOf(all, locale)
  const toggle = (name: string): void => {
    const next = shut.includes(name) ? shut.filter((one) => one !== name) : [...shut, name]
    remember('menu.folders', next)
    setShut(next)
  }
  const isHere = (one: Favourite): boolean => address === one.path || (!one.path.includes('?') && address.split('?')[0] === one.path && one.about !== '')
  const title = t('favourite.title')
  if (narrow) {
    const items: MenuProps['items'] = folders.filter(({ items: inside }) => inside.length).map(({ name, items: inside }) => ({ key: `/${name}`, type: 'group', label: name || title, children: inside.map((one) => ({ key: one.id, label: <Go to={one.path}>{one.name}</Go> })) }))
    return <Dropdown trigger={['click', 'hover']} placement="bottomLeft" menu={{ items }}><button type="button" className="nav-item" aria-label={title}><StarOutlined /></button></Dropdown>
  }

  const drop = (folder: string, before: string | null) => ({
    onDragOver: (event: DragEvent) => {
      if (!dragged) return
      event.preventDefault()
      event.stopPropagation()
      setOver(before ?? `/${folder}`)
    },
    onDrop: (event: DragEvent) => {
      if (!dragged) return
      event.preventDefault()
      event.stopPropagation()
      void change(placed(all, dragged, folder, before))
      setDragged('')
      setOver('')
    },
  })
  const menuOf = (one: Favourite, at: number, of: number): MenuProps['items'] => [
    { key: 'name', label: t('favourite.rename'), onClick: () => setAsking({ what: 'name', one }) },
    { key: 'up', label: t('favourite.up'), disabled: at === 0, onClick: () => void change(nudged(all, one.id, -1)) },
    { key: 'down', label: t('favourite.down'), disabled: at === of - 1, onClick: () => void change(nudged(all, one.id, 1)) },
    { key: 'folder', label: t('favourite.move'), children: [
      ...folders.filter(({ name }) => name !== one.folder).map(({ name }) => ({ key: `to-${name}`, label: name || t('favourite.no_folder'), onClick: () => void change(placed(all, one.id, name, null)) })),
      { key: 'fresh', label: t('favourite.new_folder'), onClick: () => setAsking({ what: 'folder', one }) },
    ] },
    { type: 'divider' },
    { key: 'remove', danger: true, label: t('favourite.remove'), onClick: () => void remove(one.id) },
  ]
  const onKeyDown = (event: KeyboardEvent, one: Favourite): void => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
    event.preventDefault()
    const link = event.target
    void change(nudged(all, one.id, event.key === 'ArrowUp' ? -1 : 1)).then(() => link instanceof HTMLElement && link.focus())
  }
  const item = (one: Favourite, at: number, inside: readonly Favourite[]) => (
    <li
      key={one.id} data-favourite={one.name} draggable className={['favourite', dragged === one.id && 'dragged', over === one.id && dragged && 'over'].filter(Boolean).join(' ')}
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = 'move'
        setDragged(one.id)
      }}
      onDragEnd={() => {
        setDragged('')
        setOver('')
      }}
      onKeyDown={(event) => onKeyDown(event, one)}
      {...drop(one.folder, one.id)}
    >
      <Go to={one.path} className={isHere(one) ? 'nav-sub on' : 'nav-sub'} current={isHere(one)} title={one.name}><span className="clip">{one.name}</span></Go>
      <Dropdown trigger={['click']} menu={{ items: menuOf(one, at, inside.length) }}><button type="button" className="quiet" aria-label={t('favourite.menu', { name: one.name })}><MoreOutlined /></button></Dropdown>
    </li>
  )
  const open = !shut.includes('')
  return (
    <div className="favourites">
      <button type="button" className="nav-item" aria-expanded={open} data-favourites onClick={() => toggle('')}><StarOutlined /><span className="clip">{title}</span><RightOutlined className={open ? 'nav-arrow open' : 'nav-arrow'} /></button>
      {open && folders.map(({ name, items }) => name === '' ? (
        <ul key="" className={over === '/' && dragged ? 'nav-subs over' : 'nav-subs'} {...drop('', null)}>{items.map(item)}</ul>
      ) : (
        <div key={name} className={over === `/${name}` && dragged ? 'over' : undefined} {...drop(name, null)}>
          <button type="button" className="nav-sub folder" aria-expanded={!shut.includes(name)} data-folder={name} onClick={() => toggle(name)}><FolderOutlined /><span className="clip">{name}</span><RightOutlined className={shut.includes(name) ? 'nav-arrow' : 'nav-arrow open'} /></button>
          {!shut.includes(name) && <ul className="nav-subs inner">{items.map(item)}</ul>}
        </div>
      ))}
      {asking && <Suspense><AskName what={asking.what} first={asking.what === 'name' ? asking.one.name : ''} onClose={() => setAsking(null)} onTake={(text) => {
        const { what, one } = asking
        setAsking(null)
        void change(what === 'name' ? [{ ...one, name: text }] : placed(all, one.id, text, null))
      }} /></Suspense>}
    </div>
  )
}
