import { lazy, Suspense, type ComponentType, type ReactElement } from 'react'

/** A box that is loaded when the first one is drawn; until then its place is kept. */
export function later<P extends object>(load: () => Promise<ComponentType<P>>): (props: P) => ReactElement {
  const Late = lazy(async () => ({ default: await load() })) as unknown as ComponentType<P>
  return (props) => <Suspense fallback={<span className="box late" aria-hidden="true" />}><Late {...props} /></Suspense>
}
