//! What a document posted; and of a line of the books, what was posted with it and the document it came from.
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '@/api/queries.ts'
import type { Books, Entity } from '@/api/types.ts'
import { formatDay } from '@/lib/dates.ts'
import { formatMoney, formatNumber, isZero, sum } from '@/lib/decimal.ts'
import { Go } from '@/lib/go.tsx'
import { usePhone } from '@/lib/hooks.ts'
import { useScene } from '@/meta/meta.ts'
import { Skeleton, Trouble } from '@/ui/parts.tsx'

type Line = Books['entries'][number]['lines'][number]
type Named = { id: string; label?: string | null | undefined }

export function BooksTab({ entity, id }: { entity: Entity; id: string }) {
  const { t } = useTranslation()
  const answer = useQuery(queries.books(entity.name, id))
  if (answer.isError) return <Trouble error={answer.error} retry={() => void answer.refetch()} />
  if (!answer.data) return <Skeleton rows={4} />
  const { entries, moves } = answer.data
  if (!entries.length && !moves.length) return <p className="faint">{t('aside.no_books')}</p>
  return <div className="books"><Entries entries={entries} /><Moves moves={moves} /></div>
}

/** On the page of an entry, a stock move or another line of the books: the whole of what was posted, and by what. */
export function Posted({ entity, id }: { entity: Entity; id: string }) {
  const { t } = useTranslation()
  const { meta } = useScene()
  const phone = usePhone()
  const answer = useQuery(queries.books(entity.name, id))
  if (answer.isError) return <Trouble error={answer.error} retry={() => void answer.refetch()} />
  if (!answer.data) return <Skeleton rows={4} />
  const { entries, moves, document } = answer.data
  return (
    <>
      {document && (
        <section>
          <h2>{t('aside.source')}</h2>
          <div><Go to={`/${document.entity}/${document.id}`} className="source"><span className="faint">{meta.say(meta.entity(document.entity)?.label)}</span> {document.label}</Go></div>
        </section>
      )}
      {entries.length > 0 && <section><h2>{t('aside.lines')}</h2><div className="books wide"><Entries entries={entries} wide={!phone} /></div></section>}
      {moves.length > 0 && <section><h2>{t('aside.moves')}</h2><div className="books wide"><Moves moves={moves} untitled /></div></section>}
    </>
  )
}

/** A link to a record, where its kind may be seen. */
function To({ entity, one }: { entity: string; one: Named }) {
  const { meta } = useScene()
  return meta.entity(entity) ? <Go to={`/${entity}/${one.id}`}>{one.label ?? one.id}</Go> : (one.label ?? one.id)
}

/** `planned`: they are not there yet, so nothing leads to them. */
export function Entries({ entries, wide = false, planned = false }: { entries: Books['entries']; wide?: boolean; planned?: boolean }) {
  const { t } = useTranslation()
  const scene = useScene()
  const { meta, locale } = scene
  const money = (value: string): string => (isZero(value) ? '' : formatMoney(value, locale, scene.companyCurrency, 'none'))
  // Which side it stands on is said by debit and credit.
  const foreign = (line: Line): string => (line.currency && line.currency !== scene.companyCurrency && line.currency_amount ? formatMoney(line.currency_amount.replace('-', ''), locale, line.currency, 'code') : '')
  const all = entries.flatMap((entry) => entry.lines)
  // Only what some line has.
  const facts: { name: string; label: string; show: (line: Line) => ReactNode; end?: boolean }[] = !wide ? [] : [
    { name: 'party', label: meta.say(meta.entity('party')?.label), show: (line: Line) => line.party && <To entity="party" one={line.party} /> },
    { name: 'product', label: meta.say(meta.entity('product')?.label), show: (line: Line) => line.product && <To entity="product" one={line.product} /> },
    { name: 'memo', label: t('aside.memo'), show: (line: Line) => line.memo },
    { name: 'due_on', label: t('aside.due_on'), show: (line: Line) => line.due_on && formatDay(line.due_on, locale) },
    { name: 'currency', label: t('aside.currency_amount'), show: foreign, end: true },
  ].filter((fact) => all.some((line) => fact.show(line)))
  return entries.map((entry) => (
    <section key={entry.id}>
      <div className="spread"><b>{planned ? entry.number : <To entity="entry" one={{ id: entry.id, label: entry.number || entry.id }} />}</b><span className="faint">{formatDay(entry.posted_on, locale)}</span></div>
      <div className="books-scroll">
        <table>
          <thead><tr><th>{t('aside.account')}</th>{facts.map((fact) => <th key={fact.name} className={fact.end ? 'num' : undefined}>{fact.label}</th>)}<th className="num">{t('aside.debit')}</th><th className="num">{t('aside.credit')}</th></tr></thead>
          <tbody>
            {entry.lines.map((line, index) => (
              <tr key={index}>
                <td style={isZero(line.debit) ? { paddingInlineStart: 16 } : undefined}><To entity="account" one={line.account} />{!wide && (line.party || line.product) && <div className="faint">{[line.party?.label, line.product?.label].filter(Boolean).join(' · ')}</div>}{!wide && foreign(line) && <div className="faint num" style={{ textAlign: 'start' }}>{foreign(line)}</div>}</td>
                {facts.map((fact) => <td key={fact.name} className={fact.end ? 'num' : undefined}>{fact.show(line)}</td>)}
                <td className="num">{money(line.debit)}</td>
                <td className="num">{money(line.credit)}</td>
              </tr>
            ))}
          </tbody>
          {wide && <tfoot><tr><th>{t('aside.sum')}</th>{facts.map((fact) => <th key={fact.name} />)}<th className="num">{money(sum(entry.lines.map((line) => line.debit)))}</th><th className="num">{money(sum(entry.lines.map((line) => line.credit)))}</th></tr></tfoot>}
        </table>
      </div>
    </section>
  ))
}

export function Moves({ moves, untitled = false, planned = false }: { moves: Books['moves']; untitled?: boolean; planned?: boolean }) {
  const { t } = useTranslation()
  const scene = useScene()
  if (moves.length === 0) return null
  return (
    <section>
      {!untitled && <b>{t('aside.moves')}</b>}
      <div className="books-scroll">
        <table>
          <thead><tr><th>{scene.meta.say(scene.meta.entity('product')?.label)}</th><th className="num">{t('aside.qty')}</th><th className="num">{t('aside.value')}</th></tr></thead>
          <tbody>
            {moves.map((move) => (
              <tr key={move.id}>
                <td><To entity="product" one={move.product} /><div className="faint">{move.from.label} → {move.to.label}</div></td>
                <td className="num">{planned ? formatNumber(move.qty, scene.locale) : <To entity="stock_move" one={{ id: move.id, label: formatNumber(move.qty, scene.locale) }} />}</td>
                <td className="num">{!move.value || isZero(move.value) ? '' : formatMoney(move.value, scene.locale, scene.companyCurrency, 'none')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
