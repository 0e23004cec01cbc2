//! The board by keyboard: arrows walk from card to card, Alt ← → carries one into the next column that takes it.
import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entity, Field, Rec } from '@/api/types.ts'
import { useCommands } from '@/lib/commands.ts'
import { useLatest } from '@/lib/hooks.ts'
import { isComposing } from '@/lib/keys.ts'
import { readPlace } from './columns.ts'
import type { Moves, Turn } from './useMoves.tsx'
import { nextColumn } from './ways.ts'

interface Place { id: string; lane: string; at: number }

interface KeysProps { bare: boolean; /** Rows, and the change that leads into one. */ turn?: { rows: readonly string[]; to: (from: string, to: string) => Turn | null }; entity: Entity; by: Field; columns: readonly string[]; find: (id: string) => Rec | undefined; moves: Moves; root: RefObject<HTMLElement | null> }

const cardsIn = (lane: Element | null | undefined): HTMLElement[] => [...(lane?.querySelectorAll<HTMLElement>('[data-card]') ?? [])]
const focusCard = (card: Element | null | undefined): boolean => {
  const link = card?.querySelector<HTMLElement>('.card-title')
  link?.focus()
  link?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  return Boolean(link)
}

function placeOf(target: EventTarget | null): Place | null {
  const card = target instanceof Element ? target.closest<HTMLElement>('[data-card]') : null
  const lane = card?.closest<HTMLElement>('[data-stage]')
  return card && lane ? { id: card.dataset['card'] ?? '', lane: lane.dataset['stage'] ?? '', at: cardsIn(lane).indexOf(card) } : null
}

export function useKeys({ entity, by, bare, columns, turn, find, moves, root }: KeysProps): void {
  const { t } = useTranslation()
  const [focused, setFocused] = useState<string | null>(null)
  const carried = useRef<Place | null>(null)
  const latest = useLatest({ columns, find, moves })

  const carry = (step: 1 | -1): void => {
    const card = [...(root.current?.querySelectorAll<HTMLElement>('[data-card]') ?? [])].find((one) => one.dataset['card'] === focused)
    const place = placeOf(card ?? null)
    const row = place && latest.current.find(place.id)
    if (!place || !row) return
    const to = nextColumn(entity, by, latest.current.columns, place.lane, step)
    if (to === null) return latest.current.moves.tell(t(step === 1 ? 'board.none_right' : 'board.none_left'))
    carried.current = place
    latest.current.moves.move(row, place.lane, to)
  }
  const carryDown = (step: 1 | -1): void => {
    const card = [...(root.current?.querySelectorAll<HTMLElement>('[data-card]') ?? [])].find((one) => one.dataset['card'] === focused)
    const place = placeOf(card ?? null)
    const row = place && latest.current.find(place.id)
    const from = readPlace(card?.closest<HTMLElement>('[data-place]')?.dataset['place'] ?? '').row
    const to = turn && from !== null ? turn.rows[turn.rows.indexOf(from) + step] : undefined
    if (!place || !row || from === null) return
    if (to === undefined) return latest.current.moves.tell(t(step === 1 ? 'board.none_below' : 'board.none_above'))
    carried.current = place
    latest.current.moves.move(row, place.lane, place.lane, turn?.to(from, to))
  }
  useCommands(bare ? [] : [
    ...(focused && turn ? [
      { id: 'card-up', label: t('board.row_up'), group: 'page' as const, hotkey: 'alt+arrowup', run: () => carryDown(-1) },
      { id: 'card-down', label: t('board.row_down'), group: 'page' as const, hotkey: 'alt+arrowdown', run: () => carryDown(1) },
    ] : []),
    ...(focused ? [
      { id: 'card-left', label: t('board.card_left'), group: 'page' as const, hotkey: 'alt+arrowleft', run: () => carry(-1) },
      { id: 'card-right', label: t('board.card_right'), group: 'page' as const, hotkey: 'alt+arrowright', run: () => carry(1) },
    ] : []),
    ...(moves.undo ? [{ id: 'card-undo', label: t('board.undo_move'), group: 'page' as const, hotkey: 'alt+z', run: moves.undo }] : []),
  ])

  useEffect(() => {
    // A card stays the one that is meant while the palette or a menu is open; anything else on the page ends that.
    const come = (event: Event): void => {
      if (event.type === 'pointerdown') carried.current = null
      const place = placeOf(event.target)
      if (place) setFocused(place.id)
      else if (event.target instanceof Element && event.target.closest('.list-page')) setFocused(null)
    }
    const walk = (event: KeyboardEvent): void => {
      if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented || isComposing(event) || !(event.target instanceof Element) || !event.target.matches('.card-title')) return
      const card = event.target.closest<HTMLElement>('[data-card]')
      const lane = card?.closest<HTMLElement>('[data-stage]')
      if (!card || !lane) return
      const own = cardsIn(lane)
      const at = own.indexOf(card)
      const lanes = [...(root.current?.querySelectorAll<HTMLElement>('.lane') ?? [])].filter((one) => cardsIn(one).length > 0)
      const beside = (step: number): HTMLElement | undefined => {
        const others = cardsIn(lanes[lanes.indexOf(lane) + step])
        return others[Math.min(at, others.length - 1)]
      }
      const to = event.key === 'ArrowDown' ? own[at + 1] : event.key === 'ArrowUp' ? own[at - 1] : event.key === 'ArrowLeft' ? beside(-1) : event.key === 'ArrowRight' ? beside(1) : event.key === 'Home' ? own[0] : event.key === 'End' ? own.at(-1) : undefined
      if (!event.key.startsWith('Arrow') && event.key !== 'Home' && event.key !== 'End') return
      event.preventDefault()
      focusCard(to)
    }
    document.addEventListener('focusin', come)
    document.addEventListener('pointerdown', come)
    document.addEventListener('keydown', walk)
    return () => {
      document.removeEventListener('focusin', come)
      document.removeEventListener('pointerdown', come)
      document.removeEventListener('keydown', walk)
    }
  }, [root])

  // The focus goes with the card; where that is out of sight, to what stood beside it.
  useLayoutEffect(() => {
    const place = carried.current
    if (!place || document.activeElement?.closest('.ant-modal')) return
    if (document.activeElement === document.body) {
      const cards = [...(root.current?.querySelectorAll<HTMLElement>('[data-card]') ?? [])]
      const lane = [...(root.current?.querySelectorAll<HTMLElement>('[data-stage]') ?? [])].find((one) => one.dataset['stage'] === place.lane)
      const left = cardsIn(lane)
      if (!focusCard(cards.find((card) => card.dataset['card'] === place.id) ?? left[Math.min(place.at, left.length - 1)])) lane?.querySelector<HTMLElement>('button')?.focus()
    }
    if (!moves.moved.has(place.id)) carried.current = null
  })
}
