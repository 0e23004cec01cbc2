//! Who is told of what happens to a record, by name; colleagues are had to follow it here.
import { Popover, Select } from 'antd'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/client.ts'
import { initials } from '@/lib/initials.ts'
import { isComposing } from '@/lib/keys.ts'
import { textOf, useScene } from '@/meta/meta.ts'
import { Skeleton, Trouble } from '@/ui/parts.tsx'
import { useDoing, useTold, type TogetherProps } from './doing.ts'

/** How many colleagues are offered at once. */
const OFFERED_MAX = 20

export function Followers({ entity, id, count }: TogetherProps & { count: number }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  // Closes this and not the record.
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !open || isComposing(event.nativeEvent)) return
    event.stopPropagation()
    setOpen(false)
    button.current?.focus()
  }
  return (
    <Popover trigger="click" placement="bottomRight" arrow={false} open={open} onOpenChange={setOpen} destroyOnHidden content={<div onKeyDown={onKeyDown}><Names entity={entity} id={id} /></div>}>
      <button ref={button} type="button" className="quiet" data-together="followers" aria-expanded={open} aria-haspopup="dialog" onKeyDown={onKeyDown}>{t('together.followers', { count })}</button>
    </Popover>
  )
}

function Names({ entity, id }: TogetherProps) {
  const { t } = useTranslation()
  const answer = useQuery({ queryKey: ['aside', entity.name, id, 'followers'], queryFn: () => api.followers(entity.name, id) })
  if (answer.isError) return <Trouble error={answer.error} retry={() => void answer.refetch()} />
  if (!answer.data) return <Skeleton rows={2} />
  const known = answer.data.followers
  return (
    <>
      {known.length === 0
        ? <p className="faint">{t('together.nobody')}</p>
        : (
            <ul className="followers" aria-label={t('together.who_follows')}>
              {known.map((one) => <li key={one.id}><span className="follower" aria-hidden="true">{initials(one.label)}</span><bdi>{one.label}</bdi></li>)}
            </ul>
          )}
      <Add entity={entity} id={id} but={known.map((one) => one.id)} />
    </>
  )
}

/** Who may not see the record cannot be had to follow it: the server says so. */
function Add({ but, ...about }: TogetherProps & { but: readonly string[] }) {
  const { t } = useTranslation()
  const { meta } = useScene()
  const doing = useDoing()
  const told = useTold(about)
  const [text, setText] = useState('')
  const colleagues = useQuery({ queryKey: ['list', 'user', 'colleagues', text], queryFn: async ({ signal }) => (await api.list('user', { search: text, limit: OFFERED_MAX, sort: 'name', filter: JSON.stringify(['active', '=', true]) }, signal)).rows, placeholderData: keepPreviousData, enabled: meta.entity('user')?.can.see === true })
  if (meta.entity('user')?.can.see !== true) return null
  const offered = (colleagues.data ?? []).map((one) => ({ value: textOf(one['id']), label: textOf(one['name']) })).filter((one) => !but.includes(one.value))
  return (
    <Select<string>
      className="add-follower"
      aria-label={t('together.add_follower')}
      placeholder={t('together.add_follower')}
      data-together="add-follower"
      value={null}
      showSearch={{ filterOption: false, onSearch: setText, searchValue: text }}
      loading={colleagues.isFetching}
      options={offered}
      notFoundContent={colleagues.data ? t('field.nothing_found') : null}
      onChange={(user) => {
        setText('')
        void doing(() => api.addFollower(about.entity.name, about.id, user)).then(told)
      }}
    />
  )
}
