// @vitest-environment happy-dom
//! Hands that are faster than the machine: nothing typed may end up beside, in another place, or nowhere.
import { act, createElement, useState, type ReactElement } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Entity, Rec } from '@/api/types.ts'
import { settled } from '@/lib/owed.ts'
import { Meta } from '@/meta/meta.ts'
import { ParsedBox, TextBox } from '@/ui/boxes.tsx'
import { ComboBox, type Option } from '@/ui/ComboBox.tsx'
import { addRow, carry, draftOf, fill, forPreview, forSave, isDirty, questionOf, shown, typeCell, typeField } from '@/views/form/draft.ts'
import { meta as data } from '../dev/mock_meta.ts'

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })
let root: Root
beforeEach(() => {
  vi.useFakeTimers()
  const place = document.body.appendChild(document.createElement('div'))
  root = createRoot(place)
})
afterEach(() => {
  act(() => root.unmount())
  document.body.replaceChildren()
  vi.useRealTimers()
})
const draw = (element: ReactElement): HTMLInputElement => {
  act(() => root.render(element))
  const input = document.querySelector('input')
  if (!input) throw new Error('no box')
  return input
}
const setText = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set
const type = (input: HTMLInputElement, text: string): void => act(() => {
  setText?.call(input, text)
  input.dispatchEvent(new Event('input', { bubbles: true }))
})
const press = (input: HTMLInputElement, key: string, more: KeyboardEventInit = {}): void => act(() => void input.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more })))
const wait = (ms: number): Promise<void> => act(async () => void (await vi.advanceTimersByTimeAsync(ms)))

describe('a box of numbers', () => {
  test('has all it holds selected the moment it is entered, without waiting for a frame', () => {
    // No frame ever comes: a machine too busy to draw.
    vi.spyOn(globalThis, 'requestAnimationFrame').mockReturnValue(0)
    const input = draw(<ParsedBox<string> value="1000" onChange={() => undefined} show={() => '1,000'} edit={(value) => value} parse={(text) => text} />)
    act(() => input.focus())
    expect(input.value).toBe('1000')
    expect([input.selectionStart, input.selectionEnd]).toEqual([0, 4])
  })
  test('has selected what is filled in after it was entered, as long as nothing was typed', () => {
    const box = (value: string | null): ReactElement => <ParsedBox<string> value={value} onChange={() => undefined} show={(shownValue) => shownValue} edit={(shownValue) => shownValue} parse={(text) => text} />
    const input = draw(box(null))
    act(() => input.focus())
    draw(box('12'))
    expect([input.value, input.selectionStart, input.selectionEnd]).toEqual(['12', 0, 2])
    type(input, '9')
    act(() => input.setSelectionRange(1, 1))
    draw(box('9'))
    expect([input.value, input.selectionStart, input.selectionEnd]).toEqual(['9', 1, 1])
  })
  test('a text that is filled in after one came is typed over, not typed on', () => {
    const box = (value: string): ReactElement => <TextBox value={value} onChange={() => undefined} />
    const input = draw(box(''))
    act(() => input.focus())
    draw(box('A bell'))
    expect([input.selectionStart, input.selectionEnd]).toEqual([0, 6])
  })
  test('keeps the first digit when the second comes', () => {
    const Box = (): ReactElement => {
      const [value, setValue] = useState<string | null>('1')
      return <ParsedBox<string> value={value} onChange={setValue} show={(shownValue) => shownValue} edit={(shownValue) => shownValue} parse={(text) => text} />
    }
    const input = draw(<Box />)
    act(() => input.focus())
    type(input, '1')
    act(() => input.setSelectionRange(1, 1))
    act(() => vi.advanceTimersByTime(200))
    expect([input.selectionStart, input.selectionEnd]).toEqual([1, 1])
  })
})

describe('a box that searches', () => {
  const bell: Option = { key: 'pr_1', label: 'AC-BELL Bell' }
  const belt: Option = { key: 'pr_2', label: 'AC-BELT Belt' }
  const slowly = (options: Option[], ms = 500) => (): Promise<Option[]> => new Promise((resolve) => setTimeout(() => resolve(options), ms))
  const taken: (Option | null)[] = []
  const moved = vi.fn()
  const box = (search: () => Promise<Option[]>): HTMLInputElement => {
    taken.length = 0
    moved.mockClear()
    const input = draw(createElement(ComboBox, { value: null, onChange: (option) => taken.push(option), onPicked: moved, search }))
    act(() => input.focus())
    return input
  }

  test('moves on with Enter at once, and takes what the answer brings', async () => {
    const input = box(slowly([bell, belt]))
    type(input, 'AC-BEL')
    press(input, 'Enter')
    expect(moved).toHaveBeenCalledTimes(1)
    expect(taken).toEqual([])
    await wait(1000)
    expect(taken).toEqual([bell])
  })
  test('saving waits for the answer', async () => {
    const input = box(slowly([bell]))
    type(input, 'AC-BELL')
    press(input, 's', { ctrlKey: true })
    let saved = false
    void settled().then(() => {
      saved = taken.length === 1
    })
    await wait(300)
    expect(saved).toBe(false)
    await wait(1000)
    expect(saved).toBe(true)
  })
  test('an answer to what was typed before is not taken for what is typed now', async () => {
    let asked = 0
    const input = box(() => slowly((asked += 1) === 1 ? [belt] : [bell], 400)())
    type(input, 'AC-BELT')
    press(input, 'Tab')
    await wait(200)
    type(input, 'AC-BELL')
    press(input, 'Tab')
    await wait(2000)
    expect(taken).toEqual([bell])
  })
  test('a pointer that rests where the list opens chooses nothing, one that moves does', async () => {
    const input = box(slowly([bell, belt], 10))
    type(input, 'AC')
    await wait(400)
    const over = (movementX: number): void => act(() => {
      const event = new MouseEvent('mousemove', { bubbles: true })
      Object.defineProperty(event, 'movementX', { value: movementX })
      Object.defineProperty(event, 'movementY', { value: 0 })
      document.querySelectorAll('[role=option]')[1]?.dispatchEvent(event)
    })
    over(0)
    press(input, 'Enter')
    expect(taken).toEqual([bell])
    type(input, 'AC')
    await wait(400)
    over(3)
    press(input, 'Enter')
    expect(taken).toEqual([bell, belt])
  })
  test('what was typed and found nowhere stays, in red', async () => {
    const input = box(slowly([], 10))
    type(input, 'nonsense')
    await wait(400)
    press(input, 'Tab')
    act(() => input.blur())
    expect(input.value).toBe('nonsense')
    expect(input.dataset['bad']).toBe('true')
    expect(taken).toEqual([])
  })
  test('left with the pointer it takes what can only be one thing, and guesses nothing else', async () => {
    const one = box(slowly([bell]))
    type(one, 'AC-BELL')
    act(() => one.blur())
    await wait(1000)
    expect(taken).toEqual([bell])
    act(() => root.render(null))
    const two = box(slowly([bell, belt]))
    type(two, 'AC-BEL')
    act(() => two.blur())
    await wait(1000)
    expect(taken).toEqual([])
    expect(two.dataset['bad']).toBe('true')
  })
})

describe('a draft whose saving is under way', () => {
  const meta = new Meta(data, 'en')
  const must = (name: string): Entity => {
    const entity = meta.entity(name)
    if (!entity) throw new Error(name)
    return entity
  }
  const order = must('sales_order')
  const line = must('sales_order_line')
  const mug = { id: 'pr_1', label: 'Mug' }
  const jug = { id: 'pr_2', label: 'Jug' }
  const saved = (version: number, qty: string): Rec => ({ id: 'so_1', version, customer: { id: 'pa_1', label: 'Blue' }, reference: null, lines: [{ id: 'sl_1', product: mug, description: 'A mug', qty, price: '10' }] })
  const start = draftOf(order, saved(1, '2'), true)
  const key = start.rows['lines']?.[0]?.key ?? ''

  test('is clean afterwards, and its rows keep their keys', () => {
    const sent = typeCell(start, 'lines', line, key, 'qty', '3')
    const after = carry(sent, sent, saved(2, '3'), forSave(meta, sent).keys)
    expect(isDirty(after)).toBe(false)
    expect(after.base['version']).toBe(2)
    expect(after.rows['lines']?.[0]).toMatchObject({ key, base: { qty: '3' }, typed: {} })
  })
  test('keeps what was typed meanwhile, and sends only that next time', () => {
    const sent = typeCell(start, 'lines', line, key, 'qty', '3')
    const grown = addRow(typeField(typeCell(sent, 'lines', line, key, 'qty', '35'), 'reference', 'PO 7'), 'lines', 1)
    const second = grown.rows['lines']?.[1]?.key ?? ''
    const now = typeCell(grown, 'lines', line, second, 'product', jug)
    const after = carry(sent, now, saved(2, '3'), forSave(meta, sent).keys)
    expect(shown(after)).toMatchObject({ reference: 'PO 7', lines: [{ id: 'sl_1', product: mug, qty: '35', price: '10' }, { product: jug, qty: '1' }] })
    expect(forSave(meta, after).record).toMatchObject({ version: 2, reference: 'PO 7', lines: [{ id: 'sl_1', qty: '35' }, { product: 'pr_2' }] })
    expect(forSave(meta, after).record).not.toHaveProperty('customer')
  })
  test('typed back meanwhile is a change to what was just saved', () => {
    const sent = typeField(start, 'reference', 'PO 7')
    const after = carry(sent, typeField(sent, 'reference', null), { ...saved(2, '2'), reference: 'PO 7' }, forSave(meta, sent).keys)
    expect(forSave(meta, after).record).toEqual({ version: 2, reference: null })
  })
  test('a price typed before the product was found is meant for it', () => {
    const empty = addRow(start, 'lines', 1)
    const second = empty.rows['lines']?.[1]?.key ?? ''
    const typed = typeCell(typeCell(typeCell(empty, 'lines', line, second, 'qty', '4'), 'lines', line, second, 'price', '9'), 'lines', line, second, 'product', jug)
    expect((shown(typed)['lines'] as Rec[])[1]).toMatchObject({ product: jug, qty: '4', price: '9' })
  })
  test('what is typed makes another question, what the server fills in does not', () => {
    const typed = typeCell(start, 'lines', line, key, 'qty', '3')
    expect(questionOf(typed)).not.toBe(questionOf(start))
    expect(questionOf(fill(typed, saved(1, '3'), forPreview(meta, typed).keys))).toBe(questionOf(typed))
  })
})
