import { describe, expect, test } from 'vitest'
import type { Action, Entity, Field, Group, Rec } from '@/api/types.ts'
import { initials } from '@/lib/initials.ts'
import { Meta } from '@/meta/meta.ts'
import { readQuery, writeQuery } from '@/meta/query.ts'
import { daysUnchanged, faceOf } from '@/views/board/card.ts'
import { adjusted, aggregateCodes, aggregateValue, columnsOf, conditionOf, foldedOf, isTerminal, merged, placeText, readAggregate, readPlace, type BoardColumn } from '@/views/board/columns.ts'
import { boardField, boardFields, rowField } from '@/views/board/fields.ts'
import { quickOf, recordOf, wireOf } from '@/views/board/quick.ts'
import { byState, duesOf, stateOf } from '@/views/board/useNext.ts'
import { keptOf } from '@/views/board/usePrefs.ts'
import { mayTurn, nextColumn, wayBack, wayBetween } from '@/views/board/ways.ts'

const say = (text: string) => ({ en: text, zh: text })
const field = (name: string, kind: Field['kind'], more: Partial<Field> = {}): Field => ({ name, kind, label: say(name), ...more })
const action = (name: string, more: Partial<Action> = {}): Action => ({ name, label: say(name), args: [], danger: false, primary: false, ...more }) as Action
const entity = (name: string, fields: Field[], more: Partial<Entity> = {}): Entity => ({
  name, prefix: 'xx', module: 'm', kind: 'document', label: say(name), plural: say(name), title: ['number'], can: { see: true, add: true, edit: true, remove: true, import: true, export: true },
  list: [], default_sort: [], sections: [], actions: [], fields, ...more,
}) as Entity

const stage = field('stage', 'choice', { choice: 'offer.stage', readonly: true, required: true, group: true })
const owner = field('owner', 'ref', { entity: 'user', group: true })
const total = field('total', 'amount', { computed: true, required: true, currency: 'company.currency' })
const offer = entity('offer', [field('number', 'text', { readonly: true }), field('customer', 'ref', { entity: 'party', required: true }), field('currency', 'currency', { required: true }), field('lines', 'owned', { entity: 'offer_line' }), total, owner, field('kind', 'choice', { choice: 'offer.kind', required: true }), stage], {
  stage_field: 'stage', list: ['number', 'customer', 'total', 'stage'],
  actions: [action('send'), action('win', { primary: true }), action('lose', { args: [field('reason', 'text', { required: true })] }), action('cancel', { danger: true }), action('reopen')],
  transitions: [['draft', 'send', 'sent'], ['sent', 'reopen', 'draft'], ['draft', 'win', 'won'], ['sent', 'win', 'won'], ['sent', 'lose', 'lost'], ['lost', 'reopen', 'draft'], ['draft', 'cancel', 'off'], ['draft', 'forbidden', 'off']],
})
const line = entity('offer_line', [field('product', 'ref', { entity: 'product', required: true }), field('qty', 'qty', { required: true }), field('net', 'amount', { computed: true, required: true })], { kind: 'owned' })
const choice = (code: string, tone: 'neutral' | 'info' | 'good' | 'warn' | 'bad') => ({ code, label: say(code), tone })
const meta = new Meta({ entities: { offer, offer_line: line }, choices: { 'offer.stage': [choice('draft', 'neutral'), choice('sent', 'info'), choice('won', 'good'), choice('lost', 'warn'), choice('off', 'bad')], 'offer.kind': [choice('a', 'neutral')] }, reports: {}, modules: [] }, 'en')
const group = (key: Group['key'][number], count: number, sum?: string): Group => ({ key: [key], count, ...(sum ? { sum: { total: sum } } : {}) })
const keys = ['draft', 'sent', 'won', 'lost', 'off']

describe('columns', () => {
  test('the stage comes first, and another field can be asked for', () => {
    expect(boardFields(offer).map((one) => one.name)).toEqual(['stage', 'owner', 'kind'])
    expect(boardField(offer)?.name).toBe('stage')
    expect(boardField(offer, 'owner')?.name).toBe('owner')
    expect(boardField(offer, 'nonsense')?.name).toBe('stage')
    const plain = { ...offer, fields: offer.fields.map((one) => (one.name === 'owner' ? one : { ...one, group: false })) }
    expect(boardFields({ ...plain, stage_field: null }).map((one) => one.name)).toEqual(['owner', 'kind', 'stage'])
    expect(boardFields({ ...offer, kind: 'ledger' }).map((one) => one.name)).toEqual(['stage', 'kind'])
    expect(readQuery({ look: 'board', by: 'owner' }).by).toBe('owner')
    expect(writeQuery(readQuery({ look: 'board', by: 'owner' }))['by']).toBe('owner')
  })
  test('each choice is one, also where nothing stands; no value is one where there may be none', () => {
    const made = columnsOf(meta, stage, [group('sent', 3, '30.00')], 'None')
    expect(made.map(({ key, count }) => [key, count])).toEqual([['draft', 0], ['sent', 3], ['won', 0], ['lost', 0], ['off', 0]])
    expect(made[1]?.sum).toEqual({ total: '30.00' })
    expect(columnsOf(meta, owner, [group({ id: 'u2', label: 'Wu' }, 1), group({ id: 'u1', label: 'Li' }, 5), group(null, 2)], 'None').map(({ key, label, count }) => [key, label, count])).toEqual([['u1', 'Li', 5], ['u2', 'Wu', 1], ['', 'None', 2]])
    expect(conditionOf(owner, '')).toEqual(['owner', 'empty'])
    expect(conditionOf(owner, 'u1')).toEqual(['owner', '=', 'u1'])
  })
  test('of very many only the largest are shown', () => {
    const many = Array.from({ length: 40 }, (_, at) => group({ id: `u${at}`, label: `N${at}` }, at + 1))
    const made = columnsOf(meta, { ...owner, required: true }, many, 'None')
    expect(made).toHaveLength(20)
    expect(Math.min(...made.map(({ count }) => count))).toBe(21)
  })
  test('an end is where no way leads on', () => {
    const ends = keys.filter((key) => isTerminal(offer, stage, keys, key, 'neutral'))
    expect(ends).toEqual(['won', 'lost', 'off'])
    expect(isTerminal(offer, owner, [], 'u1', 'good')).toBe(false)
    expect(isTerminal({ ...offer, transitions: [] }, stage, keys, 'won', 'good')).toBe(true)
    expect(isTerminal({ ...offer, transitions: [] }, stage, keys, 'sent', 'info')).toBe(false)
  })
  const column = (key: string, count: number, tone: BoardColumn['tone'] = 'neutral'): BoardColumn => ({ key, label: key, tone, count, sum: {} })
  test('empty ones and ends are folded, unless a person or this visit has them open', () => {
    const board = [column('draft', 0), column('sent', 3), column('won', 9, 'good')]
    const ends = new Set(['won'])
    expect([...foldedOf(board, ends, {}, new Set())]).toEqual(['draft', 'won'])
    expect([...foldedOf(board, ends, { won: false, sent: true }, new Set())]).toEqual(['draft', 'sent'])
    expect([...foldedOf(board, ends, {}, new Set(['draft']))]).toEqual(['won'])
  })
  test('a board never opens with nothing to see', () => {
    const ends = new Set(['won', 'off'])
    expect([...foldedOf([column('draft', 0), column('won', 9, 'good'), column('off', 2, 'bad')], ends, {}, new Set())]).toEqual(['draft', 'off'])
    expect([...foldedOf([column('draft', 0), column('off', 2, 'bad')], ends, {}, new Set())]).toEqual(['draft'])
  })
})

describe('what stands in the head', () => {
  const measures = [total, field('qty', 'qty')]
  test('a sum, an average where each record has the value, or the count alone', () => {
    expect(aggregateCodes(measures)).toEqual(['#', 'total', 'avg.total', 'qty'])
    expect(readAggregate('', measures)).toEqual({ how: 'sum', field: total })
    expect(readAggregate('', [])).toEqual({ how: 'count' })
    expect(readAggregate('#', measures)).toEqual({ how: 'count' })
    expect(readAggregate('avg.total', measures)).toEqual({ how: 'average', field: total })
    expect(readAggregate('avg.gone', measures)).toEqual({ how: 'count' })
    expect(aggregateValue(readAggregate('total', measures), { count: 3, sum: { total: '10.00' } })).toBe('10.00')
    expect(aggregateValue(readAggregate('avg.total', measures), { count: 3, sum: { total: '10.00' } })).toBe('3.333333')
    expect(aggregateValue(readAggregate('avg.total', measures), { count: 0, sum: {} })).toBe('0')
    expect(aggregateValue({ how: 'count' }, { count: 3, sum: {} })).toBeNull()
  })
  test('a card that came or went is counted at once, to the cent', () => {
    const column: BoardColumn = { key: 'sent', label: 'sent', tone: 'info', count: 2, sum: { total: '0.30' } }
    expect(adjusted(column, [{ total: '0.10' }, { total: '0.20' }], [{ total: '-0.05' }], [total])).toEqual({ ...column, count: 3, sum: { total: '0.65' } })
    expect(adjusted({ ...column, sum: {} }, [{ total: '5.00' }], [], [total]).sum).toEqual({ total: '5.00' })
    expect(adjusted(column, [], [], [total])).toBe(column)
  })
})

describe('ways', () => {
  test('a stage changes by the action that leads there, and only by one that is allowed', () => {
    expect(wayBetween(offer, stage, 'draft', 'sent')).toEqual({ by: 'action', actions: [offer.actions[0]] })
    expect(wayBetween(offer, stage, 'draft', 'lost')).toBeNull()
    expect(wayBetween(offer, stage, 'sent', 'sent')).toBeNull()
    const way = wayBetween(offer, stage, 'draft', 'off')
    expect(way?.by === 'action' && way.actions.map((one) => one.name)).toEqual(['cancel'])
  })
  test('any other field is changed, where it may be', () => {
    expect(wayBetween(offer, owner, 'u1', '')).toEqual({ by: 'change' })
    expect(wayBetween(offer, { ...owner, required: true }, 'u1', '')).toBeNull()
    expect(wayBetween(offer, { ...owner, readonly: true }, 'u1', 'u2')).toBeNull()
    expect(wayBetween({ ...offer, can: { ...offer.can, edit: false } }, owner, 'u1', 'u2')).toBeNull()
  })
  test('back goes what needs no question', () => {
    expect(wayBack(offer, stage, 'draft', 'sent')?.action?.name).toBe('reopen')
    expect(wayBack(offer, stage, 'draft', 'won')).toBeNull()
    expect(wayBack(offer, owner, 'u1', 'u2')).toEqual({ action: null })
    const risky = { ...offer, actions: offer.actions.map((one) => (one.name === 'reopen' ? { ...one, danger: true } : one)) }
    expect(wayBack(risky, stage, 'draft', 'sent')).toBeNull()
  })
  test('the keyboard takes the nearest column that takes the card', () => {
    expect(nextColumn(offer, stage, keys, 'draft', 1)).toBe('sent')
    expect(nextColumn(offer, stage, keys, 'lost', -1)).toBe('draft')
    expect(nextColumn(offer, stage, keys, 'won', 1)).toBeNull()
    expect(nextColumn(offer, stage, keys, 'draft', -1)).toBeNull()
    expect(nextColumn(offer, stage, ['draft', 'won'], 'draft', 1)).toBe('won')
  })
})

describe('cards', () => {
  const column = (name: string) => ({ path: name, field: offer.fields.find((one) => one.name === name) ?? stage, label: name, width: 1, own: false })
  test('a card says what, how much, for whom and whose', () => {
    const face = faceOf(offer, ['number', 'customer', 'total', 'kind', 'stage'].map(column), stage)
    expect([face.money?.path, face.whom?.path, face.owner?.name, face.facts.map(({ path }) => path)]).toEqual(['total', 'customer', 'owner', ['kind']])
    expect(initials('陈静 Chen Jing')).toBe('陈静')
    expect(initials('Anna Maria Berg')).toBe('AM')
  })
  test('days without a change are counted by the business day', () => {
    expect(daysUnchanged({ changed_at: '2026-11-12T23:59:00Z' }, '2026-11-26')).toBe(14)
    expect(daysUnchanged({ changed_at: '2026-11-27T01:00:00Z' }, '2026-11-26')).toBe(0)
    expect(daysUnchanged({}, '2026-11-26')).toBeNull()
  })
  test('each card is of one state', () => {
    const next = (due_state: string) => ({ id: 'av', activity_type: { id: 'at', label: 'Call' }, summary: '', due_on: '2026-11-26', due_state })
    expect(stateOf(null)).toBe('none')
    expect(byState(['a', 'b', 'c', 'd'], { a: next('overdue'), b: null, c: next('planned') })).toEqual({ planned: ['c'], today: [], overdue: ['a'], none: ['b', 'd'] })
  })

  test('an activity is itself what is to be done, as long as it is open', () => {
    const row = (id: string, due_state: string): Rec => ({ id, due_state, due_on: '2026-11-26', activity_type: { id: 'at', label: 'Call' }, summary: `do ${id}` })
    const next = duesOf([row('a', 'overdue'), row('b', 'done'), row('c', 'today'), row('d', 'planned')])
    expect(byState(Object.keys(next), next)).toEqual({ planned: ['d'], today: ['c'], overdue: ['a'], none: [] })
    expect(next['a']).toMatchObject({ summary: 'do a', due_on: '2026-11-26' })
  })
})

describe('a new card', () => {
  const blank: Rec = { stage: 'draft', kind: 'a' }
  test('asks for what it cannot be without, with a first line for what is worth its lines', () => {
    const quick = quickOf(meta, offer, stage, blank, [{ code: 'no_customer', field: 'customer', message: '' }] as never)
    expect(quick.fields.map((one) => one.name)).toEqual(['customer'])
    expect(quick.line?.fields.map((one) => one.name)).toEqual(['product', 'qty'])
    const record = recordOf(quick, { customer: { id: 'pa_1', label: 'Blue' } }, { product: { id: 'pr_1', label: 'Mug' }, qty: '2' }, stage, 'draft', false)
    expect(wireOf(record)).toEqual({ customer: 'pa_1', lines: [{ product: 'pr_1', qty: '2' }] })
    expect(recordOf(quick, {}, { qty: '1' }, owner, 'u1', true)).toEqual({ owner: 'u1' })
  })
  test('a master is asked for its name first; what the column says is not asked', () => {
    const party = entity('party', [field('code', 'text', { required: true }), field('name', 'text', { required: true }), field('is_customer', 'bool'), field('phone', 'phone'), owner], { kind: 'master', title: ['name'], list: ['code', 'name', 'owner', 'phone'] })
    expect(quickOf(meta, party, owner, {}, [{ code: 'no_role', field: 'is_customer', message: '' }] as never).fields.map((one) => one.name)).toEqual(['name', 'is_customer', 'code'])
    expect(quickOf(meta, party, owner, { code: 'K1' }, []).fields.map((one) => one.name)).toEqual(['name', 'phone'])
  })
})

describe('rows', () => {
  test('another field than that of the columns makes them', () => {
    expect(rowField(offer, stage, ['owner'])?.name).toBe('owner')
    expect(rowField(offer, stage, ['stage'])).toBeNull()
    expect(rowField(offer, stage, ['ordered_on:month'])).toBeNull()
    expect(rowField(offer, stage, [])).toBeNull()
  })
  test('groups by two keys add up to those of each', () => {
    const li = { id: 'u1', label: 'Li' }
    const both: Group[] = [{ key: ['draft', li], count: 2, sum: { total: '10.10' } }, { key: ['sent', li], count: 1, sum: { total: '5.00' } }, { key: ['draft', null], count: 4, sum: { total: '0.90' } }]
    expect(merged(both, 0)).toEqual([{ key: ['draft'], count: 6, sum: { total: '11.00' } }, { key: ['sent'], count: 1, sum: { total: '5.00' } }])
    expect(merged(both, 1)).toEqual([{ key: [li], count: 3, sum: { total: '15.10' } }, { key: [null], count: 4, sum: { total: '0.90' } }])
    expect(both[0]?.count).toBe(2)
  })
  test('a place is told as text and read again, with rows and without', () => {
    for (const place of [{ column: 'draft', row: null }, { column: 'draft', row: 'us_1' }, { column: '', row: '' }, { column: '', row: 'us_1' }]) expect(readPlace(placeText(place))).toEqual(place)
  })
  test('a row is entered by a change, never where an action would be wanted or nothing may stand', () => {
    expect(mayTurn(offer, owner, 'u1')).toBe(true)
    expect(mayTurn(offer, owner, '')).toBe(true)
    expect(mayTurn(offer, { ...owner, required: true }, '')).toBe(false)
    expect(mayTurn(offer, stage, 'sent')).toBe(false)
    expect(mayTurn({ ...offer, can: { ...offer.can, edit: false } }, owner, 'u1')).toBe(false)
  })
  test('what is kept of a board is read with care', () => {
    expect(keptOf({ folds: { a: true, b: 1 }, hidden: ['x'], colours: { a: 'good' }, sorts: [], limits: { a: 3, b: -1, c: 1.5 } })).toEqual({ folds: { a: true }, rows: {}, hidden: ['x'], colours: { a: 'good' }, sorts: {}, limits: { a: 3 } })
    expect(keptOf(null).hidden).toEqual([])
  })
})
