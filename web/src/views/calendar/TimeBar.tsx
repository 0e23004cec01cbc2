//! The bar over calendar and timeline: where one is in time, the way to elsewhere, and how much is seen.
import { LeftOutlined, RightOutlined, SettingOutlined } from '@ant-design/icons'
import { Popover, Select } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useCommands } from '@/lib/commands.ts'
import { usePhone } from '@/lib/hooks.ts'
import type { Span } from '@/lib/spans.ts'
import { Tip } from '@/ui/parts.tsx'
import './time.css'

interface TimeBarProps<S extends Span> {
  title: string
  note?: ReactNode
  spans: readonly S[]
  span: S
  onSpan: (span: S) => void
  onStep: (by: 1 | -1) => void
  onToday: () => void
  /** In a card: no keys of the page, no further choices. */
  bare?: boolean
  /** Further choices; behind a button where there is no room. */
  children?: ReactNode
}

const KEYS: Record<Span, string> = { quarter: 'q', month: 'm', week: 'w', day: 'd' }

export function TimeBar<S extends Span>({ title, note, spans, span, onSpan, onStep, onToday, bare = false, children }: TimeBarProps<S>) {
  const { t } = useTranslation()
  const phone = usePhone()
  useCommands(bare ? [] : [
    { id: 'time-today', label: t('calendar.today'), group: 'page', hotkey: 't', run: onToday },
    { id: 'time-before', label: t('calendar.before'), group: 'page', hotkey: 'arrowleft', run: () => onStep(-1) },
    { id: 'time-after', label: t('calendar.after'), group: 'page', hotkey: 'arrowright', run: () => onStep(1) },
    ...spans.map((one) => ({ id: `time-${one}`, label: t('calendar.by', { span: t(`part.${one}`) }), group: 'page' as const, hotkey: KEYS[one], run: () => onSpan(one) })),
  ])
  return (
    <div className={bare ? 'time-bar bare' : 'time-bar'}>
      <Tip text={t('calendar.before')} hotkey="arrowleft"><button type="button" className="quiet" data-time="before" aria-label={t('calendar.before')} onClick={() => onStep(-1)}><LeftOutlined /></button></Tip>
      <Tip text={t('calendar.today')} hotkey="t"><button type="button" className="quiet framed" data-time="today" onClick={onToday}>{t('calendar.today')}</button></Tip>
      <Tip text={t('calendar.after')} hotkey="arrowright"><button type="button" className="quiet" data-time="after" aria-label={t('calendar.after')} onClick={() => onStep(1)}><RightOutlined /></button></Tip>
      <h2 className="clip" aria-live="polite"><span data-time="title">{title}</span>{note && <span className="faint time-note">{note}</span>}</h2>
      <span className="time-gap" />
      {children && !bare && (phone
        ? <Popover trigger="click" placement="bottomRight" arrow={false} content={<div className="time-options">{children}</div>}><button type="button" className="quiet" aria-label={t('calendar.options')}><SettingOutlined /></button></Popover>
        : <div className="time-options">{children}</div>)}
      <div className="looks time-spans" role="group" aria-label={t('calendar.span')}>
        {spans.map((one) => <Tip key={one} text={t('calendar.by', { span: t(`part.${one}`) })} hotkey={KEYS[one]}><button type="button" data-span={one} className={span === one ? 'quiet on' : 'quiet'} aria-pressed={span === one} onClick={() => onSpan(one)}>{t(`part.${one}`)}</button></Tip>)}
      </div>
    </div>
  )
}

/** One choice of the bar, under its name. */
export function Option({ name, label, value, options, onChange }: { name: string; label: string; value: string; options: { value: string; label: string }[]; onChange: (value: string) => void }) {
  return (
    <label className="time-option" data-option={name}>
      <span className="faint">{label}</span>
      <Select<string> size="small" variant="filled" value={value} aria-label={label} popupMatchSelectWidth={false} options={options} onChange={onChange} />
    </label>
  )
}
