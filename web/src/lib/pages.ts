//! All pages of the manual in one language. Large: asked for when the manual is, never before.
import { inOrder, readPage, type Page } from './manual.ts'

const sources = import.meta.glob<string>(['../../../docs/manual/*.md', '../../../docs/manual/scenarios/*.md'], { query: '?raw', import: 'default', eager: true })
const FOLDER = '../../../docs/manual/'

export function pagesIn(lang: string): Page[] {
  return inOrder(Object.entries(sources).flatMap(([path, source]) => {
    const name = new RegExp(`^(.*)\\.${lang}\\.md$`).exec(path.slice(FOLDER.length))?.[1]
    return name ? [readPage(name, source)] : []
  }))
}
