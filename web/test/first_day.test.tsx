// @vitest-environment happy-dom
//! Days a field may not come before are greyed in its calendar, and are not taken.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, createElement } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { queries } from '@/api/queries.ts'
import type { Rec } from '@/api/types.ts'
import { Edit } from '@/fields/kits.tsx'
import type { Scene } from '@/meta/meta.ts'

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })
let root: Root
let took: unknown[]
beforeEach(() => {
  took = []
  root = createRoot(document.body.appendChild(document.createElement('div')))
})
afterEach(() => act(() => root.unmount()))

async function open(record: Rec): Promise<{ greyed: number[]; press: (day: number) => void }> {
  const field = { name: 'wanted_on', kind: 'date', label: { en: 'Wanted on', zh: '要求交期' }, not_before: 'ordered_on' } as const
  const scene = { today: '2026-11-20', locale: 'en-GB' } as Scene
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } })
  client.setQueryData(queries.workingDays().queryKey, { calendar: null, week: [true, true, true, true, true, false, false], days: [] })
  await act(async () => root.render(createElement(QueryClientProvider, { client }, createElement(Edit, { field, record, scene, value: null, onChange: (value) => took.push(value) }))))
  act(() => document.querySelector<HTMLElement>('input')?.focus())
  await act(async () => document.querySelector<HTMLElement>('.box button')?.click())
  const days = [...document.querySelectorAll<HTMLElement>('.calendar td button:not(.other)')]
  return {
    greyed: days.filter((day) => day.getAttribute('aria-disabled') === 'true').map((day) => Number(day.textContent)),
    press: (day) => act(() => days.find((one) => Number(one.textContent) === day)?.click()),
  }
}

test('a day before the one beside it cannot be picked, that day and later ones can', async () => {
  const { greyed, press } = await open({ ordered_on: '2026-11-05' })
  expect(greyed).toEqual([1, 2, 3, 4])
  press(4)
  expect(took).toEqual([])
  press(5)
  expect(took).toEqual(['2026-11-05'])
})

test('where nothing stands beside it every day can be picked', async () => {
  const { greyed } = await open({ ordered_on: null })
  expect(greyed).toEqual([])
})

test('the calendar opens at the first day that may be picked when today is before it', async () => {
  const { greyed } = await open({ ordered_on: '2027-02-10' })
  expect(greyed).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
})
