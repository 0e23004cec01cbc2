import { mid } from '@/i18n/index.ts'
import { expect, test } from 'vitest'
import { caps, chord, isComposing, Sequence, writes, type Press } from '@/lib/keys.ts'

const press = (key: string, more: Partial<Press> = {}): Press => ({ key, code: /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, isComposing: false, ...more })

test('a chord has one name whatever the keyboard', () => {
  const cases: [Press, string][] = [
    [press('k', { ctrlKey: true }), 'ctrl+k'], [press('k', { metaKey: true }), 'ctrl+k'], [press('ç', { altKey: true, code: 'KeyC' }), 'alt+c'], [press('с', { ctrlKey: true, code: 'KeyC' }), 'ctrl+c'],
    [press('?', { shiftKey: true }), '?'], [press('Escape'), 'escape'], [press('S', { ctrlKey: true, shiftKey: true }), 'ctrl+shift+s'], [press(' '), 'space'], [press('/'), '/'], [press('Enter', { ctrlKey: true }), 'ctrl+enter'],
  ]
  for (const [pressed, name] of cases) expect(chord(pressed)).toBe(name)
})

test('while an input method composes, keys are its own', () => {
  expect(isComposing(press('Enter', { isComposing: true }))).toBe(true)
  expect(isComposing(press('Enter', { keyCode: 229 }))).toBe(true)
  expect(isComposing(press('Process'))).toBe(true)
  expect(isComposing(press('Enter', { keyCode: 13 }))).toBe(false)
})

test('keys that write do not fire in a box', () => {
  expect(['?', '/', 'g', 'f'].every(writes)).toBe(true)
  expect(['ctrl+s', 'alt+c', 'escape', 'f2'].some(writes)).toBe(false)
})

test('G then a letter, within a second', () => {
  const sequence = new Sequence((name) => name === 'g')
  expect(sequence.next('g', 0)).toBe('g')
  expect(sequence.next('o', 400)).toBe('g o')
  sequence.next('g', 1000)
  expect(sequence.next('o', 2500)).toBe('o')
})

test('caps look as on the keyboard', () => {
  expect(caps('ctrl+k', false)).toEqual(['Ctrl', 'K'])
  expect(caps('ctrl+k', true)).toEqual(['⌘', 'K'])
  expect(caps('g o', false)).toEqual(['G', 'O'])
})

test('a name within an English sentence begins small, unless it is in capitals', () => {
  expect(['Sales order', 'API keys', 'VAT', 'Invoice', 'E-mail', 'OIDC provider', '客户'].map(mid)).toEqual(['sales order', 'API keys', 'VAT', 'invoice', 'e-mail', 'OIDC provider', '客户'])
})
