//! How many more a place has than it shows, and the list of them.
import { Popover } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Rec } from '@/api/types.ts'
import type { Sheet } from './Chip.tsx'
import { DayList } from './DayList.tsx'

/** `left`: how many are not shown; `rows` and `count` are all there are, as far as they are known. */
export function More({ sheet, day, left, rows, count, href, short }: { sheet: Sheet; day: string; left: number; rows: readonly Rec[]; count: number; href: string; short?: boolean }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const close = (): void => {
    setOpen(false)
    button.current?.focus()
  }
  return (
    <Popover open={open} onOpenChange={setOpen} trigger="click" arrow={false} placement="rightTop" destroyOnHidden content={<DayList sheet={sheet} day={day} rows={rows} count={count} href={href} onClose={close} />}>
      <button ref={button} type="button" className="day-more" data-more={day} aria-haspopup="dialog" aria-expanded={open} {...(short ? { 'aria-label': t('calendar.more', { count: left }) } : {})} onClick={(event) => event.stopPropagation()}>{short ? `+${left}` : t('calendar.more', { count: left })}</button>
    </Popover>
  )
}
