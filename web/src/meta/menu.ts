//! The menu of a module in parts.
import type { MenuItem, Module, Text } from '@/api/types.ts'

/** A menu that is longer stands under its headings. */
const LONG = 10

export interface MenuPart { name: string; label: Text | null; items: MenuItem[] }

/** The places of a module under the headings the server gives them; a short menu needs none. */
export function partsOf({ name, menu }: Pick<Module, 'name' | 'menu'>): MenuPart[] {
  if (menu.length <= LONG) return [{ name, label: null, items: [...menu] }]
  const parts: MenuPart[] = []
  for (const item of menu) {
    const of = item.section ? `${name}/${item.section.en}` : name
    const last = parts.at(-1)
    if (last?.name === of) last.items.push(item)
    else parts.push({ name: of, label: item.section ?? null, items: [item] })
  }
  return parts
}
