//! Search as you type. Tab and Enter take what is marked, also when the answer comes only after they were pressed,
//! so a code can be typed as fast as a scanner does it. What was typed is taken or shown in red, never dropped.
import { CloseOutlined, DownOutlined } from '@ant-design/icons'
import { useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { flushSync } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { useDelayed, useLatest } from '@/lib/hooks.ts'
import { isComposing } from '@/lib/keys.ts'
import { owe } from '@/lib/owed.ts'
import type { BoxProps } from './boxes.tsx'
import { useSay } from './parts.tsx'
import { Pop } from './Pop.tsx'

export interface Option { key: string; label: string; hint?: string }

export interface FootEntry { key: string; icon: ReactNode; label: string; run: () => void }

interface ComboBoxProps extends BoxProps {
  value: Option | null
  onChange: (value: Option | null) => void
  search: (text: string, signal: AbortSignal) => Promise<Option[]>
  /** Stands beside the value: a link to the record. */
  extra?: ReactNode
  /** Stands under the options: make a new one. The arrow keys go on to them. */
  foot?: (text: string) => FootEntry[]
  onPicked?: () => void
  clearable?: boolean
}

const TYPING_MS = 140

/** What is taken of an answer that comes after the box was left: the first of it, or the only one it may be. */
interface Owed { take: 'first' | 'only'; paid: () => void }

export function ComboBox(props: ComboBoxProps) {
  const { value, onChange, search, extra, foot, onPicked, clearable = true, id, disabled, autoFocus, label, placeholder, error, bare } = props
  const { t } = useTranslation()
  const listId = useId()
  const anchor = useRef<HTMLDivElement>(null)
  const input = useRef<HTMLInputElement>(null)
  const [open, setOpen] = useState(false)
  const [text, setText] = useState<string | null>(null)
  const [found, setFound] = useState<{ text: string; options: Option[] } | null>(null)
  const [marked, setMarked] = useState(0)
  /** Of what stands under the options, the one that is marked instead. */
  const [footAt, setFootAt] = useState<number | null>(null)
  const [failed, setFailed] = useState(false)
  /** Why nothing could be looked up. */
  const [why, setWhy] = useState('')
  const say = useSay()
  const owed = useRef<Owed | null>(null)
  const latest = useLatest({ search, onChange })
  const asked = text ?? ''
  const pending = open && found?.text !== asked
  const slow = useDelayed(pending, 200)

  const borrow = (take: Owed['take']): void => {
    owed.current?.paid()
    owed.current = { take, paid: owe() }
  }
  const repay = (): void => {
    owed.current?.paid()
    owed.current = null
  }
  useEffect(() => repay, [])

  const wanted = open || owed.current !== null
  useEffect(() => {
    if (!wanted) return
    const stop = new AbortController()
    const timer = setTimeout(() => {
      const answered = (options: Option[], because = ''): void => {
        if (stop.signal.aborted) return
        setWhy(because)
        setFound({ text: asked, options })
        setMarked(0)
        setFootAt(null)
        if (!owed.current) return
        const [first] = options
        // On the screen before whoever waits goes on.
        flushSync(() => {
          if (first && (owed.current?.take === 'first' || options.length === 1)) pick(first)
          else setFailed(true)
        })
        repay()
      }
      latest.current.search(asked.trim(), stop.signal).then((options) => answered(options), (error: unknown) => answered([], say(error)))
    }, asked ? TYPING_MS : 0)
    return () => {
      clearTimeout(timer)
      // What was left behind with Tab still has to be found.
      if (!owed.current) stop.abort()
    }
  }, [wanted, asked])

  useEffect(() => {
    if (open) document.getElementById(footAt === null ? `${listId}-${marked}` : `${listId}-foot-${footAt}`)?.scrollIntoView({ block: 'nearest' })
  }, [open, marked, footAt])

  // What is filled in while one stands here and has typed nothing is typed over.
  useLayoutEffect(() => {
    if (text === null && document.activeElement === input.current) input.current?.select()
  }, [value?.key])

  function pick(option: Option | null): void {
    latest.current.onChange(option)
    setText(null)
    setOpen(false)
    setFootAt(null)
    setFailed(false)
    repay()
  }

  const options = found?.text === asked ? found.options : []
  const entries = open && foot ? foot(asked) : []
  const onFoot = footAt === null ? undefined : entries[footAt]
  /** Somebody goes on to something else: what was typed is not of this field any more. */
  const run = (entry: FootEntry): void => {
    setOpen(false)
    setFootAt(null)
    entry.run()
  }
  const step = (by: 1 | -1): void => {
    if (footAt !== null) {
      const next = footAt + by
      if (next >= 0) setFootAt(Math.min(entries.length - 1, next))
      else if (options.length) setFootAt(null)
    } else if (by > 0 && !pending && marked >= options.length - 1 && entries.length) setFootAt(0)
    else setMarked((at) => Math.max(0, Math.min(options.length - 1, at + by)))
  }
  const take = (): boolean => {
    const option = footAt === null ? options[marked] : undefined
    if (!open || !option) return false
    pick(option)
    return true
  }
  /** Leaves with what was typed: takes it now, or when its answer comes. */
  const settle = (): void => {
    if (take()) return
    if (pending) borrow('first')
    else setFailed(true)
    setOpen(false)
  }

  const onKeyDown = (event: KeyboardEvent): void => {
    if (isComposing(event.nativeEvent)) return
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (!open && (event.key === 'ArrowUp' || bare)) {
        if (!event.altKey) return
      }
      event.preventDefault()
      event.stopPropagation()
      if (!open) return setOpen(true)
      step(event.key === 'ArrowDown' ? 1 : -1)
    } else if (event.key === 'Enter' && open && !event.ctrlKey && !event.metaKey) {
      event.preventDefault()
      event.stopPropagation()
      if (onFoot) return run(onFoot)
      if (asked.trim() === '' && !options[marked]) return
      // The hands are ahead of the answer: what they type next is not for this box.
      if (options[marked] || pending) {
        settle()
        onPicked?.()
      } else setFailed(true)
    } else if ((event.key === 'Tab' || isSaving(event)) && text !== null && !owed.current) {
      if (asked.trim() === '') pick(null)
      else settle()
    } else if (event.key === 'Escape' && (open || text !== null)) {
      event.preventDefault()
      event.stopPropagation()
      setOpen(false)
      setText(null)
      setFailed(false)
      repay()
    }
  }

  const blur = (): void => {
    setOpen(false)
    if (owed.current || text === null) return
    if (asked.trim() === '') return pick(null)
    // Left with the pointer: what can only be one thing is taken, all else is for the person to say.
    const [first] = options
    if (pending) borrow('only')
    else if (first && options.length === 1) pick(first)
    else setFailed(true)
  }

  const classes = ['box', error || failed ? 'error' : '', disabled ? 'off' : '', bare ? 'bare' : ''].filter(Boolean).join(' ')
  return (
    <div ref={anchor} className={classes}>
      <input
        ref={input}
        id={id}
        role="combobox"
        aria-expanded={open}
        aria-controls={open ? listId : undefined}
        aria-activedescendant={onFoot ? `${listId}-foot-${footAt}` : open && options[marked] ? `${listId}-${marked}` : undefined}
        aria-autocomplete="list"
        aria-label={label}
        aria-invalid={error || failed || undefined}
        data-bad={failed || undefined}
        data-why={(failed && why) || undefined}
        autoComplete="off"
        dir="auto"
        spellCheck={false}
        value={text ?? value?.label ?? ''}
        title={text === null ? value?.label : undefined}
        placeholder={placeholder}
        disabled={disabled}
        autoFocus={autoFocus}
        onKeyDown={onKeyDown}
        onFocus={(event) => event.target.select()}
        onClick={() => setOpen(true)}
        onChange={(event) => {
          repay()
          setFootAt(null)
          setText(event.target.value)
          setFailed(false)
          setOpen(true)
        }}
        onBlur={blur}
      />
      {extra}
      {clearable && value && !disabled && !bare && (
        <button type="button" className="quiet" tabIndex={-1} aria-label={t('field.clear')} onMouseDown={(event) => event.preventDefault()} onClick={() => pick(null)}><CloseOutlined /></button>
      )}
      {!bare && (
        <button type="button" className="quiet" tabIndex={-1} disabled={disabled} aria-label={t('field.show_all')} onMouseDown={(event) => event.preventDefault()} onClick={() => {
          input.current?.focus()
          setOpen(!open)
        }}><DownOutlined /></button>
      )}
      {open && !disabled && (
        <Pop anchor={anchor} role="presentation" width={bare ? 380 : undefined}>
          <div id={listId} role="listbox">{options.map((option, index) => (
            <button
              key={option.key}
              id={`${listId}-${index}`}
              type="button"
              role="option"
              aria-selected={index === marked && !onFoot}
              tabIndex={-1}
              className={index === marked && !onFoot ? 'pop-option on' : 'pop-option'}
              onMouseMove={(event) => {
                // The browser also reports a pointer that rests where the list opens; that chooses nothing.
                if (event.movementX === 0 && event.movementY === 0) return
                setMarked(index)
                setFootAt(null)
              }}
              onClick={() => {
                pick(option)
                onPicked?.()
              }}
            >
              <span className="clip" dir="auto">{option.label}</span>
              {option.hint && <span className="faint">{option.hint}</span>}
            </button>
          ))}</div>
          {!pending && options.length === 0 && <div className="pop-note">{why || t('field.nothing_found')}</div>}
          {slow && <div className="pop-note">{t('state.searching')}</div>}
          {entries.map((entry, index) => <button key={entry.key} id={`${listId}-foot-${index}`} type="button" tabIndex={-1} className={entry === onFoot ? 'pop-option foot on' : 'pop-option foot'} data-foot={entry.key} onClick={() => run(entry)}>{entry.icon}{entry.label}</button>)}
        </Pop>
      )}
    </div>
  )
}

const isSaving = (event: KeyboardEvent): boolean => ((event.ctrlKey || event.metaKey) && (event.key === 's' || event.key === 'Enter')) || (event.altKey && event.key === 's')
