import { expect, test } from 'vitest'
import type { MenuItem } from '@/api/types.ts'
import { partsOf } from '@/meta/menu.ts'

const heading = (en: string) => ({ en, zh: en })
const items = (many: number, section?: string): MenuItem[] => Array.from({ length: many }, (_, at) => ({ entity: `${section ?? 'e'}${at}`, ...(section ? { section: heading(section) } : {}) }))

test('a short menu needs no headings, whatever the server gives', () => {
  expect(partsOf({ name: 'finance', menu: items(3, 'Books') })).toEqual([{ name: 'finance', label: null, items: items(3, 'Books') }])
})

test('a long menu stands under its headings, in order, and loses nothing', () => {
  const menu = [...items(2), ...items(5, 'Books'), ...items(6, 'Settings')]
  const parts = partsOf({ name: 'finance', menu })
  expect(parts.map(({ name, label }) => [name, label?.en ?? ''])).toEqual([['finance', ''], ['finance/Books', 'Books'], ['finance/Settings', 'Settings']])
  expect(parts.flatMap((part) => part.items)).toEqual(menu)
})
