//! Who is told of what happens to a record, by name.
import { Popover } from 'antd'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/client.ts'
import { initials } from '@/lib/initials.ts'
import { Skeleton, Trouble } from '@/ui/parts.tsx'
import type { TogetherProps } from './doing.ts'

export function Followers({ entity, id, count }: TogetherProps & { count: number }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <Popover trigger="click" placement="bottomRight" arrow={false} open={open} onOpenChange={setOpen} destroyOnHidden content={<Names entity={entity} id={id} />}>
      <button type="button" className="quiet" data-together="followers" aria-expanded={open} aria-haspopup="dialog" onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open) return
        event.stopPropagation()
        setOpen(false)
      }}>{t('together.followers', { count })}</button>
    </Popover>
  )
}

function Names({ entity, id }: TogetherProps) {
  const { t } = useTranslation()
  const answer = useQuery({ queryKey: ['aside', entity.name, id, 'followers'], queryFn: () => api.followers(entity.name, id) })
  if (answer.isError) return <Trouble error={answer.error} retry={() => void answer.refetch()} />
  if (!answer.data) return <Skeleton rows={2} />
  if (answer.data.followers.length === 0) return <p className="faint">{t('together.nobody')}</p>
  return (
    <ul className="followers" aria-label={t('together.who_follows')}>
      {answer.data.followers.map((one) => <li key={one.id}><span className="follower" aria-hidden="true">{initials(one.label)}</span><bdi>{one.label}</bdi></li>)}
    </ul>
  )
}
