import { describe, expect, test } from 'vitest'
import type { Choice, Entity, TimelineItem } from '@/api/types.ts'
import { tabbed, type Part } from '@/views/form/layout.ts'
import { exitOf, folded, stays } from '@/views/form/stay.ts'

const stage = (code: string, tone: Choice['tone'] = 'neutral'): Choice => ({ code, label: { en: code, zh: code }, tone }) as Choice
const way = (count: number): Choice[] => Array.from({ length: count }, (_, at) => stage(`s${at}`))
const codes = (choices: readonly Choice[]): string => choices.map((choice) => choice.code).join(' ')

describe('the way of a document', () => {
  test('a short way stands in a line', () => {
    expect(codes(folded(way(6), 3).shown)).toBe('s0 s1 s2 s3 s4 s5')
  })

  test('a long one shows where it stands, with what is before and behind folded', () => {
    for (let at = 0; at < 9; at += 1) {
      const { before, shown, after } = folded(way(9), at)
      expect(shown.length).toBe(5)
      expect(shown.some((choice) => choice.code === `s${at}`)).toBe(true)
      expect([...before, ...shown, ...after]).toEqual(way(9))
    }
    expect(codes(folded(way(9), 4).shown)).toBe('s2 s3 s4 s5 s6')
  })

  const went = (at: string, old: string | null, to: string): TimelineItem => ({ at, kind: 'action', changes: [{ field: 'stage', old, new: to }] }) as unknown as TimelineItem
  const created = { at: '2026-01-01T00:00:00Z', kind: 'created' } as TimelineItem
  const now = new Date('2026-01-11T00:00:00Z').getTime()
  const DAY = 86_400_000

  test('each stay lasts from one change of the stage to the next; the last until now', () => {
    const items = [went('2026-01-10T00:00:00Z', 'sent', 'accepted'), { at: '2026-01-09T00:00:00Z', kind: 'changed', changes: [{ field: 'note', old: 'a', new: 'b' }] } as unknown as TimelineItem, went('2026-01-04T00:00:00Z', 'draft', 'sent'), created]
    expect(stays(items, 'stage', 'accepted', now).map(({ stage: code, ms }) => [code, ms / DAY])).toEqual([['accepted', 1], ['sent', 6], ['draft', 3]])
  })

  test('what never moved stood in its stage since it was made', () => {
    expect(stays([created], 'stage', 'draft', now)).toEqual([{ stage: 'draft', since: created.at, ms: 10 * DAY }])
  })

  test('what is not known is not told', () => {
    expect(stays([], 'stage', 'draft', now)).toEqual([])
  })
})

describe('the ribbon', () => {
  const choices = [stage('draft'), stage('sent', 'info'), stage('accepted', 'good'), stage('lost', 'warn'), stage('waiting', 'warn'), stage('cancelled', 'bad')]
  const entity = { transitions: [['draft', 'send', 'sent'], ['lost', 'reopen', 'draft'], ['waiting', 'cancel', 'cancelled']] } as unknown as Entity

  test('tells of what left its way', () => {
    expect(exitOf(entity, choices, 'cancelled')?.code).toBe('cancelled')
    expect(exitOf(entity, choices, 'lost')?.code).toBe('lost')
  })

  test('tells nothing of what is on its way or at its end', () => {
    for (const code of ['draft', 'sent', 'accepted', 'waiting', 'unknown']) expect(exitOf(entity, choices, code)).toBe(null)
  })
})

describe('groups of fields', () => {
  const part = (name: string | null, lines = 0): Part => ({ label: name === null ? null : { en: name, zh: name }, fields: [], lines: Array.from({ length: lines }) as Part['lines'] })

  test('a few stand below each other', () => {
    expect(tabbed([part('General'), part('Contact'), part('Trade')]).tabs).toEqual([])
  })

  test('many stand behind each other, below what comes first and the lines', () => {
    const parts = [part('General'), part(null, 1), part('A'), part('B'), part('C')]
    expect(tabbed(parts)).toEqual({ above: parts.slice(0, 2), tabs: parts.slice(2) })
  })
})
