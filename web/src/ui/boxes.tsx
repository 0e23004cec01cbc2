//! Boxes a person types in. Plain inputs, because a document has hundreds of them.
import { CalendarOutlined } from '@ant-design/icons'
import { useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { formatDay, parseDay } from '@/lib/dates.ts'
import { isComposing } from '@/lib/keys.ts'
import { Calendar } from './Calendar.tsx'
import { Pop } from './Pop.tsx'

export interface BoxProps {
  id?: string
  error?: boolean
  disabled?: boolean
  autoFocus?: boolean
  /** Inside a grid cell: no frame of its own. */
  bare?: boolean
  label?: string
  placeholder?: string
}

const look = ({ error, disabled, bare }: BoxProps): string => ['box', error && 'error', disabled && 'off', bare && 'bare'].filter(Boolean).join(' ')

interface TextBoxProps extends BoxProps {
  value: string
  onChange: (value: string) => void
  max?: number
  type?: 'text' | 'email' | 'tel' | 'url' | 'password' | 'search' | 'time'
  lines?: boolean
  suffix?: ReactNode
  prefix?: ReactNode
  onEnter?: () => void
  autoComplete?: string
  name?: string
}

export function TextBox(props: TextBoxProps) {
  const { value, onChange, max, type = 'text', lines, suffix, prefix, onEnter, id, disabled, autoFocus, label, placeholder, error } = props
  const box = useRef<HTMLInputElement & HTMLTextAreaElement>(null)
  const untouched = useRef(false)
  // What is filled in after the person came here, and before they typed, is typed over, not typed on.
  useLayoutEffect(() => {
    if (untouched.current) box.current?.select()
  }, [value])
  const come = (): void => {
    untouched.current = true
  }
  const leave = (): void => {
    untouched.current = false
  }
  const typeIn = (text: string): void => {
    untouched.current = false
    onChange(text)
  }
  // What is too long is told and mended by who wrote it, never cut off behind their back.
  const long = max !== undefined && value.length > max
  const shared = { id, value, disabled, autoFocus, placeholder, 'aria-label': label, 'aria-invalid': error || long || undefined }
  const enter = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && onEnter && !isComposing(event.nativeEvent)) {
      event.preventDefault()
      onEnter()
    }
  }
  return (
    <div className={look({ ...props, error: error || long })}>
      {prefix}
      {lines ? (
        <textarea {...shared} dir="auto" ref={box} rows={2} onFocus={come} onBlur={leave} onChange={(event) => typeIn(event.target.value)} />
      ) : (
        <input {...shared} dir={type === 'text' || type === 'search' ? 'auto' : undefined} type={type} name={props.name} autoComplete={props.autoComplete ?? 'off'} ref={box} onKeyDown={enter} onFocus={come} onBlur={leave} onChange={(event) => typeIn(event.target.value)} />
      )}
      {suffix}
    </div>
  )
}

interface ParsedBoxProps<V> extends BoxProps {
  value: V | null
  onChange: (value: V | null) => void
  /** As shown when nobody types. */
  show: (value: V) => string
  /** As offered for typing. */
  edit: (value: V) => string
  /** Null: not understood. */
  parse: (text: string) => V | null
  numeric?: boolean
  prefix?: ReactNode
  suffix?: ReactNode
  onBad?: (bad: boolean) => void
}

/** Shows a formatted value, offers a plain one for typing, and keeps what cannot be understood in red. */
export function ParsedBox<V>(props: ParsedBoxProps<V>) {
  const { value, onChange, show, edit, parse, numeric, prefix, suffix, id, disabled, autoFocus, label, placeholder } = props
  const [typed, setTyped] = useState<string | null>(null)
  const [focused, setFocused] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const pressed = useRef(false)
  // At once, not in the next frame: a key pressed before that frame would be typed beside what stood there.
  // Again when another value is filled in while nothing was typed yet, such as the usual quantity of a product found late.
  useLayoutEffect(() => {
    if (focused && typed === null && !pressed.current) input.current?.select()
  }, [focused, value])
  const bad = typed !== null && typed.trim() !== '' && parse(typed) === null
  const shown = typed ?? (value === null ? '' : focused ? edit(value) : show(value))
  const type = (text: string): void => {
    setTyped(text)
    if (text.trim() === '') return onChange(null)
    const next = parse(text)
    if (next !== null) onChange(next)
  }
  return (
    <div className={look({ ...props, error: props.error || (bad && !focused) })}>
      {prefix}
      <input
        ref={input}
        id={id}
        className={numeric ? 'num' : undefined}
        inputMode={numeric ? 'decimal' : undefined}
        autoComplete="off"
        value={shown}
        disabled={disabled}
        autoFocus={autoFocus}
        aria-label={label}
        aria-invalid={bad || props.error || undefined}
        data-bad={bad || undefined}
        placeholder={placeholder}
        onChange={(event) => type(event.target.value)}
        onFocus={() => setFocused(true)}
        onMouseDown={(event) => {
          const { currentTarget: box } = event
          if (document.activeElement === box) return
          pressed.current = true
          // Clicked into: all of it is selected, unless a part was drawn over. Wherever the button is let go: what stands here may move meanwhile.
          addEventListener('mouseup', () => {
            if (pressed.current && box.selectionStart === box.selectionEnd) box.select()
            pressed.current = false
          }, { once: true })
        }}
        onBlur={() => {
          setFocused(false)
          pressed.current = false
          if (!bad) setTyped(null)
        }}
      />
      {suffix}
    </div>
  )
}

interface DateBoxProps extends BoxProps {
  value: string | null
  onChange: (value: string | null) => void
  today: string
  locale: string
  /** The first day it may be: those before it are greyed in the calendar. */
  first?: string
}

/** Takes 2026-11-25, 11-25, 25, t, +7; Alt-↓ or the button opens a calendar. */
export function DateBox(props: DateBoxProps) {
  const { value, onChange, today, locale, disabled, first } = props
  const { t } = useTranslation()
  const anchor = useRef<HTMLDivElement>(null)
  const [open, setOpen] = useState(false)
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey && event.key === 'ArrowDown') {
      event.preventDefault()
      setOpen(true)
    } else if (event.key === 'Escape' && open) {
      event.preventDefault()
      event.stopPropagation()
      setOpen(false)
    }
  }
  return (
    <div ref={anchor} onKeyDown={onKeyDown} onBlur={() => setOpen(false)} style={{ width: '100%' }}>
      <ParsedBox<string>
        {...props}
        show={(day) => formatDay(day, locale)}
        edit={(day) => day}
        parse={(text) => parseDay(text, today)}
        suffix={
          <button type="button" className="quiet" tabIndex={-1} disabled={disabled} aria-label={t('field.open_calendar')} onMouseDown={(event) => event.preventDefault()} onClick={() => {
            anchor.current?.querySelector('input')?.focus()
            setOpen(!open)
          }}>
            <CalendarOutlined />
          </button>
        }
      />
      {open && (
        <Pop anchor={anchor} width={268} role="dialog">
          <Calendar value={value ?? (first && today < first ? first : today)} today={today} locale={locale} first={first} onPick={(day) => {
            onChange(day)
            setOpen(false)
          }} />
        </Pop>
      )}
    </div>
  )
}
