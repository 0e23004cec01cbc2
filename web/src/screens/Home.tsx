//! Where the day begins: the dashboard of the person or their role, and beside it what is due.
import { DownOutlined } from '@ant-design/icons'
import { App, Dropdown, type MenuProps } from 'antd'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { queries, useSession } from '@/api/queries.ts'
import type { ChartData, Rec } from '@/api/types.ts'
import { useCommands } from '@/lib/commands.ts'
import { formatLongDay } from '@/lib/dates.ts'
import { Go, useGo } from '@/lib/go.tsx'
import { usePhone, useTitle } from '@/lib/hooks.ts'
import { idOf, textOf, useScene } from '@/meta/meta.ts'
import { openPath } from '@/meta/open.ts'
import { Empty, Trouble, useSay } from '@/ui/parts.tsx'
import { Waiting } from '@/ui/Waiting.tsx'
import { readLayout } from '@/views/dashboard/cards.ts'
import { ChartDrawing, FigureCard } from '@/views/dashboard/figures.tsx'
import { Grid } from '@/views/dashboard/Grid.tsx'
import { calledIn, firstDashboard, OVERVIEW, roleDashboard, useDashboards, useWish } from '@/views/dashboard/home.ts'
import { useDashboardWork } from '@/views/dashboard/work.ts'
import { Onboarding } from './Onboarding.tsx'
import { Today } from './Today.tsx'
import './home.css'

export default function Home() {
  const { t } = useTranslation()
  const scene = useScene()
  const session = useSession()
  const phone = usePhone()
  const { wish, ready } = useWish()
  const dashboards = useDashboards()
  useTitle(t('shell.home'))
  const hour = new Date().getHours()
  const greeting = hour < 5 ? t('home.night') : hour < 12 ? t('home.morning') : hour < 18 ? t('home.afternoon') : t('home.evening')
  const shown = firstDashboard(dashboards.rows, wish, session.user.id, session.roles)
  const known = ready && dashboards.ready
  return (
    <div className="home">
      <header className="home-head">
        <div>
          <h1>{t('home.greeting', { greeting, name: session.user.name })}</h1>
          <p className="muted">{formatLongDay(session.today, scene.locale)} · {session.company.label}</p>
        </div>
        {known && scene.meta.entity('dashboard')?.can.see && <Switcher shown={shown ? textOf(shown['id']) : OVERVIEW} mine={shown !== null && idOf(shown['owner']) === session.user.id} rows={dashboards.rows} />}
      </header>
      <Onboarding />
      <div className="home-body">
        {phone && <Today part="due" />}
        <main>{!known ? <Waiting shape="home" /> : shown ? <OfDashboard id={textOf(shown['id'])} /> : <Overview />}</main>
        <Today part={phone ? 'rest' : 'all'} />
      </div>
    </div>
  )
}

function Switcher({ shown, mine, rows }: { shown: string; mine: boolean; rows: readonly Rec[] }) {
  const { t } = useTranslation()
  const go = useGo()
  const say = useSay()
  const session = useSession()
  const { message } = App.useApp()
  const { change } = useWish()
  const { meta } = useScene()
  const may = meta.entity('dashboard')?.can.add ?? false
  const choose = (dashboard: string): void => void change({ dashboard }).catch((problem: unknown) => message.error(say(problem)))
  const label = (row: Rec): string => calledIn(meta.lang, row)
  const current = rows.find((row) => row['id'] === shown)
  const work = useDashboardWork()
  const ofRole = roleDashboard(rows, session.user.id, session.roles)
  /** A copy to arrange: what the role sees stays as it is, and comes back with a click. */
  const makeOwn = async (): Promise<void> => {
    if (!current) return go('/dashboard/new?from=home')
    const id = await work.copy(shown, t('home.own_of', { name: label(current) }).slice(0, 80))
    if (!id) return
    await change({ dashboard: id })
    go(`/dashboard/${id}?edit=1`)
  }
  const own = rows.filter((row) => idOf(row['owner']) === session.user.id)
  const others = rows.filter((row) => !own.includes(row))
  const entry = (row: Rec) => ({ key: textOf(row['id']), label: label(row), onClick: () => choose(textOf(row['id'])) })
  const items: MenuProps['items'] = [
    { key: OVERVIEW, label: t('home.overview'), onClick: () => choose(OVERVIEW) },
    ...own.map(entry),
    ...(others.length ? [{ key: 'shared', type: 'group' as const, label: t('home.shared'), children: others.map(entry) }] : []),
    { type: 'divider' },
    ...(ofRole && shown !== ofRole['id'] ? [{ key: 'role', label: t('home.back_to_role'), onClick: () => choose('') }] : []),
    ...(may && !mine ? [{ key: 'own', label: t('home.customise'), onClick: () => void makeOwn().catch((problem: unknown) => message.error(say(problem))) }] : []),
    ...(shown !== OVERVIEW ? [{ key: 'open', label: mine ? t('dashboard.edit') : t('home.open_dashboard'), onClick: () => go(`/dashboard/${shown}${mine ? '?edit=1' : ''}`) }] : []),
    ...(may ? [{ key: 'new', label: t('dashboard.new'), onClick: () => go('/dashboard/new') }] : []),
  ]
  useCommands([
    { id: 'overview', label: t('home.show', { what: t('home.overview') }), group: 'page', run: () => choose(OVERVIEW) },
    ...rows.map((row) => ({ id: `show-${textOf(row['id'])}`, label: t('home.show', { what: label(row) }), group: 'page' as const, words: 'dashboard 仪表板', run: () => choose(textOf(row['id'])) })),
  ])
  return (
    <Dropdown trigger={['click']} placement="bottomRight" menu={{ items, selectedKeys: [shown] }}>
      <button type="button" className="quiet switcher" data-switcher aria-label={t('home.switch', { name: current ? label(current) : t('home.overview') })}><span className="clip">{current ? label(current) : t('home.overview')}</span><DownOutlined style={{ fontSize: 10 }} /></button>
    </Dropdown>
  )
}

function OfDashboard({ id }: { id: string }) {
  const { t } = useTranslation()
  const answer = useQuery(queries.record('dashboard', id))
  if (answer.isError) return <Trouble error={answer.error} retry={() => void answer.refetch()} />
  if (!answer.data) return <Waiting shape="home" />
  const cards = readLayout(answer.data.record['layout'])
  return cards.length ? <Grid cards={cards} /> : <Empty title={t('dashboard.empty')} text={t('dashboard.empty_text')}><Go to={`/dashboard/${id}?edit=1`}>{t('dashboard.edit')}</Go></Empty>
}

/** What the server draws up for everybody. */
function Overview() {
  const { t } = useTranslation()
  const answer = useQuery(queries.home())
  if (answer.isError) return <Trouble error={answer.error} retry={() => void answer.refetch()} />
  if (!answer.data) return <Waiting shape="home" />
  const { figures, charts } = answer.data
  return (
    <>
      <div className="figures">{figures.map((figure) => <FigureCard key={figure.name} figure={figure} />)}</div>
      <div className="charts">{charts.map((chart) => <ChartCard key={chart.name} chart={chart} />)}</div>
      {figures.length + charts.length === 0 && <Empty title={t('home.empty')} text={t('home.empty_text')} />}
    </>
  )
}

function ChartCard({ chart }: { chart: ChartData }) {
  const { t } = useTranslation()
  const { meta } = useScene()
  return (
    <section className="chart-card">
      <div className="spread"><h2>{meta.say(chart.label)}</h2>{chart.open && <Go to={openPath(chart.open)}>{t('home.open')}</Go>}</div>
      <ChartDrawing chart={chart} />
    </section>
  )
}
