// @vitest-environment happy-dom
//! What a person chooses is not lost by a reload in the same breath, nor by a line that is down.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, createElement } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Rec } from '@/api/types.ts'
import { meta } from '../dev/mock_meta.ts'

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })
const words = (value: unknown): string => (typeof value === 'string' ? value : '')
let user = 0
let roots: Root[]
beforeEach(() => {
  user += 1
  roots = []
})
afterEach(() => {
  for (const root of roots) act(() => root.unmount())
  vi.restoreAllMocks()
})
const settle = async (): Promise<void> => {
  for (let at = 0; at < 8; at += 1) await act(async () => new Promise((soon) => void setTimeout(soon, 0)))
}

/** The program opened anew, as after a reload: nothing is known but what is on this device and with the server. */
async function opened(rows: Rec[], gone = false) {
  vi.resetModules()
  const [{ api, Unreachable }, { queries }, { useKept }] = await Promise.all([import('@/api/client.ts'), import('@/api/queries.ts'), import('@/meta/kept.ts')])
  const said: { what: string; query: unknown; keepalive?: boolean }[] = []
  vi.spyOn(api, 'list').mockImplementation(async () => ({ rows, next: null, count: null }) as never)
  vi.spyOn(api, 'change').mockImplementation(async (_, id, { version, query }, keepalive) => {
    said.push({ what: `${id} ${String(version)}`, query, ...(keepalive ? { keepalive } : {}) })
    if (gone) throw new Unreachable('gone')
    const row = rows.find((one) => one['id'] === id)
    Object.assign(row ?? {}, { query, version: Number(version) + 1 })
    return { record: row } as never
  })
  vi.spyOn(api, 'create').mockImplementation(async (_, record, __, keepalive) => {
    said.push({ what: 'new', query: record['query'], ...(keepalive ? { keepalive } : {}) })
    if (gone) throw new Unreachable('gone')
    rows.push({ id: 'sv_9', version: 1, ...record })
    return { record } as never
  })
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  client.setQueryData(queries.session().queryKey, { user: { id: `us_${user}` } } as never)
  client.setQueryData(queries.meta().queryKey, { ...meta, entities: { ...meta.entities, saved_view: { can: { add: true } } } } as never)
  let kept: ReturnType<typeof useKept<string>> | undefined
  const Probe = (): null => {
    kept = useKept('columns', 'order', words)
    return null
  }
  const root = createRoot(document.body.appendChild(document.createElement('div')))
  roots.push(root)
  await act(async () => root.render(createElement(QueryClientProvider, { client }, createElement(Probe))))
  await settle()
  return {
    said,
    value: () => kept?.value,
    change: (next: (now: string) => string) => kept?.change(next),
    choose: (value: string) => kept?.change(() => value).catch(() => undefined),
    close: () => {
      dispatchEvent(new Event('pagehide'))
      act(() => root.unmount())
    },
  }
}
const row = (query: string): Rec => ({ id: 'sv_1', version: 4, name: 'order', query })

test('a choice is written once, and stays when the program opens again', async () => {
  const rows = [row('old')]
  const page = await opened(rows)
  expect(page.value()).toBe('old')
  await act(async () => page.choose('new'))
  await settle()
  expect(page.said).toEqual([{ what: 'sv_1 4', query: 'new', keepalive: true }])
  page.close()
  expect(page.said.length).toBe(1)
  // Another device chose since: nothing of ours is left to be said.
  Object.assign(rows[0] ?? {}, { query: 'elsewhere', version: 6 })
  const again = await opened(rows)
  expect([again.value(), again.said]).toEqual(['elsewhere', []])
})

test('two choices in one breath are both kept', async () => {
  const page = await opened([row('old')])
  await act(async () => Promise.all([page.change((now) => `${now} and`), page.change((now) => `${now} new`)]))
  await settle()
  expect([page.value(), page.said.at(-1)?.query]).toEqual(['old and new', 'old and new'])
})

test('what is chosen just before the page goes is said with its last breath', async () => {
  for (const [rows, what] of [[[row('old')], 'sv_1 4'], [[], 'new']] as const) {
    user += 1
    const page = await opened([...rows])
    void page.choose('new')
    page.close()
    expect(page.said.at(0)).toEqual({ what, query: 'new', keepalive: true })
  }
})

test('what the server never heard is taken up when the program opens again', async () => {
  const rows = [row('old')]
  const page = await opened(rows, true)
  await act(async () => page.choose('new'))
  await settle()
  expect([page.value(), rows[0]?.['query']]).toEqual(['new', 'old'])
  page.close()
  const again = await opened(rows)
  expect(again.value()).toBe('new')
  await settle()
  expect([again.said, rows[0]?.['query']]).toEqual([[{ what: 'sv_1 4', query: 'new', keepalive: true }], 'new'])
})
