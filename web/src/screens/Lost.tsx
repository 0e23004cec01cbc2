import { useRouter } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, sendCompany } from '@/api/client.ts'
import { Go } from '@/lib/go.tsx'
import { forgetOuting } from '@/lib/outing.ts'
import { Empty, Trouble, useSay } from '@/ui/parts.tsx'

export function NotFound() {
  const { t } = useTranslation()
  const router = useRouter()
  return <Empty page title={t('state.no_page')} text={t('state.no_page_text')}><Button onClick={() => router.history.back()}>{t('form.back')}</Button><Go to="/">{t('shell.home')}</Go></Empty>
}

/** A fault of ours: say so, and offer a way on. A chunk that is gone means a newer version is there. */
export function Broken({ error }: { error: unknown }) {
  const { t } = useTranslation()
  const outdated = error instanceof Error && /dynamically imported module|importing a module/i.test(error.message)
  return <Empty title={outdated ? t('state.new_version') : t('state.broken')} text={outdated ? t('state.new_version_text') : error instanceof Error ? error.message : ''}><Button type="primary" onClick={() => location.reload()}>{t('state.reload')}</Button></Empty>
}

/** Signed in, but no role allows anything: who helps, and the ways out. */
export function NoRights({ error, retry }: { error: unknown; retry: () => void }) {
  const { t } = useTranslation()
  const say = useSay()
  const [failed, setFailed] = useState('')
  const signOut = async (): Promise<void> => {
    try {
      await api.signOut()
      forgetOuting()
      location.assign('/')
    } catch (problem) {
      setFailed(say(problem))
    }
  }
  return (
    <Trouble error={error} text={t('state.refused_text')}>
      {/* Without naming a company the server takes one in which something is allowed. */}
      <Button type="primary" onClick={() => {
        sendCompany(undefined)
        retry()
      }}>{t('state.retry_company')}</Button>
      <Button data-sign-out onClick={() => void signOut()}>{t('shell.sign_out')}</Button>
      {failed && <p role="status" className="hint bad">{failed}</p>}
    </Trouble>
  )
}
