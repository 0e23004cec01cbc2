//! The star in the head of a record, a list or a report.
import { StarFilled, StarOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { useCommands } from '@/lib/commands.ts'
import { Tip } from '@/ui/parts.tsx'
import { useFavourites } from './favourites.ts'

/** `about`: the id of a record; else `query`: an address inside the program. */
export function Star({ name, about = '', query = '' }: { name: string; about?: string; query?: string }) {
  const { t } = useTranslation()
  const { all, may, add, remove } = useFavourites()
  const found = all.find((one) => (about ? one.about === about : one.path === query && one.about === ''))
  const toggle = (): void => void (found ? remove(found.id) : add(name, about ? { about } : { query }))
  const text = t(found ? 'favourite.remove' : 'favourite.add')
  useCommands(may ? [{ id: 'favourite', label: text, group: 'page', hotkey: 'shift+f', words: 'star favourite 收藏', run: toggle }] : [])
  if (!may) return null
  return (
    <Tip text={text} hotkey="shift+f">
      <button type="button" className="quiet star" data-star aria-pressed={found !== undefined} aria-label={t('favourite.star')} onClick={toggle}>{found ? <StarFilled /> : <StarOutlined />}</button>
    </Tip>
  )
}
