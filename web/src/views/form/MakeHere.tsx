//! A window in which a record is made for the field that asked for it, without leaving what one is at.
import { Modal } from 'antd'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, newKey, Refused } from '@/api/client.ts'
import type { Problem, Rec } from '@/api/types.ts'
import { isComposing } from '@/lib/keys.ts'
import { settled } from '@/lib/owed.ts'
import { isEmpty } from '@/meta/meta.ts'
import { toWire } from '@/meta/wire.ts'
import { focusOn } from '@/ui/dialog.ts'
import { HintText, useSay } from '@/ui/parts.tsx'
import { proposed, type MakeHereProps } from '@/fields/making.ts'
import { askedOf } from './asked.ts'
import { FieldRow } from './FieldRow.tsx'
import './form.css'

export default function MakeHere({ entity, begun, problems: first, whole, scene, onMade, onClose }: MakeHereProps) {
  const { t } = useTranslation()
  const { meta } = scene
  const client = useQueryClient()
  const say = useSay()
  const [typed, setTyped] = useState<Rec>(begun)
  const [filled, setFilled] = useState<Rec>({})
  const [problems, setProblems] = useState(first)
  const [failed, setFailed] = useState('')
  const [busy, setBusy] = useState(false)
  const key = useRef(newKey())
  const latest = useRef(typed)
  latest.current = typed
  const [fields] = useState(() => askedOf(meta, entity, begun, first, whole))
  // What the server fills in, and the code that is next, stand there and can be typed over.
  useEffect(() => {
    const stop = new AbortController()
    const look = async (): Promise<void> => {
      const [answer, code] = await Promise.all([api.preview(entity.name, toWire(meta, entity, begun), stop.signal), 'code' in begun ? {} : proposed(entity)])
      if (!stop.signal.aborted) setFilled({ ...answer.record, ...code })
    }
    void look().catch(() => undefined)
    return () => stop.abort()
  }, [meta, entity, begun])
  const record = { ...filled, ...typed }
  const at = (problem: Problem): boolean => fields.some((field) => field.name === problem.field)
  const general = [...problems.filter((problem) => !at(problem)).map((problem) => problem.message), failed].filter(Boolean).join(' ')

  const save = async (): Promise<void> => {
    if (busy) return
    await settled()
    setBusy(true)
    setFailed('')
    try {
      const code = isEmpty(filled['code']) ? {} : { code: filled['code'] }
      const { record: made } = await api.create(entity.name, toWire(meta, entity, { ...code, ...latest.current }), key.current)
      void client.invalidateQueries({ queryKey: ['list', entity.name] })
      onMade(made)
    } catch (problem) {
      const found = problem instanceof Refused ? problem.problems : []
      if (problem instanceof Refused) key.current = newKey()
      setProblems(found)
      if (!found.length) setFailed(say(problem))
      setBusy(false)
    }
  }
  return (
    <Modal open width={whole ? 720 : 440} title={t('list.new_what', { what: meta.say(entity.label) })} afterOpenChange={focusOn(first.length ? '.field.wrong :is(input, textarea, button)' : '.field :is(input, textarea)')} onCancel={onClose} onOk={() => void save()} okText={t('form.save')} cancelText={t('form.cancel')} confirmLoading={busy}>
      <div
        className={whole ? 'fields make-here' : 'make-here'} data-make={entity.name}
        onKeyDown={(event) => {
          if (isComposing(event.nativeEvent)) return
          const saves = (event.ctrlKey || event.metaKey) && (event.key === 's' || event.key === 'Enter')
          if (saves || (event.key === 'Enter' && !event.defaultPrevented && event.target instanceof HTMLInputElement && event.target.type !== 'checkbox' && event.target.getAttribute('aria-expanded') !== 'true')) {
            event.preventDefault()
            event.stopPropagation()
            void save()
          }
        }}
      >
        {general && <HintText tone="bad">{general}</HintText>}
        {fields.map((field) => <FieldRow key={field.name} field={field} record={record} scene={scene} editable error={problems.find((problem) => problem.field === field.name)?.message} onChange={(value) => setTyped((now) => ({ ...now, [field.name]: value ?? null }))} onFill={(values) => setTyped((now) => ({ ...now, ...values }))} />)}
      </div>
    </Modal>
  )
}
