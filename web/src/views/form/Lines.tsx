//! The lines of a record: a grid to type in, but for the rights of a role, which are a table of their own.
import { lazy, Suspense } from 'react'
import { Skeleton } from '@/ui/parts.tsx'
import { LineGrid, type LineGridProps } from './LineGrid.tsx'

const Rights = lazy(() => import('./Rights.tsx'))

export function Lines(props: LineGridProps) {
  return props.line.name === 'role_grant' ? <Suspense fallback={<Skeleton rows={8} />}><Rights {...props} /></Suspense> : <LineGrid {...props} />
}
