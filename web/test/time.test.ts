import { describe, expect, test } from 'vitest'
import type { Entity, Field, MetaData, Rec } from '@/api/types.ts'
import { Meta, type Scene } from '@/meta/meta.ts'
import { addMonths, daysBetween, daysOf, formatDays, formatMonths, isoWeek, mondayOf, spanDays, stepSpan } from '@/lib/spans.ts'
import { askedFields, bounds, canMove, dayOf, onDay, timeOf, touching, usualDate, usualEnd } from '@/views/calendar/fields.ts'
import { barsOf, blocksOf, isLong, pairedEnd, reach, shifted, stayOf, type Stay } from '@/views/calendar/stays.ts'
import { arrowPath, barOf, canvasDays, DAY_PX, dependencies, groupLanes, stack, ticks, type Bar } from '@/views/timeline/layout.ts'
import { bySort } from '@/views/timeline/order.ts'
import { looksLike } from '@/views/list/Views.tsx'

const field = (name: string, more: Partial<Field> = {}): Field => ({ name, kind: 'date', label: { en: name, zh: name }, ...more })
const can = { see: true, add: true, edit: true, remove: true, import: true, export: true }
const entity = (fields: Field[], more: Partial<Entity> = {}): Entity => ({ name: 'thing', prefix: 'th', module: 'm', kind: 'document', label: { en: '', zh: '' }, plural: { en: '', zh: '' }, title: ['number'], can, list: [], default_sort: [], sections: [], actions: [], fields, stage_field: null, parent: null, ...more }) as unknown as Entity

describe('weeks and months', () => {
  test('the first week of a year has its first Thursday', () => {
    const weeks: [string, number][] = [['2026-01-01', 1], ['2025-12-29', 1], ['2025-12-28', 52], ['2027-01-01', 53], ['2026-12-31', 53], ['2027-01-04', 1], ['2024-12-30', 1], ['2026-11-26', 48]]
    for (const [day, week] of weeks) expect([day, isoWeek(day)]).toEqual([day, week])
  })
  test('every day is in a week of seven that starts on Monday, with one number', () => {
    for (const day of daysOf('2023-12-01', '2028-03-31')) {
      const [from, to] = spanDays('week', day)
      expect(from <= day && day <= to && daysBetween(from, to) === 6 && mondayOf(from) === from).toBe(true)
      expect(isoWeek(from)).toBe(isoWeek(to))
    }
  })
  test('a month fills whole weeks, no more than it needs', () => {
    expect(spanDays('month', '2026-11-26')).toEqual(['2026-10-26', '2026-12-06'])
    expect(spanDays('month', '2027-02-14')).toEqual(['2027-02-01', '2027-02-28'])
  })
  test('a month on and a month back keep the day where both have it', () => {
    expect(addMonths('2027-01-31', 1)).toBe('2027-02-28')
    expect(addMonths('2028-01-31', 1)).toBe('2028-02-29')
    expect(addMonths('2026-01-15', -1)).toBe('2025-12-15')
    expect(addMonths('2026-11-30', 14)).toBe('2028-01-30')
    for (const day of daysOf('2026-01-01', '2026-12-28').filter((one) => Number(one.slice(8)) <= 28)) expect(addMonths(addMonths(day, 5), -5)).toBe(day)
  })
  test('one step is what one sees', () => {
    expect([stepSpan('month', '2026-11-26', 1), stepSpan('week', '2026-11-26', -1), stepSpan('day', '2026-11-30', 1)]).toEqual(['2026-12-26', '2026-11-19', '2026-12-01'])
  })
  test('days are said once where they are the same', () => {
    expect(formatDays('2026-11-23', '2026-11-29', 'en-GB').replace(/\s/g, ' ')).toMatch(/^23 ?– ?29 Nov 2026$/)
    expect(formatDays('2026-11-23', '2026-11-29', 'zh-CN')).toBe('2026年11月23日–29日')
    expect(formatDays('2026-12-29', '2027-01-04', 'zh-CN')).toBe('2026年12月29日–2027年1月4日')
    expect(formatMonths('2026-11-03', '2027-01-04', 'zh-CN')).toBe('2026年11月–2027年1月')
    expect(formatMonths('2026-11-03', '2026-11-28', 'zh-CN')).toBe('2026年11月')
  })
})

describe('the days of a record', () => {
  const ordered = field('ordered_on')
  const wanted = field('wanted_on')
  const done = field('done_on', { readonly: true })
  const moment = field('ends_at', { kind: 'instant' })
  test('the calendar takes the first date of the list', () => {
    expect(usualDate(entity([ordered, wanted], { list: ['number', 'wanted_on', 'ordered_on'] }))?.name).toBe('wanted_on')
    expect(usualDate(entity([moment, ordered]))?.name).toBe('ends_at')
    expect(usualDate(entity([field('x', { kind: 'text' }), field('hidden_on', { hidden: true })]))).toBeUndefined()
  })
  test('a bar ends on the next date people set; one only the server sets is no end of a plan', () => {
    expect(usualEnd(entity([ordered, done, wanted]), ordered)?.name).toBe('wanted_on')
    expect(usualEnd(entity([ordered, done]), ordered)).toBeUndefined()
    expect(usualEnd(entity([ordered, moment]), ordered)).toBeUndefined()
  })
  test('what the server sets, or the person may not edit, stays where it is', () => {
    expect(canMove(entity([done]), done)).toBe(false)
    expect(canMove(entity([ordered], { kind: 'ledger' }), ordered)).toBe(false)
    expect(canMove(entity([ordered], { can: { ...can, edit: false } }), ordered)).toBe(false)
    expect(canMove(entity([ordered]), ordered)).toBe(true)
  })
  test('a moment keeps its time on another day, and its day is that of the reader', () => {
    const at = new Date(2026, 10, 3, 22, 15).toISOString()
    expect(dayOf(at, moment)).toBe('2026-11-03')
    const moved = onDay(at, moment, '2026-12-31')
    expect([dayOf(moved, moment), timeOf(moved, moment)]).toEqual(['2026-12-31', '22:15'])
    expect(onDay('2026-11-03', ordered, '2026-11-04')).toBe('2026-11-04')
    const [first, last] = bounds(moment, '2026-11-03', '2026-11-03')
    expect([dayOf(first, moment), dayOf(last, moment), timeOf(first, moment), timeOf(last, moment)]).toEqual(['2026-11-03', '2026-11-03', '00:00', '23:59'])
  })
  test('columns of other entities are asked for by name, with all of one\'s own', () => {
    const thing = entity([ordered, field('lines', { kind: 'owned' }), field('secret', { hidden: true })])
    expect(askedFields(thing, [{ path: 'ordered_on' }])).toEqual({})
    expect(askedFields(thing, [{ path: 'customer.phone' }])).toEqual({ fields: 'id,version,ordered_on,customer.phone' })
  })
  test('what touches a span began before its end and did not end before its start', () => {
    expect(touching(ordered, undefined, 'a', 'b')).toEqual(['ordered_on', 'between', ['a', 'b']])
    expect(touching(ordered, wanted, 'a', 'b')).toEqual(['and', ['ordered_on', '<=', 'b'], ['or', ['wanted_on', '>=', 'a'], ['ordered_on', '>=', 'a']]])
  })
  test('the day one looks at does not change a saved view, all else does', () => {
    const kept = { params: { look: 'calendar', span: 'week' }, columns: [], widths: {}, totals: {} }
    expect(looksLike(kept, { look: 'calendar', span: 'week', at: '2027-01-01' }, NONE)).toBe(true)
    expect(looksLike(kept, { look: 'calendar', span: 'day' }, NONE)).toBe(false)
    expect(looksLike(kept, { look: 'calendar', span: 'week', date: 'wanted_on' }, NONE)).toBe(false)
  })
})

const NONE = { paths: [], widths: {}, totals: {} }

describe('stays in a calendar', () => {
  const starts = field('starts_at', { kind: 'instant' })
  const ends = field('ends_at', { kind: 'instant' })
  const from = field('valid_from')
  const until = field('valid_until')
  const thing = entity([starts, ends, from, until])
  const free = reach(thing, starts, ends)
  const at = (day: number, hour: number, minute = 0): string => new Date(2026, 10, day, hour, minute).toISOString().replace('.000Z', 'Z')
  const row = (id: string, begin: string, end: string | null): Rec => ({ id, starts_at: begin, ends_at: end })
  const stay = (id: string, begin: string, end: string | null): Stay => stayOf(row(id, begin, end), starts, ends) as Stay
  test('an end belongs to a start by its name; other days are points of its story', () => {
    expect(pairedEnd(thing.fields, starts)?.name).toBe('ends_at')
    expect(pairedEnd(thing.fields, from)?.name).toBe('valid_until')
    expect(pairedEnd([field('from'), field('to')], field('from'))?.name).toBe('to')
    expect(pairedEnd([field('started_at', { kind: 'instant' }), field('finished_at', { kind: 'instant' })], field('started_at', { kind: 'instant' }))?.name).toBe('finished_at')
    const ordered = field('ordered_on')
    expect(pairedEnd([ordered, field('wanted_on'), until], ordered)).toBeUndefined()
  })
  test('midnight is the end of the day before; what lasts a day and longer stands above the hours', () => {
    expect(stay('a', at(3, 22), at(4, 0))).toMatchObject({ from: '2026-11-03', to: '2026-11-03', begins: 1320, ends: 1440 })
    expect(isLong(stay('a', at(3, 22), at(4, 2)))).toBe(false)
    expect(isLong(stay('a', at(3, 22), at(4, 22)))).toBe(true)
    expect(isLong(stayOf({ id: 'a', valid_from: '2026-11-03', valid_until: null }, from, until) as Stay)).toBe(true)
    expect(stay('a', at(3, 9), null)).toMatchObject({ begins: 540, ends: 570 })
    expect(stay('a', at(5, 9), at(3, 9))).toMatchObject({ from: '2026-11-03', to: '2026-11-05', begins: null })
  })
  test('moved by minutes it keeps its length; an end stays a quarter of an hour from the other', () => {
    const one = row('a', at(3, 9), at(3, 10))
    expect(shifted(one, starts, ends, 'both', 1, free, 45)).toEqual({ starts_at: at(4, 9, 45), ends_at: at(4, 10, 45) })
    expect(shifted(one, starts, ends, 'end', 0, free, 30)).toEqual({ ends_at: at(3, 10, 30) })
    expect(shifted(one, starts, ends, 'end', 0, free, -300)).toEqual({ ends_at: at(3, 9, 15) })
    expect(shifted(one, starts, ends, 'start', 0, free, 300)).toEqual({ starts_at: at(3, 9, 45) })
    expect(shifted(row('a', at(3, 9), null), starts, ends, 'end', 0, free, 30)).toEqual({ ends_at: at(3, 10) })
  })
  test('bars of a week: no two of a line touch the same day, and none hangs lower than it must', () => {
    const week = daysOf('2026-11-02', '2026-11-08')
    const long = Array.from({ length: 24 }, (_, index): Stay => ({ id: `s${index}`, row: {}, from: `2026-11-${String((index * 5) % 9 + 1).padStart(2, '0')}`, to: `2026-11-${String((index * 5) % 9 + 1 + index % 4).padStart(2, '0')}`, begins: null, ends: null }))
    const bars = barsOf(long, week)
    expect(bars.length).toBe(long.filter((one) => one.to >= '2026-11-02' && one.from <= '2026-11-08').length)
    for (const one of bars) for (const other of bars) if (one !== other && one.lane === other.lane) expect(one.to < other.from || other.to < one.from).toBe(true)
    const busiest = Math.max(...week.map((_, day) => bars.filter((one) => one.from <= day && one.to >= day).length))
    expect(Math.max(...bars.map((one) => one.lane)) + 1).toBe(busiest)
    expect(barsOf([{ id: 'x', row: {}, from: '2026-10-30', to: '2026-11-20', begins: null, ends: null }], week)[0]).toMatchObject({ from: 0, to: 6, before: true, after: true })
  })
  test('what meets at the same time stands side by side, what follows has the whole width', () => {
    const day = '2026-11-03'
    const blocks = blocksOf([stay('a', at(3, 9), at(3, 11)), stay('b', at(3, 10), at(3, 12)), stay('c', at(3, 11), at(3, 12)), stay('d', at(3, 13), at(3, 14)), stay('e', at(3, 23), at(4, 1))], day)
    expect(blocks.map(({ stay: one, column, of }) => `${one.id}${column}/${of}`)).toEqual(['a0/2', 'b1/2', 'c0/2', 'd0/1', 'e0/1'])
    expect(blocksOf([stay('e', at(3, 23), at(4, 1))], '2026-11-04')[0]).toMatchObject({ begins: 0, ends: 60, before: true, after: false })
  })
})

describe('bars', () => {
  const start = field('from_on')
  const end = field('to_on')
  const thing = entity([start, end, field('follows', { kind: 'ref', entity: 'thing' })])
  const free = reach(thing, start, end)
  const row = (id: string, from: string | null, to: string | null, more: Rec = {}): Rec => ({ id, from_on: from, to_on: to, ...more })
  const bar = (id: string, from: string, to: string): Bar => ({ id, row: row(id, from, to), from, to, point: false })
  test('both days make a bar, one a point, none nothing', () => {
    expect(barOf(row('a', '2026-11-03', '2026-11-05'), start, end)).toMatchObject({ from: '2026-11-03', to: '2026-11-05', point: false })
    expect(barOf(row('a', '2026-11-03', null), start, end)).toMatchObject({ to: '2026-11-03', point: true })
    expect(barOf(row('a', null, '2026-11-05'), start, end)).toBeNull()
    expect(barOf(row('a', '2026-11-05', '2026-11-03'), start, end)).toMatchObject({ from: '2026-11-03', to: '2026-11-05' })
  })
  test('a bar moves as a whole and keeps its length', () => {
    const one = row('a', '2026-11-03', '2026-11-05')
    expect(shifted(one, start, end, 'both', 30, free)).toEqual({ from_on: '2026-12-03', to_on: '2026-12-05' })
    expect(shifted(one, start, end, 'both', -3, { ...free, end: false })).toEqual({ from_on: '2026-10-31' })
    expect(shifted(one, start, end, 'both', 1, { both: false, start: false, end: true })).toEqual({})
  })
  test('an end is pulled no further than the other one', () => {
    const one = row('a', '2026-11-03', '2026-11-05')
    expect(shifted(one, start, end, 'end', 2, free)).toEqual({ to_on: '2026-11-07' })
    expect(shifted(one, start, end, 'end', -9, free)).toEqual({ to_on: '2026-11-03' })
    expect(shifted(one, start, end, 'start', 9, free)).toEqual({ from_on: '2026-11-05' })
    expect(shifted(row('a', '2026-11-03', null), start, end, 'end', 4, free)).toEqual({ to_on: '2026-11-07' })
  })
  test('in a stack no two bars of a line touch the same day, and no line is needless', () => {
    const bars = Array.from({ length: 60 }, (_, index) => bar(`b${index}`, `2026-11-${String((index * 7) % 28 + 1).padStart(2, '0')}`, `2026-12-${String((index * 5) % 28 + 1).padStart(2, '0')}`))
    const { lane, lanes } = stack(bars, 'day')
    for (let at = 0; at < lanes; at += 1) {
      const line = bars.filter((one) => lane.get(one.id) === at).sort((a, b) => a.from.localeCompare(b.from))
      expect(line.length).toBeGreaterThan(0)
      line.slice(1).forEach((one, index) => expect(one.from > (line[index]?.to ?? '')).toBe(true))
    }
    const busiest = Math.max(...daysOf('2026-11-01', '2026-12-31').map((day) => bars.filter((one) => one.from <= day && one.to >= day).length))
    expect(lanes).toBe(busiest)
  })
  test('rows of resources follow one another and hold their bars', () => {
    const [a, b] = groupLanes([{ key: 'a', label: 'A', value: 'a', bars: [bar('1', '2026-11-01', '2026-11-09'), bar('2', '2026-11-02', '2026-11-05')] }, { key: 'b', label: 'B', value: 'b', bars: [bar('3', '2026-11-01', '2026-11-02')] }], 'day')
    expect(b?.top).toBe(a?.height)
    expect((a?.bars ?? []).map((one) => a?.offset(one))).toEqual([5, 33])
    expect(a && a.height >= 33 + 24).toBe(true)
  })
  test('the days laid out hold the day one looks at with room on both sides', () => {
    for (const zoom of ['day', 'week', 'month', 'quarter'] as const) {
      for (const room of [240, 1100, 2300, 3600]) {
        const [from, to] = canvasDays('2026-11-26', zoom, room)
        expect(daysBetween(from, '2026-11-26') * DAY_PX[zoom]).toBeGreaterThan(room * 0.25 + 160)
        expect(daysBetween('2026-11-26', to) * DAY_PX[zoom]).toBeGreaterThan(room * 0.75 + 160)
      }
    }
  })
  test('the head has each day, week or month once', () => {
    expect(ticks('2026-11-01', '2026-12-31', 'day').small).toHaveLength(61)
    expect(ticks('2026-11-01', '2026-12-31', 'week').small[0]).toEqual({ day: '2026-10-26', days: 7 })
    expect(ticks('2026-11-01', '2027-05-31', 'quarter').small).toEqual([{ day: '2026-10-01', days: 92 }, { day: '2027-01-01', days: 90 }, { day: '2027-04-01', days: 91 }])
    expect(ticks('2026-11-01', '2027-02-28', 'month')).toEqual({ large: [{ day: '2026-01-01', days: 365 }, { day: '2027-01-01', days: 365 }], small: [{ day: '2026-11-01', days: 30 }, { day: '2026-12-01', days: 31 }, { day: '2027-01-01', days: 31 }, { day: '2027-02-01', days: 28 }] })
  })
  test('what hangs on the same record follows by its days', () => {
    const hanging = entity([start, end, field('about_doc', { kind: 'doc' })])
    const about = (id: string, from: string, of: string | null): Bar => ({ ...bar(id, from, from), point: true, row: row(id, from, from, { about_doc: of && { id: of, label: of } }) })
    expect(dependencies(hanging, [about('c', '2026-11-09', 'so_1'), about('a', '2026-11-01', 'so_1'), about('x', '2026-11-02', 'so_2'), about('b', '2026-11-04', 'so_1'), about('y', '2026-11-05', null)])).toEqual([{ from: 'a', to: 'b', early: false }, { from: 'b', to: 'c', early: false }])
  })
  test('an arrow goes from what is named to what names it, if both are there', () => {
    const bars = [bar('a', '2026-11-01', '2026-11-02'), { ...bar('b', '2026-11-03', '2026-11-04'), row: row('b', '', '', { follows: { id: 'a', label: 'A' } }) }, { ...bar('c', '2026-11-03', '2026-11-04'), row: row('c', '', '', { follows: { id: 'gone', label: '' } }) }]
    expect(dependencies(thing, bars)).toEqual([{ from: 'a', to: 'b', early: false }])
    expect(dependencies(thing, [bar('a', '2026-11-04', '2026-11-09'), ...bars.slice(1)])).toEqual([{ from: 'a', to: 'b', early: true }])
    expect(arrowPath(10, 5, 100, 40)).toBe('M10 5H18V40H100')
    expect(arrowPath(100, 5, 20, 45)).toBe('M100 5h8V25H12V45H20')
  })
})

describe('the order of rows', () => {
  const fields: Field[] = [field('number', { kind: 'text' }), field('total', { kind: 'amount' }), field('stage', { kind: 'choice', choice: 'stage' }), field('owner', { kind: 'ref', entity: 'user' })]
  const order = entity(fields)
  const meta = new Meta({ entities: { thing: order }, choices: { stage: ['draft', 'confirmed', 'done'].map((code) => ({ code, label: { en: code, zh: code } })) }, reports: {}, modules: [] } as unknown as MetaData, 'en')
  const scene: Scene = { meta, lang: 'en', locale: 'en-GB', today: '2026-11-26', companyCurrency: 'EUR' }
  const rows: Rec[] = [
    { number: '1', total: '1000.00', stage: 'done', owner: { id: 'us_2', label: 'Wanda' } },
    { number: '2', total: '99.50', stage: 'draft', owner: null },
    { number: '3', total: '99.50', stage: 'confirmed', owner: { id: 'us_9', label: 'Li' } },
  ]
  const sorted = (...sort: string[]) => [...rows].sort(bySort(scene, order, sort)).map((one) => one['number'])
  test('is that of amounts, of stages as they follow, of names, and of what is empty', () => {
    expect(sorted('total')).toEqual(['2', '3', '1'])
    expect(sorted('total', '-stage')).toEqual(['3', '2', '1'])
    expect(sorted('stage')).toEqual(['2', '3', '1'])
    expect(sorted('owner')).toEqual(['2', '3', '1'])
    expect(sorted('-owner')).toEqual(['1', '3', '2'])
    expect(sorted()).toEqual(['1', '2', '3'])
  })
})
