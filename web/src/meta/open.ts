import type { Open } from '@/api/types.ts'
import { href } from '@/lib/go.tsx'

/** The place a figure, a chart or a row of a report leads to. */
export function openPath(open: Open): string {
  if (open.report !== undefined) return href(`/report/${open.report}`, open.params ?? {})
  if (open.id !== undefined) return `/${open.entity}/${open.id}`
  return href(`/${open.entity}`, { filter: open.filter ? JSON.stringify(open.filter) : undefined })
}
