//! Tells a list of its groups; fetched only where a list has any.
import { useLayoutEffect } from 'react'
import type { Entity } from '@/api/types.ts'
import type { Query } from '@/meta/query.ts'
import type { Columns } from './columns.ts'
import { useGrouping, type Grouping } from './useGrouping.ts'

export default function Grouped({ entity, query, columns, fields, onChange }: { entity: Entity; query: Query; columns: Columns; fields: string | undefined; onChange: (grouping: Grouping | null) => void }) {
  const grouping = useGrouping(entity, query, columns, fields)
  useLayoutEffect(() => onChange(grouping), [grouping, onChange])
  useLayoutEffect(() => () => onChange(null), [onChange])
  return null
}
