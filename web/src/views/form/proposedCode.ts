//! The next code of a new customer, product or account, where those before it were counted on.
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Entity } from '@/api/types.ts'
import { codeField, latestCodes, nextCode } from '@/fields/nextCode.ts'
import { isEmpty } from '@/meta/meta.ts'
import { shown, type Draft } from './draft.ts'

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
