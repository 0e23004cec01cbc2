import { describe, expect, it } from 'vitest'
import { keyOf, unwhole, WHOLE, withValue, type Share } from '@/fields/dimensions.ts'

const share = (id: string, dimension: string, part: number): Share => ({ value: { id, label: id }, dimension, share: part * WHOLE })

describe('what a line is about', () => {
  it('a value takes the place of others of its dimension only', () => {
    const shares = [share('dv_1', 'dm_1', 0.5), share('dv_2', 'dm_1', 0.5), share('dv_3', 'dm_2', 1)]
    expect(withValue(shares, { id: 'dv_4', label: 'd' }, 'dm_1').map((one) => one.value.id)).toEqual(['dv_3', 'dv_4'])
  })
  it('is the same set in whatever order it is said', () => {
    const [one, other] = [share('dv_1', 'dm_1', 0.5), share('dv_2', 'dm_1', 0.5)]
    expect(keyOf([one, other])).toBe(keyOf([other, one]))
    expect(keyOf([one])).not.toBe(keyOf([share('dv_1', 'dm_1', 1)]))
  })
  it('is whole on each dimension for itself', () => {
    expect(unwhole([share('dv_1', 'dm_1', 0.5), share('dv_2', 'dm_1', 0.5), share('dv_3', 'dm_2', 1)])).toEqual([])
    expect(unwhole([share('dv_1', 'dm_1', 0.5), share('dv_3', 'dm_2', 1)])).toEqual(['dm_1'])
  })
})
