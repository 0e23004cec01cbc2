//! A plan is begun on a record: its activities are shown with their days and people before they are planned.
import { Modal } from 'antd'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/client.ts'
import { queries, useSession } from '@/api/queries.ts'
import type { Rec } from '@/api/types.ts'
import { searchRefs } from '@/fields/ref.tsx'
import { addDays, formatDay } from '@/lib/dates.ts'
import { rowsOf, textOf, useScene, type Scene } from '@/meta/meta.ts'
import { DateBox } from '@/ui/boxes.tsx'
import { ComboBox, type Option } from '@/ui/ComboBox.tsx'
import { useSnack } from '@/ui/Snack.tsx'
import { useDoing, type TogetherProps } from './doing.ts'

export function BeginPlan({ entity, id, told, onClose }: TogetherProps & { told: () => void; onClose: () => void }) {
  const { t } = useTranslation()
  const scene = useScene()
  const doing = useDoing()
  const snack = useSnack()
  const [plan, setPlan] = useState<Option | null>(null)
  const [start, setStart] = useState<string | null>(scene.today)
  const [busy, setBusy] = useState(false)
  const opened = useQuery({ ...queries.record('activity_plan', plan?.key ?? ''), enabled: plan !== null })
  const record = plan ? opened.data?.record : undefined
  const fits = ['and', ['active', '=', true], ['or', ['for_entity', '=', entity.name], ['for_entity', 'empty']]]
  const begin = async (): Promise<void> => {
    if (!record || !start || busy) return
    setBusy(true)
    const well = await doing(async () => {
      const { posted } = await api.act('activity_plan', textOf(record['id']), 'launch', { version: record['version'], about_entity: entity.name, about_doc: id, start_on: start })
      const made = (posted?.created ?? []).filter((one) => one.entity === 'activity')
      told()
      snack(t('together.begun', { count: made.length }), async () => {
        for (const one of made) await api.remove('activity', one.id)
        told()
      })
    })
    setBusy(false)
    if (well) onClose()
  }
  const steps = rowsOf(record?.['steps'])
  return (
    <Modal open title={t('together.begin')} width={480} onCancel={onClose} onOk={() => void begin()} okText={t('together.begin')} cancelText={t('form.cancel')} confirmLoading={busy} okButtonProps={{ disabled: !record || !start }}>
      <form className="sign-in-form" data-begin onSubmit={(event) => {
        event.preventDefault()
        void begin()
      }}>
        <label>{scene.meta.say(scene.meta.entity('activity_plan')?.label)}<ComboBox value={plan} onChange={setPlan} autoFocus label={scene.meta.say(scene.meta.entity('activity_plan')?.label)} search={(text, signal) => searchRefs(scene.meta, 'activity_plan', fits, text, signal)} /></label>
        <label>{t('together.starts')}<DateBox value={start} onChange={setStart} today={scene.today} locale={scene.locale} label={t('together.starts')} /></label>
        {start && steps.length > 0 && (
          <ol className="plan-steps" aria-label={t('together.steps')}>
            {steps.map((step) => <Step key={textOf(step['id'])} step={step} start={start} scene={scene} />)}
          </ol>
        )}
        <button type="submit" hidden />
      </form>
    </Modal>
  )
}

function Step({ step, start, scene }: { step: Rec; start: string; scene: Scene }) {
  const session = useSession()
  const by = textOf(step['responsible'])
  const field = scene.meta.entity('activity_plan_step')?.fields.find((one) => one.name === 'responsible')
  const who = by === 'me' ? session.user.name : by === 'user' ? textOf(step['user']) : scene.meta.say(scene.meta.choice(field?.choice, by)?.label)
  return (
    <li>
      <span className="num">{formatDay(addDays(start, Number(step['offset_days'] ?? 0)), scene.locale)}</span>
      <span className="clip"><b>{textOf(step['activity_type'])}</b> <bdi>{textOf(step['summary'])}</bdi></span>
      <span className="faint clip">{who}</span>
    </li>
  )
}
