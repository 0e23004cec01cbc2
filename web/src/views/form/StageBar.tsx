import { EllipsisOutlined } from '@ant-design/icons'
import { Dropdown, Tooltip } from 'antd'
import { useQuery } from '@tanstack/react-query'
import { memo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/client.ts'
import type { Choice, Entity } from '@/api/types.ts'
import { formatInstant, formatSpan } from '@/lib/dates.ts'
import { useScene } from '@/meta/meta.ts'
import { Tag } from '@/ui/parts.tsx'
import { folded, stays } from './stay.ts'

/** As far back as it is told how long a document stood where. */
const CHANGES = 200

interface StageBarProps { entity: Entity; id: string; stage: string; version: unknown }

/** The way of a document and where it stands. Side exits such as cancelled show only when taken. */
export const StageBar = memo(function StageBar({ entity, id, stage, version }: StageBarProps) {
  const { t } = useTranslation()
  const { meta, locale } = useScene()
  const [asked, setAsked] = useState(false)
  const field = entity.fields.find((one) => one.name === entity.stage_field)
  // Asked when somebody looks: most documents are opened for something else.
  const answer = useQuery({ queryKey: ['aside', entity.name, id, 'stays', version], queryFn: () => api.timeline(entity.name, id, { limit: CHANGES, kind: 'changes', before: '' }), enabled: asked })
  const all = meta.choices(field?.choice)
  const now = meta.choice(field?.choice, stage)
  if (!now || !field) return null
  const way = all.filter((choice) => choice.tone !== 'bad' || choice.code === stage)
  const at = way.findIndex((choice) => choice.code === stage)
  const been = answer.data ? stays(answer.data.items, field.name, stage, Date.now()) : []
  const told = (choice: Choice): string => {
    const own = been.filter((one) => one.stage === choice.code)
    if (!answer.data) return meta.say(choice.label)
    if (!own.length) return t('form.never_there', { stage: meta.say(choice.label) })
    const time = formatSpan(own.reduce((sum, one) => sum + one.ms, 0), locale)
    return choice.code === stage ? t('form.here_since', { time, when: formatInstant(own[0]?.since ?? '', locale) }) : t('form.was_there', { time, when: formatInstant(own.at(-1)?.since ?? '', locale) })
  }
  const look = (open: boolean): void => {
    if (open) setAsked(true)
  }
  if (way.length < 2 || now.tone === 'bad') return <Tooltip title={told(now)} onOpenChange={look}><span data-stage={stage}><Tag tone={now.tone}>{meta.say(now.label)}</Tag></span></Tooltip>
  const { before, shown, after } = folded(way, at)
  const rest = (choices: readonly Choice[]) => choices.length > 0 && (
    <li className={choices === before ? 'past' : ''}>
      <Dropdown trigger={['click']} menu={{ items: choices.map((choice) => ({ key: choice.code, label: meta.say(choice.label) })), selectable: false }}>
        <button type="button" className="stages-more" aria-haspopup="menu" aria-label={t('form.more_stages', { count: choices.length })}><EllipsisOutlined /></button>
      </Dropdown>
    </li>
  )
  return (
    <ol className="stages" aria-label={t('form.stage')}>
      {rest(before)}
      {shown.map((choice) => {
        const index = way.indexOf(choice)
        return (
          <li key={choice.code} data-stage={choice.code} className={index < at ? 'past' : index === at ? `now ${choice.tone}` : ''} aria-current={index === at ? 'step' : undefined}>
            {index <= at ? <Tooltip title={told(choice)} mouseEnterDelay={0.2} onOpenChange={look}><span>{meta.say(choice.label)}</span></Tooltip> : meta.say(choice.label)}
          </li>
        )
      })}
      {rest(after)}
    </ol>
  )
})
