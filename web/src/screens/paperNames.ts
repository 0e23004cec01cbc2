//! What units, taxes, terms and places are called on a paper: in its language, where they have a name in it.
import { useQueries } from '@tanstack/react-query'
import { api } from '@/api/client.ts'
import type { Rec, Value } from '@/api/types.ts'
import type { Lang } from '@/i18n/index.ts'
import { idOf, isEmpty, rowsOf, textOf, type Meta } from '@/meta/meta.ts'

export type Speech = Lang | 'both'
/** What has a name of its own in each language. */
const NAMED = ['unit', 'tax', 'payment_term', 'place'] as const
const NAMES_MAX = 500

/** A name in the language of the paper; in both where it speaks both; none where the record has none in it. */
export function nameIn(speech: Speech, names: Rec | undefined): string {
  const [zh, en] = [textOf(names?.['name_zh']), textOf(names?.['name_en'])]
  return speech === 'both' ? (zh && en && zh !== en ? `${zh} ${en}` : '') : speech === 'en' ? en : zh
}

/** Which records of an entity a document and its lines name. */
export function namedIn(meta: Meta, entityName: string, of: string, record: Rec | undefined): string[] {
  const entity = meta.entity(entityName)
  const found = (entity && record ? entity.fields : []).flatMap((field) => {
    const value = record?.[field.name]
    if (field.kind === 'owned' && field.entity) return rowsOf(value).flatMap((row) => namedIn(meta, field.entity ?? '', of, row))
    return field.kind === 'ref' && field.entity === of && !isEmpty(value) ? [idOf(value)] : []
  })
  return [...new Set(found.filter(Boolean))].sort()
}

/** Tells what a ref is called on a paper of a language; empty where it is called what it is called everywhere. */
export function useNames(meta: Meta, entityName: string, record: Rec | undefined): { name: (value: Value, speech: Speech) => string; loading: boolean } {
  const asked = NAMED.filter((of) => meta.entity(of)?.can.see).map((of) => ({ of, ids: namedIn(meta, entityName, of, record).slice(0, NAMES_MAX) }))
  const answers = useQueries({ queries: asked.map(({ of, ids }) => ({
    queryKey: ['list', of, 'names', ids], enabled: ids.length > 0, retry: false,
    queryFn: () => api.list(of, { filter: JSON.stringify(['id', 'in', ids]), fields: 'id,name_en,name_zh', limit: NAMES_MAX }),
  })) })
  const names = new Map(answers.flatMap(({ data }) => data?.rows ?? []).map((row) => [textOf(row['id']), row]))
  return { name: (value, speech) => nameIn(speech, names.get(idOf(value))), loading: answers.some((answer) => answer.isLoading) }
}
