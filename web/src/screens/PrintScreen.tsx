//! Documents on paper: A4, in one of two languages or both, with the amount in words.
import { ArrowLeftOutlined, PrinterOutlined } from '@ant-design/icons'
import { Button, Segmented } from 'antd'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { queries, useMetaData, useSession } from '@/api/queries.ts'
import type { Entity, Field, Rec, Text, Value } from '@/api/types.ts'
import { countryName } from '@/fields/country.tsx'
import { asText, kitOf } from '@/fields/kits.tsx'
import { locale, type Lang } from '@/i18n/index.ts'
import { useCommands } from '@/lib/commands.ts'
import { formatDay } from '@/lib/dates.ts'
import { formatMoney } from '@/lib/decimal.ts'
import { href, useGo } from '@/lib/go.tsx'
import { addressLines } from '@/lib/address.ts'
import { useTitle } from '@/lib/hooks.ts'
import { amountEn, amountZh } from '@/lib/words.ts'
import { idOf, isEmpty, Meta, rowsOf, textOf, useMeta, type Scene } from '@/meta/meta.ts'
import type { SearchParams } from '@/meta/query.ts'
import { Skeleton, Trouble } from '@/ui/parts.tsx'
import { lineColumns } from '@/views/form/lineColumns.ts'
import { isTold, layout } from '@/views/form/layout.ts'
import { useNames, type Speech } from './paperNames.ts'
import { RecordPaper } from './PlainPaper.tsx'
import './print.css'

/** The words of a letter that are not fields. */
const WORDS: Record<string, Text> = {
  to: { en: 'To', zh: '致' }, deliver: { en: 'Deliver to', zh: '收货方' }, bill: { en: 'Bill to', zh: '购买方' }, words: { en: 'Amount in words', zh: '金额大写' }, page: { en: 'Page', zh: '第' },
  sign_us: { en: 'For the supplier', zh: '供方签章' }, sign_them: { en: 'For the customer', zh: '需方签章' }, sign_received: { en: 'Goods received in good order', zh: '收货人签字' }, sign_sent: { en: 'Dispatched by', zh: '发货人' },
  date: { en: 'Date', zh: '日期' }, draft: { en: 'Draft', zh: '草稿' }, cancelled: { en: 'Cancelled', zh: '作废' }, bank: { en: 'Bank details', zh: '开户银行及账号' }, number: { en: 'No.', zh: '编号' },
}
const TITLES: Record<string, Text> = {
  quotation: { en: 'Quotation', zh: '报价单' }, sales_order: { en: 'Sales Order', zh: '销售合同' }, delivery: { en: 'Delivery Note', zh: '送货单' }, invoice: { en: 'Invoice', zh: '销售发票' },
  credit_note: { en: 'Credit Note', zh: '红字发票' }, purchase_order: { en: 'Purchase Order', zh: '采购订单' }, payment: { en: 'Receipt', zh: '收款收据' },
}
const LETTERS = new Set(Object.keys(TITLES))
const ADDRESS = ['address', 'street', 'postal_address', 'delivery_address', 'zip', 'postcode', 'city', 'country', 'phone', 'email', 'tax_number', 'tax_id', 'vat_number', 'registration_number', 'uscc']
const BANK = ['bank_details', 'bank', 'bank_name', 'bank_account', 'iban', 'swift', 'bic']
const ON_PAPER = new Set(['text', 'date', 'ref', 'choice', 'currency', 'long_text'])
/** Our own business, not the customer's. */
const INTERNAL = /margin|cost|owner|team|probability|source|campaign|created|changed|approved|warehouse|reserved|credit_|credited|delivered|invoiced|returned|received|billed|paid_qty|_state$|^kind$|^open_amount$|override|quotation|^rate$|^cash_rounding$|^tax_position$/

/** What a credit note says nothing of: nobody pays it. */
const TO_PAY = ['due_on', 'terms']

const isMoney = (field: Field): boolean => ['amount', 'price', 'rate', 'currency'].includes(field.kind) || ['tax', 'payment_term', 'price_list'].includes(field.entity ?? '')

const isNought = (value: Value): boolean => /^0*\.?0*$/.test(textOf(value))

const placeOf = (of: Rec, line: string): string[] => addressLines({ line, region: textOf(of['region']), city: textOf(of['city']), district: textOf(of['district']), postcode: textOf(of['postcode']) })

/** The party's address for this purpose, else its usual one, with the name of its country. */
function addressOf(who: Rec | undefined, kind: string, locale: string): string[] {
  const all = rowsOf(who?.['addresses'])
  const one = all.find((address) => address['kind'] === kind) ?? all.find((address) => address['is_default'] === true) ?? all[0]
  const country = countryName(textOf(one?.['country']) || textOf(who?.['country']), locale)
  if (!one) return [country].filter(Boolean)
  const line = textOf(one['line'])
  return [...placeOf(one, line), country].filter(Boolean)
}

/** Both sides of a letter: as the document kept them when it left the house; of a draft as they are now. */
interface Letterhead { company?: Rec | undefined; party?: Rec | undefined; legal?: Rec | undefined; tax_note?: Text | undefined }

function keptBy(entity: Entity, record: Rec | undefined): Letterhead | undefined {
  const stage = entity.stage_field ? textOf(record?.[entity.stage_field]) : ''
  const kept = record?.['letterhead']
  return stage !== 'draft' && kept && typeof kept === 'object' ? kept as Letterhead : undefined
}

/** What a tax position says of its taxes. */
const noteOf = (position: Rec | undefined): Text => ({ en: textOf(position?.['note_en']), zh: textOf(position?.['note_zh']) })

/** How many parents of a party are asked for the legal entity it belongs to. */
const LEVELS = 20

function useLetterhead(entity: Entity, record: Rec | undefined, partyId: string): { letter: Letterhead; language: Value | undefined; loading: boolean } {
  const here = useMeta()
  const session = useSession()
  const client = useQueryClient()
  const kept = keptBy(entity, record)
  const live = Boolean(record) && !kept
  // Asked even when the letter is kept: it speaks the language they read now.
  const party = useQuery({ ...queries.record('party', partyId), enabled: Boolean(partyId && here.entity('party')), retry: false })
  const language = party.data?.record['language'] ?? kept?.party?.['language']
  const company = useQuery({ ...queries.record('company', session.company.id), enabled: live && Boolean(here.entity('company')), retry: false })
  const position = idOf(record?.['tax_position'])
  const taxes = useQuery({ ...queries.record('tax_position', position), enabled: live && Boolean(position && here.entity('tax_position')), retry: false })
  const parent = idOf(party.data?.record['parent'])
  const legal = useQuery({
    queryKey: ['legal', parent],
    enabled: live && Boolean(parent),
    retry: false,
    queryFn: async () => {
      let top = (await client.fetchQuery(queries.record('party', parent))).record
      for (let level = 0; level < LEVELS && idOf(top['parent']); level += 1) top = (await client.fetchQuery(queries.record('party', idOf(top['parent'])))).record
      return top
    },
  })
  if (kept) return { letter: kept, language, loading: party.isLoading }
  return { letter: { company: company.data?.record, party: party.data?.record, legal: parent ? legal.data : undefined, tax_note: noteOf(taxes.data?.record) }, language, loading: party.isLoading || legal.isLoading || taxes.isLoading }
}

export default function PrintScreen({ entity, id, params }: { entity: Entity; id: string; params: SearchParams }) {
  const { t } = useTranslation()
  const go = useGo()
  const here = useMeta()
  const data = useMetaData()
  const session = useSession()
  const answer = useQuery(queries.record(entity.name, id))
  const record = answer.data?.record
  const partner = entity.fields.find((field) => field.kind === 'ref' && field.entity === 'party' && !field.hidden)
  const partnerId = partner && record ? idOf(record[partner.name]) : ''
  const { letter, language, loading } = useLetterhead(entity, record, partnerId)
  const names = useNames(here, entity.name, record)
  // A letter speaks the language of who receives it, unless another is chosen.
  const spoken = [params['lang'], language].find((one): one is Speech => one === 'en' || one === 'zh' || one === 'both')
  const speech = spoken ?? here.lang
  const scene = useMemo((): Scene => {
    const lang: Lang = speech === 'en' ? 'en' : 'zh'
    return { meta: new Meta(data, lang), lang, locale: locale(lang), today: session.today, companyCurrency: session.company.currency }
  }, [data, speech, session])
  const title = record ? `${scene.meta.say(entity.label)} ${here.title(entity, record)}` : ''
  useTitle(title)
  useCommands([
    { id: 'print', label: t('form.print'), group: 'page', hotkey: 'ctrl+p', run: () => print() },
    { id: 'back', label: t('form.back'), group: 'page', hotkey: 'escape', run: () => go(`/${entity.name}/${id}`) },
  ])
  // What is no letter to anybody is printed as it stands.
  if (record && !LETTERS.has(entity.name)) return <RecordPaper entity={entity} record={record} />
  const say = (text: Text): ReactNode => (speech === 'both' ? <>{text.zh} <span className="second">{text.en}</span></> : text[speech])
  return (
    <div className="print-page">
      <div className="print-bar" role="toolbar">
        <Button icon={<ArrowLeftOutlined />} onClick={() => go(`/${entity.name}/${id}`)}>{t('form.back')}</Button>
        <span style={{ flex: 1 }} />
        <Segmented<Speech> value={speech} options={[{ value: 'zh', label: '中文' }, { value: 'en', label: 'English' }, { value: 'both', label: '中 + En' }]} onChange={(lang) => go(href(`/print/${entity.name}/${id}`, { lang }), { replace: true })} />
        <Button type="primary" icon={<PrinterOutlined />} onClick={() => print()}>{t('form.print')}</Button>
      </div>
      {answer.isError ? <Trouble error={answer.error} /> : !record || loading || names.loading ? <Skeleton rows={12} /> : <Paper entity={entity} record={record} scene={scene} say={say} speech={speech} partner={partner} letter={letter} name={(value) => names.name(value, speech)} />}
    </div>
  )
}

interface PaperProps { entity: Entity; record: Rec; scene: Scene; say: (text: Text) => ReactNode; speech: Speech; partner?: Field; letter: Letterhead; name: (value: Value) => string }

function Paper({ entity, record, scene, say, speech, partner, letter, name }: PaperProps) {
  const session = useSession()
  const { meta } = scene
  /** What stands in a field, called as the paper speaks. */
  const told = (field: Field, of: Rec, parent?: Rec): string => (field.kind === 'ref' && name(of[field.name] ?? null)) || asText(of[field.name], { field, record: of, ...(parent ? { parent } : {}) }, scene)
  const word = (key: keyof typeof WORDS): ReactNode => (WORDS[key] ? say(WORDS[key]) : '')
  const owned = entity.fields.find((field) => field.kind === 'owned' && !field.hidden)
  const line = owned?.entity ? meta.entity(owned.entity) : undefined
  const rows = rowsOf(owned ? record[owned.name] : null)
  // A delivery note names no prices: it travels with the goods.
  const priceless = entity.name === 'delivery'
  const columns = line ? lineColumns(line).filter((field) => !INTERNAL.test(field.name) && !(priceless && isMoney(field)) && rows.some((row) => !isEmpty(row[field.name])) && !(field.kind === 'rate' && rows.every((row) => isNought(row[field.name])))) : []
  // A description that only repeats the product is left out.
  const repeats = columns.find((field) => field.name === 'description' && rows.every((row) => textOf(row['description']) !== '' && textOf(row['product']).endsWith(textOf(row['description']))))
  if (repeats) columns.splice(columns.indexOf(repeats), 1)
  const totals = priceless ? [] : layout(entity).totals.filter((field) => field.kind === 'amount' && isTold(field, record) && !(field.name === 'discount_total' && isNought(record[field.name])) && !(field.currency === 'company.currency' && record['currency']) && field.name !== 'open' && !INTERNAL.test(field.name) && !isEmpty(record[field.name]))
  // What a paper is about is its total or, of money that came, its amount; not what is left of that.
  const grand = ['total', 'amount'].flatMap((name) => entity.fields.find((field) => field.name === name && field.kind === 'amount' && !field.hidden) ?? []).at(0) ?? totals.at(-1)
  const sums = !grand || priceless || totals.includes(grand) ? totals : [grand, ...totals.filter((field) => !isNought(record[field.name]))]
  const credits = textOf(record['kind']) === 'credit_note'
  const currency = textOf(record['currency']) || session.company.currency
  const number = meta.title(entity, record)
  const stage = entity.stage_field ? meta.choice(entity.fields.find((field) => field.name === entity.stage_field)?.choice, textOf(record[entity.stage_field])) : undefined
  const facts = entity.fields.filter((field) => ON_PAPER.has(field.kind) && !field.hidden && field !== partner && field.name !== entity.stage_field && !entity.title.includes(field.name) && field.kind !== 'long_text' && !INTERNAL.test(field.name) && !(credits && TO_PAY.includes(field.name)) && !(priceless && isMoney(field)) && !['company', 'party'].includes(field.entity ?? '') && !isEmpty(record[field.name]))
  const notes = entity.fields.filter((field) => field.kind === 'long_text' && !field.hidden && !/internal/.test(field.name) && !isEmpty(record[field.name]))
  const block = (of: Entity | undefined, who: Rec | undefined, names: string[]): string[] => (of && who ? names.flatMap((name) => {
    const field = meta.field(of, name)
    const raw = field && asText(who[name], { field, record: who }, scene)
    const text = raw && name === 'country' ? countryName(raw, scene.locale) : raw
    return field && text ? [['phone', 'email', 'address', 'street', 'city', 'country', 'postal_address', 'zip', 'postcode', 'bank_details'].includes(name) ? text : `${meta.say(field.label)} ${text}`] : []
  }) : [])
  const { company: our, party: their, legal, tax_note: said } = letter
  // Said in one language only, it is better than nothing.
  const note = said && (said.en || said.zh) && !priceless ? { en: said.en || said.zh, zh: said.zh || said.en } : undefined
  const us = [...(our ? placeOf(our, textOf(our['address'])) : []), ...block(meta.entity('company'), our, ADDRESS.filter((name) => name !== 'address' && name !== 'city'))]
  const bank = block(meta.entity('company'), our, BANK)
  const numbered = (who: Rec | undefined): Rec => ({ ...who, country: '', tax_number: textOf(who?.['tax_number']) || textOf(legal?.['tax_number']) })
  const partyName = textOf(their?.['name']) || (partner ? asText(record[partner.name], { field: partner, record }, scene) : '')
  // An invoice is the legal entity's; goods and offers go to those who asked for them.
  const names = [partyName, textOf(legal?.['name'])].filter((name, at, all) => name && all.indexOf(name) === at)
  if (entity.name === 'invoice') names.reverse()
  const them = [...names.slice(1), ...addressOf(their, priceless ? 'delivery' : 'invoice', scene.locale), ...block(meta.entity('party'), numbered(their), ADDRESS)]
  const total = grand ? textOf(record[grand.name]) : ''
  const title = (credits ? TITLES['credit_note'] : TITLES[entity.name]) ?? entity.label
  return (
    <article className="paper" tabIndex={0} lang={speech === 'en' ? 'en' : 'zh-CN'}>
      <header className="letterhead">
        <div><h2>{textOf(our?.['name']) || session.company.label}</h2>{us.map((text) => <div key={text}>{text}</div>)}</div>
        <div className="doc-title"><h1>{say(title)}</h1><div>{word('number')} <b>{number}</b></div>{(stage?.code === 'draft' || stage?.tone === 'bad') && <div className="stamp" aria-hidden="true">{stage.code === 'draft' ? word('draft') : word('cancelled')}</div>}</div>
      </header>
      <section className="parties">
        {partner && (
          <div>
            <h3>{word(entity.name === 'delivery' ? 'deliver' : entity.name === 'invoice' ? 'bill' : 'to')}</h3>
            <b>{names[0]}</b>
            {them.map((text) => <div key={text}>{text}</div>)}
          </div>
        )}
        <dl>
          {facts.map((field) => <div key={field.name}><dt>{say(field.label)}</dt><dd>{field.kind === 'date' ? formatDay(textOf(record[field.name]), scene.locale) : told(field, record)}</dd></div>)}
        </dl>
      </section>
      {rows.length > 0 && (
        <table className="paper-lines">
          <thead><tr><th className="n">#</th>{columns.map((field) => <th key={field.name} className={kitOf(field.kind).end ? 'end' : undefined}>{say(field.label)}</th>)}</tr></thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={textOf(row['id']) || index}><td className="n">{index + 1}</td>{columns.map((field) => <td key={field.name} className={kitOf(field.kind).end ? 'end' : undefined}>{field.kind === 'amount' ? formatMoney(textOf(row[field.name]) || '0', scene.locale, currency, 'none') : told(field, row, record)}</td>)}</tr>
            ))}
          </tbody>
        </table>
      )}
      <section className="closing">
        {total && !priceless && (
          <div className="in-words">
            <span>{word('words')}</span>
            {speech !== 'en' && <b>{amountZh(total, currency)}</b>}
            {speech !== 'zh' && <b className={speech === 'both' ? 'second' : undefined}>{amountEn(total, currency)}</b>}
          </div>
        )}
        {sums.length > 0 && (
          <dl className="paper-totals">
            {sums.map((field) => <div key={field.name} className={field === grand ? 'grand' : undefined}><dt>{say(field.label)}</dt><dd>{formatMoney(textOf(record[field.name]), scene.locale, field.currency === 'company.currency' ? session.company.currency : currency)}</dd></div>)}
          </dl>
        )}
      </section>
      {note && <section className="paper-note tax-note"><p>{speech === 'both' && note.en === note.zh ? note.en : say(note)}</p></section>}
      {notes.map((field) => <section key={field.name} className="paper-note"><h3>{say(field.label)}</h3><p>{textOf(record[field.name])}</p></section>)}
      {bank.length > 0 && !priceless && !credits && <section className="paper-note"><h3>{word('bank')}</h3><p>{bank.join(' · ')}</p></section>}
      <footer className="signatures">
        <div><span>{word(priceless ? 'sign_sent' : 'sign_us')}</span><i /><span>{word('date')}</span><i className="short" /></div>
        <div><span>{word(priceless ? 'sign_received' : 'sign_them')}</span><i /><span>{word('date')}</span><i className="short" /></div>
      </footer>
    </article>
  )
}
