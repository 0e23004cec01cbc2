//! What would come of a file: values nobody knows are given a meaning, wrong cells are mended where they stand.
import { DownloadOutlined } from '@ant-design/icons'
import { Button, Checkbox, Progress } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { allRefused } from '@/api/refused.ts'
import type { Entity, FileLook, FilePlan, Job, JobResult } from '@/api/types.ts'
import { csvOf, saveText } from '@/lib/save.ts'
import { useScene } from '@/meta/meta.ts'
import { HintText, Tag } from '@/ui/parts.tsx'
import { Meaning } from './Meaning.tsx'
import { cellShown, leaveOut, mean, mend, places, unknownValues, wrongRows, type WrongRow } from './plan.ts'

const SHOWN = 100
const VALUES_SHOWN = 20

interface RehearsedProps { entity: Entity; look: FileLook; plan: FilePlan; job: Job | null; trial: JobResult | null; onPlan: (plan: FilePlan) => void; onMore: () => Promise<unknown>; onError: (problem: unknown) => void }

export function Rehearsed({ entity, look, plan, job, trial, onPlan, onMore, onError }: RehearsedProps) {
  const { t } = useTranslation()
  const { meta } = useScene()
  const [page, setPage] = useState(0)
  const [busy, setBusy] = useState(false)
  const [titles, setTitles] = useState<Record<string, string>>({})
  useEffect(() => setPage(0), [trial?.id])
  if (!trial) {
    return (
      <div className="import-wait" role="status">
        <Progress percent={job && job.rows > 0 ? Math.floor((job.done / job.rows) * 100) : 0} status="active" aria-label={t('import.checking')} />
        <p className="muted">{t('import.checking')} <span className="num">{job ? `${job.done} / ${job.rows}` : ''}</span></p>
      </div>
    )
  }
  const at = places(plan)
  const failed = wrongRows(trial.failed).filter((row) => !(plan.skip ?? []).includes(row.line))
  const unknown = unknownValues(plan, entity, failed).slice(0, VALUES_SHOWN)
  const same = trial.rows - trial.created - trial.changed - trial.refused
  const nameOf = (field: string | null | undefined): string => (field === 'external_id' || field === 'id' ? t(`import.${field}`) : field ? meta.say(entity.fields.find((one) => one.name === field)?.label) || field : '')
  const why = (row: WrongRow): string => row.problems.map(({ field, message }) => (message.includes(nameOf(field)) ? message : `${nameOf(field)}: ${message}`)).join(' ')
  const attempt = (work: () => Promise<unknown>): void => {
    setBusy(true)
    void work().catch(onError).finally(() => setBusy(false))
  }
  const download = (): void => attempt(async () => {
    const all = await allRefused(trial)
    // Of a record with lines all of its rows, so that it can be mended and loaded again as a whole.
    const told = new Map(wrongRows(all).map((row) => [row.line, why(row)]))
    const rows = all.flatMap((row) => [{ line: row.line ?? -1, cells: row.cells ?? [] }, ...(row.also ?? [])].sort((one, other) => one.line - other.line))
    saveText(`${entity.name}.csv`, csvOf([[t('import.row'), ...at.map((column) => look.columns[column]?.name ?? ''), t('import.problem')], ...rows.map((row) => [row.line, ...at.map((_, index) => row.cells[index] ?? ''), told.get(row.line) ?? ''])]))
  })
  // What was left out meanwhile may have made the last page shorter than nothing.
  const first = Math.min(page, Math.max(0, Math.ceil(failed.length / SHOWN) - 1)) * SHOWN
  const shown = failed.slice(first, first + SHOWN)
  const isLast = first + SHOWN >= failed.length && !trial.more
  const turn = (to: number): void => attempt(async () => {
    if (failed.length <= to * SHOWN && trial.more) await onMore()
    setPage(to)
  })
  return (
    <>
      <p className="work-sums" data-trial>
        <Tag tone={trial.created ? 'good' : 'neutral'}>{t('import.new', { count: trial.created })}</Tag>
        <Tag tone={trial.changed ? 'info' : 'neutral'}>{t('import.changed', { count: trial.changed })}</Tag>
        {same > 0 && <Tag tone="neutral">{t('import.passed', { count: same })}</Tag>}
        {trial.duplicates > 0 && <Tag tone="warn">{t('import.duplicates', { count: trial.duplicates })}</Tag>}
        <Tag tone={trial.refused ? 'bad' : 'neutral'}>{t('import.refused', { count: trial.refused })}</Tag>
      </p>
      {trial.error && <HintText tone="bad">{trial.error}</HintText>}
      {trial.refused === 0 && <HintText tone="good">{t('import.all_good')}</HintText>}
      {trial.alike.length > 0 && (
        <>
          <h3>{t('import.alike')}</h3>
          <ul className="import-alike" data-alike>
            {trial.alike.map((row) => <li key={row.line}><span className="num">{t('import.row')} {row.line}</span> · {row.cells.filter(Boolean).slice(0, 3).join(' · ')} <HintText tone="warn">{why({ line: row.line, cells: row.cells, problems: row.problems })}</HintText></li>)}
          </ul>
        </>
      )}
      {unknown.length > 0 && (
        <>
          <h3>{t('import.unknown')}</h3>
          <div className="import-values">
            {unknown.map((one) => <Meaning key={`${one.column}/${one.text}`} entity={entity} one={one} meant={plan.columns[one.column]?.values?.[one.text]} onMean={(meant, title) => {
              setTitles((known) => ({ ...known, [meant]: title }))
              onPlan(mean(plan, one.column, one.text, meant))
            }} />)}
          </div>
        </>
      )}
      {failed.length > 0 && (
        <>
          <div className="spread"><h3>{t('import.wrong_rows')}</h3><Button size="small" icon={<DownloadOutlined />} data-import="download" onClick={download}>{t('import.download')}</Button></div>
          <p className="muted" style={{ margin: '2px 0 6px' }}>{t('import.mend')}</p>
          <div className="import-scroll">
            <table className="table small import-grid">
              <thead><tr><th>{t('import.row')}</th>{at.map((column) => <th key={column}>{nameOf(plan.columns[column]?.field)}</th>)}<th>{t('import.skip')}</th></tr></thead>
              {shown.map((row) => {
                const { line } = row
                const wrong = new Set(row.problems.map((problem) => problem.field))
                return (
                  <tbody key={line} data-line={line}>
                    <tr>
                      <td className="num">{line}</td>
                      {at.map((column, index) => {
                        const name = plan.columns[column]?.field ?? ''
                        return (
                          <td key={column} className={wrong.has(name) ? 'bad' : undefined}>
                            <input aria-label={`${nameOf(name)} ${line}`} aria-invalid={wrong.has(name) || undefined} value={plan.cells?.[line]?.[column] ?? cellShown(plan.columns[column], row.cells[index] ?? '', titles)} onChange={(event) => onPlan(mend(plan, line, column, event.target.value))} />
                          </td>
                        )
                      })}
                      <td><Checkbox aria-label={`${t('import.skip')} ${line}`} onChange={(event) => onPlan(leaveOut(plan, line, event.target.checked))} /></td>
                    </tr>
                    <tr className="import-why"><td /><td colSpan={at.length + 1}><HintText tone="bad">{why(row)}</HintText></td></tr>
                  </tbody>
                )
              })}
            </table>
          </div>
          {(first > 0 || !isLast) && (
            <div className="row-flex import-pages">
              <Button size="small" data-import="before" disabled={busy || first === 0} onClick={() => turn(first / SHOWN - 1)}>{t('import.pages_before')}</Button>
              <span className="faint num" aria-live="polite">{t('import.pages', { from: first + 1, to: first + shown.length, count: trial.refused })}</span>
              <Button size="small" data-import="next" loading={busy} disabled={isLast} onClick={() => turn(first / SHOWN + 1)}>{t('import.pages_next')}</Button>
            </div>
          )}
        </>
      )}
    </>
  )
}
