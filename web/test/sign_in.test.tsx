// @vitest-environment happy-dom
//! Signing in with a second factor: its code is asked for only from those who have one, and sent with the password.
import { ConfigProvider } from 'antd'
import { act } from 'react'
import { createRoot } from 'react-dom/client'
import { expect, test, vi } from 'vitest'
import { startLanguage } from '@/i18n/index.ts'
import { SignInForm } from '@/ui/SignInForm.tsx'

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })

test('the code is asked for after the password, and opens the door with it', async () => {
  await startLanguage()
  const problem = (code: string): Response => new Response(JSON.stringify({ title: 'Sign in', status: 401, code, detail: code }), { status: 401 })
  const asked: unknown[] = []
  vi.spyOn(globalThis, 'fetch').mockImplementation((_, init) => {
    const body = JSON.parse(String(init?.body)) as { code?: string }
    asked.push(body)
    return Promise.resolve(body.code === '123456' ? new Response('{"user":{"id":"us_1"}}', { status: 200 }) : problem(body.code === undefined ? 'second_factor' : 'not_signed_in'))
  })
  const opened = vi.fn()
  const place = document.body.appendChild(document.createElement('div'))
  const root = createRoot(place)
  // Without motion nothing goes on moving after the test has ended.
  const still = { token: { motion: false } }
  await act(async () => root.render(<ConfigProvider theme={still}><SignInForm onSignedIn={opened} /></ConfigProvider>))
  const box = (name: string): HTMLInputElement | null => place.querySelector<HTMLInputElement>(`input[name=${name}]`)
  const type = (name: string, text: string): void => act(() => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(box(name), text)
    box(name)?.dispatchEvent(new Event('input', { bubbles: true }))
  })
  const submit = (): Promise<void> => act(async () => void place.querySelector('form')?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true })))
  type('username', 'sam')
  type('password', 'correct horse')
  expect(box('code')).toBe(null)
  await submit()
  expect(box('code')).not.toBe(null)
  expect(place.querySelector('.hint.bad')).toBe(null)
  type('code', '000000')
  await submit()
  expect(place.querySelector('.hint.bad')).not.toBe(null)
  expect(opened).not.toHaveBeenCalled()
  type('code', '123456')
  await submit()
  expect(opened).toHaveBeenCalledTimes(1)
  expect(asked.at(-1)).toEqual({ login: 'sam', password: 'correct horse', code: '123456' })
  await act(async () => root.unmount())
  // What is scheduled is done while there is still a window.
  await new Promise((done) => setTimeout(done, 20))
})
