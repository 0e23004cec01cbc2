//! The next code of a new customer, product or account, where those before it were counted on.
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { api } from '@/api/client.ts'
import type { Entity } from '@/api/types.ts'
import { isEmpty, textOf } from '@/meta/meta.ts'
import { shown, type Draft } from './draft.ts'

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

/** Offers it in a new record as what came with the form: who types another one types over it. */
export function useProposedCode(entity: Entity, isNew: boolean, change: (step: (draft: Draft) => Draft) => void): void {
  const field = codeField(entity)
  const answer = useQuery({
    queryKey: ['list', entity.name, 'latest codes'],
    queryFn: () => latestCodes(entity.name),
    enabled: isNew && entity.kind === 'master' && field !== undefined,
    staleTime: 0,
  })
  const code = answer.isFetching ? null : nextCode(answer.data ?? [])
  useEffect(() => {
    if (isNew && code) change((now) => ('code' in now.typed || !isEmpty(shown(now)['code']) ? now : { ...now, base: { ...now.base, code } }))
  }, [isNew, code])
}
