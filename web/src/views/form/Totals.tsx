//! The sums of a document below its lines; and what settled it, with what is still open.
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { queries } from '@/api/queries.ts'
import type { Entity, Field, Rec } from '@/api/types.ts'
import { Show } from '@/fields/kits.tsx'
import { formatDay } from '@/lib/dates.ts'
import { formatMoney, isZero } from '@/lib/decimal.ts'
import { Go } from '@/lib/go.tsx'
import { textOf, useScene, type Scene } from '@/meta/meta.ts'
import { Trouble } from '@/ui/parts.tsx'
import { isTold } from './layout.ts'

/** What is not paid of a document. */
export const OPEN = 'open_amount'

/** The sums that are told: not those in company currency of a document that is in it, and what is open not twice. */
export function toldTotals(totals: readonly Field[], record: Rec, scene: Pick<Scene, 'companyCurrency'>, isSettled: boolean): Field[] {
  const isOwn = (textOf(record['currency']) || scene.companyCurrency) === scene.companyCurrency
  return totals.filter((field) => isTold(field, record) && !(field.currency === 'company.currency' && isOwn) && !(isSettled && field.name === OPEN))
}

interface TotalsProps { entity: Entity; id: string | null; totals: readonly Field[]; record: Rec }

export function Totals({ entity, id, totals, record }: TotalsProps) {
  const scene = useScene()
  const { meta } = scene
  const open = totals.find((field) => field.name === OPEN)
  const isSettled = id !== null && open !== undefined && textOf(record[entity.stage_field ?? '']) === 'posted'
  return (
    <>
      <dl className="totals" aria-live="polite">
        {toldTotals(totals, record, scene, isSettled).map((field) => <div key={field.name} className={field.name === 'total' ? 'grand' : undefined}><dt>{meta.say(field.label)}</dt><dd>{record[field.name] === undefined || record[field.name] === null ? <span className="faint">–</span> : <Show field={field} record={record} scene={scene} />}</dd></div>)}
      </dl>
      {isSettled && <Settled entity={entity} id={id} record={record} open={open} />}
    </>
  )
}

/** Each payment, credit note, advance and what was given up: its day, its number, how much it took off; then what is open. */
function Settled({ entity, id, record, open }: { entity: Entity; id: string; record: Rec; open: Field }) {
  const { t } = useTranslation()
  const scene = useScene()
  const { meta, locale } = scene
  const answer = useQuery(queries.settled(entity.name, id))
  if (answer.isError) return <Trouble error={answer.error} retry={() => void answer.refetch()} />
  // Without an answer it says what is open all the same: that is on the record.
  const { settled = [], currency = textOf(record['currency']) } = answer.data ?? {}
  // A document of the same kind settles its opposite only: a credit note an invoice.
  const opposite = meta.choices(meta.field(entity, 'kind')?.choice).find((choice) => choice.code !== textOf(record['kind']))
  const way = (how: string, of: string | undefined): string => (how !== 'document' ? t(`settled.${how}`) : of === entity.name && opposite ? meta.say(opposite.label) : meta.say(meta.entity(of ?? '')?.label) || t('settled.document'))
  const isPaid = isZero(textOf(record[OPEN]))
  return (
    <dl className="settled" data-settled aria-label={t('settled.title')}>
      {settled.map(({ how, on, amount, document }, index) => (
        <div key={index} data-how={how}>
          <dt>{way(how, document?.entity)} {document && <Go to={`/${document.entity}/${document.id}`}>{document.label}</Go>} <span className="faint">{formatDay(on, locale)}</span></dt>
          <dd>{formatMoney(amount, locale, currency)}</dd>
        </div>
      ))}
      <div className={isPaid ? 'open paid' : 'open'}><dt>{meta.say(open.label)}</dt><dd><Show field={open} record={record} scene={scene} /></dd></div>
    </dl>
  )
}
