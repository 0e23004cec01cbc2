import { ArrowDownOutlined, ArrowUpOutlined, CloseOutlined, SearchOutlined } from '@ant-design/icons'
import { useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entity } from '@/api/types.ts'
import { useCommands } from '@/lib/commands.ts'
import { useLatest } from '@/lib/hooks.ts'
import { isComposing } from '@/lib/keys.ts'
import { addFacet, facets, withoutFacet } from '@/meta/filter.ts'
import { useMeta } from '@/meta/meta.ts'
import type { Query } from '@/meta/query.ts'
import { Tip } from '@/ui/parts.tsx'
import { Pop } from '@/ui/Pop.tsx'
import { FacetText } from './FacetText.tsx'
import { useOffers, type Suggestion } from './useOffers.ts'

const TYPING_MS = 220

/** What is marked until an arrow key says otherwise: to search all fields for the words. */
const SEARCH = 'search'

/** One box: what is searched, and as chips what is filtered and grouped. What is typed may become a chip; Backspace takes the last one away. */
export function SearchBox({ entity, query, put, onEdit }: { entity: Entity; query: Query; put: (query: Query) => void; onEdit: () => void }) {
  const { t } = useTranslation()
  const meta = useMeta()
  const input = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(query.search)
  const [composing, setComposing] = useState(false)
  const latest = useLatest(query)
  useEffect(() => setText(query.search), [query.search])
  useEffect(() => {
    if (composing || text === query.search) return
    const timer = setTimeout(() => {
      // Meanwhile a suggestion may have been taken.
      if (text !== latest.current.search) put({ ...latest.current, search: text })
    }, TYPING_MS)
    return () => clearTimeout(timer)
  }, [text, composing])
  useCommands([{ id: 'search', label: t('list.search_in', { what: meta.say(entity.plural) }), group: 'page', hotkey: '/', run: () => input.current?.focus() }])
  const chips = facets(query.filter)
  const box = useRef<HTMLDivElement>(null)
  const listId = useId()
  const [open, setOpen] = useState(false)
  const [marked, setMarked] = useState(SEARCH)
  const offers = useOffers(entity, text, open && !composing)
  const shown = open && !composing && text.trim() !== ''
  const keys = [SEARCH, ...offers.map((offer) => offer.key)]
  const at = Math.max(0, keys.indexOf(marked))
  const type = (next: string): void => {
    setText(next)
    setMarked(SEARCH)
    setOpen(next.trim() !== '')
  }
  const search = (words: string): void => {
    type(words)
    setOpen(false)
    put({ ...query, search: words })
  }
  const take = (offer: Suggestion | undefined): void => {
    if (!offer) return search(text)
    type('')
    put({ ...query, search: '', filter: addFacet(query.filter, offer.condition) })
    input.current?.focus()
  }
  const optionId = (index: number): string => `${listId}-${index}`
  useEffect(() => {
    if (shown) document.getElementById(optionId(at))?.scrollIntoView({ block: 'nearest' })
  }, [shown, at])
  return (
    <div ref={box} className="search-box box" role="search">
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
            {query.look === 'list' && <Tip text={t('list.turn_group')}><button type="button" className="chip-x" data-turn={key} aria-pressed={query.turned.includes(key)} aria-label={`${t('list.turn_group')}: ${meta.pathLabel(entity, path)}`} onClick={() => put({ ...query, turned: query.turned.includes(key) ? query.turned.filter((one) => one !== key) : [...query.turned, key] })}>{query.turned.includes(key) ? <ArrowDownOutlined /> : <ArrowUpOutlined />}</button></Tip>}
            <span className="chip-text clip">{t('list.by')} <b>{meta.pathLabel(entity, path)}</b>{part ? ` (${t(`part.${part}`)})` : ''}</span>
            <button type="button" className="chip-x" aria-label={t('list.remove_group')} onClick={() => put({ ...query, group: query.group.filter((one) => one !== key) })}><CloseOutlined /></button>
          </span>
        )
      })}
      <input
        ref={input}
        role="combobox"
        dir="auto"
        aria-expanded={shown}
        aria-controls={shown ? listId : undefined}
        aria-activedescendant={shown ? optionId(at) : undefined}
        aria-autocomplete="list"
        autoComplete="off"
        value={text}
        aria-label={t('list.search_in', { what: meta.say(entity.plural) })}
        placeholder={chips.length || query.group.length ? '' : t('list.search')}
        onCompositionStart={() => setComposing(true)}
        onCompositionEnd={(event) => {
          setComposing(false)
          type(event.currentTarget.value)
        }}
        onChange={(event) => type(event.target.value)}
        onBlur={() => setOpen(false)}
        onKeyDown={(event) => {
          if (isComposing(event.nativeEvent)) return
          if (event.key === 'Backspace' && text === '') {
            if (query.group.length) put({ ...query, group: query.group.slice(0, -1) })
            else if (chips.length) put({ ...query, filter: withoutFacet(query.filter, chips.length - 1) })
          } else if (event.key === 'Enter') {
            take(shown ? offers[at - 1] : undefined)
          } else if (event.key === 'Escape') {
            event.preventDefault()
            event.stopPropagation()
            if (text) search('')
            else input.current?.blur()
          } else if (shown && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
            event.preventDefault()
            setMarked(keys[Math.max(0, Math.min(keys.length - 1, at + (event.key === 'ArrowDown' ? 1 : -1)))] ?? SEARCH)
          } else if (event.key === 'ArrowDown') {
            document.querySelector<HTMLElement>('.table-scroll')?.focus()
          }
        }}
      />
      {text && <button type="button" className="quiet" aria-label={t('field.clear')} onClick={() => search('')}><CloseOutlined /></button>}
      {shown && (
        <Pop anchor={box} id={listId}>
          {[undefined, ...offers].map((offer, index) => (
            <button key={offer?.key ?? SEARCH} id={optionId(index)} type="button" role="option" aria-selected={index === at} tabIndex={-1} className={index === at ? 'pop-option on' : 'pop-option'} onClick={() => take(offer)}>
              <span className="clip">
                {offer === undefined ? t('list.search_for', { text: text.trim() })
                : offer.name !== undefined ? <>{meta.pathLabel(entity, offer.condition[0])}: <b>{offer.name}</b></>
                : <FacetText entity={entity} filter={offer.condition} />}
              </span>
            </button>
          ))}
        </Pop>
      )}
    </div>
  )
}
