//! What a line is about: values of dimensions, each with its share. The same values are always the same set.
import { api, Refused } from '@/api/client.ts'
import type { Json, Rec, RefValue } from '@/api/types.ts'
import { idOf, isRef, textOf } from '@/meta/meta.ts'

/** A value of a dimension, with its share in millionths. */
export interface Share { value: RefValue; dimension: string; share: number }

export const WHOLE = 1_000_000

const asShare = (part: Rec): Share | [] => {
  const value = part['value'] ?? null
  return isRef(value) ? { value, dimension: idOf(part['dimension'] ?? null), share: Math.round(Number(textOf(part['share'])) * WHOLE) } : []
}

const sharesOf = (parts: Json | undefined): Share[] => (Array.isArray(parts) ? parts.flatMap((part) => asShare(part as Rec)) : [])

/** What a set holds. */
export const sharesOfSet = async (set: string): Promise<Share[]> => sharesOf((await api.read('dimension_set', set)).record['parts'])

/** A value put where others of its dimension were. */
export const withValue = (shares: readonly Share[], value: RefValue, dimension: string): Share[] => [...shares.filter((one) => one.dimension !== dimension), { value, dimension, share: WHOLE }]

/** The dimensions whose shares do not come to the whole. */
export const unwhole = (shares: readonly Share[]): string[] => {
  const sums = new Map<string, number>()
  for (const one of shares) sums.set(one.dimension, (sums.get(one.dimension) ?? 0) + one.share)
  return [...sums].filter(([, sum]) => sum !== WHOLE).map(([dimension]) => dimension)
}

const decimal = (share: number): string => String(share / WHOLE)

/** The same for the same values and shares, in whatever order. */
export const keyOf = (shares: readonly Share[]): string => shares.map((one) => `${one.value.id}:${one.share}`).sort().join(',')

/** The set of these values: the one there is, else a new one. */
export async function setOf(shares: readonly Share[]): Promise<RefValue> {
  const label = (record: Rec): RefValue => ({ id: textOf(record['id']), label: textOf(record['name']) })
  const key = keyOf(shares)
  const there = async (): Promise<RefValue | undefined> => {
    const filter = JSON.stringify(['and', ...shares.map((one) => ['parts.value', '=', one.value.id])])
    const { rows } = await api.list('dimension_set', { filter, fields: 'name,parts', limit: 80 })
    const same = rows.find((row) => keyOf(sharesOf(row['parts'])) === key)
    return same && label(same)
  }
  const known = await there()
  if (known) return known
  try {
    return label((await api.upsert('dimension_set', key, { parts: shares.map((one) => ({ value: one.value.id, share: decimal(one.share) })) })).record)
  } catch (problem) {
    // Somebody was faster.
    const made = problem instanceof Refused ? await there() : undefined
    if (!made) throw problem
    return made
  }
}
