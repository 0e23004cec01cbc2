//! A record begun in one place and gone on with in another. Kept as long as the page; a reload begins anew.
import type { Rec } from '@/api/types.ts'

const begun = new Map<string, { entity: string; record: Rec }>()

/** Gives the word under which the other place asks for it. */
export function handOver(entity: string, record: Rec): string {
  const word = String(begun.size + 1)
  begun.set(word, { entity, record })
  return word
}

export function handedOver(entity: string, word: string | undefined): Rec {
  const found = begun.get(word ?? '')
  return found?.entity === entity ? found.record : {}
}
