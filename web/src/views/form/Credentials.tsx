//! What opens the door, on the pages of those it belongs to: a user's password, a program's key.
import { CopyOutlined, KeyOutlined, MobileOutlined } from '@ant-design/icons'
import { App, Button, Modal } from 'antd'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/client.ts'
import { useSession } from '@/api/queries.ts'
import type { Entity, Rec } from '@/api/types.ts'
import { href, useGo } from '@/lib/go.tsx'
import { textOf } from '@/meta/meta.ts'
import { TextBox } from '@/ui/boxes.tsx'
import { HintText, useSay } from '@/ui/parts.tsx'
import { useComplain } from '@/ui/Snack.tsx'

interface CredentialsProps {
  entity: Entity
  id: string
  record: Rec
  /** Takes over the record as it is now. */
  onChanged: (record: Rec) => void
}

/** Buttons beside the actions of a user or an API key; nothing for all other records. */
export function Credentials(props: CredentialsProps) {
  const session = useSession()
  if (props.entity.name === 'api_key') return <KeyButtons {...props} />
  if (props.entity.name === 'user' && session.user.id !== props.id && session.roles.includes('administrator')) return <PasswordButton {...props} />
  return null
}

// Without letters that look like others on paper or sound like others on the telephone.
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'
const GROUPS = 4

/** A password that is easily told: four times four letters. */
export function suggestion(random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer> = (bytes) => crypto.getRandomValues(bytes)): string {
  let letters = ''
  while (letters.length < GROUPS * 4) {
    // What would make some letters likelier than others is thrown again.
    for (const byte of random(new Uint8Array(GROUPS * 4))) if (byte < 256 - (256 % LETTERS.length)) letters += LETTERS[byte % LETTERS.length]
  }
  return (letters.slice(0, GROUPS * 4).match(/.{4}/g) ?? []).join('-')
}

/** What was done is in the timeline at once. */
function useTold(entity: string, id: string): () => void {
  const client = useQueryClient()
  return () => void client.invalidateQueries({ queryKey: ['aside', entity, id] })
}

function PasswordButton({ entity, id, record }: CredentialsProps) {
  const { t } = useTranslation()
  const go = useGo()
  const complain = useComplain()
  const { message, modal } = App.useApp()
  const told = useTold('user', id)
  const [open, setOpen] = useState(false)
  const name = textOf(record['name'])
  const reset = (): void => void modal.confirm({ title: t('credential.reset_second'), content: t('credential.reset_second_text', { name }), okText: t('credential.reset_second'), cancelText: t('form.cancel'), okButtonProps: { danger: true }, onOk: async () => {
    try {
      await api.resetSecondFactor(id)
      told()
      void message.success(t('credential.second_gone', { name }))
    } catch (problem) {
      complain(problem)
    }
  } })
  return (
    <>
      <Button onClick={() => go(href('/api_key', { filter: JSON.stringify([entity.name, '=', id]) }))}>{t('credential.keys')}</Button>
      <Button icon={<KeyOutlined />} data-credential="password" onClick={() => setOpen(true)}>{t('credential.give_password')}</Button>
      <Button danger icon={<MobileOutlined />} data-credential="second" onClick={reset}>{t('credential.reset_second')}</Button>
      {open && <PasswordDialog id={id} name={name} onClose={() => setOpen(false)} />}
    </>
  )
}

function PasswordDialog({ id, name, onClose }: { id: string; name: string; onClose: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useSay()
  const told = useTold('user', id)
  const [fresh, setFresh] = useState('')
  const [error, setError] = useState('')
  const [busy, setBusy] = useState(false)
  const type = (text: string): void => {
    setFresh(text)
    setError('')
  }
  const give = async (): Promise<void> => {
    setBusy(true)
    setError('')
    try {
      await api.givePassword(id, fresh)
      told()
      void message.success(t('credential.given', { name }))
      onClose()
    } catch (problem) {
      setError(say(problem))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal open title={t('credential.password_for', { name })} width={440} onCancel={onClose} onOk={() => void give()} okText={t('credential.give_password')} cancelText={t('form.cancel')} confirmLoading={busy} okButtonProps={{ disabled: !fresh }}>
      <form className="sign-in-form" onSubmit={(event) => {
        event.preventDefault()
        if (fresh) void give()
      }}>
        <p className="muted" style={{ margin: 0 }}>{t('credential.password_text')}</p>
        <label>{t('sign_in.new')}<TextBox value={fresh} onChange={type} name="new" autoComplete="off" autoFocus label={t('sign_in.new')} suffix={<button type="button" className="quiet" onClick={() => type(suggestion())}>{t('credential.suggest')}</button>} /></label>
        {error && <HintText tone="bad">{error}</HintText>}
        <button type="submit" hidden />
      </form>
    </Modal>
  )
}

function KeyButtons({ entity, id, record, onChanged }: CredentialsProps) {
  const { t } = useTranslation()
  const { message, modal } = App.useApp()
  const complain = useComplain()
  const told = useTold(entity.name, id)
  const [key, setKey] = useState('')
  const used = record['active'] === true
  const issue = async (): Promise<void> => {
    try {
      setKey((await api.issueKey(id)).key)
      told()
    } catch (problem) {
      complain(problem)
    }
  }
  const put = async (active: boolean): Promise<void> => {
    try {
      const { record: fresh } = await api.change(entity.name, id, { version: record['version'], active })
      onChanged(fresh)
      told()
      void message.success(t(active ? 'credential.restored' : 'credential.revoked'))
    } catch (problem) {
      complain(problem)
    }
  }
  // A key that was used before stops working the moment another is made.
  const ask = (): void => void modal.confirm({ title: t('credential.issue'), content: t('credential.issue_text'), okText: t('credential.issue'), cancelText: t('form.cancel'), onOk: issue })
  const revoke = (): void => void modal.confirm({ title: t('credential.revoke'), content: t('credential.revoke_text'), okText: t('credential.revoke'), cancelText: t('form.cancel'), okButtonProps: { danger: true }, onOk: () => put(false) })
  return (
    <>
      {entity.can.edit && used && <Button danger data-credential="revoke" onClick={revoke}>{t('credential.revoke')}</Button>}
      {entity.can.edit && !used && <Button data-credential="restore" onClick={() => void put(true)}>{t('credential.restore')}</Button>}
      {entity.can.edit && used && <Button type="primary" icon={<KeyOutlined />} data-credential="issue" onClick={ask}>{t('credential.issue')}</Button>}
      {key && <KeyDialog value={key} onClose={() => setKey('')} />}
    </>
  )
}

function KeyDialog({ value, onClose }: { value: string; onClose: () => void }) {
  const { t } = useTranslation()
  return <SecretDialog title={t('credential.shown_once')} text={t('credential.shown_once_text')} value={value} how={<>{t('credential.how')}<br /><code>Authorization: Bearer {value.slice(0, 9)}…</code></>} onClose={onClose} />
}

/** What is shown this once, to be copied to where it is needed. */
export function SecretDialog({ title, text, value, how, onClose }: { title: string; text: string; value: string; how: ReactNode; onClose: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const copy = (): void => {
    navigator.clipboard.writeText(value).then(() => void message.success(t('credential.copied')), () => void message.error(t('credential.not_copied')))
  }
  return (
    <Modal open title={title} width={560} onCancel={onClose} mask={{ closable: false }} footer={<Button type="primary" onClick={onClose}>{t('credential.noted')}</Button>}>
      <p className="muted" style={{ marginTop: 0 }}>{text}</p>
      <div className="key-shown"><code data-key>{value}</code><Button icon={<CopyOutlined />} onClick={copy}>{t('credential.copy')}</Button></div>
      <p className="faint" style={{ marginBottom: 0 }}>{how}</p>
    </Modal>
  )
}
