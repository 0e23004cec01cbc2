//! The code after the latest ones of customers, products or accounts, where those before it were counted on.
import { api } from '@/api/client.ts'
import type { Entity } from '@/api/types.ts'
import { textOf } from '@/meta/meta.ts'

/** So many of the latest tell whether they are a series. */
const LATEST = 20
/** Whoever counts on leaves no greater gap between the last two. */
const GAP = 10

/** The code after the latest ones, given newest first; null where they are no series. */
export function nextCode(codes: readonly string[]): string | null {
  const parts = codes.flatMap((code) => {
    const [, head, digits] = /^(.*?)(\d+)$/.exec(code) ?? []
    return digits !== undefined && Number.isSafeInteger(Number(digits)) ? [{ head: head ?? '', digits }] : [null]
  })
  const [latest] = parts
  if (!latest) return null
  const [last, before] = parts.flatMap((part) => (part && part.head === latest.head ? [Number(part.digits)] : [])).sort((a, b) => b - a)
  if (last === undefined || before === undefined || last - before > GAP) return null
  return latest.head + String(last + 1).padStart(latest.digits.length, '0')
}

/** The field a record has for it, if people type one. */
export const codeField = (entity: Entity): Entity['fields'][number] | undefined => entity.fields.find(({ name, kind, required, readonly, computed }) => name === 'code' && kind === 'text' && required && !readonly && !computed)

/** The codes given last, newest first. */
export const latestCodes = async (entity: string): Promise<string[]> => (await api.list(entity, { sort: '-id', limit: LATEST, fields: 'id,code' })).rows.map((row) => textOf(row['code']))
