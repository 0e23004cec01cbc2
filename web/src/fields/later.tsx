import { lazy, Suspense, type ComponentType, type ReactElement } from 'react'

/** A box that is loaded when the first one is drawn; until then what it holds stands in its place. */
export function later<P extends object>(load: () => Promise<ComponentType<P>>, meanwhile: (props: P) => ReactElement = () => <Waiting />): (props: P) => ReactElement {
  const Late = lazy(async () => ({ default: await load() })) as unknown as ComponentType<P>
  return (props) => <Suspense fallback={meanwhile(props)}><Late {...props} /></Suspense>
}

/** The frame of a box with its text, as it will stand there. */
export const Waiting = ({ text = '', bare = false }: { text?: string; bare?: boolean }) => <span className={bare ? 'box late bare' : 'box late'} aria-hidden="true"><span className="clip">{text}</span></span>
