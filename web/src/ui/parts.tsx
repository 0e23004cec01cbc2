//! Small parts shared by all screens.
import { Tooltip } from 'antd'
import { cloneElement, isValidElement, useEffect, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Refused, Unreachable } from '@/api/client.ts'
import { whenBack } from '@/api/line.ts'
import type { Tone } from '@/api/types.ts'
import { useDelayed } from '@/lib/hooks.ts'
import { ariaKeys, caps, isMac } from '@/lib/keys.ts'

export const Tag = ({ tone, children, plain }: { tone: Tone; children: ReactNode; plain?: boolean }) => <span className={`tag ${tone}${plain ? ' plain' : ''}`}>{children}</span>

export const MARKS: Record<Tone, string> = { neutral: '·', info: 'ℹ', good: '✓', warn: '⚠', bad: '✕' }
export const HintText = ({ tone, children }: { tone: Tone; children: ReactNode }) => (
  <span className={`hint ${tone}`}><span aria-hidden="true">{MARKS[tone]}</span><span>{children}</span></span>
)

export function Caps({ hotkey }: { hotkey: string }) {
  const mac = isMac()
  return <span className="caps" aria-hidden="true">{caps(hotkey, mac).map((cap, index) => <kbd key={index} className="cap">{cap}</kbd>)}</span>
}

/** A button's tooltip: why it is off, or what it does and by which keys. */
export function Tip({ text, because, hotkey, children }: { text?: string; because?: string | null; hotkey?: string; children: ReactNode }) {
  const words = because || text
  if (!words && !hotkey) return children
  return (
    <Tooltip mouseEnterDelay={because ? 0 : 0.5} title={<span>{words}{hotkey && !because && <> <span style={{ opacity: 0.7 }}>{caps(hotkey, isMac()).join(' ')}</span></>}</span>}>
      {/* A disabled button sends no mouse events: the wrapper does. */}
      {because ? <span style={{ display: 'inline-block', cursor: 'not-allowed' }}>{children}</span> : hotkey && isValidElement<object>(children) ? cloneElement(children, { 'aria-keyshortcuts': ariaKeys(hotkey) } as object) : children}
    </Tooltip>
  )
}

/** Grey bars, but only for what takes longer than a blink. */
export function Skeleton({ rows = 6, wait = 150 }: { rows?: number; wait?: number }) {
  const late = useDelayed(true, wait)
  const { t } = useTranslation()
  if (!late) return null
  return (
    <div role="status" aria-label={t('state.loading')} style={{ padding: 20, display: 'grid', gap: 20 }}>
      {Array.from({ length: rows }, (_, index) => <span key={index} className="skeleton" style={{ width: `${[72, 54, 83, 61, 45, 77][index % 6]}%` }} />)}
    </div>
  )
}

const Art = () => (
  <svg className="art" width="72" height="56" viewBox="0 0 72 56" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
    <rect x="10.75" y="6.75" width="50.5" height="42.5" rx="5" />
    <path d="M11 17h50M20 26h20M20 33h30M20 40h14" />
    <circle cx="17" cy="12" r="1" /><circle cx="22" cy="12" r="1" />
  </svg>
)

export function Empty({ title, text, page = false, children }: { title: string; text?: string; /** It is all there is on the page. */ page?: boolean; children?: ReactNode }) {
  const Head = page ? 'h1' : 'h2'
  return (
    <div className="empty">
      <Art />
      <Head>{title}</Head>
      {text && <p>{text}</p>}
      {children && <div className="wrap-flex" style={{ marginTop: 8, justifyContent: 'center' }}>{children}</div>}
    </div>
  )
}

/** What whoever helps needs to know of a refusal: the number of the request finds it in the log of the server. */
export const detailsOf = (error: Refused, where: string, at: string): string =>
  [error.body.title, error.body.detail, ...error.problems.map((problem) => [problem.field, problem.message].filter(Boolean).join(': ')), `${error.status} ${error.code}`, `request ${error.body.request ?? '–'}`, at, where]
    .filter((line, index, all) => line && all.indexOf(line) === index).join('\n')

export function CopyDetails({ error }: { error: Refused }) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState<boolean | null>(null)
  const copy = (): void => {
    // There is no clipboard where the page came unencrypted.
    if (!navigator.clipboard) return setCopied(false)
    navigator.clipboard.writeText(detailsOf(error, location.href, new Date().toISOString())).then(() => setCopied(true), () => setCopied(false))
  }
  return <button type="button" className="quiet on" data-copy-details onClick={copy}>{t(copied === null ? 'state.copy_details' : copied ? 'state.copied' : 'form.not_copied')}</button>
}

/** What went wrong, in words, with a way on. */
export function Trouble({ error, retry, text: own, children }: { error: unknown; retry?: () => void; /** Instead of what the server said. */ text?: string; children?: ReactNode }) {
  const { t } = useTranslation()
  const refused = error instanceof Refused ? error : null
  const title = error instanceof Unreachable ? t('state.unreachable') : refused?.status === 404 ? t('state.not_found') : refused?.status === 403 ? t('state.forbidden') : (refused?.body.title ?? t('state.error'))
  const text = own ?? (error instanceof Unreachable ? t('state.unreachable_text') : refused?.status === 404 ? t('state.not_found_text') : (refused?.body.detail ?? (error instanceof Error && !refused ? error.message : '')))
  // Whoever walks out of a tunnel need not press anything.
  const again = useRef(retry)
  again.current = retry
  useEffect(() => {
    if (!(error instanceof Unreachable)) return
    return whenBack(() => again.current?.())
  }, [error])
  return (
    <div className="empty" role="alert" data-trouble>
      <Art />
      <h2>{title}</h2>
      {text && <p>{text}</p>}
      {refused?.body.request && <p className="faint">{t('state.request', { id: refused.body.request })}</p>}
      <div className="wrap-flex" style={{ marginTop: 8, justifyContent: 'center' }}>
        {retry && refused?.status !== 404 && refused?.status !== 403 && <button type="button" className="quiet on" onClick={retry}>{t('state.retry')}</button>}
        {refused && <CopyDetails error={refused} />}
        {children}
      </div>
    </div>
  )
}

/** A message for a notice: the words of the server, else ours. */
export function useSay(): (error: unknown) => string {
  const { t } = useTranslation()
  return (error) => {
    if (error instanceof Unreachable) return t('state.unreachable_text')
    if (error instanceof Refused) {
      const first = error.problems[0]?.message
      return [error.message, first && !error.message.includes(first) ? first : ''].filter(Boolean).join(' ')
    }
    return error instanceof Error ? error.message : t('state.error')
  }
}
