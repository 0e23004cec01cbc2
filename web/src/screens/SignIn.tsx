import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/client.ts'
import { queries } from '@/api/queries.ts'
import type { DemoUser, Session } from '@/api/types.ts'
import { currentLang, isLang, switchLanguage } from '@/i18n/index.ts'
import { isText, recall } from '@/lib/local.ts'
import { useTitle } from '@/lib/hooks.ts'
import { Mark } from '@/ui/Mark.tsx'
import { HintText, useSay } from '@/ui/parts.tsx'
import { SignInForm } from '@/ui/SignInForm.tsx'
import './sign_in.css'

export default function SignIn() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const say = useSay()
  const welcome = useQuery(queries.welcome())
  const [busy, setBusy] = useState('')
  const [error, setError] = useState('')
  useTitle(t('sign_in.title'))
  const enter = (session: Session): void => {
    // A person who has chosen a language on this device keeps it.
    if (!isLang(recall('language', isText, '')) && isLang(session.user.language)) void switchLanguage(session.user.language)
    client.setQueryData(['session'], session)
  }
  const as = async (user: DemoUser): Promise<void> => {
    setBusy(user.login)
    setError('')
    try {
      enter(await api.signIn(user.login, user.password))
    } catch (problem) {
      setError(say(problem))
    } finally {
      setBusy('')
    }
  }
  const { users = [], toBegin = [] } = welcome.data ?? {}
  const lang = currentLang()
  return (
    <main className="sign-in">
      <div className="sign-in-lang">
        <button type="button" className={lang === 'zh' ? 'quiet on' : 'quiet'} onClick={() => void switchLanguage('zh')}>中文</button>
        <button type="button" className={lang === 'en' ? 'quiet on' : 'quiet'} onClick={() => void switchLanguage('en')}>English</button>
      </div>
      {toBegin.length > 0 && <ToBegin missing={toBegin} />}
      <div className={users.length ? 'sign-in-cols' : 'sign-in-cols single'}>
        <section className="sign-in-card">
          <div className="sign-in-brand"><Mark size={40} /><div><h1>合一 Heyi</h1><p>{t('sign_in.slogan')}</p></div></div>
          <SignInForm onSignedIn={enter} />
        </section>
        {users.length > 0 && (
          <section className="sign-in-demo" aria-label={t('sign_in.demo')}>
            <h2>{t('sign_in.demo')}</h2>
            <p className="muted">{t('sign_in.demo_text')}</p>
            {error && <HintText tone="bad">{error}</HintText>}
            <div className="demo-users">
              {users.map((user) => (
                <button key={user.login} type="button" className="demo-user" data-login={user.login} disabled={busy !== ''} aria-busy={busy === user.login} onClick={() => void as(user)}>
                  <span className="demo-mark" aria-hidden="true">{/\p{Script=Han}/u.test(user.name) ? user.name.replace(/[^\p{Script=Han}]/gu, '').slice(-1) : user.name[0]}</span>
                  <span className="clip"><b>{user.name}</b><br /><span className="faint">{user.role[lang] || user.role.en}</span></span>
                </button>
              ))}
            </div>
          </section>
        )}
      </div>
    </main>
  )
}

/** The commands that make what is missing, as `README.md` has them. */
const COMMANDS = { company: 'heyi company "Acme" --currency EUR --chart ifrs_generic --country DE', user: 'heyi user NAME --roles administrator' }

/** Of an empty database the first page says how to begin. */
function ToBegin({ missing }: { missing: readonly ('company' | 'user')[] }) {
  const { t } = useTranslation()
  return (
    <section className="sign-in-begin" role="note" aria-label={t('sign_in.begin')}>
      <h2>{t('sign_in.begin')}</h2>
      <p className="muted">{t('sign_in.begin_text')}</p>
      <ol>
        {missing.map((what) => <li key={what} data-begin={what}>{t(`sign_in.begin_${what}`)}<code>{COMMANDS[what]}</code></li>)}
        <li>{t('sign_in.begin_then')}</li>
      </ol>
    </section>
  )
}
