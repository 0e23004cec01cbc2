import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, Refused } from '@/api/client.ts'
import type { Session } from '@/api/types.ts'
import { TextBox } from './boxes.tsx'
import { HintText, useSay } from './parts.tsx'

/** Name and password; on the sign-in page, and over a form whose session ran out. */
export function SignInForm({ login: known = '', onSignedIn }: { login?: string; onSignedIn: (session: Session) => void }) {
  const { t } = useTranslation()
  const say = useSay()
  const [login, setLogin] = useState(known)
  const [password, setPassword] = useState('')
  const [code, setCode] = useState<string | null>(null)
  const [error, setError] = useState('')
  const [wait, setWait] = useState(0)
  const [busy, setBusy] = useState(false)
  useEffect(() => {
    if (wait <= 0) return
    const timer = setTimeout(() => setWait(wait - 1), 1000)
    return () => clearTimeout(timer)
  }, [wait])
  const submit = async (): Promise<void> => {
    setBusy(true)
    setError('')
    try {
      onSignedIn(await api.signIn(login.trim(), password, code ?? undefined))
    } catch (problem) {
      // The password is right, and the person has a second factor: its code is asked for.
      if (problem instanceof Refused && problem.code === 'second_factor') {
        setCode(code ?? '')
        if (code === null) return
      }
      if (problem instanceof Refused && problem.status === 429) setWait(Math.max(1, problem.retryAfter))
      setError(problem instanceof Refused && problem.status === 401 && code === null ? t('sign_in.wrong') : say(problem))
    } finally {
      setBusy(false)
    }
  }
  return (
    <form className="sign-in-form" onSubmit={(event) => {
      event.preventDefault()
      void submit()
    }}>
      <label>{t('sign_in.login')}<TextBox value={login} onChange={setLogin} name="username" autoComplete="username" autoFocus={!known} label={t('sign_in.login')} /></label>
      <label>{t('sign_in.password')}<TextBox value={password} onChange={setPassword} name="password" type="password" autoComplete="current-password" autoFocus={Boolean(known)} label={t('sign_in.password')} error={Boolean(error)} /></label>
      {code !== null && <label>{t('sign_in.code')}<TextBox value={code} onChange={setCode} name="code" autoComplete="one-time-code" autoFocus label={t('sign_in.code')} /></label>}
      {error && <HintText tone="bad">{error}</HintText>}
      <Button type="primary" htmlType="submit" block loading={busy} disabled={!login.trim() || !password || code === '' || wait > 0}>{wait > 0 ? t('sign_in.wait', { count: wait }) : t('sign_in.submit')}</Button>
    </form>
  )
}
