import { CloseOutlined, SearchOutlined } from '@ant-design/icons'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entity } from '@/api/types.ts'
import { useCommands } from '@/lib/commands.ts'
import { isComposing } from '@/lib/keys.ts'
import { facets, withoutFacet } from '@/meta/filter.ts'
import { useMeta } from '@/meta/meta.ts'
import type { Query } from '@/meta/query.ts'
import { FacetText } from './FacetText.tsx'

const TYPING_MS = 220

/** One box: what is searched, and as chips what is filtered and grouped. Backspace takes the last chip. */
export function SearchBox({ entity, query, put, onEdit }: { entity: Entity; query: Query; put: (query: Query) => void; onEdit: () => void }) {
  const { t } = useTranslation()
  const meta = useMeta()
  const input = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(query.search)
  const [composing, setComposing] = useState(false)
  useEffect(() => setText(query.search), [query.search])
  useEffect(() => {
    if (composing || text === query.search) return
    const timer = setTimeout(() => put({ ...query, search: text }), TYPING_MS)
    return () => clearTimeout(timer)
  }, [text, composing])
  useCommands([{ id: 'search', label: t('list.search_in', { what: meta.say(entity.plural) }), group: 'page', hotkey: '/', run: () => input.current?.focus() }])
  const chips = facets(query.filter)
  return (
    <div className="search-box box" role="search">
      <SearchOutlined className="faint" />
      {chips.map((facet, index) => (
        <span key={index} className="chip">
          <button type="button" className="chip-text clip" title={t('list.edit_filter')} onClick={onEdit}><FacetText entity={entity} filter={facet} /></button>
          <button type="button" className="chip-x" aria-label={t('list.remove_condition')} onClick={() => put({ ...query, filter: withoutFacet(query.filter, index) })}><CloseOutlined /></button>
        </span>
      ))}
      {query.group.map((key) => {
        const [path = '', part] = key.split(':')
        return (
          <span key={key} className="chip group">
            <span className="chip-text clip">{t('list.by')} <b>{meta.pathLabel(entity, path)}</b>{part ? ` (${t(`part.${part}`)})` : ''}</span>
            <button type="button" className="chip-x" aria-label={t('list.remove_group')} onClick={() => put({ ...query, group: query.group.filter((one) => one !== key) })}><CloseOutlined /></button>
          </span>
        )
      })}
      <input
        ref={input}
        value={text}
        aria-label={t('list.search_in', { what: meta.say(entity.plural) })}
        placeholder={chips.length || query.group.length ? '' : t('list.search')}
        onCompositionStart={() => setComposing(true)}
        onCompositionEnd={(event) => {
          setComposing(false)
          setText(event.currentTarget.value)
        }}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (isComposing(event.nativeEvent)) return
          if (event.key === 'Backspace' && text === '') {
            if (query.group.length) put({ ...query, group: query.group.slice(0, -1) })
            else if (chips.length) put({ ...query, filter: withoutFacet(query.filter, chips.length - 1) })
          } else if (event.key === 'Enter') {
            put({ ...query, search: text })
          } else if (event.key === 'Escape') {
            event.preventDefault()
            event.stopPropagation()
            if (text) {
              setText('')
              put({ ...query, search: '' })
            } else input.current?.blur()
          } else if (event.key === 'ArrowDown') {
            document.querySelector<HTMLElement>('.table-scroll')?.focus()
          }
        }}
      />
      {text && <button type="button" className="quiet" aria-label={t('field.clear')} onClick={() => {
        setText('')
        put({ ...query, search: '' })
      }}><CloseOutlined /></button>}
    </div>
  )
}
