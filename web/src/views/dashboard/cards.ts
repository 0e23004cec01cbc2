//! What stands on a dashboard, as the server keeps it in `layout`.
import type { Filter, Home, Json, Rec, Text } from '@/api/types.ts'
import { asFilter, simplify } from '@/meta/filter.ts'
import { isChart, writeQuery, type ChartKind, type Query, type SearchParams } from '@/meta/query.ts'
import { added, settle, type Placed } from './grid.ts'


/** What came with the house is titled in both languages; what somebody called it goes before that. */
interface Base extends Placed { title?: string; label?: Text }
/** A saved view, or rows of an entity by a query of their own. */
export type ListCard = Base & { kind: 'list' } & ({ view: string; entity?: undefined } | { view?: undefined; entity: string; query: SearchParams })
export type ChartCard = Base & { kind: 'chart'; entity: string; chart: ChartKind; group: string; split?: string; stacked?: true; sum: string | null; filter: Filter | null; search?: string }
export type FigureCard = Base & { kind: 'figure'; entity: string; sum: string | null; filter: Filter | null; search?: string }
/** A figure or chart of the home page the server draws up. */
export type HomeCard = Base & { kind: 'home'; name: string }
export type TextCard = Base & { kind: 'text'; text: string }
export type Card = ListCard | ChartCard | FigureCard | HomeCard | TextCard
export type CardKind = Card['kind']
type Without<T> = T extends Card ? Omit<T, keyof Placed> : never
/** A card that has no place yet. */
export type Content = Without<Card>

/** As many as the server keeps. */
export const CARDS_MAX = 60
export const TEXT_MAX = 5000
export const TITLE_MAX = 120

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const whole = (value: unknown, otherwise: number): number => (typeof value === 'number' && Number.isInteger(value) ? value : otherwise)
const words = (value: unknown): SearchParams => (typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string')) : {})

function labelOf(value: unknown): Text | null {
  const { en, zh } = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  return text(en) && text(zh) ? { en: text(en), zh: text(zh) } : null
}

function contentOf(card: Rec): Content | null {
  const label = labelOf(card['label'])
  const named = { ...(card['title'] ? { title: text(card['title']) } : {}), ...(label ? { label } : {}) }
  const rows = { entity: text(card['entity']), filter: simplify(asFilter(card['filter'])), ...(card['search'] ? { search: text(card['search']) } : {}) }
  if (card['kind'] === 'list' && card['view']) return { ...named, kind: 'list', view: text(card['view']) }
  if (card['kind'] === 'list' && rows.entity) return { ...named, kind: 'list', entity: rows.entity, query: words(card['query']) }
  if (card['kind'] === 'chart' && rows.entity && isChart(card['chart'])) return { ...named, kind: 'chart', ...rows, chart: card['chart'], group: text(card['group']), ...(card['split'] ? { split: text(card['split']) } : {}), ...(card['stacked'] === true ? { stacked: true as const } : {}), sum: text(card['sum']) || null }
  if (card['kind'] === 'figure' && rows.entity) return { ...named, kind: 'figure', ...rows, sum: text(card['sum']) || null }
  if (card['kind'] === 'home') return { ...named, kind: 'home', name: text(card['name']) }
  if (card['kind'] === 'text') return { ...named, kind: 'text', text: text(card['text']) }
  return null
}

/** What is understood of a layout, in reading order. */
export function readLayout(layout: unknown): Card[] {
  const cards = typeof layout === 'object' && layout !== null && 'cards' in layout && Array.isArray(layout.cards) ? (layout.cards as unknown[]) : []
  const known = new Set<string>()
  return settle(cards.flatMap((one): Card[] => {
    if (typeof one !== 'object' || one === null) return []
    const card = one as Rec
    const content = contentOf(card)
    const id = text(card['id'])
    if (!content || !id || known.has(id)) return []
    known.add(id)
    const usual = sizeOf(content)
    return [{ ...content, id, x: whole(card['x'], 0), y: whole(card['y'], 0), w: whole(card['w'], usual.w), h: whole(card['h'], usual.h) }]
  }))
}

/** As JSON has it: what is not there is left out. */
export const writeLayout = (cards: readonly Card[]): Json => JSON.parse(JSON.stringify({ cards })) as Json

/** How large a card is at first. */
export function sizeOf(content: Content): { w: number; h: number } {
  if (content.kind === 'figure') return { w: 3, h: 2 }
  if (content.kind === 'text') return { w: 4, h: 2 }
  return content.kind === 'home' ? { w: 3, h: 2 } : { w: 6, h: 6 }
}

/** A name no other card has. */
export function freshId(cards: readonly Placed[]): string {
  const taken = new Set(cards.map((card) => card.id))
  let at = cards.length + 1
  while (taken.has(`c${at}`)) at += 1
  return `c${at}`
}

export const withCard = (cards: readonly Card[], content: Content, size = sizeOf(content)): Card[] =>
  added(cards, { ...content, id: freshId(cards), x: 0, y: 0, ...size } as Card)

/** The home page as the server draws it, as cards to begin with. */
export function homeCards(home: Home): Card[] {
  let cards: Card[] = []
  for (const figure of home.figures) cards = withCard(cards, { kind: 'home', name: figure.name })
  for (const chart of home.charts) cards = withCard(cards, { kind: 'home', name: chart.name }, { w: 6, h: 6 })
  return cards
}

/** What a list shows right now, as a card. */
export function cardOf(entity: string, query: Query, as: 'list' | 'chart' | 'figure', more: { columns: readonly string[]; group: string; sum: string | null; title: string }): Content {
  const title = more.title.trim() ? { title: more.title.trim() } : {}
  const rows = { entity, filter: query.filter, ...(query.search ? { search: query.search } : {}) }
  if (as === 'figure') return { ...title, kind: 'figure', ...rows, sum: more.sum }
  if (as === 'chart') return { ...title, kind: 'chart', ...rows, chart: query.look === 'chart' ? query.chart : 'bar', group: query.group[0] ?? more.group, ...(query.group[1] ? { split: query.group[1] } : {}), ...(query.stacked ? { stacked: true as const } : {}), sum: more.sum }
  return { ...title, kind: 'list', entity, query: { ...writeQuery(query), columns: more.columns.join(',') } }
}
