//! The order of favourites: folders by name, those in none first, and within a folder as one has put them.
import type { Rec } from '@/api/types.ts'
import { idOf, textOf } from '@/meta/meta.ts'

export interface Favourite { id: string; name: string; folder: string; position: number; path: string; about: string }

export function readFavourite(row: Rec): Favourite {
  const about = idOf(row['about_doc'])
  return {
    id: textOf(row['id']), name: textOf(row['name']), folder: textOf(row['folder']), position: Number(row['position']) || 0,
    about, path: about ? `/${textOf(row['about_entity'])}/${about}` : textOf(row['query']),
  }
}

export interface Folder { name: string; items: Favourite[] }

/** Those in no folder come first, under the name ''. */
export function foldersOf(favourites: readonly Favourite[], locale: string): Folder[] {
  const folders = new Map<string, Favourite[]>([['', []]])
  for (const one of favourites) folders.set(one.folder, [...(folders.get(one.folder) ?? []), one])
  return [...folders]
    .map(([name, items]) => ({ name, items: items.sort((a, b) => a.position - b.position || a.name.localeCompare(b.name, locale)) }))
    .sort((a, b) => (a.name === '' ? -1 : b.name === '' ? 1 : a.name.localeCompare(b.name, locale)))
}

/** Puts a favourite in a folder before another, or at its end; tells those whose place changes. */
export function placed(favourites: readonly Favourite[], id: string, folder: string, before: string | null): Favourite[] {
  const one = favourites.find((favourite) => favourite.id === id)
  if (!one || before === id) return []
  const there = foldersOf(favourites.filter((favourite) => favourite.id !== id), 'en').find(({ name }) => name === folder)?.items ?? []
  const at = before === null ? there.length : there.findIndex((favourite) => favourite.id === before)
  if (at < 0) return []
  return [...there.slice(0, at), one, ...there.slice(at)].flatMap((favourite, index) => {
    const next = { ...favourite, folder, position: index + 1 }
    return next.position === favourite.position && next.folder === favourite.folder ? [] : [next]
  })
}

/** One up or down within its folder. */
export function nudged(favourites: readonly Favourite[], id: string, by: -1 | 1): Favourite[] {
  const folder = foldersOf(favourites, 'en').find(({ items }) => items.some((one) => one.id === id))
  const at = folder?.items.findIndex((one) => one.id === id) ?? -1
  if (!folder || at < 0 || at + by < 0 || at + by >= folder.items.length) return []
  return placed(favourites, id, folder.name, folder.items[by < 0 ? at - 1 : at + 2]?.id ?? null)
}
