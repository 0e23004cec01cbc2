import { useTranslation } from 'react-i18next'
import type { Entity } from '@/api/types.ts'
import { useMeta } from '@/meta/meta.ts'
import { Tag } from '@/ui/parts.tsx'

/** The way of a document and where it stands. Side exits such as cancelled show only when taken. */
export function StageBar({ entity, stage }: { entity: Entity; stage: string }) {
  const meta = useMeta()
  const { t } = useTranslation()
  const field = entity.fields.find((one) => one.name === entity.stage_field)
  const all = meta.choices(field?.choice)
  const now = meta.choice(field?.choice, stage)
  if (!now) return null
  const way = all.filter((choice) => choice.tone !== 'bad' || choice.code === stage)
  const at = way.findIndex((choice) => choice.code === stage)
  if (way.length < 2 || way.length > 7 || now.tone === 'bad') return <Tag tone={now.tone}>{meta.say(now.label)}</Tag>
  return (
    <ol className="stages" aria-label={t('form.stage')}>
      {way.map((choice, index) => (
        <li key={choice.code} className={index < at ? 'past' : index === at ? `now ${choice.tone}` : ''} aria-current={index === at ? 'step' : undefined}>{meta.say(choice.label)}</li>
      ))}
    </ol>
  )
}
