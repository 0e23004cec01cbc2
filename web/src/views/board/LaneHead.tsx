//! The head of a column: what it is, how many, what they sum up to, and what a person can do with the column.
import { DoubleLeftOutlined, DoubleRightOutlined, EllipsisOutlined, EyeInvisibleOutlined, SortAscendingOutlined, BgColorsOutlined, VerticalAlignTopOutlined } from '@ant-design/icons'
import { Dropdown, type MenuProps } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entity, Field } from '@/api/types.ts'
import { Show } from '@/fields/kits.tsx'
import { useScene } from '@/meta/meta.ts'
import { Tag, Tip } from '@/ui/parts.tsx'
import { aggregateCodes, type Aggregate, type BoardColumn } from './columns.ts'
import { COLOURS, type Colour } from './usePrefs.ts'

export interface HeadHands {
  measures: readonly Field[]
  setMeasure: (code: string) => void
  fold: (key: string, folded: boolean) => void
  hide: (key: string) => void
  colour: (key: string, colour: Colour | null) => void
  sort: (key: string, sort: string) => void
  limit: (key: string, limit: number | null) => void
}

interface LaneHeadProps { entity: Entity; by: Field; column: BoardColumn; count: number; value: string | null; aggregate: Aggregate; colour: string | undefined; sort: string; limit: number | undefined; hands: HeadHands; children?: ReactNode }

const LIMITS = [1, 2, 3, 5, 8, 10, 15, 20, 30, 50]
const SORTED = new Set<Field['kind']>(['text', 'date', 'amount', 'qty', 'price', 'int', 'ref', 'instant'])

export function LaneHead({ entity, by, column, count, value, aggregate, colour, sort, limit, hands, children }: LaneHeadProps) {
  const { t } = useTranslation()
  const scene = useScene()
  const { meta } = scene
  const aggregateWord = (code: string): string => {
    const field = hands.measures.find((one) => one.name === code.replace(/^avg\./, ''))
    if (!field) return t('board.count_only')
    return t(code.startsWith('avg.') ? 'board.average' : 'board.sum', { what: meta.say(field.label) })
  }
  const current = aggregate.field ? `${aggregate.how === 'average' ? 'avg.' : ''}${aggregate.field.name}` : '#'
  const codes = aggregateCodes(hands.measures)
  const sortable = entity.list.flatMap((name) => entity.fields.find((field) => field.name === name && field.name !== by.name && SORTED.has(field.kind)) ?? [])
  const menu: MenuProps['items'] = [
    { key: 'fold', icon: <DoubleLeftOutlined />, label: t('board.fold'), onClick: () => hands.fold(column.key, true) },
    { key: 'hide', icon: <EyeInvisibleOutlined />, label: t('board.hide'), onClick: () => hands.hide(column.key) },
    {
      key: 'sort', icon: <SortAscendingOutlined />, label: t('board.sort'), popupClassName: 'board-menu', children: [
        { key: 'sort:', label: t('board.sort_usual'), onClick: () => hands.sort(column.key, '') },
        ...sortable.flatMap((field) => [{ key: `sort:${field.name}`, label: `${meta.say(field.label)} ↑`, onClick: () => hands.sort(column.key, field.name) }, { key: `sort:-${field.name}`, label: `${meta.say(field.label)} ↓`, onClick: () => hands.sort(column.key, `-${field.name}`) }]),
      ],
    },
    {
      key: 'limit', icon: <VerticalAlignTopOutlined />, label: t('board.limit'), popupClassName: 'board-menu', children: [
        { key: 'limit:', label: t('board.no_limit'), onClick: () => hands.limit(column.key, null) },
        ...LIMITS.map((one) => ({ key: `limit:${one}`, label: t('board.cards', { count: one }), onClick: () => hands.limit(column.key, one) })),
      ],
    },
    {
      key: 'colour', icon: <BgColorsOutlined />, label: t('board.colour'), popupClassName: 'board-menu', children: [
        { key: 'colour:', label: t('board.colour_usual'), onClick: () => hands.colour(column.key, null) },
        ...COLOURS.map((one) => ({ key: `colour:${one}`, label: <span className="row-flex"><span className="swatch" data-colour={one} />{t(`board.colour_${one}`)}</span>, onClick: () => hands.colour(column.key, one) })),
      ],
    },
  ]
  return (
    <div className="lane-head">
      <h2 className="clip" title={column.label}><Tag tone={column.tone} plain={column.tone === 'neutral'}>{column.label}</Tag></h2>
      <span className={limit && column.count > limit ? 'num lane-count over' : 'faint num lane-count'} data-limit={limit} title={limit ? t(column.count > limit ? 'board.over_limit' : 'board.within_limit', { count: limit }) : undefined}>{count}{limit ? `/${limit}` : ''}{limit && column.count > limit ? <span className="sr"> {t('board.over_limit', { count: limit })}</span> : null}</span>
      <span style={{ flex: 1 }} />
      {codes.length > 1 && (
        <Dropdown trigger={['click']} placement="bottomRight" menu={{ selectedKeys: [current], items: codes.map((code) => ({ key: code, label: aggregateWord(code), onClick: () => hands.setMeasure(code) })) }}>
          <button type="button" className="quiet lane-sum" data-aggregate title={aggregateWord(current)}><span className="sr">{aggregateWord(current)} </span>{value !== null && aggregate.field ? <>{aggregate.how === 'average' && <span aria-hidden="true">⌀ </span>}<Show field={aggregate.field} record={{}} value={value} scene={scene} /></> : 'Σ'}</button>
        </Dropdown>
      )}
      {children}
      <Dropdown trigger={['click']} placement="bottomRight" menu={{ items: menu, selectedKeys: [...(sort ? [`sort:${sort}`] : []), ...(colour ? [`colour:${colour}`] : []), ...(limit ? [`limit:${limit}`] : [])] }}>
        <button type="button" className="quiet" data-lane-menu aria-label={t('board.column_menu', { what: column.label })}><EllipsisOutlined /></button>
      </Dropdown>
    </div>
  )
}

/** A folded column: it still takes cards. */
export function FoldedLane({ column, colour, drop, onUnfold }: { column: BoardColumn; colour: string | undefined; drop: string | undefined; onUnfold: () => void }) {
  const { t } = useTranslation()
  return (
    <section className="lane folded" data-stage={column.key} data-drop={drop} data-colour={colour} aria-label={`${column.label} · ${t('board.cards', { count: column.count })}`}>
      <Tip text={`${t('board.unfold')}: ${column.label}`}><button type="button" aria-expanded="false" onClick={onUnfold}><DoubleRightOutlined aria-hidden="true" /><span className="sr">{t('board.unfold')} </span><span className="num lane-count">{column.count}</span><span className="folded-name">{column.label}</span></button></Tip>
    </section>
  )
}
