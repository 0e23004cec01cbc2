//! Leaving a form that has changes: they are saved on the way; what cannot be saved is told, and never lost.
import { App, Button } from 'antd'
import { useBlocker } from '@tanstack/react-router'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'

interface Leaving {
  dirty: boolean
  /** A record that is not there yet is not made by walking away. */
  fresh: boolean
  /** Asking: something else asks what to do already. */
  save: () => Promise<'saved' | 'refused' | 'asking'>
  /** Leaves what was typed on this device, where the form finds it again. */
  keep: () => void
}

/** `free.current = true` lets the next page come unasked. */
export function useLeaving({ dirty, fresh, save, keep }: Leaving): { current: boolean } {
  const { t } = useTranslation()
  const { modal } = App.useApp()
  const free = useRef(false)
  const ask = (): Promise<boolean> => new Promise((stays) => {
    const asked = modal.confirm({
      title: t('form.leave_title'), content: t(fresh ? 'form.leave_text' : 'form.leave_wrong'), okText: t('form.leave'), cancelText: t('form.stay'), okButtonProps: { danger: true, type: 'default' }, autoFocusButton: 'cancel', onCancel: () => stays(true),
      onOk: () => {
        keep()
        stays(false)
      },
      footer: (_, { OkBtn, CancelBtn }) => (
        <>
          <CancelBtn /><OkBtn />
          {fresh && <Button type="primary" data-save-leave onClick={() => {
            asked.destroy()
            // A new record stays where it was saved: it has an address of its own now.
            void save().then(() => stays(true))
          }}>{t('form.save')}</Button>}
        </>
      ),
    })
  })
  useBlocker({
    shouldBlockFn: async () => {
      if (!dirty || free.current) return false
      const way = fresh ? 'refused' : await save()
      return way === 'saved' ? false : way === 'asking' ? true : ask()
    },
    enableBeforeUnload: () => dirty,
  })
  return free
}
