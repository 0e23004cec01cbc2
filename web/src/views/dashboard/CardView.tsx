//! What a card shows. Each asks for itself: what one may not see, what is gone and what fails stays in its own card.
import { Component, type ReactNode } from 'react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { queries } from '@/api/queries.ts'
import type { Entity, Filter } from '@/api/types.ts'
import { sum } from '@/lib/decimal.ts'
import { href } from '@/lib/go.tsx'
import { textOf, useScene } from '@/meta/meta.ts'
import { openPath } from '@/meta/open.ts'
import { EMPTY, listParams, writeQuery, type Query } from '@/meta/query.ts'
import { Empty, Skeleton, Trouble } from '@/ui/parts.tsx'
import { groupable } from '../list/groups.ts'
import { COUNT } from '../list/keys.ts'
import { ChartBody } from './ChartBody.tsx'
import type { Card, ChartCard, FigureCard as FigureCardOf, HomeCard, TextCard } from './cards.ts'
import { ChartDrawing, FigureCard, FigureFace } from './figures.tsx'
import { ListCardView } from './ListCardView.tsx'

/** Draws the frame of a card: its title, and the way to all of what it shows. */
export type Face = (props: { title: string; to?: string | null; bare?: boolean; children: ReactNode }) => ReactNode
export interface CardViewProps<C extends Card = Card> { card: C; face: Face; height: number }

export function CardView({ card: kept, face, height }: CardViewProps) {
  const { meta } = useScene()
  const card: Card = kept.title || !kept.label ? kept : { ...kept, title: meta.say(kept.label) }
  return (
    <Fence face={face} title={card.title ?? ''}>
      {card.kind === 'list' ? <ListCardView card={card} face={face} height={height} />
      : card.kind === 'chart' ? <WithEntity name={card.entity} face={face} title={card.title}>{(entity) => <ChartOf card={card} entity={entity} face={face} height={height} />}</WithEntity>
      : card.kind === 'figure' ? <WithEntity name={card.entity} face={face} title={card.title}>{(entity) => <FigureOf card={card} entity={entity} face={face} />}</WithEntity>
      : card.kind === 'home' ? <OfHome card={card} face={face} height={height} />
      : <Words card={card} face={face} />}
    </Fence>
  )
}

/** What breaks while it is drawn breaks here. */
class Fence extends Component<{ children: ReactNode; face: Face; title: string }, { failed: unknown }> {
  override state = { failed: null }
  static getDerivedStateFromError = (failed: unknown): { failed: unknown } => ({ failed: failed ?? new Error('broken') })
  override render(): ReactNode {
    const { face, title, children } = this.props
    return this.state.failed ? face({ title, children: <Trouble error={this.state.failed} retry={() => this.setState({ failed: null })} /> }) : children
  }
}

export function NoRight({ face, title = '' }: { face: Face; title?: string }) {
  const { t } = useTranslation()
  return face({ title, children: <Empty title={t('dashboard.no_right')} text={t('dashboard.no_right_text')} /> })
}

export function WithEntity({ name, face, title, children }: { name: string; face: Face; title?: string; children: (entity: Entity) => ReactNode }) {
  const { meta } = useScene()
  const entity = meta.entity(name)
  return entity?.can.see && entity.kind !== 'owned' ? children(entity) : <NoRight face={face} title={title} />
}

const queryOf = (card: ChartCard | FigureCardOf): Query => ({ ...EMPTY, filter: card.filter, search: card.search ?? '' })

function ChartOf({ card, entity, face, height }: CardViewProps<ChartCard> & { entity: Entity }) {
  const scene = useScene()
  const query: Query = { ...queryOf(card), look: 'chart', group: [card.group, ...(card.split ? [card.split] : [])].filter(Boolean), measure: card.sum ?? COUNT, chart: card.chart, stacked: card.stacked ?? false }
  const path = card.group.split(':')[0] ?? ''
  const { t } = useTranslation()
  const title = card.title ?? t('dashboard.chart_title', { what: scene.meta.say(entity.plural), by: scene.meta.pathLabel(entity, path) })
  return face({ title, to: href(`/${entity.name}`, writeQuery(query)), children: <ChartBody entity={entity} query={query} height={height} title={title} /> })
}

/** Sums come with groups only: one of few values does, and all groups together are the sum. */
const anyGroup = (entity: Entity): string => {
  const fields = groupable(entity)
  const found = fields.find((field) => field.name === entity.stage_field) ?? fields.find((field) => field.kind === 'choice' || field.kind === 'bool') ?? fields.find((field) => field.kind === 'currency') ?? fields[0]
  return found ? (found.kind === 'date' ? `${found.name}:year` : found.name) : ''
}

/** Which days a filter speaks of: those it names, else what there is now. */
const periodOf = (filter: Filter | null): string => {
  const [first, second, third] = filter ?? []
  if (second === 'within' && typeof third === 'string') return `range.${third}`
  return (first === 'and' && (filter?.slice(1) as Filter[]).map(periodOf).find((one) => one !== 'home.now')) || 'home.now'
}

function FigureOf({ card, entity, face }: Omit<CardViewProps<FigureCardOf>, 'height'> & { entity: Entity }) {
  const { t } = useTranslation()
  const { meta } = useScene()
  const { filter, search } = listParams(queryOf(card), [])
  const field = card.sum ? meta.field(entity, card.sum) : undefined
  const group = anyGroup(entity)
  const counted = useQuery({ ...queries.count(entity.name, filter ?? '', search), enabled: !card.sum })
  const summed = useQuery({ ...queries.groups(entity.name, { filter, search, group, sum: card.sum ?? undefined }), enabled: Boolean(field && group) })
  const answer = card.sum ? summed : counted
  const title = card.title ?? (field ? t('dashboard.sum_title', { what: meta.say(entity.plural), of: meta.say(field.label) }) : meta.say(entity.plural))
  const to = href(`/${entity.name}`, writeQuery(queryOf(card)))
  if (card.sum && !(field && group)) return <NoRight face={face} title={title} />
  if (answer.isError) return face({ title, children: <Trouble error={answer.error} retry={() => void answer.refetch()} /> })
  if (answer.data === undefined) return face({ title, children: <Skeleton rows={2} /> })
  const value = field ? sum((summed.data?.groups ?? []).map((one) => one.sum?.[field.name] ?? '0')) : String(counted.data ?? 0)
  return face({ title, bare: true, children: <FigureFace label={title} value={value} kind={field?.kind ?? 'int'} to={to} period={t(periodOf(card.filter))} /> })
}

function OfHome({ card, face, height }: CardViewProps<HomeCard>) {
  const { t } = useTranslation()
  const { meta } = useScene()
  const answer = useQuery(queries.home())
  const figure = answer.data?.figures.find((one) => one.name === card.name)
  const chart = answer.data?.charts.find((one) => one.name === card.name)
  if (answer.isError) return face({ title: card.title ?? '', children: <Trouble error={answer.error} retry={() => void answer.refetch()} /> })
  if (!answer.data) return face({ title: card.title ?? '', children: <Skeleton rows={3} /> })
  if (figure) return face({ title: card.title ?? meta.say(figure.label), bare: true, children: <FigureCard figure={figure} title={card.title} /> })
  if (chart) return face({ title: card.title ?? meta.say(chart.label), to: chart.open ? openPath(chart.open) : null, children: <ChartDrawing chart={chart} height={height} /> })
  return face({ title: card.title ?? t('dashboard.kind_home'), children: <Empty title={t('dashboard.not_yours')} text={t('dashboard.not_yours_text')} /> })
}

function Words({ card, face }: Omit<CardViewProps<TextCard>, 'height'>) {
  const { t } = useTranslation()
  return face({ title: card.title ?? '', children: card.text.trim() ? <div className="dash-words">{textOf(card.text)}</div> : <Empty title={t('dashboard.no_text')} /> })
}
