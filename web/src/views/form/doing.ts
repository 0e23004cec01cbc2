//! What all the work beside a record has in common: it is asked for again, and what went wrong is said.
import { useQueryClient } from '@tanstack/react-query'
import type { Entity } from '@/api/types.ts'
import { useComplain } from '@/ui/Snack.tsx'

export interface TogetherProps { entity: Entity; id: string }

/** Everything beside a record is asked for again. */
export function useTold({ entity, id }: TogetherProps): () => void {
  const client = useQueryClient()
  return () => void client.invalidateQueries({ queryKey: ['aside', entity.name, id] })
}

/** Does it, shows what went wrong, and tells whether it went well. */
export function useDoing(): (work: () => Promise<unknown>) => Promise<boolean> {
  const complain = useComplain()
  return async (work) => {
    try {
      await work()
      return true
    } catch (problem) {
      complain(problem)
      return false
    }
  }
}
