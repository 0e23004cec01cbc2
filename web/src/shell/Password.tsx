import { App, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/client.ts'
import { TextBox } from '@/ui/boxes.tsx'
import { HintText, useSay } from '@/ui/parts.tsx'
import { focusOn } from '@/ui/dialog.ts'

/** One's own password; changing it ends all one's sessions. */
export default function Password({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const say = useSay()
  const { modal } = App.useApp()
  const [old, setOld] = useState('')
  const [fresh, setFresh] = useState('')
  const [error, setError] = useState('')
  const [busy, setBusy] = useState(false)
  const change = async (): Promise<void> => {
    setBusy(true)
    setError('')
    try {
      await api.changePassword(old, fresh)
      onClose()
      modal.success({ title: t('sign_in.password_changed'), onOk: () => location.assign('/') })
    } catch (problem) {
      setError(say(problem))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal open afterOpenChange={focusOn('input')} title={t('sign_in.change_password')} width={400} onCancel={onClose} onOk={() => void change()} okText={t('sign_in.change_password')} cancelText={t('form.cancel')} confirmLoading={busy} okButtonProps={{ disabled: !old || !fresh }}>
      <form className="sign-in-form" onSubmit={(event) => {
        event.preventDefault()
        if (old && fresh) void change()
      }}>
        <label>{t('sign_in.old')}<TextBox value={old} onChange={setOld} name="old" type="password" autoComplete="current-password" autoFocus label={t('sign_in.old')} /></label>
        <label>{t('sign_in.new')}<TextBox value={fresh} onChange={setFresh} name="new" type="password" autoComplete="new-password" label={t('sign_in.new')} /></label>
        {error && <HintText tone="bad">{error}</HintText>}
        <button type="submit" hidden />
      </form>
    </Modal>
  )
}
