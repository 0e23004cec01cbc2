//! What stands below the fields of a job and of a webhook: how far it is and what went wrong, and what was told to whom.
import { KeyOutlined, RedoOutlined, StopOutlined, DownloadOutlined, UndoOutlined } from '@ant-design/icons'
import { App, Button, Progress } from 'antd'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/client.ts'
import { allRefused, nextRefused } from '@/api/refused.ts'
import type { Delivery, Entity, JobResult, Rec } from '@/api/types.ts'
import { formatInstant } from '@/lib/dates.ts'
import { Go } from '@/lib/go.tsx'
import { csvOf, saveText } from '@/lib/save.ts'
import { textOf, useScene } from '@/meta/meta.ts'
import { Skeleton, Tag, Trouble } from '@/ui/parts.tsx'
import { useComplain } from '@/ui/Snack.tsx'
import { useJobWatch } from '../list/jobWatch.tsx'
import { SecretDialog } from './Credentials.tsx'

interface WorkProps { entity: Entity; id: string; record: Rec }

/** Nothing for all other records. */
export function Work(props: WorkProps) {
  if (props.entity.name === 'job') return <Job {...props} />
  if (props.entity.name === 'webhook') return <Webhook {...props} />
  return null
}

const OVER = ['done', 'failed', 'cancelled']

function Job({ id, record }: WorkProps) {
  const { t } = useTranslation()
  const complain = useComplain()
  const { modal } = App.useApp()
  const client = useQueryClient()
  const state = textOf(record['state'])
  const result = useQuery({ queryKey: ['job', id], queryFn: () => api.jobResult(id), refetchInterval: ({ state: now }) => (now.data && OVER.includes(now.data.state) ? false : 2000) })
  const [further, setFurther] = useState<JobResult | null>(null)
  const watch = useJobWatch()
  const turn = async (what: 'cancel' | 'resume'): Promise<void> => {
    try {
      await api.turnJob(id, what)
    } catch (problem) {
      complain(problem)
    }
    void client.invalidateQueries({ queryKey: ['job', id] })
    void client.invalidateQueries({ queryKey: ['record', 'job', id] })
  }
  const undo = async (): Promise<void> => {
    try {
      void watch((await api.undoJob(id)).job, t('work.undo'))
    } catch (problem) {
      complain(problem)
    }
    void client.invalidateQueries({ queryKey: ['job', id] })
  }
  if (result.isError) return <Trouble error={result.error} retry={() => void result.refetch()} />
  const told = result.data
  if (!told) return <Skeleton rows={3} />
  const read = further?.refused === told.refused ? further : told
  const { failed } = read
  const attempt = (work: Promise<unknown>): void => void work.catch((problem: unknown) => complain(problem))
  const download = (): void => attempt(allRefused(read).then((all) => saveText(`${id}.csv`, csvOf([[t('work.row'), t('work.line'), t('work.why')], ...all.map((row) => [row.row, row.line ?? '', (row.problems ?? []).map((problem) => problem.message).join(' ')])]))))
  return (
    <section className="work">
      <h2>{t('work.progress')}</h2>
      <div className="row-flex work-head">
        <Progress style={{ maxWidth: 420 }} percent={told.rows > 0 ? Math.floor((told.done / told.rows) * 100) : told.state === 'done' ? 100 : 0} status={told.state === 'failed' ? 'exception' : told.state === 'done' ? 'success' : told.state === 'running' ? 'active' : 'normal'} aria-label={t('work.progress')} />
        <span className="num">{told.done} / {told.rows}</span>
        {!OVER.includes(told.state) && <Button danger icon={<StopOutlined />} data-job="cancel" onClick={() => void modal.confirm({ title: t('work.cancel'), content: t('work.cancel_text'), okText: t('work.cancel'), cancelText: t('form.cancel'), okButtonProps: { danger: true }, onOk: () => turn('cancel') })}>{t('work.cancel')}</Button>}
        {told.undo && <Button icon={<UndoOutlined />} data-job="undo" onClick={() => void modal.confirm({ title: t('work.undo'), content: t('work.undo_text'), okText: t('work.undo'), cancelText: t('form.cancel'), onOk: undo })}>{t('work.undo')}</Button>}
        {(told.state === 'failed' || told.state === 'cancelled') && <Button type="primary" icon={<RedoOutlined />} data-job="resume" onClick={() => void turn('resume')}>{t('work.resume')}</Button>}
      </div>
      <p className="work-sums">
        {([['created', 'good'], ['changed', 'info'], ['refused', 'bad']] as const).map(([name, tone]) => <Tag key={name} tone={told[name] > 0 ? tone : 'neutral'}>{t(`work.${name}`, { count: told[name] })}</Tag>)}
        {told.dry && <Tag tone="warn">{t('work.dry')}</Tag>}
      </p>
      {told.error && <div className="banner bad" role="alert"><span>✕</span><span>{told.error}</span></div>}
      {failed.length > 0 && (
        <>
          <div className="row-flex"><h2>{t('work.refused_rows')}</h2><Button size="small" icon={<DownloadOutlined />} data-job="download" onClick={download}>{t('work.download')}</Button></div>
          <div className="work-scroll">
            <table className="table">
              <thead><tr><th>{t('work.row')}</th><th>{t('work.line')}</th><th>{t('work.why')}</th></tr></thead>
              <tbody>{failed.map((row) => <tr key={row.row}><td className="num">{row.row}</td><td className="num">{row.line ?? ''}</td><td className="wrap">{row.id && <><Go to={`/${told.entity}/${row.id}`}>{row.label ?? row.id}</Go>: </>}{(row.problems ?? []).map((problem) => problem.message).join(' ')}</td></tr>)}</tbody>
            </table>
          </div>
          {read.more && <Button onClick={() => attempt(nextRefused(read).then(setFurther))}>{t('work.more')}</Button>}
        </>
      )}
      {failed.length === 0 && state === 'done' && <p className="faint">{t('work.none_refused')}</p>}
    </section>
  )
}

const STATES: Record<Delivery['state'], 'good' | 'warn' | 'bad'> = { sent: 'good', waiting: 'warn', dead: 'bad' }

function Webhook({ entity, id }: WorkProps) {
  const { t } = useTranslation()
  const scene = useScene()
  const complain = useComplain()
  const { modal } = App.useApp()
  const client = useQueryClient()
  const answer = useQuery({ queryKey: ['deliveries', id], queryFn: () => api.deliveries(id), refetchInterval: 5000 })
  const [secret, setSecret] = useState('')
  const issue = async (): Promise<void> => {
    try {
      setSecret((await api.issueSecret(id)).secret)
    } catch (problem) {
      complain(problem)
    }
    void client.invalidateQueries({ queryKey: ['aside', entity.name, id] })
  }
  const retry = async (): Promise<void> => {
    try {
      client.setQueryData(['deliveries', id], await api.retryHook(id))
    } catch (problem) {
      complain(problem)
    }
  }
  const told = answer.data
  return (
    <section className="work">
      <div className="row-flex work-head">
        <h2>{t('work.deliveries')}</h2>
        {entity.can.edit && <Button size="small" icon={<KeyOutlined />} data-hook="issue" onClick={() => void modal.confirm({ title: t('work.issue'), content: t('work.issue_text'), okText: t('work.issue'), cancelText: t('form.cancel'), onOk: issue })}>{t('work.issue')}</Button>}
        {entity.can.edit && told && told.dead > 0 && <Button size="small" icon={<RedoOutlined />} data-hook="retry" onClick={() => void retry()}>{t('work.retry', { count: told.dead })}</Button>}
      </div>
      {answer.isError && <Trouble error={answer.error} retry={() => void answer.refetch()} />}
      {told && told.deliveries.length === 0 && <p className="faint">{t('work.no_deliveries')}</p>}
      {told && told.deliveries.length > 0 && (
        <div className="work-scroll">
          <table className="table">
            <thead><tr><th>{t('work.at')}</th><th>{t('work.about')}</th><th>{t('work.state')}</th><th>{t('work.answer')}</th><th>{t('work.tries')}</th></tr></thead>
            <tbody>
              {told.deliveries.map((one) => (
                <tr key={one.event}>
                  <td className="num">{formatInstant(one.at, scene.locale)}</td>
                  <td><Go to={`/${one.entity}/${one.id}`}>{scene.meta.say(scene.meta.entity(one.entity)?.label) || one.entity} {one.id}</Go></td>
                  <td><Tag tone={STATES[one.state]}>{t(`work.${one.state}`)}</Tag></td>
                  <td className="wrap">{one.status > 0 ? one.status : ''} {one.error}</td>
                  <td className="num">{one.tries}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {secret && <SecretDialog title={t('work.secret_once')} text={t('work.secret_once_text')} value={secret} how={<>{t('work.secret_how')}<br /><code>X-Heyi-Signature: v1=HMAC-SHA256(timestamp.body)</code></>} onClose={() => setSecret('')} />}
    </section>
  )
}
