//! What stands over a form: the way one came, what it is, who is before and behind it.
import { ArrowLeftOutlined, CloseOutlined, ExpandOutlined, LeftOutlined, LockOutlined, RightOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { memo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { usePhone } from '@/lib/hooks.ts'
import type { Crumb } from '@/lib/way.ts'
import { Crumbs } from '@/ui/Crumbs.tsx'
import { Tip } from '@/ui/parts.tsx'
import { Star } from '../favourite/Star.tsx'
import type { Around } from '../list/trail.ts'

interface FormTitleProps {
  title: string
  /** Behind the title. */
  mark?: ReactNode
  id: string | null
  /** Beside a list: closed instead of gone back from. */
  beside: boolean
  crumbs: readonly Crumb[]
  around: Around
  /** Why it cannot be changed. */
  locked: string | null
  hands: { readonly current: { back: () => void; turn: (to: string) => void; expand: () => void } }
}

function same(before: FormTitleProps, now: FormTitleProps): boolean {
  const text = ({ title, mark, id, beside, crumbs, around, locked }: FormTitleProps): string => JSON.stringify([title, Boolean(mark), id, beside, crumbs, around, locked])
  return text(before) === text(now)
}

/** A key typed in the form leaves it alone. */
export const FormTitle = memo(function FormTitle({ title, mark, id, beside, crumbs, around, locked, hands }: FormTitleProps) {
  const { t } = useTranslation()
  const phone = usePhone()
  return (
    <div className="form-title">
      <Tip text={beside ? t('form.close') : (crumbs.at(-1)?.title ?? '')} hotkey="escape"><button type="button" className="quiet" aria-label={beside ? t('form.close') : t('form.back')} onClick={() => hands.current.back()}>{beside ? <CloseOutlined /> : <ArrowLeftOutlined />}</button></Tip>
      {beside && id && <Tip text={t('form.expand')}><button type="button" className="quiet" data-expand aria-label={t('form.expand')} onClick={() => hands.current.expand()}><ExpandOutlined /></button></Tip>}
      <div style={{ minWidth: 0 }}>
        {!beside && <Crumbs way={crumbs} />}
        <h1 className="clip"><bdi>{title}</bdi>{mark && <> {mark}</>}</h1>
      </div>
      {id && <Star name={title} about={id} />}
      {locked && <Tip because={locked}><span className="faint" aria-label={t('form.locked')}><LockOutlined /></span></Tip>}
      {around.of > 1 && !phone && (
        <span className="pager faint">
          <button type="button" className="quiet" disabled={!around.previous} aria-label={t('form.previous')} aria-keyshortcuts="Alt+P" onClick={() => hands.current.turn(around.previous ?? '')}><LeftOutlined /></button>
          <span className="num">{around.at + 1} / {around.of}</span>
          <button type="button" className="quiet" disabled={!around.next} aria-label={t('form.next')} aria-keyshortcuts="Alt+N" onClick={() => hands.current.turn(around.next ?? '')}><RightOutlined /></button>
        </span>
      )}
    </div>
  )
}, same)

interface SaveToolsProps { dirty: boolean; busy: boolean; hands: { readonly current: { save: () => void; discard: () => void } } }

/** Only there while there is something to save. */
export const SaveTools = memo(function SaveTools({ dirty, busy, hands }: SaveToolsProps) {
  const { t } = useTranslation()
  return (
    <span className="row-flex">
      {dirty && <Button onClick={() => hands.current.discard()}>{t('form.discard')}</Button>}
      <Tip text={t('form.save')} hotkey="ctrl+s"><Button type="primary" loading={busy} data-save onClick={() => hands.current.save()}>{t('form.save')}</Button></Tip>
    </span>
  )
})
