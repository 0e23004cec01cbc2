import { describe, expect, test } from 'vitest'
import type { TimelineItem } from '@/api/types.ts'
import { pieces } from '@/views/form/fold.ts'
import { asTyped, withMentions } from '@/views/form/mentions.ts'

const items = (kinds: string): TimelineItem[] => kinds.split(' ').map((kind, at) => ({ at: `2026-11-2${9 - at}T08:00:00Z`, kind }) as TimelineItem)
const told = (kinds: string): string => pieces(items(kinds)).map((piece) => (piece.folded ? `[${piece.folded.map((item) => item.kind).join(' ')}]` : piece.item.kind)).join(' ')

describe('a timeline', () => {
  test('changes that follow each other fold, what was said between them does not', () => {
    expect(told('action changed note changed created')).toBe('[action changed] note [changed created]')
    expect(told('note attachment activity')).toBe('note attachment activity')
  })
  test('a single change stands as it is', () => {
    expect(told('note action note created')).toBe('note action note created')
  })
})

describe('a note', () => {
  test('is typed again with names, and keeps whom they mean', () => {
    const { text, named } = asTyped('Please look @[Li Wei](us_4) and @[Li](us_5)')
    expect(text).toBe('Please look @Li Wei and @Li')
    expect(withMentions(text, named)).toBe('Please look @[Li Wei](us_4) and @[Li](us_5)')
  })
})
