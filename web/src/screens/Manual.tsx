//! The manual, in the product: every page of docs/manual, searched as one types.
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Token, Tokens } from 'marked'
import { currentLang } from '@/i18n/index.ts'
import { useCommands } from '@/lib/commands.ts'
import { Go, href, useGo } from '@/lib/go.tsx'
import { useTitle } from '@/lib/hooks.ts'
import { find, linkOf, type Page } from '@/lib/manual.ts'
import { pagesIn } from '@/lib/pages.ts'
import { isComposing } from '@/lib/keys.ts'
import { Empty } from '@/ui/parts.tsx'
import './manual.css'

const pictures = import.meta.glob<string>(['../../../docs/manual/pictures/*.png', '!../../../docs/manual/pictures/*-dark-*.png'], { query: '?url', import: 'default', eager: true })

const FOLDER = '../../../docs/manual/'

/** The text of a page; nothing in it is taken as HTML. */
function Words({ tokens, page }: { tokens: readonly Token[] | undefined; page: string }): ReactNode {
  return tokens?.map((token, index) => <Word key={index} token={token} page={page} />)
}

function Word({ token, page }: { token: Token; page: string }): ReactNode {
  const inside = <Words tokens={'tokens' in token ? token.tokens : undefined} page={page} />
  switch (token.type) {
    case 'paragraph': return <p>{inside}</p>
    case 'strong': return <strong>{inside}</strong>
    case 'em': return <em>{inside}</em>
    case 'codespan': return <code>{(token as Tokens.Codespan).text}</code>
    case 'code': return <pre><code>{(token as Tokens.Code).text}</code></pre>
    case 'blockquote': return <blockquote>{inside}</blockquote>
    case 'br': return <br />
    case 'hr': return <hr />
    case 'space': case 'html': return null
    case 'list': {
      const list = token as Tokens.List
      const items = list.items.map((item, index) => <li key={index}><Words tokens={item.tokens} page={page} /></li>)
      return list.ordered ? <ol start={Number(list.start) || 1}>{items}</ol> : <ul>{items}</ul>
    }
    case 'table': {
      const table = token as Tokens.Table
      return (
        <div className="manual-table">
          <table>
            <thead><tr>{table.header.map((cell, index) => <th key={index}><Words tokens={cell.tokens} page={page} /></th>)}</tr></thead>
            <tbody>{table.rows.map((row, at) => <tr key={at}>{row.map((cell, index) => <td key={index}><Words tokens={cell.tokens} page={page} /></td>)}</tr>)}</tbody>
          </table>
        </div>
      )
    }
    case 'image': {
      const image = token as Tokens.Image
      const source = pictures[`${FOLDER}pictures/${image.href.split('/').pop() ?? ''}`]
      return source ? <a href={source} target="_blank" rel="noreferrer"><img src={source} alt={image.text} loading="lazy" /></a> : null
    }
    case 'link': {
      const link = token as Tokens.Link
      const to = linkOf(page, link.href)
      return 'outside' in to ? <a href={to.outside} target="_blank" rel="noreferrer">{inside}</a> : <Go to={href(`/manual/${to.page}`, { at: to.anchor })}>{inside}</Go>
    }
    default: return 'tokens' in token && token.tokens ? inside : 'text' in token ? String(token.text) : null
  }
}

export default function Manual({ name, about, at }: { name: string; about?: string | undefined; at?: string | undefined }) {
  const { t } = useTranslation()
  const go = useGo()
  const lang = currentLang()
  const pages = useMemo(() => pagesIn(lang), [lang])
  const [asked, setAsked] = useState('')
  const box = useRef<HTMLInputElement>(null)
  const body = useRef<HTMLElement>(null)
  const page = pages.find((one) => one.name === name) ?? pages.find((one) => about && one.about.includes(about)) ?? (name ? undefined : pages[0])
  const hits = useMemo(() => find(pages, asked), [pages, asked])
  useTitle(page ? `${page.title} · ${t('manual.title')}` : t('manual.title'))
  useCommands([{ id: 'search', label: t('manual.search'), group: 'page', hotkey: '/', run: () => box.current?.focus() }])
  useEffect(() => {
    const target = at ? document.getElementById(at) : null
    if (target) target.scrollIntoView({ block: 'start' })
    else body.current?.scrollTo({ top: 0 })
  }, [page, at])
  const [byHand, scenarios] = [pages.filter((one) => !one.name.startsWith('scenarios/')), pages.filter((one) => one.name.startsWith('scenarios/'))]
  const entry = (one: Page): ReactNode => <li key={one.name}><Go to={`/manual/${one.name}`} className={one === page ? 'on' : ''} current={one === page}>{one.title}</Go></li>
  return (
    <div className="manual">
      <nav aria-label={t('manual.contents')}>
        <input ref={box} type="search" value={asked} placeholder={t('manual.search')} aria-label={t('manual.search')} onChange={(event) => setAsked(event.target.value)} onKeyDown={(event) => {
          // The input method has these keys while it composes: Escape gives up a word there, not the search.
          if (isComposing(event.nativeEvent)) return
          if (event.key === 'Escape') setAsked('')
          const first = hits[0]
          if (event.key === 'Enter' && first) go(href(`/manual/${first.page.name}`, { at: first.section.anchor }))
        }} />
        {asked.trim() ? (
          <ul className="manual-hits">
            {hits.length === 0 && <li className="faint">{t('manual.nothing', { what: asked.trim() })}</li>}
            {hits.map(({ page: of, section, before, word, after }) => (
              <li key={`${of.name}#${section.anchor}`}>
                <Go to={href(`/manual/${of.name}`, { at: section.anchor })}><strong>{section.title}</strong>{section.title !== of.title && <span className="faint"> · {of.title}</span>}<br /><span>{before}<mark>{word}</mark>{after}</span></Go>
              </li>
            ))}
          </ul>
        ) : (
          <ul>
            {byHand.map(entry)}
            <li className="manual-part">{t('manual.scenarios')}</li>
            {scenarios.map(entry)}
          </ul>
        )}
      </nav>
      <article ref={body} tabIndex={-1}>
        {page ? page.sections.map((section) => {
          const Heading = `h${Math.min(section.depth, 4)}` as 'h1' | 'h2' | 'h3' | 'h4'
          return <section key={section.anchor} id={section.anchor}><Heading>{section.title}</Heading><Words tokens={section.tokens} page={page.name} /></section>
        }) : <Empty title={t('manual.no_page')} />}
      </article>
    </div>
  )
}
