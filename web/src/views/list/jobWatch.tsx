//! Work in the background, told while it goes on, with a way back when it is over.
import { App, Button, Progress } from 'antd'
import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/client.ts'
import type { Job } from '@/api/types.ts'
import { Go } from '@/lib/go.tsx'
import { useSay } from '@/ui/parts.tsx'

const LOOK_MS = 600
const OVER = ['done', 'failed', 'cancelled']

/** Tells of a job until it is over; then what came of it, and offers to undo it. */
export function useJobWatch(): (job: Job, label: string) => Promise<void> {
  const { notification } = App.useApp()
  const { t } = useTranslation()
  const client = useQueryClient()
  const say = useSay()
  const watch = useCallback(async (job: Job, label: string): Promise<void> => {
    const key = job.id
    const open = (now: Job): void => {
      const good = now.created + now.changed
      const over = OVER.includes(now.state)
      const undo = async (): Promise<void> => {
        notification.destroy(key)
        try {
          await watch((await api.undoJob(key)).job, t('mass.undoing', { what: label }))
        } catch (problem) {
          notification.error({ key, title: say(problem) })
        }
      }
      notification.open({
        key,
        duration: over ? 12 : 0,
        type: !over ? 'info' : now.state === 'done' && now.refused === 0 ? 'success' : 'warning',
        title: label,
        description: over ? (
          <span data-job-over={now.state}>
            {t('mass.done', { count: good })}{now.refused > 0 && <> {t('mass.refused', { count: now.refused })}</>}{now.error && <> {now.error}</>}
            <span className="wrap-flex" style={{ marginTop: 6 }}>
              {now.undo && <Button size="small" data-undo onClick={() => void undo()}>{t('undo.undo')}</Button>}
              {(now.refused > 0 || now.state === 'failed') && <Go to={`/job/${key}`} onGo={() => notification.destroy(key)}>{t('mass.see')}</Go>}
            </span>
          </span>
        ) : <span><Progress size="small" percent={now.rows ? Math.floor((now.done / now.rows) * 100) : 0} aria-label={label} /><span className="faint num">{now.done} / {now.rows}</span> <Button size="small" type="text" onClick={() => void api.turnJob(key, 'cancel').catch(() => undefined)}>{t('form.cancel')}</Button></span>,
      })
    }
    open(job)
    let now: Job = job
    while (!OVER.includes(now.state)) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
      try {
        now = await api.jobResult(key)
      } catch {
        // The line is down for a moment: the work goes on without us.
        continue
      }
      open(now)
    }
    void client.invalidateQueries()
  }, [notification, t, client, say])
  return watch
}
