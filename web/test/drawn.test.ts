import { describe, expect, test } from 'vitest'
import { inView, pieces } from '@/views/form/useDrawn.ts'

const even = (): number => 30

describe('lines that are drawn', () => {
  test('what is not drawn leaves as much room as it took', () => {
    const found = pieces(10, (at) => at === 0 || (at >= 4 && at <= 6), even)
    expect(found).toEqual([{ at: 0 }, { at: 1, room: 90 }, { at: 4 }, { at: 5 }, { at: 6 }, { at: 7, room: 90 }])
  })

  test('the room of lines of several heights is their sum', () => {
    expect(pieces(3, (at) => at === 2, (at) => (at === 0 ? 30 : 52))).toEqual([{ at: 0, room: 82 }, { at: 2 }])
  })

  test('lines that are seen in part are in view', () => {
    expect(inView(100, even, 45, 200)).toEqual([1, 6])
    expect(inView(100, even, -500, 31)).toEqual([0, 1])
  })

  test('below the last line the last one is in view, above the first none', () => {
    expect(inView(10, even, 5_000, 6_000)).toEqual([9, 9])
    expect(inView(10, even, -900, -300)).toEqual([-1, -1])
  })

  test('however it is scrolled, drawn lines and rooms are as high as all lines', () => {
    const high = (at: number): number => 28 + ((at * 7) % 31)
    const whole = Array.from({ length: 137 }, (_, at) => high(at)).reduce((sum, one) => sum + one, 0)
    for (let top = -400; top < whole + 400; top += 97) {
      const [from, to] = inView(137, high, top, top + 600)
      const sum = pieces(137, (at) => at >= from && at <= to, high).reduce((height, piece) => height + (piece.room ?? high(piece.at)), 0)
      expect(sum).toBe(whole)
    }
  })
})
