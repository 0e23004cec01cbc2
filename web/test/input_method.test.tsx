// @vitest-environment happy-dom
//! The keys of an input method are its own: Enter takes a word there, and neither sends a form nor runs what the page offers.
import { act, createElement } from 'react'
import { createRoot } from 'react-dom/client'
import { expect, test } from 'vitest'
import { useHotkeys } from '@/shell/hotkeys.ts'

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })

test('Enter that takes a word sends no form', () => {
  const Probe = () => {
    useHotkeys(() => undefined)
    return createElement('form', null, createElement('input'))
  }
  const root = createRoot(document.body.appendChild(document.createElement('div')))
  act(() => root.render(createElement(Probe)))
  const isHeld = (key: string, more: KeyboardEventInit): boolean => {
    const event = new KeyboardEvent('keydown', { key, code: key, bubbles: true, cancelable: true, ...more })
    document.querySelector('input')?.dispatchEvent(event)
    return event.defaultPrevented
  }
  expect(isHeld('Enter', { isComposing: true })).toBe(true)
  // As Safari tells of it: the word is there already.
  expect(isHeld('Enter', { keyCode: 229 })).toBe(true)
  expect(isHeld('Enter', {})).toBe(false)
  expect(isHeld('a', { isComposing: true })).toBe(false)
  act(() => root.unmount())
  expect(isHeld('Enter', { isComposing: true })).toBe(false)
})
