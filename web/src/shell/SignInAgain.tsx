//! Over whatever stands there, when the session ran out: nothing typed is lost.
import { Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import { gaveUpSigningIn, signedInAgain } from '@/api/client.ts'
import { useSession } from '@/api/queries.ts'
import { focusOn } from '@/ui/dialog.ts'
import { SignInForm } from '@/ui/SignInForm.tsx'

export default function SignInAgain() {
  const { t } = useTranslation()
  const session = useSession()
  return (
    <Modal open title={t('sign_in.again')} footer={null} width={400} maskClosable={false} afterOpenChange={focusOn('input[name=password]')} onCancel={() => gaveUpSigningIn()}>
      <p className="muted" style={{ marginTop: 0 }}>{t('sign_in.again_text')}</p>
      <SignInForm login={session.user.login} onSignedIn={(next) => {
        // Somebody else signed in: what is on the screen is not theirs.
        if (next.user.id !== session.user.id) location.assign('/')
        else signedInAgain()
      }} />
    </Modal>
  )
}
