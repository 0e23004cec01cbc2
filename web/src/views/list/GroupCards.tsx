//! Groups on a phone: each opens to its cards and goes on by itself.
import { CaretDownOutlined, CaretRightOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import type { Entity, Rec } from '@/api/types.ts'
import { formatNumber } from '@/lib/decimal.ts'
import { useScene } from '@/meta/meta.ts'
import { Cards, type Picking } from './Cards.tsx'
import type { Column } from './columns.ts'
import { figureText } from './Footer.tsx'
import { figuresOf, GroupName, MoreButton } from './GroupRow.tsx'
import { keyName, type GroupLine, type MoreLine } from './lines.ts'
import type { Grouping } from './useGrouping.ts'

type Part = GroupLine | MoreLine | { kind: 'cards'; id: string; rows: Rec[] }

/** The records of a group are drawn together. */
function partsOf(grouping: Grouping): Part[] {
  const parts: Part[] = []
  for (const line of grouping.lines) {
    const last = parts.at(-1)
    if (line.kind !== 'record') parts.push(line)
    else if (last?.kind === 'cards') last.rows.push(line.row)
    else parts.push({ kind: 'cards', id: `${line.under} cards`, rows: [line.row] })
  }
  return parts
}

export default function GroupCards({ entity, columns, grouping, picking }: { entity: Entity; columns: readonly Column[]; grouping: Grouping; picking: Picking }) {
  const { t } = useTranslation()
  const scene = useScene()
  const told = columns.filter((column) => grouping.columns.totals[column.path])
  const figure = told.find((column) => column.field.kind === 'amount') ?? told[0]
  const total = figure && grouping.columns.totals[figure.path]
  return (
    <div className="group-cards">
      {partsOf(grouping).map((part) => {
        if (part.kind === 'cards') return <Cards key={part.id} entity={entity} columns={columns} rows={part.rows} more={false} onEnd={() => undefined} picking={picking} />
        if (part.kind === 'more') return <p key={part.id} className="group-more"><MoreButton line={part} label={t('list.more', { count: part.count - part.loaded })} onMore={() => grouping.more(part.under)} /></p>
        return (
          <button key={part.id} type="button" className="group-head" aria-expanded={part.open} data-group-head={keyName(part.branch.key)} data-depth={part.depth} style={{ paddingInlineStart: 12 + part.depth * 16 }} onClick={() => grouping.turn(part.id)}>
            {part.open ? <CaretDownOutlined /> : <CaretRightOutlined />}
            <GroupName line={part} />
            <span className="faint num">{formatNumber(String(part.branch.count), scene.locale)}</span>
            {figure && total && <span className="group-sums">{figure.field.kind !== 'amount' && <span className="total-name faint">{figure.label}: {t(`total.${total}`)}</span>}{figuresOf(grouping.columns.totals, grouping.told(part, figure), figure, scene.companyCurrency).map(({ currency, value }) => <span key={currency} className="num">{figureText(figure, total, currency, value, scene)}</span>)}</span>}
          </button>
        )
      })}
    </div>
  )
}
