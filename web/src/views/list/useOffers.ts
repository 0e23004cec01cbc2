import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entity } from '@/api/types.ts'
import { searchRefs } from '@/fields/ref.tsx'
import { useDebounced } from '@/lib/hooks.ts'
import { useScene } from '@/meta/meta.ts'
import { askedOf, refFields, suggest, type Offer } from './suggest.ts'

const TYPING_MS = 180
/** Records offered of one field. */
const FOUND_MAX = 3

/** A condition to take, with the name of its record where it has one. */
export interface Suggestion extends Offer { name?: string }

/** What the typed words may mean; the records come when the server has answered. */
export function useOffers(entity: Entity, typed: string, wanted: boolean): Suggestion[] {
  const { t } = useTranslation()
  const { meta, today } = useScene()
  const text = typed.trim()
  const settled = useDebounced(text, TYPING_MS)
  const records = useQuery({
    queryKey: ['suggest', entity.name, settled],
    enabled: wanted && settled !== '' && settled === text,
    staleTime: 30_000,
    queryFn: async ({ signal }): Promise<Suggestion[]> => {
      const found = await Promise.all(refFields(meta, entity).map(async (field): Promise<Suggestion[]> => {
        const options = await searchRefs(meta, field.entity ?? '', field.only, askedOf(meta, field, settled), signal)
        return options.slice(0, FOUND_MAX).map((option) => ({ key: `${field.name}.${option.key}`, condition: [field.name, 'in', [option.key]], name: option.label }))
      }))
      return found.flat()
    },
  })
  const own = useMemo(() => suggest(meta, entity, wanted ? text : '', today, { range: (range) => t(`range.${range}`), overdue: t('together.overdue') }), [meta, entity, text, today, wanted, t])
  return wanted && text ? [...own.before, ...(settled === text ? (records.data ?? []) : []), ...own.after] : []
}
