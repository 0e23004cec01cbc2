import { describe, expect, it } from 'vitest'
import { clearPlace, inPlace } from '@/ui/inPlace.ts'

describe('messages in one place', () => {
  it('each has its own key, and takes away only what stood in its place', () => {
    const gone: string[] = []
    const from = { destroy: (key: string) => void gone.push(key) }
    const first = inPlace(from, 'one')
    const beside = inPlace(from, 'other')
    const second = inPlace(from, 'one')
    expect(new Set([first, beside, second]).size).toBe(3)
    expect(gone).toEqual([first])
    clearPlace(from, 'one')
    clearPlace(from, 'one')
    expect(gone).toEqual([first, second])
  })
})
