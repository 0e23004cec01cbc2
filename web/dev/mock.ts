//! A server of straw for work on the screens: it keeps the contract of docs/api.md with a few entities in memory.
//! Never part of the build.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Plugin } from 'vite'
import type { Condition, Entity, Field, Filter, Hint, Json, LinkNode, Links, Opened, Problem, Rec, Session, TimelineItem, Value } from '../src/api/types.ts'
import { add, compare, isZero, multiply, round, subtract, sum, divide, trim } from '../src/lib/decimal.ts'
import { addDays } from '../src/lib/dates.ts'
import { choices, entities, meta } from './mock_meta.ts'

const TODAY = '2026-11-25'
const RATES: Record<string, string> = { CNY: '1', USD: '7.12', EUR: '7.74', JPY: '0.047' }
const COMPANIES = [{ id: 'co_1', label: '合一样品有限公司', currency: 'CNY' }, { id: 'co_2', label: 'Heyi Trading GmbH', currency: 'EUR' }]
const USERS = [
  { id: 'us_1', login: 'boss', name: '陈总', role: { en: 'Management', zh: '管理层' } }, { id: 'us_2', login: 'sales', name: '王芳', role: { en: 'Sales', zh: '销售' } },
  { id: 'us_3', login: 'stock', name: '李伟', role: { en: 'Warehouse', zh: '仓库' } }, { id: 'us_4', login: 'books', name: 'Emma Clark', role: { en: 'Accountant', zh: '会计' } },
  { id: 'us_5', login: 'buyer', name: '张敏', role: { en: 'Purchasing', zh: '采购' } }, { id: 'us_6', login: 'admin', name: 'Admin', role: { en: 'Administrator', zh: '系统管理员' } },
]

const tables = new Map<string, Map<string, Rec>>(entities.map((entity) => [entity.name, new Map()]))
const timelines = new Map<string, TimelineItem[]>()
const edges: Links['edges'] = []
interface Posting { doc: string; id: string; number: string; posted_on: string; lines: { account: string; debit: string; credit: string; party?: string }[]; moves: { product: string; qty: string; from: string; to: string; value: string }[] }
const postings: Posting[] = []
const listeners = new Set<ServerResponse>()
const kept = new Map<string, { body: string; status: number; answer: unknown }>()
let seq = 1000

class Problems extends Error {
  constructor(readonly status: number, readonly code: string, message: string, readonly problems: Problem[] = [], readonly more: Rec = {}) { super(message) }
}
const say = (en: string, zh: string, lang: string): string => (lang === 'zh' ? zh : en)
const table = (name: string): Map<string, Rec> => {
  const found = tables.get(name)
  if (!found) throw new Problems(404, 'not_found', `no ${name}`)
  return found
}
const entityOf = (name: string): Entity => {
  const found = meta.entities[name]
  if (!found) throw new Problems(404, 'not_found', `no ${name}`)
  return found
}
const str = (value: Value): string => (typeof value === 'string' ? value : typeof value === 'object' && value !== null && !Array.isArray(value) && typeof value['id'] === 'string' ? value['id'] : typeof value === 'number' ? String(value) : '')
const lines = (record: Rec): Rec[] => (Array.isArray(record['lines']) ? (record['lines'] as Rec[]) : [])
const get = (entity: string, id: Value): Rec | undefined => tables.get(entity)?.get(str(id))
const labelOf = (entity: string, id: string): string => {
  const record = get(entity, id)
  return record ? entityOf(entity).title.map((name) => { const field = entityOf(entity).fields.find((one) => one.name === name); return field?.kind === 'ref' ? labelOf(field.entity ?? '', str(record[name])) : str(record[name]) }).join(' ') : id
}
/** As it goes over the wire: refs with their labels. */
function out(entity: Entity, record: Rec, withLines = true): Rec {
  const made: Rec = { id: record['id'], version: record['version'] }
  for (const field of entity.fields) {
    const value = record[field.name]
    if (field.kind === 'owned') { if (withLines) made[field.name] = lines(record).map((line) => out(entityOf(field.entity ?? ''), line)) as Json[] }
    else if (field.kind === 'ref') made[field.name] = str(value) ? { id: str(value), label: labelOf(field.entity ?? '', str(value)) } : null
    else made[field.name] = value ?? null
  }
  return made
}
function store(name: string, record: Rec): Rec {
  const entity = entityOf(name)
  const id = str(record['id']) || `${entity.prefix}_${(seq += 1)}`
  const lineEntity = entity.fields.find((field) => field.kind === 'owned')?.entity
  const made: Rec = { version: 1, ...record, id }
  if (lineEntity) made['lines'] = lines(record).map((line) => ({ ...line, id: str(line['id']) || `${entityOf(lineEntity).prefix}_${(seq += 1)}` })) as Json[]
  table(name).set(id, made)
  return made
}
const note = (id: string, item: Omit<TimelineItem, 'at'> & { at?: string }): void => { timelines.set(id, [{ at: '2026-11-25T08:12:00Z', ...item }, ...(timelines.get(id) ?? [])]) }
const tell = (entity: string, record: Rec): void => { for (const listener of listeners) listener.write(`event: change\ndata: ${JSON.stringify({ entity, id: record['id'], version: record['version'], company: 'co_1' })}\n\n`) }

// ---- business -------------------------------------------------------------------------------------------------

function complete(name: string, record: Rec, lang: string): { hints: Hint[]; problems: Problem[] } {
  const hints: Hint[] = []
  const problems: Problem[] = []
  const entity = entityOf(name)
  record['currency'] ??= 'CNY'
  for (const field of entity.fields) {
    if (field.kind === 'date' && field.required) record[field.name] ??= TODAY
    if (field.default !== undefined && field.default !== null) record[field.name] ??= field.default
  }
  if (entity.fields.some((field) => field.name === 'salesperson')) record['salesperson'] ??= 'us_2'
  if (entity.stage_field) record['stage'] ??= 'draft'
  if (name === 'invoice') record['due_on'] ??= addDays(str(record['issued_on']), 30)
  if (name === 'quotation') record['valid_until'] ??= addDays(str(record['quoted_on']), 30)
  if (name === 'sales_order') record['promised_on'] ??= addDays(str(record['ordered_on']), 7)
  for (const field of entity.fields) if (field.required && field.kind !== 'owned' && (record[field.name] === undefined || record[field.name] === null || record[field.name] === '')) problems.push({ code: 'required', field: field.name, message: say(`${field.label.en} is missing. Please fill it in.`, `缺少${field.label.zh}，请填写。`, lang) })
  const places = record['currency'] === 'JPY' ? 0 : 2
  let untaxed = '0', tax = '0', cost = '0'
  const rate = RATES[str(record['currency'])] ?? '1'
  lines(record).forEach((line, row) => {
    const product = get('product', line['product'])
    if (!product) return void problems.push({ code: 'required', field: 'lines.product', row, message: say('Choose a product.', '请选择产品。', lang) })
    line['description'] ??= product['description'] ?? product['name']
    line['qty'] ??= '1'
    line['uom'] ??= product['uom']
    if (name === 'delivery') return
    line['price'] ??= trim(divide(str(product['price']), rate) ?? '0')
    line['tax'] ??= product['tax']
    line['discount'] ??= '0'
    const amount = round(multiply(multiply(str(line['qty']), str(line['price'])), subtract('1', str(line['discount']) || '0')), places)
    line['amount'] = amount
    line['delivered_qty'] ??= '0'
    untaxed = add(untaxed, amount)
    tax = add(tax, round(multiply(amount, str(get('tax', line['tax'])?.['rate']) || '0'), places))
    cost = add(cost, multiply(multiply(str(line['qty']), str(product['cost'])), divide('1', rate) ?? '1'))
    if (compare(str(line['qty']), '0') <= 0) problems.push({ code: 'positive', field: 'lines.qty', row, message: say('The quantity must be above zero.', '数量必须大于零。', lang) })
    if (name !== 'invoice' && record['stage'] === 'draft' && compare(str(line['qty']), str(product['free'])) > 0 && product['category'] !== 'service') hints.push({ row, field: 'qty', tone: 'warn', text: say(`Only ${str(product['free'])} are free until 2026-12-04.`, `2026-12-04 之前仅有 ${str(product['free'])} 可用。`, lang) })
    if (compare(str(line['discount']), '0.2') > 0) hints.push({ row, field: 'discount', tone: 'warn', text: say('A discount above 20% needs an approval.', '折扣超过 20% 需要审批。', lang) })
  })
  if (entity.fields.some((field) => field.name === 'untaxed')) {
    Object.assign(record, { untaxed: round(untaxed, places), tax_amount: round(tax, places), total: round(add(untaxed, tax), places), total_base: round(multiply(add(untaxed, tax), rate), 2) })
    if (name !== 'invoice') record['margin_rate'] = isZero(untaxed) ? null : round(divide(subtract(untaxed, cost), untaxed) ?? '0', 4)
    if (name === 'invoice') record['open'] = record['stage'] === 'paid' ? '0.00' : (record['open'] ?? record['total'])
    if (record['stage'] === 'draft' && !lines(record).length) problems.push({ code: 'at_least', field: 'lines', message: say('Add at least one line.', '请至少添加一行。', lang) })
  }
  if (name === 'payment') record['amount_base'] = round(multiply(str(record['amount']) || '0', rate), 2)
  const customer = get('party', record['customer'])
  if (customer && name === 'sales_order' && compare(str(record['total_base']), str(customer['credit_limit']) || '0') > 0) hints.push({ field: 'customer', tone: 'warn', text: say('This order exceeds the credit limit of the customer.', '此订单超过客户信用额度。', lang) })
  return { hints, problems }
}

function ready(name: string, record: Rec, action: string, lang: string): string | null {
  const stage = str(record['stage'])
  const at = (...stages: string[]): string | null => (stages.includes(stage) ? null : say(`Not possible in stage “${choices[`${name}.stage`]?.find((one) => one.code === stage)?.label.en}”.`, `“${choices[`${name}.stage`]?.find((one) => one.code === stage)?.label.zh}”阶段不可执行。`, lang))
  if (name === 'quotation') return action === 'send' ? at('draft') : at('draft', 'sent')
  if (name === 'sales_order' && action === 'cancel' && (stage === 'delivered' || stage === 'done')) return say(`${str(record['number'])} has been shipped; make a return instead.`, `${str(record['number'])} 已发货，请改为退货。`, lang)
  if (name === 'sales_order') return action === 'confirm' ? at('draft') : action === 'close' ? at('delivered') : at('draft', 'confirmed')
  if (name === 'delivery') return at('draft')
  if (name === 'invoice') return action === 'cancel' ? at('draft', 'posted') : at('draft')
  return at('draft')
}

const post = (doc: Rec, on: string, parts: Posting['lines'], moves: Posting['moves'] = []): string => {
  const id = `en_${(seq += 1)}`
  postings.push({ doc: str(doc['id']), id, number: `JV-${on.slice(0, 4)}-${String(postings.length + 1).padStart(5, '0')}`, posted_on: on, lines: parts, moves })
  return id
}

function act(name: string, record: Rec, action: string): { entity: string; record: Rec }[] {
  const base = str(record['total_base'])
  const rate = RATES[str(record['currency'])] ?? '1'
  const to = (stage: string): void => { record['stage'] = stage }
  if (name === 'quotation' && action === 'send') to('sent')
  else if (name === 'quotation' && action === 'lose') to('lost')
  else if (name === 'quotation') {
    to('accepted')
    const order: Rec = { customer: record['customer'], ordered_on: TODAY, currency: record['currency'], salesperson: record['salesperson'], quotation: record['id'], reference: record['reference'], lines: lines(record).map((line) => ({ product: line['product'], description: line['description'], qty: line['qty'], uom: line['uom'], price: line['price'], discount: line['discount'], tax: line['tax'] })) as Json[], number: numberFor('sales_order') }
    complete('sales_order', order, 'en')
    const made = store('sales_order', order)
    edges.push({ from: str(record['id']), to: str(made['id']), kind: 'sales_order' })
    note(str(made['id']), { kind: 'created', by: { id: 'us_2', label: '王芳' } })
    return [{ entity: 'sales_order', record: made }]
  } else if (name === 'sales_order') to({ confirm: 'confirmed', close: 'done', cancel: 'cancelled' }[action] ?? 'draft')
  else if (name === 'delivery' && action === 'ship') {
    to('shipped')
    const moves = lines(record).map((line) => ({ product: str(line['product']), qty: str(line['qty']), from: '上海仓 Main', to: 'Customers 客户', value: round(multiply(str(line['qty']), str(get('product', line['product'])?.['cost'])), 2) }))
    const value = sum(moves.map((move) => move.value))
    post(record, str(record['planned_on']), [{ account: 'ac_6401', debit: value, credit: '0.00' }, { account: 'ac_1405', debit: '0.00', credit: value }], moves)
    const order = get('sales_order', record['sales_order'])
    if (order) { order['stage'] = 'delivered'; order['version'] = Number(order['version']) + 1; for (const line of lines(order)) line['delivered_qty'] = line['qty']; tell('sales_order', order) }
  } else if (name === 'delivery') to('cancelled')
  else if (name === 'invoice' && action === 'post') {
    to('posted')
    const tax = round(multiply(str(record['tax_amount']), rate), 2)
    post(record, str(record['issued_on']), [{ account: 'ac_1122', debit: base, credit: '0.00', party: str(record['customer']) }, { account: 'ac_6001', debit: '0.00', credit: subtract(base, tax) }, { account: 'ac_2221', debit: '0.00', credit: tax }])
    const order = get('sales_order', record['sales_order'])
    if (order && order['stage'] === 'delivered') order['stage'] = 'done'
  } else if (name === 'invoice') to('cancelled')
  else if (name === 'payment') {
    to('posted')
    const value = str(record['amount_base'])
    post(record, str(record['paid_on']), [{ account: 'ac_1002', debit: value, credit: '0.00' }, { account: 'ac_1122', debit: '0.00', credit: value, party: str(record['customer']) }])
    const invoice = get('invoice', record['invoice'])
    if (invoice) { invoice['open'] = round(subtract(str(invoice['open']), str(record['amount'])), 2); if (compare(str(invoice['open']), '0') <= 0) invoice['stage'] = 'paid' }
  }
  return []
}

const counters = new Map<string, number>()
const PREFIX: Record<string, string> = { quotation: 'QU', sales_order: 'SO', delivery: 'DL', invoice: 'IN', payment: 'PY' }
function numberFor(name: string): string {
  const n = (counters.get(name) ?? 0) + 1
  counters.set(name, n)
  return `${PREFIX[name]}-2026-${String(n).padStart(5, '0')}`
}

function prefill(name: string, from: string): Rec {
  const [source = '', id = ''] = from.split(':')
  const record = get(source, id)
  if (!record) throw new Problems(404, 'not_found', `no ${from}`)
  const copy = (more: string[]): Json[] => lines(record).map((line) => ({ source: line['id'], ...Object.fromEntries(['product', 'qty', 'uom', ...more].map((field) => [field, line[field] ?? null])) }) as Json)
  if (name === 'delivery' && source === 'sales_order') return { customer: record['customer'], sales_order: id, planned_on: TODAY, lines: copy([]), stage: 'draft' }
  if (name === 'invoice' && source === 'sales_order') return { customer: record['customer'], sales_order: id, issued_on: TODAY, currency: record['currency'], lines: copy(['description', 'price', 'discount', 'tax']), stage: 'draft' }
  if (name === 'payment' && source === 'invoice') return { customer: record['customer'], invoice: id, paid_on: TODAY, currency: record['currency'], amount: record['open'], method: 'bank', stage: 'draft' }
  if (name === 'sales_order' && source === 'quotation') return { customer: record['customer'], quotation: id, ordered_on: TODAY, currency: record['currency'], lines: copy(['description', 'price', 'discount', 'tax']), stage: 'draft' }
  throw new Problems(409, 'not_now', `A ${name} cannot be made from a ${source}.`)
}

function opened(entity: Entity, record: Rec, lang: string): Opened {
  const draft = !entity.stage_field || record['stage'] === 'draft'
  return {
    record: out(entity, record),
    can: { edit: entity.can.edit && draft, remove: entity.can.remove && draft && entity.kind !== 'setting', because: { ...(draft ? {} : { edit: say('Only drafts can be changed.', '仅草稿可以修改。', lang), remove: say('Only drafts can be deleted; cancel it instead.', '仅草稿可以删除，请改为取消。', lang) }) } },
    actions: entity.actions.map((action) => { const because = ready(entity.name, record, action.name, lang); return because ? { name: action.name, allowed: false, because } : { name: action.name, allowed: true } }),
  }
}

// ---- lists ----------------------------------------------------------------------------------------------------

function valueAt(entity: Entity, record: Rec, path: string): { value: Value; field?: Field } {
  const [head = '', ...rest] = path.split('.')
  const field = head === 'id' ? entity.fields[0] : entity.fields.find((one) => one.name === head)
  if (!field) throw new Problems(400, 'not_understood', `${entity.name} has no field ${path}`)
  if (!rest.length) return { value: record[head], field }
  const target = get(field.entity ?? '', record[head])
  return target ? valueAt(entityOf(field.entity ?? ''), target, rest.join('.')) : { value: null }
}
const NUMBERS = ['amount', 'qty', 'price', 'rate', 'int']
const order = (a: Value, b: Value, kind: string | undefined): number => (NUMBERS.includes(kind ?? '') ? compare(str(a) || '0', str(b) || '0') : str(a) < str(b) ? -1 : str(a) > str(b) ? 1 : 0)
function range(name: string): [string, string] {
  const [y = 0, m = 0] = TODAY.split('-').map(Number)
  const month = (yy: number, mm: number): [string, string] => { const first = new Date(Date.UTC(yy, mm - 1, 1)).toISOString().slice(0, 10); return [first, addDays(new Date(Date.UTC(yy, mm, 1)).toISOString().slice(0, 10), -1)] }
  const days = /^(last|next)_(\d+)_days$/.exec(name)
  if (days) return days[1] === 'last' ? [addDays(TODAY, -Number(days[2])), TODAY] : [TODAY, addDays(TODAY, Number(days[2]))]
  const quarter = Math.floor((m - 1) / 3)
  const table_: Record<string, [string, string]> = { today: [TODAY, TODAY], yesterday: [addDays(TODAY, -1), addDays(TODAY, -1)], this_week: ['2026-11-23', '2026-11-29'], last_week: ['2026-11-16', '2026-11-22'], this_month: month(y, m), last_month: month(y, m - 1), this_quarter: [month(y, quarter * 3 + 1)[0], month(y, quarter * 3 + 3)[1]], last_quarter: [month(y, quarter * 3 - 2)[0], month(y, quarter * 3)[1]], this_year: [`${y}-01-01`, `${y}-12-31`], last_year: [`${y - 1}-01-01`, `${y - 1}-12-31`] }
  return table_[name] ?? [TODAY, TODAY]
}
function passes(entity: Entity, record: Rec, filter: Filter): boolean {
  const [head, ...rest] = filter
  if (head === 'and') return (rest as Filter[]).every((part) => passes(entity, record, part))
  if (head === 'or') return (rest as Filter[]).some((part) => passes(entity, record, part))
  if (head === 'not') return !passes(entity, record, rest[0] as Filter)
  const [path, op, wanted] = filter as Condition
  const { value, field } = valueAt(entity, record, path)
  const empty = value === null || value === undefined || value === ''
  const same = (one: Value): boolean => (typeof value === 'boolean' || typeof one === 'boolean' ? Boolean(value) === Boolean(one) : order(value, one, field?.kind) === 0)
  switch (op) {
    case '=': return same(wanted)
    case '!=': return !same(wanted)
    case '<': return !empty && order(value, wanted, field?.kind) < 0
    case '<=': return !empty && order(value, wanted, field?.kind) <= 0
    case '>': return !empty && order(value, wanted, field?.kind) > 0
    case '>=': return !empty && order(value, wanted, field?.kind) >= 0
    case 'in': return (wanted as Json[]).some(same)
    case 'not_in': return !(wanted as Json[]).some(same)
    case 'contains': return str(value).toLowerCase().includes(str(wanted).toLowerCase())
    case 'starts': return str(value).toLowerCase().startsWith(str(wanted).toLowerCase())
    case 'between': return !empty && order(value, (wanted as Json[])[0], field?.kind) >= 0 && order(value, (wanted as Json[])[1], field?.kind) <= 0
    case 'within': { const [from, to] = range(str(wanted)); return str(value) >= from && str(value) <= to }
    case 'empty': return empty
    case 'not_empty': return !empty
    case 'is': return str(value) === 'us_2'
  }
}
const PINYIN: Record<string, string> = { 上: 's', 海: 'h', 华: 'h', 信: 'x', 电: 'd', 子: 'z', 深: 's', 圳: 'z', 鹏: 'p', 程: 'c', 北: 'b', 京: 'j', 中: 'z', 科: 'k', 杭: 'h', 州: 'z', 云: 'y', 帆: 'f', 广: 'g', 粤: 'y', 苏: 's', 成: 'c', 都: 'd', 青: 'q', 岛: 'd', 人: 'r', 体: 't', 工: 'g', 学: 'x', 椅: 'y', 显: 'x', 示: 's', 器: 'q', 键: 'j', 盘: 'p', 升: 's', 降: 'j', 桌: 'z' }
const initials = (text: string): string => [...text].map((sign) => PINYIN[sign] ?? '').join('')
function matches(entity: Entity, record: Rec, search: string): boolean {
  const wanted = search.toLowerCase().trim()
  return entity.fields.some((field) => {
    if (!field.search) return false
    const text = field.kind === 'ref' ? labelOf(field.entity ?? '', str(record[field.name])) : str(record[field.name])
    return text.toLowerCase().includes(wanted) || initials(text).includes(wanted)
  })
}
function select(entity: Entity, query: URLSearchParams): Rec[] {
  let rows = [...table(entity.name).values()]
  const filter = query.get('filter')
  if (filter) { const parsed = JSON.parse(filter) as Filter; rows = rows.filter((row) => passes(entity, row, parsed)) }
  const search = query.get('search')
  if (search) rows = rows.filter((row) => matches(entity, row, search))
  const keys = (query.get('sort') || entity.default_sort.join(',')).split(',').filter(Boolean)
  return rows.sort((left, right) => {
    for (const key of [...keys, '-id']) {
      const path = key.replace('-', '')
      const a = valueAt(entity, left, path), b = valueAt(entity, right, path)
      const by = a.field?.kind === 'ref' ? labelOf(a.field.entity ?? '', str(a.value)).localeCompare(labelOf(a.field.entity ?? '', str(b.value)), 'zh') : order(a.value, b.value, a.field?.kind)
      if (by) return key.startsWith('-') ? -by : by
    }
    return 0
  })
}
const part = (day: string, by: string): string => (by === 'year' ? day.slice(0, 4) : by === 'month' ? day.slice(0, 7) : by === 'quarter' ? `${day.slice(0, 4)}-Q${Math.ceil(Number(day.slice(5, 7)) / 3)}` : by === 'week' ? addDays(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7)) : day)
function grouped(entity: Entity, rows: Rec[], query: URLSearchParams) {
  const keys = (query.get('group') ?? '').split(',').map((key) => key.split(':'))
  const sums = (query.get('sum') ?? '').split(',').filter(Boolean)
  const groups = new Map<string, { key: Json[]; count: number; sum: Record<string, string> }>()
  for (const row of rows) {
    const key = keys.map(([path = '', by]): Json => {
      const { value, field } = valueAt(entity, row, path)
      if (value === null || value === undefined) return null
      return field?.kind === 'ref' ? { id: str(value), label: labelOf(field.entity ?? '', str(value)) } : by ? part(str(value), by) : value
    })
    const name = JSON.stringify(key)
    const group = groups.get(name) ?? { key, count: 0, sum: {} }
    group.count += 1
    for (const field of sums) group.sum[field] = add(group.sum[field] ?? '0.00', str(row[field]) || '0')
    groups.set(name, group)
  }
  return { groups: [...groups.values()].sort((a, b) => JSON.stringify(a.key).localeCompare(JSON.stringify(b.key))) }
}

// ---- reports --------------------------------------------------------------------------------------------------

const T = (en: string, zh: string) => ({ en, zh })
function report(name: string, query: URLSearchParams, lang: string): Rec {
  const from = query.get('from') ?? '2026-01-01', to = query.get('as_of') ?? TODAY
  const label = (en: string, zh: string): string => (lang === 'zh' ? zh : en)
  const within = postings.filter((one) => one.posted_on <= to)
  if (name === 'trial_balance') {
    const rows: Json[] = []
    let [allDebit, allCredit] = ['0', '0']
    for (const kind of choices['account.kind'] ?? []) {
      const accounts = [...table('account').values()].filter((account) => account['kind'] === kind.code).sort((a, b) => str(a['code']).localeCompare(str(b['code'])))
      const own = accounts.map((account) => {
        const mine = within.flatMap((one) => one.lines.filter((line) => line.account === account['id']).map((line) => ({ ...line, on: one.posted_on })))
        const opening = sum(mine.filter((line) => line.on < from).map((line) => subtract(line.debit, line.credit)))
        const debit = sum(mine.filter((line) => line.on >= from).map((line) => line.debit)), credit = sum(mine.filter((line) => line.on >= from).map((line) => line.credit))
        return { account, opening, debit, credit }
      }).filter((row) => !isZero(row.debit) || !isZero(row.credit) || !isZero(row.opening))
      if (!own.length) continue
      const total = (pick: 'opening' | 'debit' | 'credit'): string => round(sum(own.map((row) => row[pick])), 2)
      rows.push({ cells: { account: lang === 'zh' ? kind.label.zh : kind.label.en, opening: total('opening'), debit: total('debit'), credit: total('credit'), closing: round(add(total('opening'), subtract(total('debit'), total('credit'))), 2) }, level: 0, style: 'head', open: null })
      for (const row of own) rows.push({ cells: { account: `${str(row.account['code'])} ${str(row.account['name'])}`, opening: round(row.opening, 2), debit: round(row.debit, 2), credit: round(row.credit, 2), closing: round(add(row.opening, subtract(row.debit, row.credit)), 2) }, level: 1, style: 'plain', open: { report: 'general_ledger', params: { account: str(row.account['id']), from, as_of: to } } })
      allDebit = add(allDebit, total('debit')); allCredit = add(allCredit, total('credit'))
    }
    rows.push({ cells: { account: label('Total', '合计'), opening: '0.00', debit: round(allDebit, 2), credit: round(allCredit, 2), closing: round(subtract(allDebit, allCredit), 2) }, level: 0, style: 'total', open: null })
    return { title: label('Trial balance', '科目余额表'), columns: [{ name: 'account', label: T('Account', '科目'), kind: 'text' }, { name: 'opening', label: T('Opening', '期初余额'), kind: 'amount' }, { name: 'debit', label: T('Debit', '本期借方'), kind: 'amount' }, { name: 'credit', label: T('Credit', '本期贷方'), kind: 'amount' }, { name: 'closing', label: T('Closing', '期末余额'), kind: 'amount' }], rows, notes: [label('Debit balances are positive, credit balances negative.', '借方余额为正，贷方余额为负。')] }
  }
  if (name === 'general_ledger') {
    const account = query.get('account') ?? ''
    let balance = '0'
    const rows: Json[] = within.flatMap((one) => one.lines.filter((line) => line.account === account).map((line) => ({ one, line }))).sort((a, b) => a.one.posted_on.localeCompare(b.one.posted_on)).slice(-400).map(({ one, line }) => {
      balance = add(balance, subtract(line.debit, line.credit))
      const entity = entities.find((candidate) => tables.get(candidate.name)?.has(one.doc))
      return { cells: { on: one.posted_on, number: one.number, document: entity ? labelOf(entity.name, one.doc) : '', party: line.party ? labelOf('party', line.party) : null, debit: line.debit, credit: line.credit, balance: round(balance, 2) }, level: 0, style: 'plain', open: entity ? { entity: entity.name, id: one.doc } : null }
    })
    return { title: `${label('General ledger', '总账明细')} · ${labelOf('account', account)}`, columns: [{ name: 'on', label: T('Date', '日期'), kind: 'date' }, { name: 'number', label: T('Entry', '凭证'), kind: 'text' }, { name: 'document', label: T('Document', '单据'), kind: 'text' }, { name: 'party', label: T('Partner', '往来单位'), kind: 'text' }, { name: 'debit', label: T('Debit', '借方'), kind: 'amount' }, { name: 'credit', label: T('Credit', '贷方'), kind: 'amount' }, { name: 'balance', label: T('Balance', '余额'), kind: 'amount' }], rows, notes: [] }
  }
  const rows: Json[] = [...table('party').values()].flatMap((party): Json[] => {
    const open = [...table('invoice').values()].filter((invoice) => invoice['customer'] === party['id'] && invoice['stage'] === 'posted')
    if (!open.length) return []
    const old = (low: number, high: number): string => round(sum(open.filter((invoice) => { const days = (Date.parse(to) - Date.parse(str(invoice['due_on']))) / 86_400_000; return days > low && days <= high }).map((invoice) => multiply(str(invoice['open']), RATES[str(invoice['currency'])] ?? '1'))), 2)
    const parts = { current: old(-9999, 0), d30: old(0, 30), d60: old(30, 60), d90: old(60, 9999) }
    return [{ cells: { party: str(party['name']), ...parts, total: round(sum(Object.values(parts)), 2) }, level: 0, style: 'plain', open: { entity: 'invoice', filter: ['and', ['customer', '=', str(party['id'])], ['stage', '=', 'posted']] } }]
  })
  const columnSum = (column: string): string => round(sum(rows.map((row) => str(((row as Rec)['cells'] as Rec)[column]))), 2)
  rows.push({ cells: { party: label('Total', '合计'), current: columnSum('current'), d30: columnSum('d30'), d60: columnSum('d60'), d90: columnSum('d90'), total: columnSum('total') }, level: 0, style: 'total', open: null })
  return { title: label('Aged receivables', '应收账龄'), columns: [{ name: 'party', label: T('Customer', '客户'), kind: 'text' }, { name: 'current', label: T('Not due', '未到期'), kind: 'amount' }, { name: 'd30', label: T('1–30 days', '1–30 天'), kind: 'amount' }, { name: 'd60', label: T('31–60 days', '31–60 天'), kind: 'amount' }, { name: 'd90', label: T('Over 60 days', '60 天以上'), kind: 'amount' }, { name: 'total', label: T('Total', '合计'), kind: 'amount' }], rows, notes: [] }
}

function home(): Rec {
  const orders = [...table('sales_order').values()].filter((record) => record['stage'] !== 'cancelled' && record['stage'] !== 'draft')
  const invoices = [...table('invoice').values()]
  const months = Array.from({ length: 11 }, (_, index) => `2026-${String(index + 1).padStart(2, '0')}`)
  const turnover = (month: string): string => round(sum(orders.filter((record) => str(record['ordered_on']).startsWith(month)).map((record) => str(record['total_base']))), 2)
  const due = invoices.filter((record) => record['stage'] === 'posted')
  const inBase = (record: Rec): string => multiply(str(record['open']), RATES[str(record['currency'])] ?? '1')
  const late = due.filter((record) => str(record['due_on']) < TODAY)
  const byCategory = (choices['product.category'] ?? []).map((one) => round(sum(orders.flatMap((record) => lines(record).filter((line) => get('product', line['product'])?.['category'] === one.code).map((line) => multiply(str(line['amount']), RATES[str(record['currency'])] ?? '1')))), 2))
  const best = [...table('party').values()].map((party) => ({ name: str(party['name']), value: round(sum(orders.filter((record) => record['customer'] === party['id']).map((record) => str(record['total_base']))), 2) })).sort((a, b) => compare(b.value, a.value)).slice(0, 6)
  return {
    figures: [
      { name: 'orders_month', label: T('Orders this month', '本月订单额'), period: T('Now', '当前'), value: turnover('2026-11'), kind: 'amount', before: turnover('2026-10'), before_period: T('a month ago', '上月同日'), open: { entity: 'sales_order', filter: ['ordered_on', 'within', 'this_month'] } },
      { name: 'order_count', label: T('Orders', '订单数'), period: T('Now', '当前'), value: String(orders.filter((record) => str(record['ordered_on']).startsWith('2026-11')).length), kind: 'int', before: String(orders.filter((record) => str(record['ordered_on']).startsWith('2026-10')).length), before_period: T('a month ago', '上月同日'), open: { entity: 'sales_order', filter: ['ordered_on', 'within', 'this_month'] } },
      { name: 'to_ship', label: T('To ship', '待发货'), period: T('Now', '当前'), value: String([...table('sales_order').values()].filter((record) => record['stage'] === 'confirmed').length), kind: 'int', before: null, open: { entity: 'sales_order', filter: ['stage', '=', 'confirmed'] } },
      { name: 'receivable', label: T('Receivable', '应收账款'), period: T('Now', '当前'), value: round(sum(due.map(inBase)), 2), kind: 'amount', before: null, open: { report: 'aged_receivables', params: { as_of: TODAY } } },
      { name: 'overdue', label: T('Overdue', '已逾期'), period: T('Now', '当前'), value: round(sum(late.map(inBase)), 2), kind: 'amount', before: null, open: { entity: 'invoice', filter: ['and', ['stage', '=', 'posted'], ['due_on', '<', TODAY]] } },
      { name: 'margin', label: T('Margin', '毛利率'), period: T('Now', '当前'), value: '0.3142', kind: 'rate', before: '0.2980', before_period: T('a month ago', '上月同日'), open: null },
    ],
    charts: [
      { name: 'turnover', label: T('Orders by month', '月度订单额'), kind: 'bar', categories: months, series: [{ label: T('Orders', '订单额'), values: months.map(turnover), kind: 'amount' }], open: { entity: 'sales_order', filter: ['ordered_on', 'within', 'this_year'] } },
      { name: 'category', label: T('By product category', '按产品类别'), kind: 'pie', categories: (choices['product.category'] ?? []).map((one) => one.label), series: [{ label: T('Orders', '订单额'), values: byCategory, kind: 'amount' }], open: null },
      { name: 'best', label: T('Best customers', '重点客户'), kind: 'bar', categories: best.map((one) => one.name.slice(0, 8)), series: [{ label: T('Orders', '订单额'), values: best.map((one) => one.value), kind: 'amount' }], open: { entity: 'party', filter: ['is_customer', '=', true] } },
      { name: 'cash', label: T('Invoiced and paid', '开票与回款'), kind: 'line', categories: months, series: [{ label: T('Invoiced', '开票'), values: months.map((month) => round(sum(invoices.filter((record) => str(record['issued_on']).startsWith(month)).map((record) => str(record['total_base']))), 2)), kind: 'amount' }, { label: T('Paid', '回款'), values: months.map((month) => round(sum([...table('payment').values()].filter((record) => str(record['paid_on']).startsWith(month)).map((record) => str(record['amount_base']))), 2)), kind: 'amount' }], open: { entity: 'payment', filter: null } },
    ],
  } as unknown as Rec
}

function links(id: string): Links {
  const ids = new Set([id])
  for (let grew = true; grew;) { grew = false; for (const edge of edges) for (const [a, b] of [[edge.from, edge.to], [edge.to, edge.from]] as const) if (ids.has(a) && !ids.has(b)) { ids.add(b); grew = true } }
  const nodes = [...ids].flatMap((one): LinkNode[] => {
    const entity = entities.find((candidate) => tables.get(candidate.name)?.has(one))
    const record = entity && get(entity.name, one)
    if (!entity || !record) return []
    const day = entity.fields.find((field) => field.kind === 'date')
    return [{ entity: entity.name, id: one, label: labelOf(entity.name, one), stage: str(record['stage']), on: day ? str(record[day.name]) : null, total: str(record['total'] ?? record['amount']) || null, currency: str(record['currency']) || null }]
  })
  return { nodes, edges: edges.filter((edge) => ids.has(edge.from) && ids.has(edge.to)) }
}

// ---- data -----------------------------------------------------------------------------------------------------

function seed(): void {
  const hash = (n: number): number => { let x = (n * 2654435761) >>> 0; x ^= x >>> 15; x = Math.imul(x, 2246822519) >>> 0; return (x ^ (x >>> 13)) >>> 0 }
  for (const user of USERS) store('user', { id: user.id, name: user.name, login: user.login })
  store('company', { id: 'co_1', name: '合一样品有限公司', currency: 'CNY', address: '上海市浦东新区张江路 88 号', phone: '021-58881234', email: 'office@heyi.example', tax_number: '91310115MA1K4X7B2C', bank_name: '招商银行上海张江支行', bank_account: '1219 0845 6610 001' })
  store('company', { id: 'co_2', name: 'Heyi Trading GmbH', currency: 'EUR', address: 'Hafenstraße 12, 20457 Hamburg', phone: '+49 40 123456' })
  for (const [id, name] of [['um_1', '个 pcs'], ['um_2', '箱 box'], ['um_3', '小时 h']] as const) store('uom', { id, name })
  for (const [id, name, rate] of [['tx_1', '13% 增值税', '0.13'], ['tx_2', '6% 增值税', '0.06'], ['tx_3', '0%', '0']] as const) store('tax', { id, name, rate })
  for (const [code, name, kind] of [['1002', '银行存款 Bank', 'asset'], ['1122', '应收账款 Receivables', 'asset'], ['1405', '库存商品 Stock', 'asset'], ['2202', '应付账款 Payables', 'liability'], ['2221', '应交税费 VAT', 'liability'], ['4001', '实收资本 Capital', 'equity'], ['6001', '主营业务收入 Sales', 'income'], ['6401', '主营业务成本 Cost of sales', 'expense'], ['6602', '管理费用 Administration', 'expense']] as const) store('account', { id: `ac_${code}`, code, name, kind })
  post({ id: 'ac_4001' }, '2025-12-31', [{ account: 'ac_1002', debit: '2000000.00', credit: '0.00' }, { account: 'ac_1405', debit: '8000000.00', credit: '0.00' }, { account: 'ac_4001', debit: '0.00', credit: '10000000.00' }])
  const names = ['上海华信电子有限公司', '深圳市鹏程精密机械有限公司', '北京中科新材料股份有限公司', '杭州云帆网络科技有限公司', '广州粤海食品集团有限公司', '苏州工业园恒达模具厂', '成都天府医药连锁有限公司', '青岛海润国际贸易有限公司', 'Northwind Traders Ltd', 'Blue Wheel GmbH', 'Contoso Electronics Inc', 'Umbrella Foods PLC', '武汉光谷激光技术有限公司', '天津港保税区汇通物流', 'Globex Logistics BV', '宁波甬江五金制品有限公司']
  names.forEach((name, index) => store('party', { id: `pa_${index + 1}`, name, code: `C${String(index + 1).padStart(4, '0')}`, is_customer: index !== 13, is_supplier: index % 4 === 1 || index === 13, phone: /[a-z]/i.test(name) ? '+44 20 7946 0958' : `1${38 + (index % 9)}${String(hash(index) % 100000000).padStart(8, '0')}`.slice(0, 11), email: `contact${index + 1}@example.com`, website: index % 3 ? null : 'https://example.com', country: /[a-z]/i.test(name) ? 'Germany' : '中国', address: /[a-z]/i.test(name) ? 'Hafenstraße 12, 20457 Hamburg' : '科技园路 18 号 3 号楼', tax_number: `9131${hash(index + 5)}`.slice(0, 18), credit_limit: index % 5 ? '500000.00' : '60000.00' }))
  const goods: [string, string, string, string, string][] = [['人体工学椅 Ergonomic chair', 'CH-100', 'furniture', '899.00', '512.00'], ['升降桌 Standing desk', 'DK-200', 'furniture', '1899.00', '1180.00'], ['27 寸显示器 Monitor 27"', 'MN-027', 'electronics', '1499.00', '1105.00'], ['机械键盘 Keyboard', 'KB-087', 'electronics', '399.00', '228.00'], ['无线鼠标 Mouse', 'MS-001', 'electronics', '129.00', '61.50'], ['扩展坞 Docking station', 'DS-012', 'electronics', '699.00', '455.00'], ['龙井茶礼盒 Longjing tea', 'TE-500', 'food', '368.00', '190.00'], ['咖啡豆 Coffee beans 1 kg', 'CF-001', 'food', '128.00', '74.20'], ['上门安装 Installation', 'SV-001', 'service', '200.00', '120.00'], ['白板 Whiteboard', 'WB-120', 'furniture', '459.00', '270.00'], ['会议摄像头 Conference camera', 'CM-4K0', 'electronics', '2299.00', '1610.00'], ['耳机 Headset', 'HS-300', 'electronics', '549.00', '310.00']]
  goods.forEach(([name, code, category, price, cost], index) => store('product', { id: `pr_${index + 1}`, name, code, barcode: `69${String(4000000000 + hash(index) % 999999999).slice(0, 11)}`, category, is_sold: true, uom: category === 'service' ? 'um_3' : 'um_1', price, cost, tax: category === 'service' ? 'tx_2' : 'tx_1', on_hand: category === 'service' ? null : String(40 + (hash(index) % 400)), free: category === 'service' ? null : String(3 + (hash(index + 3) % 60)), weight_grams: 400 + (hash(index) % 9000) }))
  const COUNT = 280
  for (let n = 0; n < COUNT; n += 1) {
    const h = hash(n + 17), on = addDays('2026-01-04', Math.floor((n * 325) / COUNT))
    const customer = `pa_${[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16][h % 15]}`
    const currency = ['pa_9', 'pa_11'].includes(customer) ? 'USD' : ['pa_10', 'pa_15'].includes(customer) ? 'EUR' : 'CNY'
    const age = COUNT - n
    const stage = h % 23 === 0 ? 'cancelled' : age < 6 ? 'draft' : age < 28 ? 'confirmed' : age < 40 ? 'delivered' : 'done'
    const made = Array.from({ length: 1 + (h % 5) }, (_, index) => ({ product: `pr_${1 + (hash(n * 7 + index) % 12)}`, qty: String(1 + (hash(n + index * 3) % 24)), discount: h % 6 === 0 ? '0.05' : '0' }) as Rec)
    let quotation: Rec | null = null
    if (h % 3 === 0) {
      const record: Rec = { customer, quoted_on: addDays(on, -9), currency, salesperson: `us_${2 + (h % 4)}`, lines: structuredClone(made) as Json[], stage: 'accepted', number: numberFor('quotation') }
      complete('quotation', record, 'en')
      quotation = store('quotation', record)
    }
    const record: Rec = { customer, ordered_on: on, currency, salesperson: `us_${2 + (h % 4)}`, reference: h % 2 ? `PO-${4500000 + (h % 90000)}` : null, quotation: quotation?.['id'] ?? null, lines: made as Json[], number: numberFor('sales_order'), stage }
    complete('sales_order', record, 'en')
    const sold = store('sales_order', record)
    const id = str(sold['id'])
    if (quotation) edges.push({ from: str(quotation['id']), to: id, kind: 'sales_order' })
    note(id, { at: `${on}T02:10:00Z`, kind: 'created', by: { id: 'us_2', label: '王芳' } })
    if (stage !== 'draft') note(id, { at: `${on}T03:25:00Z`, kind: 'action', by: { id: 'us_2', label: '王芳' }, text: 'confirm', changes: [{ field: 'stage', old: 'draft', new: 'confirmed' }] })
    if (stage !== 'delivered' && stage !== 'done') continue
    const shipped = store('delivery', { ...prefill('delivery', `sales_order:${id}`), planned_on: addDays(on, 4), number: numberFor('delivery'), carrier: h % 2 ? '顺丰 SF Express' : 'DHL', stage: 'draft' })
    edges.push({ from: id, to: str(shipped['id']), kind: 'delivery' })
    act('delivery', shipped, 'ship')
    note(id, { at: `${addDays(on, 4)}T06:40:00Z`, kind: 'note', by: { id: 'us_3', label: '李伟' }, text: '客户要求上午送货。Customer wants it in the morning.' })
    sold['stage'] = stage
    if (stage !== 'done') continue
    const bill: Rec = { ...prefill('invoice', `sales_order:${id}`), issued_on: addDays(on, 5), number: numberFor('invoice'), stage: 'draft' }
    complete('invoice', bill, 'en')
    const issued = store('invoice', bill)
    edges.push({ from: id, to: str(issued['id']), kind: 'invoice' }, { from: str(shipped['id']), to: str(issued['id']), kind: 'invoice' })
    act('invoice', issued, 'post')
    if (age < 75 || h % 9 === 0) continue
    const paid: Rec = { ...prefill('payment', `invoice:${str(issued['id'])}`), paid_on: addDays(on, 20 + (h % 20)), number: numberFor('payment'), method: ['bank', 'bank', 'alipay', 'wechat'][h % 4] ?? 'bank' }
    complete('payment', paid, 'en')
    const received = store('payment', paid)
    edges.push({ from: str(issued['id']), to: str(received['id']), kind: 'payment' })
    act('payment', received, 'post')
  }
  for (let n = 0; n < 6; n += 1) {
    const record: Rec = { customer: `pa_${n + 1}`, quoted_on: addDays(TODAY, -n), currency: 'CNY', salesperson: 'us_2', lines: [{ product: `pr_${n + 1}`, qty: String(2 + n) }, { product: `pr_${n + 4}`, qty: '10' }], stage: n % 2 ? 'sent' : 'draft', number: numberFor('quotation') }
    complete('quotation', record, 'en')
    store('quotation', record)
  }
}
seed()

// ---- HTTP -----------------------------------------------------------------------------------------------------

const sessions = new Map<string, { user: string; company: string }>()
const sessionBody = (open: { user: string; company: string }): Session => {
  const user = USERS.find((one) => one.id === open.user) ?? USERS[0]
  if (!user) throw new Problems(401, 'unauthorized', 'Sign in')
  return { user: { id: user.id, name: user.name, login: user.login, language: 'zh' }, company: COMPANIES.find((one) => one.id === open.company) ?? COMPANIES[0] ?? { id: '', label: '', currency: 'CNY' }, companies: COMPANIES, roles: ['sales_rep'], today: TODAY, demo: true, administrators: ["周敏 Zhou Min"], modules: meta.modules.map((module) => module.name) }
}
const readBody = (request: IncomingMessage): Promise<string> => new Promise((resolve) => { const parts: Buffer[] = []; request.on('data', (chunk: Buffer) => parts.push(chunk)); request.on('end', () => resolve(Buffer.concat(parts).toString('utf8'))) })

function clean(entity: Entity, body: Rec, strict = true): Rec {
  for (const name of Object.keys(body)) if (name !== 'version' && !entity.fields.some((field) => field.name === name)) throw new Problems(422, 'invalid', `unknown field ${name}`, [{ code: 'unknown_field', field: name, message: `unknown field ${name}` }])
  const made: Rec = {}
  for (const field of entity.fields) {
    const value = body[field.name]
    if (value === undefined || field.computed || field.kind === 'id') continue
    if (field.readonly && strict) throw new Problems(422, 'invalid', `“${field.label.en}” cannot be set. Leave it out.`, [{ code: 'readonly_field', field: field.name, message: `“${field.label.en}” cannot be set. Leave it out.` }])
    if (field.kind === 'owned') made[field.name] = (value as Rec[]).map((line) => ({ ...(str(line['id']) ? { id: line['id'] } : {}), ...clean(entityOf(field.entity ?? ''), line, strict) })) as Json[]
    else made[field.name] = value === '' ? null : value
  }
  return made
}
// The server fills what is null like what is absent.
const forget = (record: Rec): Rec => { for (const [key, value] of Object.entries(record)) { if (value === null) delete record[key]; else if (Array.isArray(value)) for (const line of value as Rec[]) forget(line) } return record }

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://mock')
  const query = url.searchParams
  const lang = (request.headers['accept-language'] ?? '').startsWith('zh') ? 'zh' : 'en'
  const method = request.method ?? 'GET'
  const parts = url.pathname.replace(/^\/api\//, '').split('/').map(decodeURIComponent)
  const cookie = /heyi_session=(\w+)/.exec(request.headers.cookie ?? '')?.[1] ?? ''
  const send = (status: number, body: unknown, headers: Record<string, string> = {}): void => { response.writeHead(status, { 'content-type': 'application/json', ...headers }); response.end(body === undefined ? '' : JSON.stringify(body)) }
  const problem = (status: number, code: string, title: string, more: Rec = {}): void => send(status, { type: `/problems/${code}`, title, status, code, detail: title, request: `rq_${(seq += 1)}`, ...more }, { 'content-type': 'application/problem+json' })
  const body = method === 'GET' || method === 'DELETE' ? '' : await readBody(request)
  const json = (): Rec => { try { return (body ? JSON.parse(body) : {}) as Rec } catch { throw new Problems(400, 'not_understood', 'not JSON') } }
  try {
    const [first = '', second = '', third = ''] = parts
    if (first === 'session') {
      if (method === 'POST') {
        const { login, password } = json()
        const user = USERS.find((one) => one.login === login)
        if (!user || password !== 'demo') return problem(401, 'unauthorized', say('Wrong name or password.', '用户名或密码不正确。', lang))
        const key = `s${(seq += 1)}${USERS.indexOf(user)}`
        sessions.set(key, { user: user.id, company: 'co_1' })
        return send(200, sessionBody({ user: user.id, company: 'co_1' }), { 'set-cookie': `heyi_session=${key}; HttpOnly; SameSite=Lax; Path=/` })
      }
      const open = sessions.get(cookie)
      if (!open) return problem(401, 'unauthorized', say('Please sign in.', '请登录。', lang), { demo_users: USERS.map((user) => ({ login: user.login, name: user.name, role: user.role, password: 'demo' })) as unknown as Json })
      if (method === 'DELETE') { sessions.delete(cookie); return send(204, undefined, { 'set-cookie': 'heyi_session=; Max-Age=0; Path=/' }) }
      if (method === 'PATCH') { const change = json(); if (change['company']) open.company = str(change['company']) }
      return send(200, sessionBody(open))
    }
    const open = sessions.get(cookie)
    if (!open) return problem(401, 'unauthorized', say('Please sign in.', '请登录。', lang))
    if (method !== 'GET' && request.headers['x-heyi'] !== '1') return problem(403, 'forbidden', 'X-Heyi is missing')
    const key = method !== 'GET' && typeof request.headers['idempotency-key'] === 'string' ? `${method} ${url.pathname} ${request.headers['idempotency-key']}` : ''
    const before = key ? kept.get(key) : undefined
    if (before) return before.body === body ? send(before.status, before.answer) : problem(409, 'repeated', 'The same key with another body.')
    const finish = (status: number, result: unknown, headers: Record<string, string> = {}): void => { if (key) kept.set(key, { body, status, answer: result }); send(status, result, headers) }
    if (first === 'live') { response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' }); response.write(': hello\n\n'); listeners.add(response); request.on('close', () => listeners.delete(response)); return }
    if (first === 'meta') return send(200, meta)
    if (first === 'home') return send(200, home())
    if (first === 'working_days') return send(200, { calendar: null, week: [true, true, true, true, true, false, false], days: [] })
    if (first === 'report') {
      const made = report(second, query, lang)
      if (query.get('format')) { response.writeHead(200, { 'content-type': 'text/csv', 'content-disposition': `attachment; filename=${second}.csv` }); response.end((made['rows'] as Rec[]).map((row) => Object.values(row['cells'] as Rec).join(',')).join('\n')); return }
      return send(200, made)
    }
    if (first === 'search') {
      const wanted = query.get('q') ?? ''
      const hits = ['party', 'product', 'sales_order', 'quotation', 'invoice', 'delivery', 'account'].flatMap((name) => [...table(name).values()].filter((row) => matches(entityOf(name), row, wanted)).slice(0, 3).map((row) => ({ entity: name, id: row['id'], label: labelOf(name, str(row['id'])), text: str(row['code']) || (row['customer'] ? labelOf('party', str(row['customer'])) : '') })))
      return send(200, { hits: hits.slice(0, Number(query.get('limit') ?? 10)) })
    }
    const entity = entityOf(first)
    if (!second) {
      if (method === 'POST') {
        const record = forget(clean(entity, json()))
        const { problems } = complete(first, record, lang)
        if (problems.length) throw new Problems(422, 'invalid', say('Some fields need attention.', '部分字段需要处理。', lang), problems)
        if (PREFIX[first]) record['number'] = numberFor(first)
        const made = store(first, record)
        for (const field of entity.fields) if (field.kind === 'ref' && record[field.name] && entityOf(field.entity ?? 'party').kind === 'document') edges.push({ from: str(record[field.name]), to: str(made['id']), kind: first })
        note(str(made['id']), { kind: 'created', by: { id: open.user, label: labelOf('user', open.user) } })
        tell(first, made)
        return finish(201, opened(entity, made, lang), { etag: '"1"' })
      }
      const rows = select(entity, query)
      if (query.get('format')) { response.writeHead(200, { 'content-type': 'text/csv; charset=utf-8', 'content-disposition': `attachment; filename=${first}.csv` }); const fields = (query.get('fields')?.split(',') ?? entity.list); response.end([fields.join(','), ...rows.slice(0, Number(query.get('limit') ?? 1e9)).map((row) => fields.map((path) => `"${str(valueAt(entity, row, path).value).replace(/"/g, '""')}"`).join(','))].join('\n')); return }
      if (query.get('group')) return send(200, grouped(entity, rows, query))
      const start = Number(query.get('cursor') ?? 0), limit = Number(query.get('limit') ?? 80)
      const far = (query.get('fields') ?? '').split(',').filter((path) => path.includes('.'))
      const page = rows.slice(start, start + limit).map((row) => ({ ...out(entity, row, false), ...Object.fromEntries(far.map((path) => { const { value, field } = valueAt(entity, row, path); return [path, field?.kind === 'ref' ? { id: str(value), label: labelOf(field.entity ?? '', str(value)) } : (value ?? null)] })) }))
      return send(200, { rows: page, next: start + limit < rows.length ? String(start + limit) : null, ...(query.get('count') ? { count: rows.length } : {}) })
    }
    if (second === 'new') { const record = prefill(first, query.get('from') ?? ''); complete(first, record, lang); return send(200, { record: { ...out(entity, record), id: null, version: null } }) }
    if (second === 'preview') {
      const sent = json()
      const old = str(sent['id']) ? get(first, sent['id']) : undefined
      const record = { ...(old ? structuredClone(old) : {}), ...forget(clean(entity, sent, false)) }
      const found = complete(first, record, lang)
      return send(200, { record: out(entity, record), ...found })
    }
    if (second === 'batch') {
      const { rows } = json() as unknown as { rows: Rec[] }
      const results = rows.map((row) => {
        const record = get(first, row['id'])
        if (!record) return { status: 404 }
        const op = str(row['op'])
        const because = op === 'delete' ? (record['stage'] && record['stage'] !== 'draft' ? say('Only drafts can be deleted.', '仅草稿可以删除。', lang) : null) : ready(first, record, op, lang)
        if (because) return { status: 422, problems: [{ code: 'not_now', message: because }] }
        if (op === 'delete') table(first).delete(str(record['id']))
        else { act(first, record, op); record['version'] = Number(record['version']) + 1 }
        tell(first, record)
        return { status: 200, id: record['id'] }
      })
      return finish(200, { results })
    }
    if (second === 'import') {
      const rows = body.split(/\r?\n/).filter(Boolean).length - 1
      const failed = rows > 2 ? [{ row: 2, line: 4, problems: [{ code: 'required', field: entity.fields[1]?.name, message: say('The name is missing.', '缺少名称。', lang) }] }] : []
      return send(200, { rows, created: rows - failed.length, changed: 0, failed })
    }
    const record = table(first).get(second)
    if (!record) return problem(404, 'not_found', say('There is no such record, or it is not yours.', '记录不存在或不属于您。', lang))
    if (third === 'timeline') return send(200, { items: timelines.get(second) ?? [] })
    if (third === 'links') return send(200, links(second))
    if (third === 'books') {
      const own = postings.filter((one) => one.doc === second)
      return send(200, { entries: own.map((one) => ({ id: one.id, number: one.number, posted_on: one.posted_on, journal: 'general', lines: one.lines.map((line) => ({ account: { id: line.account, label: labelOf('account', line.account) }, debit: line.debit, credit: line.credit, party: line.party ? { id: line.party, label: labelOf('party', line.party) } : null })) })), moves: own.flatMap((one) => one.moves.map((move, at) => ({ id: `${one.id}m${at}`, moved_on: one.posted_on, product: { id: move.product, label: labelOf('product', move.product) }, qty: move.qty, from: { id: 'pl_1', label: move.from }, to: { id: 'pl_2', label: move.to }, value: move.value }))), document: null })
    }
    if (third === 'note') { note(second, { at: new Date().toISOString(), kind: 'note', by: { id: open.user, label: labelOf('user', open.user) }, text: str(json()['text']) }); return finish(200, {}) }
    if (method === 'GET') return send(200, opened(entity, record, lang), { etag: `"${str(record['version'])}"` })
    if (method === 'DELETE') { table(first).delete(second); tell(first, record); return send(204, undefined) }
    const sent = json()
    if (sent['version'] !== undefined && sent['version'] !== record['version']) return problem(412, 'stale', say('Someone else has changed this record.', '记录已被他人修改。', lang), { current: opened(entity, record, lang).record as Json })
    if (method === 'PATCH') {
      const next = { ...structuredClone(record), ...clean(entity, sent) }
      const { problems } = complete(first, next, lang)
      if (problems.length) throw new Problems(422, 'invalid', say('Some fields need attention.', '部分字段需要处理。', lang), problems)
      const changes = entity.fields.filter((field) => JSON.stringify(record[field.name] ?? null) !== JSON.stringify(next[field.name] ?? null) && !field.computed).map((field) => ({ field: field.name, old: (field.kind === 'owned' ? null : out(entity, record)[field.name]) ?? null, new: (field.kind === 'owned' ? null : out(entity, next)[field.name]) ?? null }))
      next['version'] = Number(record['version']) + 1
      const made = store(first, next)
      note(second, { at: new Date().toISOString(), kind: 'changed', by: { id: open.user, label: labelOf('user', open.user) }, changes })
      tell(first, made)
      return finish(200, opened(entity, made, lang))
    }
    const because = ready(first, record, third, lang)
    if (because) return problem(409, 'not_now', because)
    const made = act(first, record, third)
    record['version'] = Number(record['version']) + 1
    note(second, { at: new Date().toISOString(), kind: 'action', by: { id: open.user, label: labelOf('user', open.user) }, text: third })
    tell(first, record)
    return finish(200, { ...opened(entity, record, lang), posted: { entries: [], moves: [], created: made.map((one) => ({ entity: one.entity, id: one.record['id'], label: labelOf(one.entity, str(one.record['id'])) })) } })
  } catch (error) {
    if (error instanceof Problems) return problem(error.status, error.code, error.message, { problems: error.problems as unknown as Json, ...error.more })
    return problem(500, 'fault', error instanceof Error ? `${error.message}` : 'fault')
  }
}

export function mockServer(): Plugin {
  const serve = (server: { middlewares: { use: (path: string, handler: (request: IncomingMessage, response: ServerResponse) => void) => unknown } }): void => {
    server.middlewares.use('/api', (request, response) => {
      request.url = `/api${request.url ?? ''}`
      void answer(request, response)
    })
  }
  return { name: 'heyi-mock', configureServer: serve, configurePreviewServer: serve }
}
