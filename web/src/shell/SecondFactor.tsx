//! The second factor of one's own sign-in: a code of the phone beside the password.
import { Button, Modal, Steps } from 'antd'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { encode } from 'uqr'
import { api } from '@/api/client.ts'
import { useSession } from '@/api/queries.ts'
import { saveText } from '@/lib/save.ts'
import { TextBox } from '@/ui/boxes.tsx'
import { HintText, useSay } from '@/ui/parts.tsx'
import { focusOn } from '@/ui/dialog.ts'

/** A QR code as one path: black on white in every theme, as cameras want it. */
function Square({ text, label }: { text: string; label: string }) {
  const { data, size } = encode(text, { border: 2 })
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('')
  return <svg className="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges"><rect width={size} height={size} fill="#fff" /><path d={path} fill="#000" /></svg>
}

export default function SecondFactor({ onClose }: { onClose: () => void }) {
  const session = useSession()
  const [wasOn] = useState(session.second_factor === true)
  return wasOn ? <TakeAway onClose={onClose} /> : <SetUp onClose={onClose} />
}

/** One thing after another that may be refused. */
function useTry(): { error: string; busy: boolean; attempt: (work: () => Promise<void>) => Promise<void> } {
  const say = useSay()
  const [error, setError] = useState('')
  const [busy, setBusy] = useState(false)
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
  return { error, busy, attempt }
}

function Step({ children, onSubmit, error, busy, ready, word }: { children: ReactNode; onSubmit: () => void; error: string; busy: boolean; ready: boolean; word: string }) {
  return (
    <form className="sign-in-form" onSubmit={(event) => {
      event.preventDefault()
      if (ready) onSubmit()
    }}>
      {children}
      {error && <HintText tone="bad">{error}</HintText>}
      <Button type="primary" htmlType="submit" loading={busy} disabled={!ready}>{word}</Button>
    </form>
  )
}

function SetUp({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const { error, busy, attempt } = useTry()
  const [password, setPassword] = useState('')
  const [begun, setBegun] = useState<{ secret: string; uri: string } | null>(null)
  const [code, setCode] = useState('')
  const [papers, setPapers] = useState<readonly string[]>([])
  const at = papers.length > 0 ? 2 : begun ? 1 : 0
  const close = (): void => {
    if (papers.length > 0) void client.invalidateQueries({ queryKey: ['session'] })
    onClose()
  }
  return (
    <Modal open afterOpenChange={focusOn('input')} title={t('second.title')} width={480} onCancel={close} footer={null} mask={{ closable: at !== 2 }}>
      <Steps size="small" current={at} items={[{ title: t('second.step_password') }, { title: t('second.step_phone') }, { title: t('second.step_paper') }]} style={{ marginBottom: 20 }} />
      {at === 0 && (
        <Step error={error} busy={busy} ready={password !== ''} word={t('second.next')} onSubmit={() => void attempt(async () => setBegun(await api.beginSecondFactor(password)))}>
          <p className="muted" style={{ margin: 0 }}>{t('second.why')}</p>
          <label>{t('sign_in.password')}<TextBox value={password} onChange={setPassword} name="password" type="password" autoComplete="current-password" autoFocus label={t('sign_in.password')} /></label>
        </Step>
      )}
      {at === 1 && begun && (
        <Step error={error} busy={busy} ready={/^\d{6}$/.test(code.replace(/\s/g, ''))} word={t('second.turn_on')} onSubmit={() => void attempt(async () => setPapers((await api.confirmSecondFactor(code.replace(/\s/g, ''))).recovery_codes))}>
          <p className="muted" style={{ margin: 0 }}>{t('second.scan')}</p>
          <Square text={begun.uri} label={t('second.square')} />
          <p className="faint" style={{ margin: 0 }}>{t('second.or_type')}<br /><code data-secret>{begun.secret.match(/.{1,4}/g)?.join(' ')}</code></p>
          <label>{t('second.code')}<TextBox value={code} onChange={setCode} name="code" autoComplete="one-time-code" autoFocus label={t('second.code')} /></label>
        </Step>
      )}
      {at === 2 && (
        <Step error="" busy={false} ready word={t('second.kept')} onSubmit={close}>
          <p className="muted" style={{ margin: 0 }}>{t('second.papers')}</p>
          <ul className="papers">{papers.map((paper) => <li key={paper}><code>{paper}</code></li>)}</ul>
          <Button onClick={() => saveText('heyi-recovery-codes.txt', `${papers.join('\r\n')}\r\n`)}>{t('second.save')}</Button>
        </Step>
      )}
    </Modal>
  )
}

function TakeAway({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const { error, busy, attempt } = useTry()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  return (
    <Modal open afterOpenChange={focusOn('input')} title={t('second.title')} width={440} onCancel={onClose} footer={null}>
      <Step error={error} busy={busy} ready={password !== '' && code !== ''} word={t('second.turn_off')} onSubmit={() => void attempt(async () => {
        await api.removeSecondFactor(password, code.replace(/\s/g, ''))
        await client.invalidateQueries({ queryKey: ['session'] })
        onClose()
      })}>
        <p className="muted" style={{ margin: 0 }}>{t('second.is_on')}</p>
        <label>{t('sign_in.password')}<TextBox value={password} onChange={setPassword} name="password" type="password" autoComplete="current-password" autoFocus label={t('sign_in.password')} /></label>
        <label>{t('second.code')}<TextBox value={code} onChange={setCode} name="code" autoComplete="one-time-code" label={t('second.code')} /></label>
      </Step>
    </Modal>
  )
}
