import i18next from 'i18next'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { api, Refused } from '@/api/client.ts'
import { allowed, isDenied } from '@/api/denied.ts'
import en from '@/i18n/en.json'

beforeEach(async () => {
  await i18next.init({ lng: 'en', resources: { en: { translation: en } } })
})
afterEach(() => {
  allowed()
  vi.unstubAllGlobals()
})
const answering = (of: (path: string) => Response): void => void vi.stubGlobal('fetch', vi.fn(async (path: string) => of(path)))
const refusal = (): Response => new Response(JSON.stringify({ title: 'You may not do this.', status: 403, code: 'not_permitted', detail: 'Ask an administrator.' }), { status: 403 })
const caught = async (asked: Promise<unknown>): Promise<Refused> => {
  const error = await asked.then(() => null, (problem: unknown) => problem)
  if (!(error instanceof Refused)) throw new Error('it was not refused')
  return error
}

test('whose rights are gone is told by any refusal, and freed by any answer', async () => {
  answering(refusal)
  await caught(api.home())
  await vi.waitFor(() => expect(isDenied()).toBe(true))
  answering(() => new Response('{}', { status: 200 }))
  await api.home()
  expect(isDenied()).toBe(false)
})

test('one right that is missing is not all of them', async () => {
  answering((path) => (path === '/api/session' ? new Response('{}', { status: 200 }) : refusal()))
  const error = await caught(api.home())
  expect(error.message).toBe('Ask an administrator.')
  await vi.waitFor(() => expect(fetch).toHaveBeenCalledTimes(2))
  expect(isDenied()).toBe(false)
})

test('an answer that is not ours is told in our words, with the number of the request', async () => {
  answering(() => new Response('<h1>Internal Server Error</h1>', { status: 500, statusText: 'Internal Server Error', headers: { 'x-request-id': 'ab12' } }))
  const { body } = await caught(api.home())
  expect(body.title).toBe(en.state.failed)
  expect(body.detail).toContain('500')
  expect(body.request).toBe('ab12')
})
