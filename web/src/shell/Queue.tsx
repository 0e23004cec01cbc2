//! What waits to be sent: told above the page, sent when the line is back, shown where it was refused.
import { App, Button, Modal } from 'antd'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { whenBack } from '@/api/line.ts'
import { again, discard, flush, useQueue } from '@/api/queue.ts'
import { HintText } from '@/ui/parts.tsx'

const AGAIN_MS = 20_000

export function Queue({ user }: { user: string }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const { message } = App.useApp()
  const [open, setOpen] = useState(false)
  const queue = useQueue().filter((one) => one.user === user)
  const refused = queue.filter((one) => one.refused !== undefined)
  const waiting = queue.length - refused.length
  useEffect(() => {
    if (waiting === 0) return
    const send = (): void => void flush(user).then((sent) => {
      if (sent === 0) return
      void message.success(t('queue.sent', { count: sent }))
      void client.invalidateQueries()
    })
    send()
    const timer = setInterval(send, AGAIN_MS)
    const stop = whenBack(send)
    return () => {
      clearInterval(timer)
      stop()
    }
  }, [waiting, user])
  if (queue.length === 0) return null
  return (
    <>
      <div className={refused.length ? 'banner bad' : 'banner info'} role="status" data-queue={queue.length}>
        <span aria-hidden="true">{refused.length ? '✕' : 'ℹ'}</span>
        <span>{refused.length ? t('queue.refused', { count: refused.length }) : t('queue.waiting', { count: waiting })}</span>
        <Button size="small" onClick={() => setOpen(true)}>{t('queue.show')}</Button>
      </div>
      <Modal open={open && queue.length > 0} title={t('queue.title')} footer={null} onCancel={() => setOpen(false)}>
        {queue.map((one) => (
          <div key={one.key} className="queue-item">
            <b>{one.about}</b>
            <p>{one.text}</p>
            {one.refused && <HintText tone="bad">{one.refused}</HintText>}
            <span className="row-flex">
              {one.refused && <Button size="small" onClick={() => again(one.key)}>{t('state.retry')}</Button>}
              <Button size="small" danger onClick={() => discard(one.key)}>{t('queue.discard')}</Button>
            </span>
          </div>
        ))}
      </Modal>
    </>
  )
}
