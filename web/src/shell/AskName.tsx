//! The name of a favourite, or of the folder it goes to.
import { Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { focusOn } from '@/ui/dialog.ts'

const FOLDER_MAX = 60
const NAME_MAX = 120

export default function AskName({ what, first, onClose, onTake }: { what: 'name' | 'folder'; first: string; onClose: () => void; onTake: (text: string) => void }) {
  const { t } = useTranslation()
  const [text, setText] = useState(first)
  const label = t(what === 'name' ? 'favourite.rename' : 'favourite.new_folder')
  const take = (): void => {
    if (text.trim()) onTake(text.trim())
  }
  return (
    // Opened from a menu, which takes the focus back when it closes: it is given to the box after that.
    <Modal open title={label} width={380} afterOpenChange={focusOn('input[name=favourite]')} onCancel={onClose} onOk={take} okText={t('form.save')} cancelText={t('form.cancel')} okButtonProps={{ disabled: !text.trim() }}>
      <Input dir="auto" name="favourite" aria-label={label} maxLength={what === 'name' ? NAME_MAX : FOLDER_MAX} value={text} onChange={(event) => setText(event.target.value)} onPressEnter={(event) => !event.nativeEvent.isComposing && take()} />
    </Modal>
  )
}
