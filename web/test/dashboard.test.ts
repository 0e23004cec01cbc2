import { describe, expect, test } from 'vitest'
import { cardOf, homeCards, readLayout, withCard, writeLayout, type Card } from '@/views/dashboard/cards.ts'
import { calledIn, firstDashboard, OVERVIEW } from '@/views/dashboard/home.ts'
import { added, COLUMNS, grown, moved, packed, resized, settle, stepped, swapped, type Placed } from '@/views/dashboard/grid.ts'
import { foldersOf, nudged, placed, type Favourite } from '@/views/favourite/order.ts'
import { readQuery } from '@/meta/query.ts'

const card = (id: string, x: number, y: number, w: number, h: number): Placed => ({ id, x, y, w, h })
const seen = (cards: readonly Placed[]): string => cards.map(({ id, x, y, w, h }) => `${id} ${x},${y} ${w}x${h}`).join(' | ')


/** Dice that fall the same way every time. */
function dice(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * sides)
  }
}
const some = (roll: (sides: number) => number): Placed[] => Array.from({ length: 1 + roll(9) }, (_, at) => {
  const w = 1 + roll(COLUMNS)
  return card(`c${at}`, roll(COLUMNS - w + 1), roll(20), w, 1 + roll(6))
})

function isSound(cards: readonly Placed[]): void {
  expect(cards.length).toBeGreaterThan(0)
  for (const one of cards) {
    if (one.x < 0 || one.x + one.w > COLUMNS || one.y < 0 || one.w < 1 || one.h < 1) throw new Error(`outside: ${seen(cards)}`)
    for (const other of cards) {
      const apart = one.x + one.w <= other.x || other.x + other.w <= one.x || one.y + one.h <= other.y || other.y + other.h <= one.y
      if (one !== other && !apart) throw new Error(`${one.id} and ${other.id} overlap: ${seen(cards)}`)
    }
  }
}

describe('the grid', () => {
  test('whatever is done, no cards overlap, none is lost, none leaves the grid, and nothing could fall further', () => {
    const steps = ['left', 'right', 'up', 'down'] as const
    for (let seed = 1; seed <= 400; seed += 1) {
      const roll = dice(seed * 7919)
      let cards = settle(some(roll))
      for (let turn = 0; turn < 12; turn += 1) {
        const id = cards[roll(cards.length)]?.id ?? ''
        const step = steps[roll(4)] ?? 'up'
        const before = cards.map((one) => one.id).sort()
        const next = [
          () => moved(cards, id, { x: roll(30) - 10, y: roll(300) / 10 - 3 }), () => stepped(cards, id, step), () => grown(cards, id, step),
          () => resized(cards, id, { w: roll(30) - 5, h: roll(40) - 5 }), () => swapped(cards, id, roll(2) ? 1 : -1),
        ][roll(5)]?.() ?? cards
        isSound(next)
        if (next.map((one) => one.id).sort().join() !== before.join() || seen(settle(next)) !== seen(next)) throw new Error(`${seen(cards)} became ${seen(next)}`)
        cards = next
      }
    }
  })
  test('a card pulled over half of the next changes places with it, and back', () => {
    const cards = settle([card('a', 0, 0, 6, 2), card('b', 0, 2, 6, 4)])
    expect(seen(moved(cards, 'a', { x: 0, y: 1.9 }))).toBe(seen(cards))
    const below = moved(cards, 'a', { x: 0, y: 2.1 })
    expect(seen(below)).toBe('b 0,0 6x4 | a 0,4 6x2')
    expect(seen(moved(below, 'a', { x: 0, y: 1.9 }))).toBe(seen(cards))
  })
  test('a step down and a step up end where they began', () => {
    const cards = settle([card('a', 0, 0, 4, 3), card('b', 4, 0, 8, 2), card('c', 0, 3, 12, 2)])
    expect(seen(stepped(cards, 'a', 'down'))).toBe('b 4,0 8x2 | c 0,2 12x2 | a 0,4 4x3')
    expect(seen(stepped(stepped(cards, 'a', 'down'), 'a', 'up'))).toBe(seen(cards))
  })
  test('on a phone a card changes places with the one read before it, also when both stand side by side', () => {
    const cards = settle([card('a', 0, 0, 4, 2), card('b', 4, 0, 8, 2)])
    expect(seen(swapped(cards, 'b', -1))).toBe('b 0,0 8x2 | a 8,0 4x2')
    const tall = settle([card('a', 0, 0, 6, 6), card('b', 6, 0, 6, 2), card('c', 6, 2, 6, 4), card('d', 0, 6, 6, 3)])
    const order = (list: readonly Placed[]): string => list.map((one) => one.id).join('')
    expect(order(swapped(tall, 'd', -1))).toBe('abdc')
    expect(order(swapped(tall, 'a', -1))).toBe('abcd')
  })
  test('a new card takes the room beside the last one, else a row of its own', () => {
    const one = added([], card('a', 0, 0, 6, 4))
    expect(seen(added(one, card('b', 0, 0, 6, 4)))).toBe('a 0,0 6x4 | b 6,0 6x4')
    expect(seen(added(one, card('b', 0, 0, 8, 4)))).toBe('a 0,0 6x4 | b 0,4 8x4')
  })
})

describe('the cards', () => {
  const layout = { cards: [
    { id: 'c1', x: 0, y: 0, w: 6, h: 6, kind: 'list', view: 'sv_1' }, { id: 'c2', x: 6, y: 0, w: 6, h: 6, kind: 'list', entity: 'invoice', query: { filter: '["stage","=","posted"]' } },
    { id: 'c3', x: 0, y: 6, w: 6, h: 6, kind: 'chart', entity: 'invoice', chart: 'bar', group: 'issued_on:month', sum: 'total_base', filter: ['stage', '=', 'posted'] },
    { id: 'c4', x: 6, y: 6, w: 3, h: 2, kind: 'figure', entity: 'invoice', sum: null, filter: null, title: 'Invoices' },
    { id: 'c5', x: 9, y: 6, w: 3, h: 2, kind: 'home', name: 'cash' }, { id: 'c6', x: 6, y: 8, w: 6, h: 4, kind: 'text', text: '你好' },
  ] }
  test('what came with the house keeps its title in both languages, one of half a language is none', () => {
    const card = { id: 'c1', x: 0, y: 0, w: 3, h: 2, kind: 'home', name: 'cash', label: { en: 'Cash', zh: '现金' } }
    expect(writeLayout(readLayout({ cards: [card] }))).toEqual({ cards: [card] })
    expect(readLayout({ cards: [{ ...card, label: { en: 'Cash' } }] })[0]).not.toHaveProperty('label')
  })
  test('home shows what one chose, else what is meant for the role: ours, then a colleague\'s, then what came with the house', () => {
    const house = { id: 'dd_1', for_role: 'sales_rep', owner: null }
    const lead = { id: 'dd_2', for_role: 'sales_rep', owner: { id: 'us_2', label: 'Lead' } }
    const mine = { id: 'dd_3', for_role: 'sales_rep', owner: { id: 'us_1', label: 'I' } }
    const wish = (dashboard: string) => ({ dashboard, dismissed: [] })
    expect(firstDashboard([house], wish(''), 'us_1', ['sales_rep'])?.['id']).toBe('dd_1')
    expect(firstDashboard([house, lead], wish(''), 'us_1', ['sales_rep'])?.['id']).toBe('dd_2')
    expect(firstDashboard([house, lead, mine], wish(''), 'us_1', ['sales_rep'])?.['id']).toBe('dd_3')
    expect(firstDashboard([house, lead, mine], wish('dd_2'), 'us_1', ['sales_rep'])?.['id']).toBe('dd_2')
    expect(firstDashboard([house, lead], wish(OVERVIEW), 'us_1', ['sales_rep'])).toBeNull()
    expect(firstDashboard([house, lead], wish(''), 'us_1', ['warehouse'])).toBeNull()
  })
  test('what is read is what is written', () => expect(writeLayout(readLayout(layout))).toEqual(layout))
  test('what is not understood is left out, the rest is shown', () => {
    const odd = { cards: [...layout.cards, { id: 'c7', kind: 'frame', url: 'https://evil.example' }, { id: 'c1', kind: 'text', text: 'twice' }, null, 5, { kind: 'text', text: 'no id' }, { id: 'c8', kind: 'chart', entity: 'invoice', chart: 'cake' }] }
    expect(readLayout(odd).map((one) => one.id).sort()).toEqual(['c1', 'c2', 'c3', 'c4', 'c5', 'c6'])
    for (const nothing of [null, undefined, 5, 'x', {}, { cards: {} }]) expect(readLayout(nothing)).toEqual([])
  })
  test('while nobody arranges, no card is higher than what it says, and none overlaps', () => {
    const four = [card('a', 0, 0, 6, 6), card('b', 6, 0, 6, 6), card('c', 0, 6, 6, 6), card('d', 6, 6, 6, 6)]
    expect(seen(packed(four, new Map()))).toBe(seen(settle(four)))
    expect(seen(packed(four, new Map([['a', 6], ['b', 9]])))).toBe(seen(settle(four)))
    expect(seen(packed(four, new Map([['b', 2], ['d', 2]])))).toBe('a 0,0 6x6 | b 6,0 6x2 | c 6,2 6x6 | d 0,6 6x2')
    const roll = dice(11)
    for (let round = 0; round < 200; round += 1) {
      const cards = some(roll)
      const needs = new Map(cards.map((one) => [one.id, 1 + roll(6)]))
      const made = packed(cards, needs)
      isSound(made)
      for (const one of made) {
        const [given = 0, needed = 0] = [cards.find((old) => old.id === one.id)?.h, needs.get(one.id)]
        if (needed < given || given < 4) expect(one.h).toBe(Math.min(given, needed))
        else expect(one.h).toBeLessThanOrEqual(given + 4)
      }
    }
  })
  test('a new card has a name of its own', () => {
    let cards: Card[] = readLayout({ cards: [{ id: 'c2', x: 0, y: 0, w: 3, h: 2, kind: 'home', name: 'cash' }] })
    for (let at = 0; at < 5; at += 1) cards = withCard(cards, { kind: 'text', text: String(at) })
    expect(new Set(cards.map((one) => one.id)).size).toBe(6)
    isSound(cards)
  })
  test('home becomes cards, and a list a card that shows the same', () => {
    const name = { en: 'x', zh: '某' }
    const cards = homeCards({ figures: [{ name: 'cash', label: name, period: name, value: '1', before: null, kind: 'amount' }], charts: [{ name: 'sales', label: name, kind: 'bar', categories: [], series: [] }] })
    expect(cards.map((one) => one.kind === 'home' && one.name)).toEqual(['cash', 'sales'])
    const query = readQuery({ filter: '["stage","=","posted"]', search: 'blue', group: 'customer,stage', chart: 'area', look: 'chart', stacked: '1' })
    const more = { columns: ['number', 'total'], group: 'stage', sum: 'total_base', title: ' ' }
    expect(cardOf('invoice', query, 'chart', more)).toEqual({ kind: 'chart', entity: 'invoice', chart: 'area', group: 'customer', split: 'stage', stacked: true, sum: 'total_base', filter: ['stage', '=', 'posted'], search: 'blue' })
    expect(cardOf('invoice', readQuery({ look: 'chart', chart: 'waterfall', group: 'issued_on:month' }), 'chart', more)).toEqual({ kind: 'chart', entity: 'invoice', filter: null, chart: 'waterfall', group: 'issued_on:month', sum: 'total_base' })
    const list = cardOf('invoice', query, 'list', more)
    expect(list.kind === 'list' && list.entity && readQuery(list.query)).toEqual(query)
  })
})

describe('favourites', () => {
  const one = (id: string, folder: string, position: number): Favourite => ({ id, name: id, folder, position, path: `/x/${id}`, about: '' })
  const all = [one('a', '', 1), one('b', '', 2), one('c', '', 3), one('d', 'Year', 1)]
  const after = (changes: readonly Favourite[]): string => foldersOf(all.map((was) => changes.find((now) => now.id === was.id) ?? was), 'en').map(({ name, items }) => `${name}:${items.map((item) => item.id).join('')}`).join(' ')
  test('one is put before another, at the end, or into a folder, and only those that change are told', () => {
    expect(after(placed(all, 'c', '', 'a'))).toBe(':cab Year:d')
    expect(after(placed(all, 'a', '', null))).toBe(':bca Year:d')
    expect(after(placed(all, 'b', 'Year', 'd'))).toBe(':ac Year:bd')
    expect(placed(all, 'b', '', 'c')).toEqual([])
    expect(placed(all, 'b', '', 'b')).toEqual([])
  })
  test('one up or down, not beyond the ends', () => {
    expect(after(nudged(all, 'b', -1))).toBe(':bac Year:d')
    expect(after(nudged(all, 'b', 1))).toBe(':acb Year:d')
    expect(nudged(all, 'a', -1)).toEqual([])
    expect(nudged(all, 'd', 1)).toEqual([])
  })
})

test('a dashboard is called by the name of the language it is read in, and by its only one where it has no other', () => {
  const both = { name: 'Accountant', name_zh: '会计' }
  expect([calledIn('en', both), calledIn('zh', both), calledIn('zh', { name: 'Push', name_zh: '' })]).toEqual(['Accountant', '会计', 'Push'])
})
