//! A file becomes records: chosen, its columns understood, rehearsed, mended where it stands, loaded, and taken back if need be.
import { Alert, Button, Modal, Steps } from 'antd'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, newKey } from '@/api/client.ts'
import { useSession } from '@/api/queries.ts'
import { nextRefused } from '@/api/refused.ts'
import type { Entity, FileLook, FilePlan, Job, JobResult } from '@/api/types.ts'
import { formatInstant } from '@/lib/dates.ts'
import { recall, remember } from '@/lib/local.ts'
import { useScene } from '@/meta/meta.ts'
import { useSay } from '@/ui/parts.tsx'
import { useJobWatch } from '../list/jobWatch.tsx'
import { Choose, typeOf } from './Choose.tsx'
import { Columns } from './Columns.tsx'
import { Rehearsed } from './Rehearsed.tsx'
import { forget, keep, keptOf, markOf } from './kept.ts'
import { isMemory, isWays, memoryOf, planOf, waysOf, withLines } from './plan.ts'
import './import.css'

const LOOK_MS = 500
const OVER = ['done', 'failed', 'cancelled']

export default function ImportWizard({ entity: stored, onClose }: { entity: Entity; onClose: () => void }) {
  const { t } = useTranslation()
  const { meta, locale } = useScene()
  const entity = useMemo(() => withLines(meta, stored), [meta, stored])
  const client = useQueryClient()
  const session = useSession()
  const say = useSay()
  const watch = useJobWatch()
  const [file, setFile] = useState<File | null>(null)
  const [look, setLook] = useState<FileLook | null>(null)
  const [plan, setPlan] = useState<FilePlan | null>(null)
  const [trial, setTrial] = useState<JobResult | null>(null)
  const [job, setJob] = useState<Job | null>(null)
  const [step, setStep] = useState(0)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState('')
  const gone = useRef(false)
  useEffect(() => () => {
    gone.current = true
  }, [])
  const memory = `import.${session.user.id}.${entity.name}`
  const ways = `import.ways.${session.user.id}.${entity.name}`
  const [mark, setMark] = useState('')
  /** When the work on this file was left that is gone on with. */
  const [left, setLeft] = useState<number | null>(null)
  useEffect(() => {
    if (mark && plan) keep(session.user.id, entity.name, mark, plan, Date.now())
  }, [mark, plan])

  const attempt = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true)
    setError('')
    try {
      await work()
    } catch (problem) {
      setError(say(problem))
    } finally {
      setBusy(false)
    }
  }
  const open = (chosen: File, at?: { sheet: number; head?: number }): void => void attempt(async () => {
    setFile(chosen)
    setTrial(null)
    const own = await markOf(chosen)
    const before = at ? null : keptOf(session.user.id, entity.name, own)
    // The line of the headings is found, unless somebody chose another.
    const { sheet = 0, head } = at ?? before?.plan ?? {}
    const told = await api.lookAtFile(entity.name, chosen, typeOf(chosen), sheet, head)
    setLook(told)
    setLeft(before?.at ?? null)
    setPlan(before?.plan ?? planOf(entity, told, recall(memory, isMemory, {}), recall(ways, isWays, {})))
    setMark(own)
    setStep(1)
  })
  const anew = (): void => {
    if (!look) return
    setLeft(null)
    setTrial(null)
    setPlan(planOf(entity, look, recall(memory, isMemory, {}), recall(ways, isWays, {})))
  }
  const rehearse = (): void => void attempt(async () => {
    if (!file || !plan || !look) return
    remember(memory, { ...recall(memory, isMemory, {}), ...memoryOf(plan, look) })
    remember(ways, { ...recall(ways, isWays, {}), ...waysOf(plan, look) })
    setStep(2)
    setTrial(null)
    let now: Job = (await api.loadFile(entity.name, file, plan, true, newKey())).job
    setJob(now)
    while (!OVER.includes(now.state) && !gone.current) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
      now = await api.jobResult(now.id)
      setJob(now)
    }
    if (!gone.current) setTrial(await api.jobResult(now.id))
  })
  const load = (): void => void attempt(async () => {
    if (!file || !plan || !look) return
    // What was given a meaning since the rehearsal counts for the next file, too.
    remember(ways, { ...recall(ways, isWays, {}), ...waysOf(plan, look) })
    const { job: begun } = await api.loadFile(entity.name, file, plan, false, newKey())
    forget(session.user.id, entity.name, mark)
    onClose()
    void watch(begun, t('import.title', { what: meta.say(entity.plural) })).then(() => client.invalidateQueries())
  })
  const good = trial ? trial.created + trial.changed : 0
  const mapped = plan?.columns.some(Boolean) ?? false
  return (
    <Modal
      open title={t('import.title', { what: meta.say(entity.plural) })} onCancel={onClose} width={1080} maskClosable={false}
      footer={(
        <>
          {step > 0 && <Button disabled={busy} onClick={() => setStep(step - 1)}>{t('import.back')}</Button>}
          <Button onClick={onClose}>{t('form.cancel')}</Button>
          {step === 1 && <Button type="primary" data-import="check" disabled={!mapped} loading={busy} onClick={rehearse}>{t('import.check')}</Button>}
          {step === 2 && <Button data-import="again" disabled={busy || !trial} onClick={rehearse}>{t('import.again')}</Button>}
          {step === 2 && <Button type="primary" data-import="run" disabled={busy || good === 0} onClick={load}>{t('import.run', { count: good })}</Button>}
        </>
      )}
    >
      <Steps size="small" current={step} className="import-steps" items={[{ title: t('import.step_file') }, { title: t('import.step_columns') }, { title: t('import.step_check') }]} />
      {error && <Alert type="error" showIcon title={error} style={{ marginBottom: 12 }} />}
      {step === 1 && left !== null && <Alert type="info" showIcon data-import="left" title={t('import.left', { when: formatInstant(new Date(left).toISOString(), locale) })} action={<Button size="small" onClick={anew}>{t('import.anew')}</Button>} style={{ marginBottom: 12 }} />}
      {step === 0 && <Choose entity={entity} file={file} busy={busy} onFile={(chosen) => open(chosen)} />}
      {step === 1 && look && plan && <Columns entity={entity} look={look} plan={plan} onPlan={setPlan} onHead={(sheet, head) => file && open(file, head === undefined ? { sheet } : { sheet, head })} />}
      {step === 2 && look && plan && <Rehearsed entity={entity} look={look} plan={plan} job={job} trial={trial} onPlan={setPlan} onMore={async () => trial && setTrial(await nextRefused(trial))} onError={(problem) => setError(say(problem))} />}
    </Modal>
  )
}
