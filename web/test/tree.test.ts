import { describe, expect, test } from 'vitest'
import type { Entity, Field, Rec } from '@/api/types.ts'
import { forest, isWithin, linesOf, missingAbove, ringHeads, selfRefs, stepTo, type Children } from '@/views/tree/tree.ts'

const row = (id: string, parent?: string): Rec => ({ id, parent: parent ? { id: parent, label: parent } : null })
const rows = [row('a'), row('b'), row('a1', 'a'), row('a2', 'a'), row('a21', 'a2'), row('c1', 'gone')]
const held = forest(rows, 'parent')
const shown = (open: string[]): string[] => linesOf((id) => held.get(id), new Set(open)).map((line) => `${'.'.repeat(line.depth)}${line.id}`)

describe('a tree', () => {
  test('shows what is open, and whose parent is not there at the top', () => {
    expect(shown([])).toEqual(['a', 'b', 'c1'])
    expect(shown(['a', 'a2'])).toEqual(['a', '.a1', '.a2', '..a21', 'b', 'c1'])
    expect(shown(['a2'])).toEqual(['a', 'b', 'c1'])
  })
  test('says what is on its way, and what is left', () => {
    const some = new Map<string, Children>([['', { rows: [row('a')], counts: { a: 3 }, count: 5 }]])
    const lines = linesOf((id) => some.get(id), new Set(['a']))
    expect(lines.map((line) => line.kind)).toEqual(['row', 'wait', 'more'])
    expect(lines[2]).toMatchObject({ parent: '', left: 4 })
    expect(lines[0]).toMatchObject({ below: 3, place: 1, of: 5 })
  })
  test('records in a ring are shown once, and that they are one is told', () => {
    const ring = new Map<string, Children>([['', { rows: [row('a', 'b')], counts: { a: 1 }, count: 1 }], ['a', { rows: [row('b', 'a')], counts: { b: 1 }, count: 1 }], ['b', { rows: [row('a', 'b')], counts: { a: 1 }, count: 1 }]])
    const lines = linesOf((id) => ring.get(id), new Set(['a', 'b']))
    expect(lines.map((line) => `${line.kind} ${line.depth} ${line.id}`)).toEqual(['row 0 a', 'row 1 b', 'ring 2 ring b a'])
  })
  test('a ring is found by one of its records, with what hangs on it, and nothing else is', () => {
    const known = [row('x'), row('t', 'c'), row('c', 'b'), row('b', 'a'), row('a', 'c'), row('s', 's'), row('y', 'x')]
    expect(ringHeads(known, 'parent')).toEqual(['c', 's'])
    expect(ringHeads(rows, 'parent')).toEqual([])
    const found = forest(known, 'parent')
    expect(linesOf((id) => found.get(id), new Set(known.map((one) => String(one['id'])))).map((line) => line.id)).toEqual(['x', 'y', 'c', 't', 'a', 'b', 'ring b c', 's', 'ring s s'])
  })
  test('knows who is missing above what was found', () => {
    expect(missingAbove(rows, 'parent')).toEqual(['gone'])
    expect(missingAbove([row('a21', 'a2'), row('a1', 'a'), row('a2', 'a')], 'parent')).toEqual(['a'])
  })
  test('nothing goes under itself or what stands under it', () => {
    const lines = linesOf((id) => held.get(id), new Set(['a', 'a2']))
    expect([isWithin(lines, 'a21', 'a'), isWithin(lines, 'a', 'a'), isWithin(lines, 'b', 'a'), isWithin(lines, 'a', 'a21')]).toEqual([true, true, false, false])
  })
  test('arrows walk, open, close and go up', () => {
    const lines = linesOf((id) => held.get(id), new Set(['a']))
    expect(stepTo(lines, 0, 'ArrowDown')).toEqual({ at: 1 })
    expect(stepTo(lines, 0, 'ArrowUp')).toEqual({ at: 0 })
    expect(stepTo(lines, 0, 'ArrowRight')).toEqual({ at: 1 })
    expect(stepTo(lines, 2, 'ArrowRight')).toEqual({ open: 'a2' })
    expect(stepTo(lines, 1, 'ArrowRight')).toBeNull()
    expect(stepTo(lines, 1, 'ArrowLeft')).toEqual({ at: 0 })
    expect(stepTo(lines, 0, 'ArrowLeft')).toEqual({ close: 'a' })
    expect(stepTo(lines, 3, 'ArrowLeft')).toBeNull()
    expect([stepTo(lines, 2, 'Home'), stepTo(lines, 2, 'End'), stepTo(lines, 2, 'q')]).toEqual([{ at: 0 }, { at: 4 }, null])
  })
  test('hangs by what a person may change, by what says the parent first', () => {
    const field = (name: string, more: Partial<Field> = {}): Field => ({ name, kind: 'ref', entity: 'place', label: { en: '', zh: '' }, ...more })
    const fields = [field('merged_into', { readonly: true }), field('warehouse'), field('parent'), field('other', { entity: 'party' }), field('secret', { hidden: true })]
    expect(selfRefs({ name: 'place', fields } as unknown as Entity).map((one) => one.name)).toEqual(['parent', 'warehouse', 'merged_into'])
  })
})
