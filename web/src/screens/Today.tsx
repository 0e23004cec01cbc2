//! What is to be done today, what one had open last, and what one keeps at hand.
import { CheckOutlined } from '@ant-design/icons'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/client.ts'
import { queries } from '@/api/queries.ts'
import type { Filter, Rec } from '@/api/types.ts'
import { formatAgo, formatDay } from '@/lib/dates.ts'
import { Go, href } from '@/lib/go.tsx'
import { idOf, textOf, useScene } from '@/meta/meta.ts'
import { Skeleton, Trouble } from '@/ui/parts.tsx'
import { useFavourites } from '@/views/favourite/favourites.ts'
import { foldersOf } from '@/views/favourite/order.ts'
import { Done } from '@/views/form/Activities.tsx'
import { Plan } from '@/views/form/PlanDialog.tsx'

const SHOWN = 8
const TONES: Record<string, string> = { overdue: 'bad', today: 'warn' }
const MINE: Filter = ['and', ['assigned_to', 'is', 'me'], ['stage', '=', 'planned']]
const DUE: Filter = ['and', ['assigned_to', 'is', 'me'], ['due_state', 'in', ['overdue', 'today']]]

/** On a phone what is due stands above everything else, and the rest below. */
export function Today({ part = 'all' }: { part?: 'all' | 'due' | 'rest' }) {
  const { t } = useTranslation()
  const { meta } = useScene()
  return (
    <aside className="today" aria-label={t(part === 'rest' ? 'home.at_hand' : 'home.today')}>
      {part !== 'rest' && meta.entity('activity')?.can.see && <ToDo />}
      {part !== 'due' && <AtHand />}
      {part !== 'due' && <Recent />}
    </aside>
  )
}

function ToDo() {
  const { t } = useTranslation()
  const scene = useScene()
  const { meta } = scene
  const client = useQueryClient()
  const [done, setDone] = useState<Rec | null>(null)
  const [next, setNext] = useState<{ about: string | null; first: Rec } | null>(null)
  const answer = useQuery({
    queryKey: ['list', 'activity', 'today'], staleTime: 10_000,
    queryFn: () => api.list('activity', { filter: JSON.stringify(DUE), sort: 'due_on', limit: SHOWN, count: true, fields: 'id,version,summary,activity_type,due_on,about_doc,about_entity,due_state,assigned_to' }),
  })
  const told = (): void => void client.invalidateQueries({ queryKey: ['list', 'activity'] })
  const rows = answer.data?.rows ?? []
  const count = answer.data?.count ?? rows.length
  const all = href('/activity', { filter: JSON.stringify(MINE) })
  return (
    <section>
      <header className="spread"><h2>{t('home.today')}{count > 0 && <span className="count num">{count}</span>}</h2><Go to={all}>{t('home.all_activities')}</Go></header>
      {answer.isError ? <Trouble error={answer.error} retry={() => void answer.refetch()} />
      : !answer.data ? <Skeleton rows={3} />
      : rows.length === 0 ? <p className="faint">{t('home.nothing_due')} {meta.entity('activity')?.can.add && <Go to="/activity/new">{t('home.plan')}</Go>}</p>
      : (
        <ul className="to-do">
          {rows.map((row) => {
            const about = idOf(row['about_doc'])
            return (
              <li key={textOf(row['id'])} className={TONES[textOf(row['due_state'])]} data-due={textOf(row['summary'])}>
                <div>
                  <b>{textOf(row['activity_type'])}</b> <span>{textOf(row['summary'])}</span>
                  <span className="to-do-facts"><span className="due">{t(`together.${textOf(row['due_state'])}`)}</span> <span className="faint">{formatDay(textOf(row['due_on']), scene.locale)}</span>{about && <> <Go to={`/${textOf(row['about_entity'])}/${about}`}>{textOf(row['about_doc'])}</Go></>}</span>
                </div>
                <button type="button" className="quiet" data-activity="done" aria-label={t('home.done_what', { what: textOf(row['summary']) || textOf(row['activity_type']) })} title={t('together.done')} onClick={() => setDone(row)}><CheckOutlined /></button>
              </li>
            )
          })}
        </ul>
      )}
      {count > rows.length && rows.length > 0 && <p><Go to={href('/activity', { filter: JSON.stringify(DUE) })}>{t('list.more', { count: count - rows.length })}</Go></p>}
      {done && <Done activity={done} onClose={() => setDone(null)} onDone={(suggested) => {
        setNext(suggested ? { about: idOf(done['about_doc']) || null, first: suggested } : null)
        setDone(null)
        told()
      }} />}
      {next && <Plan about={next.about} first={next.first} told={told} onClose={() => setNext(null)} />}
    </section>
  )
}

function AtHand() {
  const { t } = useTranslation()
  const { locale } = useScene()
  const { all, may } = useFavourites()
  if (!may) return null
  const items = foldersOf(all, locale).flatMap((folder) => folder.items)
  return (
    <section>
      <h2>{t('favourite.title')}</h2>
      {items.length === 0 ? <p className="faint">{t('favourite.none')}</p> : (
        <ul className="plain-links">{items.slice(0, SHOWN).map((one) => <li key={one.id}><Go to={one.path} className="clip">{one.name}</Go>{one.folder && <span className="faint clip">{one.folder}</span>}</li>)}</ul>
      )}
    </section>
  )
}

function Recent() {
  const { t } = useTranslation()
  const { meta, locale } = useScene()
  const answer = useQuery({ ...queries.recent(SHOWN), retry: false })
  const items = (answer.data ?? []).filter((one) => meta.entity(one.entity))
  if (answer.isError) return null
  return (
    <section>
      <h2>{t('home.recent')}</h2>
      {answer.data && items.length === 0 ? <p className="faint">{t('home.no_recent')}</p> : (
        <ul className="plain-links" data-recent>
          {items.map((one) => <li key={one.id}><Go to={`/${one.entity}/${one.id}`} className="clip" title={one.label}>{one.label || one.id}</Go><span className="faint clip">{meta.say(meta.entity(one.entity)?.label)} · {formatAgo(one.at, locale, Date.now())}</span></li>)}
        </ul>
      )}
    </section>
  )
}
