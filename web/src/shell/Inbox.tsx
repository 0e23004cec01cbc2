//! What one is told: mentions, things given to one, notes and stages of what one follows, jobs that are over.
import { BellOutlined, SettingOutlined } from '@ant-design/icons'
import { Button, Popover } from 'antd'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/client.ts'
import { formatAgo } from '@/lib/dates.ts'
import { useGo } from '@/lib/go.tsx'
import { useScene } from '@/meta/meta.ts'
import { Skeleton, Trouble } from '@/ui/parts.tsx'

const NoticeSettings = lazy(() => import('./NoticeSettings.tsx'))

const PULSE_MS = 120_000
/** More than these are not told one by one. */
const MOST = 99

/** The bell: a small button at the foot of the menu, or a place of the bar on a phone. */
export function Inbox({ bar = false }: { bar?: boolean }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const [setting, setSetting] = useState(false)
  const unread = useQuery({ queryKey: ['inbox', 'unread'], queryFn: () => api.unread(), refetchInterval: PULSE_MS })
  const count = unread.data?.unread ?? 0
  return (
    <>
      <Popover open={open} onOpenChange={setOpen} trigger="click" placement={bar ? 'top' : 'rightBottom'} arrow={false} destroyOnHidden content={<List onClose={() => setOpen(false)} onSet={() => {
      setOpen(false)
      setSetting(true)
    }} />}>
      <button type="button" className={bar ? undefined : 'quiet'} data-inbox title={bar ? undefined : t('inbox.title')}>
        <span className="bell"><BellOutlined />{count > 0 && <span className="bell-count" aria-hidden="true">{count > MOST ? `${MOST}+` : count}</span>}</span>
        <span className={bar ? undefined : 'sr'}>{t('inbox.title')}</span>
        {count > 0 && <span className="sr">{t('inbox.unread', { count })}</span>}
      </button>
    </Popover>
    {setting && <Suspense><NoticeSettings onClose={() => setSetting(false)} /></Suspense>}
    </>
  )
}

function List({ onClose, onSet }: { onClose: () => void; onSet: () => void }) {
  const { t } = useTranslation()
  const scene = useScene()
  const go = useGo()
  const client = useQueryClient()
  const answer = useQuery({ queryKey: ['inbox', 'list'], queryFn: () => api.inbox() })
  const read = (what: { ids: string[] } | { all: true }): void => void api.readInbox(what).then(() => client.invalidateQueries({ queryKey: ['inbox'] }), () => undefined)
  if (answer.isError) return <Trouble error={answer.error} retry={() => void answer.refetch()} />
  if (!answer.data) return <div className="inbox"><Skeleton rows={4} /></div>
  const { items, unread } = answer.data
  return (
    <div className="inbox" role="dialog" aria-label={t('inbox.title')}>
      <header className="spread"><b>{t('inbox.title')}</b><span className="row-flex">{unread > 0 && <Button size="small" type="text" onClick={() => read({ all: true })}>{t('inbox.read_all')}</Button>}<button type="button" className="quiet" data-inbox-settings aria-label={t('inbox.settings')} title={t('inbox.settings')} onClick={onSet}><SettingOutlined /></button></span></header>
      {items.length === 0 && <p className="muted">{t('inbox.none')}</p>}
      <ul>
        {items.map((item) => (
          <li key={item.id} className={item.read ? 'read' : undefined}>
            <button type="button" onClick={() => {
              if (!item.read) read({ ids: [item.id] })
              onClose()
              if (item.about) go(`/${item.about.entity}/${item.about.id}`)
            }}>
              <span>{item.text}</span>
              <span className="faint">{item.about && `${scene.meta.say(scene.meta.entity(item.about.entity)?.label)} ${item.about.label} · `}{formatAgo(item.at, scene.locale, Date.now())}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
