//! What is still to be done about a record: done, changed or given up, each with a way back.
import { CheckOutlined, CloseOutlined, EditOutlined } from '@ant-design/icons'
import { Input, Modal } from 'antd'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, Refused } from '@/api/client.ts'
import type { Acted, Rec } from '@/api/types.ts'
import { formatDay } from '@/lib/dates.ts'
import { Go, href } from '@/lib/go.tsx'
import { textOf, useScene } from '@/meta/meta.ts'
import { useSnack } from '@/ui/Snack.tsx'
import { useDoing, useTold, type TogetherProps } from './doing.ts'
import { Plan } from './PlanDialog.tsx'

const SHOWN = 20
const TONES: Record<string, string> = { overdue: 'bad', today: 'warn', planned: 'good' }

/** Tells that an activity is over, and opens it again if that was a slip; what followed by itself goes with it. */
function useOver(): (acted: Acted) => void {
  const client = useQueryClient()
  const snack = useSnack()
  const { t } = useTranslation()
  return ({ record, actions, posted }) => {
    const reopen = async (): Promise<void> => {
      await api.act('activity', textOf(record['id']), 'reopen', { version: record['version'] })
      for (const one of posted?.created ?? []) if (one.entity === 'activity') await api.remove('activity', one.id)
      void client.invalidateQueries({ predicate: ({ queryKey }) => ['aside', 'list', 'groups', 'count', 'home', 'record'].includes(String(queryKey[0])) })
    }
    snack(t(record['stage'] === 'done' ? 'together.is_done' : 'together.is_cancelled', { what: textOf(record['summary']) }), actions.some((one) => one.name === 'reopen' && one.allowed) ? reopen : undefined)
  }
}

export function Activities(props: TogetherProps) {
  const { entity, id } = props
  const { t } = useTranslation()
  const scene = useScene()
  const doing = useDoing()
  const over = useOver()
  const told = useTold(props)
  const [done, setDone] = useState<Rec | null>(null)
  const [changed, setChanged] = useState<Rec | null>(null)
  const [next, setNext] = useState<Rec | null>(null)
  const open = JSON.stringify(['and', ['about_doc', '=', id], ['stage', '=', 'planned']])
  const answer = useQuery({
    queryKey: ['aside', entity.name, id, 'activities'],
    queryFn: () => api.list('activity', { filter: open, sort: 'due_on', limit: SHOWN, count: true, fields: 'id,version,activity_type,summary,note,due_on,assigned_to,due_state' }),
  })
  const rows = answer.data?.rows ?? []
  const mayEdit = scene.meta.entity('activity')?.can.edit === true
  const cancel = (row: Rec): void => void doing(async () => over(await api.act('activity', textOf(row['id']), 'cancel', { version: row['version'] }))).then(told)
  return (
    <>
      {rows.length > 0 && (
        <ul className="activities" aria-label={t('together.to_do')}>
          {rows.map((row) => (
            <li key={textOf(row['id'])} className={TONES[textOf(row['due_state'])]}>
              <div style={{ flex: 1, minWidth: 0 }}>
                <b>{textOf(row['activity_type'])}</b> <bdi>{textOf(row['summary'])}</bdi>
                <div className="faint"><span className="due">{t(`together.${textOf(row['due_state'])}`)}</span> {formatDay(textOf(row['due_on']), scene.locale)} · {textOf(row['assigned_to'])}</div>
                {textOf(row['note']) && <div className="muted activity-note" dir="auto">{textOf(row['note'])}</div>}
              </div>
              {mayEdit && (
                <span className="activity-tools">
                  <button type="button" className="quiet" data-activity="done" aria-label={t('together.done')} title={t('together.done')} onClick={() => setDone(row)}><CheckOutlined /></button>
                  <button type="button" className="quiet" data-activity="edit" aria-label={t('together.edit')} title={t('together.edit')} onClick={() => setChanged(row)}><EditOutlined /></button>
                  <button type="button" className="quiet" data-activity="cancel" aria-label={t('together.cancel')} title={t('together.cancel')} onClick={() => cancel(row)}><CloseOutlined /></button>
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      {(answer.data?.count ?? 0) > rows.length && <Go to={href('/activity', { filter: open })} className="more-link">{t('list.more', { count: (answer.data?.count ?? 0) - rows.length })}</Go>}
      {done && <Done activity={done} onClose={() => setDone(null)} onDone={(suggested) => {
        setDone(null)
        setNext(suggested)
        told()
      }} />}
      {changed && <Plan about={id} first={changed} told={told} onClose={() => setChanged(null)} />}
      {next && <Plan about={id} first={next} told={told} onClose={() => setNext(null)} />}
    </>
  )
}

/** What came of it; the type may suggest what comes next. */
export function Done({ activity, onClose, onDone }: { activity: Rec; onClose: () => void; onDone: (next: Rec | null) => void }) {
  const { t } = useTranslation()
  const doing = useDoing()
  const over = useOver()
  const [result, setResult] = useState('')
  const finish = (): void => void doing(async () => {
    over(await api.act('activity', textOf(activity['id']), 'done', { version: activity['version'], result: result.trim() || null }))
    try {
      onDone((await api.prefilled('activity', `activity:${textOf(activity['id'])}`)).record)
    } catch (problem) {
      // Nothing follows: the type suggests nothing.
      if (problem instanceof Refused) onDone(null)
      else throw problem
    }
  })
  return (
    <Modal open title={`${textOf(activity['activity_type'])}: ${textOf(activity['summary'])}`} width={440} onCancel={onClose} onOk={finish} okText={t('together.done')} cancelText={t('form.cancel')}>
      <label className="muted">{t('together.result')}<Input.TextArea autoFocus dir="auto" rows={3} value={result} name="result" aria-label={t('together.result')} onChange={(event) => setResult(event.target.value)} /></label>
    </Modal>
  )
}
