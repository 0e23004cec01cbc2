//! `.` copies what a record is called, a second one adds what else tells it apart, a third its link.
import { App } from 'antd'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entity, Rec } from '@/api/types.ts'
import { asOption } from '@/fields/ref.tsx'
import { useCommands } from '@/lib/commands.ts'
import { useMeta } from '@/meta/meta.ts'

/** How long a further press belongs to the one before. */
const PATIENCE_MS = 1000

export function useCopy(entity: Entity, record: Rec, there: boolean): void {
  const { t } = useTranslation()
  const meta = useMeta()
  const { message } = App.useApp()
  const last = useRef({ presses: 0, at: 0 })
  const copy = (): void => {
    const now = Date.now()
    const presses = now - last.current.at > PATIENCE_MS ? 1 : Math.min(3, last.current.presses + 1)
    last.current = { presses, at: now }
    const { label, hint } = asOption(meta, entity, record)
    const titled = [meta.say(entity.label), label, hint].filter(Boolean).join(' ')
    const text = presses === 1 ? label : presses === 2 ? titled : `${titled} ${location.origin}${location.pathname}`
    const failed = (): void => void message.error(t('form.not_copied'))
    // There is no clipboard where the page came unencrypted.
    if (!navigator.clipboard) return failed()
    navigator.clipboard.writeText(text).then(() => void message.success({ key: 'copy', content: t('form.copied', { text }) }), failed)
  }
  useCommands(there ? [{ id: 'copy', label: t('form.copy_number'), group: 'page', hotkey: '.', run: copy }] : [])
}
