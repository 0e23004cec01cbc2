//! All records of one day: in the pop-up of a full day, under the month on a phone, and as the day by itself.
import { PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Rec } from '@/api/types.ts'
import { formatLongDay } from '@/lib/dates.ts'
import { Go } from '@/lib/go.tsx'
import { textOf } from '@/meta/meta.ts'
import { MarkOf } from '@/ui/DayMark.tsx'
import { Chip, type Sheet } from './Chip.tsx'

interface DayListProps { sheet: Sheet; day: string; rows: readonly Rec[]; count: number; href: string; onClose?: () => void; card?: boolean
  /** One of several: what is empty takes little room. */
  brief?: boolean }

export function DayList({ sheet, day, rows, count, href, onClose, card, brief }: DayListProps) {
  const { t } = useTranslation()
  const title = formatLongDay(day, sheet.scene.locale)
  const make = t('list.new_what', { what: sheet.scene.meta.say(sheet.entity.label) })
  const root = useRef<HTMLElement>(null)
  // A pop-up stands at the end of the page: the way to it is not by Tab.
  useEffect(() => {
    if (onClose) root.current?.querySelector<HTMLElement>('a')?.focus()
  }, [])
  return (
    <section ref={root} className={card ? 'day-list cards-wide' : 'day-list'} data-day-list={day} role={onClose ? 'dialog' : undefined} aria-label={title} onClick={(event) => event.stopPropagation()} onKeyDown={(event) => {
      if (event.key !== 'Escape' || !onClose) return
      event.preventDefault()
      event.stopPropagation()
      onClose()
    }}>
      <header className="spread"><h3>{title} <MarkOf mark={sheet.mark(day)} locale={sheet.scene.locale} named /></h3><span className="row-flex">{(!brief || count > 0) && <span className="faint">{t('list.records', { count })}</span>}{brief && sheet.create && <button type="button" className="quiet" data-create={day} aria-label={`${make}, ${title}`} onClick={() => sheet.create?.(day)}><PlusOutlined /></button>}</span></header>
      {rows.length > 0 && <div className="day-rows">{rows.map((row) => <Chip key={textOf(row['id'])} sheet={sheet} row={row} day={day} shape={card ? 'card' : 'line'} />)}</div>}
      {rows.length === 0 && !brief && <p className="faint">{t('calendar.nothing_here')}</p>}
      <footer className="wrap-flex">
        {sheet.create && !brief && <Button size="small" icon={<PlusOutlined />} data-create={day} onClick={() => sheet.create?.(day)}>{make}</Button>}
        {count > 0 && <Go to={href}>{t('calendar.as_list')}</Go>}
      </footer>
    </section>
  )
}
