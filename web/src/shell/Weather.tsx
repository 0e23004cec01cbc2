//! The line to the server: a thin bar when it is slow, and a word that stays as long as it is down.
import { Button } from 'antd'
import { useIsFetching, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { recheckRights } from '@/api/client.ts'
import { isDenied, useDenied } from '@/api/denied.ts'
import { probe, useSilence, whenBack } from '@/api/line.ts'
import { useDelayed } from '@/lib/hooks.ts'
import { useMeta } from '@/meta/meta.ts'
import { locale } from '@/i18n/index.ts'

export function Weather() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const fetching = useIsFetching()
  const slow = useDelayed(fetching > 0, 500)
  const very = useDelayed(fetching > 0, 6000)
  const silent = useSilence()
  const denied = useDenied()
  const [online, setOnline] = useState(navigator.onLine)
  useEffect(() => whenBack(() => void client.invalidateQueries()), [client])
  useEffect(() => {
    const look = (): void => setOnline(navigator.onLine)
    addEventListener('online', look)
    addEventListener('offline', look)
    return () => {
      removeEventListener('online', look)
      removeEventListener('offline', look)
    }
  }, [])
  return (
    <>
      {slow && <div className="progress" role="progressbar" aria-label={t('state.loading')} />}
      {!online && <div className="banner warn" role="status"><span>⚠</span><span>{t('state.offline')}</span></div>}
      {online && silent === null && denied && <Denied />}
      {online && silent !== null && <Silence since={silent} />}
      {online && silent === null && very && <div className="banner info" role="status"><span>ℹ</span><span>{t('state.slow')}</span></div>}
    </>
  )
}

/** The server does not answer: since when, what is safe, and a way to ask it now. */
function Silence({ since }: { since: number }) {
  const { t } = useTranslation()
  const { lang } = useMeta()
  const [asking, setAsking] = useState(false)
  const ask = (): void => {
    setAsking(true)
    void probe().finally(() => setAsking(false))
  }
  return (
    <div className="banner bad" role="alert" data-silent>
      <span aria-hidden="true">✕</span>
      <span>{t('state.silent', { at: new Intl.DateTimeFormat(locale(lang), { hour: '2-digit', minute: '2-digit' }).format(since) })}</span>
      <Button size="small" loading={asking} onClick={ask}>{t('state.retry')}</Button>
    </div>
  )
}

/** No role allows anything here any more: what is on the screen stays, and what is typed is kept. */
function Denied() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [asking, setAsking] = useState(false)
  const ask = (): void => {
    setAsking(true)
    void recheckRights().finally(() => {
      setAsking(false)
      if (!isDenied()) void client.invalidateQueries()
    })
  }
  return (
    <div className="banner bad" role="alert" data-denied>
      <span aria-hidden="true">✕</span>
      <span>{t('state.denied')}</span>
      <Button size="small" loading={asking} onClick={ask}>{t('state.denied_check')}</Button>
    </div>
  )
}
