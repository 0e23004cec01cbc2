//! A province, city or district: typed as one likes, or chosen step by step from the map of China; what is found by
//! pinyin or initials fills all three at once.
import { DownOutlined, LeftOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field } from '@/api/types.ts'
import { isComposing } from '@/lib/keys.ts'
import { textOf } from '@/meta/meta.ts'
import { Pop } from '@/ui/Pop.tsx'
import type { InputProps } from './kit.ts'
import { childrenOf, china, parentsFit, searchRegions, type Where } from './regions.ts'

export const LEVELS = ['region', 'city', 'district'] as const
type Level = (typeof LEVELS)[number]
const isLevel = (field: Field): field is Field & { name: Level } => LEVELS.some((one) => one === field.name)

/** More than this nobody reads; who is still looking types another letter. */
const FOUND_MAX = 30

interface Choice { key: string; label: string; hint?: string; where: Where }

export default function RegionBox({ value, onChange, onFill, field, record, id, disabled, autoFocus, error, bare, label, placeholder }: InputProps<string>) {
  const { t } = useTranslation()
  const listId = useId()
  const anchor = useRef<HTMLDivElement>(null)
  const input = useRef<HTMLInputElement>(null)
  const [open, setOpen] = useState(false)
  /** Letters were typed since the list was opened: then it is what is called so, else what lies where one is. */
  const [typing, setTyping] = useState(false)
  const [at, setAt] = useState<Where>({})
  const [marked, setMarked] = useState(-1)
  const map = useQuery({ queryKey: ['regions', 'CN'], queryFn: china, staleTime: Infinity, enabled: open })
  const all = map.data ?? []
  const text = value ?? ''
  const told = { region: textOf(record['region']), city: textOf(record['city']), district: textOf(record['district']) }

  const found: Choice[] = typing
    ? searchRegions(all, text, field.name === 'region' ? {} : field.name === 'city' ? { region: told.region } : told, FOUND_MAX).map((where) => {
        const path = [where.region, where.city, where.district].filter((one, index, parts): one is string => Boolean(one) && one !== parts[index - 1])
        return { key: path.join('/'), label: path.at(-1) ?? '', hint: path.slice(0, -1).join(' '), where }
      })
    : childrenOf(all, at).map(({ name }) => ({ key: name, label: name, where: at.city ? { ...at, district: name } : at.region ? { ...at, city: name } : { region: name } }))

  /** Where the list begins: at what this field is one of, as far as the fields before it say. */
  const unfold = (): void => {
    const known = field.name === 'region' ? {} : field.name === 'city' || !told.city ? { region: told.region } : { region: told.region, city: told.city }
    setAt(known)
    setTyping(false)
    setMarked(-1)
    setOpen(true)
  }
  // The map comes after the list was opened: what it does not know is no place to begin at.
  useEffect(() => {
    if (map.data && !typing && at.region && childrenOf(map.data, at).length === 0) setAt(at.city && childrenOf(map.data, { region: at.region }).length ? { region: at.region } : {})
  }, [map.data, at])
  useEffect(() => {
    if (open) document.getElementById(`${listId}-${marked}`)?.scrollIntoView({ block: 'nearest' })
  }, [open, marked])

  const pick = ({ where }: Choice): void => {
    const [next] = where.city ? [] : childrenOf(all, where)
    // A municipality is its own city: one step less.
    const whole: Where = next && next.name === where.region ? { ...where, city: next.name } : where
    // What was said before stays where it lies in what was chosen.
    const city = whole.city ?? (parentsFit(all, whole.region ?? '', told.city, '') ? told.city : '')
    const district = whole.district ?? (parentsFit(all, whole.region ?? '', city, told.district) ? told.district : '')
    const filled = { region: whole.region || null, city: city || null, district: district || null }
    if (onFill) onFill(filled)
    else if (isLevel(field)) onChange(filled[field.name])
    setTyping(false)
    setMarked(-1)
    if (!onFill || whole.district || childrenOf(all, whole).length === 0) setOpen(false)
    else setAt(whole)
  }
  const up = (): void => {
    setAt(at.city && at.city !== at.region ? { region: at.region } : {})
    setMarked(-1)
  }

  const onKeyDown = (event: KeyboardEvent): void => {
    if (isComposing(event.nativeEvent)) return
    const chosen = open ? found[marked] : undefined
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      // In a grid the arrows go from line to line until the list is open.
      if (!open && bare && !event.altKey) return
      event.preventDefault()
      event.stopPropagation()
      if (!open) return unfold()
      setMarked(Math.max(0, Math.min(found.length - 1, marked + (event.key === 'ArrowDown' ? 1 : -1))))
    } else if (event.key === 'Enter' && chosen && !event.ctrlKey && !event.metaKey) {
      event.preventDefault()
      event.stopPropagation()
      pick(chosen)
    } else if (event.key === 'Tab' && typing && chosen) {
      pick(chosen)
      setOpen(false)
    } else if (event.key === 'Backspace' && open && !typing && text === '' && at.region) up()
    else if (event.key === 'Escape' && open) {
      event.preventDefault()
      event.stopPropagation()
      setOpen(false)
    }
  }
  const path = [at.region, at.city].filter((one, index, parts): one is string => Boolean(one) && one !== parts[index - 1])
  return (
    <div ref={anchor} className={['box', error && 'error', disabled && 'off', bare && 'bare'].filter(Boolean).join(' ')}>
      <input
        ref={input} id={id} role="combobox" aria-expanded={open} aria-controls={open ? listId : undefined} aria-autocomplete="list" aria-label={label} aria-invalid={error || undefined}
        aria-activedescendant={open && found[marked] ? `${listId}-${marked}` : undefined}
        autoComplete="off" dir="auto" spellCheck={false} value={text} maxLength={field.max} placeholder={placeholder} disabled={disabled} autoFocus={autoFocus}
        onKeyDown={onKeyDown} onFocus={(event) => event.target.select()} onClick={() => open || unfold()} onBlur={() => setOpen(false)}
        onChange={(event) => {
          onChange(event.target.value || null)
          setTyping(event.target.value.trim() !== '')
          setMarked(event.target.value.trim() === '' ? -1 : 0)
          setOpen(true)
        }}
      />
      {!bare && <button type="button" className="quiet" tabIndex={-1} disabled={disabled} aria-label={t('field.show_all')} onMouseDown={(event) => event.preventDefault()} onClick={() => {
        input.current?.focus()
        if (open) setOpen(false)
        else unfold()
      }}><DownOutlined /></button>}
      {open && !disabled && (!typing || found.length > 0) && (
        <Pop anchor={anchor} role="presentation" width={bare ? 280 : undefined}>
          {!typing && path.length > 0 && <button type="button" tabIndex={-1} className="pop-option pop-up" onClick={up}><span className="clip"><LeftOutlined /> {path.join(' › ')}</span></button>}
          <div id={listId} role="listbox" aria-label={label ?? t('field.places')}>{found.map((choice, index) => (
            <button key={choice.key} id={`${listId}-${index}`} type="button" role="option" tabIndex={-1} aria-selected={index === marked} className={index === marked ? 'pop-option on' : 'pop-option'} onMouseMove={(event) => {
              if (event.movementX !== 0 || event.movementY !== 0) setMarked(index)
            }} onClick={() => pick(choice)}>
              <span className="clip">{choice.label}</span>
              {choice.hint && <span className="faint">{choice.hint}</span>}
            </button>
          ))}</div>
          {map.isLoading && <div className="pop-note">{t('state.searching')}</div>}
          {map.isError && <div className="pop-note">{t('field.places_failed')}</div>}
        </Pop>
      )}
    </div>
  )
}
