//! The manual's text as pages and sections, and finding one's way in it.
import { lexer, type Token, type Tokens } from 'marked'

/** A heading with what stands below it, up to the next heading. */
export interface Section { anchor: string; title: string; depth: number; tokens: Token[]; text: string }

export interface Page {
  /** As in its address: `order-to-cash`, `scenarios/sold_in_parts`. */
  name: string
  title: string
  /** The entities and reports it explains, of a comment in its first line. */
  about: string[]
  sections: Section[]
}

export interface Hit { page: Page; section: Section; before: string; word: string; after: string }

const ABOUT = /^<!--\s*about:\s*([a-z0-9_ ]+?)\s*-->\s*/

const BLOCKS = new Set(['paragraph', 'list', 'table', 'code', 'blockquote', 'heading', 'space'])

/** What a person reads of tokens. */
export function plain(tokens: readonly Token[]): string {
  return tokens.map((token) => {
    if (token.type === 'image' || token.type === 'html') return ''
    if (token.type === 'list') return (token as Tokens.List).items.map((item) => plain(item.tokens)).join(' ')
    if (token.type === 'table') {
      const table = token as Tokens.Table
      return [table.header, ...table.rows].map((row) => row.map((cell) => plain(cell.tokens)).join(' ')).join(' ')
    }
    const inner = 'tokens' in token ? token.tokens : undefined
    return inner ? plain(inner) : 'text' in token ? String(token.text) : ''
  }).join(tokens.some((token) => BLOCKS.has(token.type)) ? ' ' : '').replace(/\s+/g, ' ').trim()
}

/** `Ordered once, delivered` becomes `ordered-once-delivered`; Chinese stays as it is. */
export const anchorOf = (title: string): string => title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '')

export function readPage(name: string, source: string): Page {
  const about = ABOUT.exec(source)?.[1]?.split(' ').filter(Boolean) ?? []
  const sections: Section[] = []
  for (const token of lexer(source.replace(ABOUT, ''))) {
    if (token.type === 'heading') {
      const title = plain(token.tokens ?? [])
      sections.push({ anchor: anchorOf(title), title, depth: (token as Tokens.Heading).depth, tokens: [], text: '' })
    } else {
      if (sections.length === 0) sections.push({ anchor: '', title: name, depth: 1, tokens: [], text: '' })
      sections.at(-1)?.tokens.push(token)
    }
  }
  for (const section of sections) section.text = plain(section.tokens)
  return { name, title: sections[0]?.title ?? name, about, sections }
}

/** Pages by hand first, what the scenarios print last. */
export function inOrder(pages: readonly Page[]): Page[] {
  const first = ['order-to-cash', 'lists', 'import', 'kanban', 'calendar-and-timeline', 'charts-pivot-tree', 'working-together', 'home-and-dashboards', 'users-and-keys']
  const place = (page: Page): number => {
    if (page.name.startsWith('scenarios/')) return page.name === 'scenarios/index' ? 900 : 901
    const at = first.indexOf(page.name)
    return at < 0 ? 100 : at
  }
  return [...pages].sort((a, b) => place(a) - place(b) || a.title.localeCompare(b.title))
}

/** Sections that hold every word; those whose heading holds one come first. */
export function find(pages: readonly Page[], asked: string, most = 20): Hit[] {
  const words = asked.toLowerCase().split(/\s+/).filter(Boolean)
  const [first] = words
  if (!first) return []
  const hits: { hit: Hit; score: number }[] = []
  for (const page of pages) {
    for (const section of page.sections) {
      const [title, text] = [section.title.toLowerCase(), section.text.toLowerCase()]
      if (!words.every((word) => title.includes(word) || text.includes(word))) continue
      const at = text.indexOf(first)
      const from = Math.max(0, at - 40)
      const cut = at < 0
        ? { before: section.text.slice(0, 100), word: '', after: '' }
        : { before: `${from > 0 ? '…' : ''}${section.text.slice(from, at)}`, word: section.text.slice(at, at + first.length), after: section.text.slice(at + first.length, at + first.length + 80) }
      const score = words.filter((word) => title.includes(word)).length * 10 + (section.depth === 1 ? 2 : 0) + (page.name.startsWith('scenarios/') ? 0 : 1)
      hits.push({ hit: { page, section, ...cut }, score })
    }
  }
  return hits.sort((a, b) => b.score - a.score).slice(0, most).map(({ hit }) => hit)
}

/** The address of a link between pages, or where it leads outside. */
export function linkOf(from: string, target: string): { page: string; anchor: string } | { outside: string } {
  if (/^[a-z]+:/.test(target)) return { outside: target }
  const [path = '', anchor = ''] = target.split('#')
  if (!path) return { page: from, anchor }
  const parts = from.split('/').slice(0, -1)
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.') parts.push(part)
  }
  return { page: parts.join('/').replace(/(\.(en|zh))?\.md$/, ''), anchor }
}
