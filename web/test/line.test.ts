import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { heard, probe, whenBack } from '@/api/line.ts'

const answer = (status: number) => vi.fn(async () => new Response('{}', { status }))

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('addEventListener', vi.fn())
  vi.stubGlobal('removeEventListener', vi.fn())
})
afterEach(() => {
  heard()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('a server that answers, though it refuses, is there', async () => {
  const back = vi.fn()
  const stop = whenBack(back)
  vi.stubGlobal('fetch', answer(401))
  await probe()
  expect(back).not.toHaveBeenCalled()
  stop()
})

test('a silent server is asked until it answers, then who waits is told, once', async () => {
  const back = vi.fn()
  const stop = whenBack(back)
  const dead = vi.fn(async () => Promise.reject(new TypeError('no line')))
  vi.stubGlobal('fetch', dead)
  await probe()
  await vi.advanceTimersByTimeAsync(11_000)
  expect(dead).toHaveBeenCalledTimes(3)
  expect(back).not.toHaveBeenCalled()
  vi.stubGlobal('fetch', answer(200))
  await vi.advanceTimersByTimeAsync(6_000)
  expect(back).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(back).toHaveBeenCalledTimes(1)
  stop()
})

test('a door with nobody behind it is silence, too, and any other answer ends it', async () => {
  const back = vi.fn()
  const stop = whenBack(back)
  vi.stubGlobal('fetch', answer(502))
  await probe()
  expect(back).not.toHaveBeenCalled()
  heard()
  expect(back).toHaveBeenCalledTimes(1)
  stop()
})
