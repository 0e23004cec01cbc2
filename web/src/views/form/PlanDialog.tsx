//! An activity is planned, or one that is planned is changed.
import { App, Modal } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, newKey } from '@/api/client.ts'
import { useSession } from '@/api/queries.ts'
import { sendOrKeep } from '@/api/queue.ts'
import type { Rec } from '@/api/types.ts'
import { searchRefs } from '@/fields/ref.tsx'
import { addDays } from '@/lib/dates.ts'
import { isComposing } from '@/lib/keys.ts'
import { idOf, textOf, useScene } from '@/meta/meta.ts'
import { DateBox, TextBox } from '@/ui/boxes.tsx'
import { ComboBox, type Option } from '@/ui/ComboBox.tsx'
import { useSnack } from '@/ui/Snack.tsx'
import { focusOn } from '@/ui/dialog.ts'
import { useDoing } from './doing.ts'

function optionOf(value: Rec[string]): Option | null {
  const key = idOf(value)
  return key ? { key, label: textOf(value) } : null
}

/** `first` is what stands in the boxes; with an id and a version, the activity that is changed. */
export function Plan({ about, first, told, onClose }: { about: string | null; first: Rec; told: () => void; onClose: () => void }) {
  const { t } = useTranslation()
  const scene = useScene()
  const session = useSession()
  const { message } = App.useApp()
  const doing = useDoing()
  const snack = useSnack()
  const [type, setType] = useState<Option | null>(optionOf(first['activity_type']))
  const [summary, setSummary] = useState(textOf(first['summary']))
  const [note, setNote] = useState(textOf(first['note']))
  const [due, setDue] = useState<string | null>(textOf(first['due_on']) || addDays(scene.today, 1))
  const [who, setWho] = useState<Option | null>(optionOf(first['assigned_to']) ?? { key: session.user.id, label: session.user.name })
  const key = useRef(newKey())
  const old = typeof first['version'] === 'number' ? textOf(first['id']) : ''
  const ready = type !== null && due !== null && who !== null
  const change = async (body: Rec): Promise<void> => {
    const { record } = await api.change('activity', old, { ...body, version: first['version'] })
    const before: Rec = Object.fromEntries(Object.keys(body).map((name) => [name, idOf(first[name]) || (first[name] ?? null)]))
    snack(t('together.changed', { what: summary.trim() || (type?.label ?? '') }), async () => {
      await api.change('activity', old, { ...before, version: record['version'] })
      told()
    })
  }
  const plan = async (): Promise<void> => {
    if (!ready) return
    const body = { activity_type: type.key, summary: summary.trim(), note: note.trim() || null, due_on: due, assigned_to: who.key }
    const made = async (): Promise<void> => {
      if (old) return change(body)
      if (!(await sendOrKeep(session.user.id, '/activity', { ...body, about_doc: about }, type.label, summary.trim() || type.label, key.current))) void message.info(t('offline.kept'))
    }
    if (await doing(made)) {
      told()
      onClose()
    }
  }
  const title = t(old ? 'together.edit' : 'together.plan')
  return (
    <Modal open afterOpenChange={focusOn('input:not([type=checkbox]), textarea')} title={title} width={440} onCancel={onClose} onOk={() => void plan()} okText={old ? t('form.save') : title} cancelText={t('form.cancel')} okButtonProps={{ disabled: !ready }}>
      <form
        className="sign-in-form" data-plan
        onSubmit={(event) => {
          event.preventDefault()
          void plan()
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || isComposing(event.nativeEvent)) return
          event.preventDefault()
          void plan()
        }}
      >
        <label>{t('together.type')}<ComboBox value={type} onChange={setType} label={t('together.type')} autoFocus search={(text, signal) => searchRefs(scene.meta, 'activity_type', null, text, signal)} /></label>
        <label>{t('together.summary')}<TextBox value={summary} onChange={setSummary} name="summary" label={t('together.summary')} max={200} /></label>
        <label>{t('together.due')}<DateBox value={due} onChange={setDue} today={scene.today} locale={scene.locale} label={t('together.due')} /></label>
        <label>{t('together.who')}<ComboBox value={who} onChange={setWho} label={t('together.who')} search={(text, signal) => searchRefs(scene.meta, 'user', null, text, signal)} /></label>
        <label>{t('together.note')}<TextBox lines value={note} onChange={setNote} label={t('together.note')} max={10000} /></label>
        <button type="submit" hidden />
      </form>
    </Modal>
  )
}
