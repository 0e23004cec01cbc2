//! Every place of the program. The only one who knows the screens.
import { useQuery } from '@tanstack/react-query'
import { createRootRoute, createRoute, createRouter, Outlet, useParams, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, type ReactNode } from 'react'
import { Refused, sendCompany, Unreachable } from './api/client.ts'
import { queries } from './api/queries.ts'
import { MakeHereContext } from './fields/making.ts'
import { bindHistory } from './lib/go.tsx'
import type { Entity, Rec } from './api/types.ts'
import { handedOver } from './meta/handed.ts'
import { useMeta } from './meta/meta.ts'
import type { SearchParams } from './meta/query.ts'
import { Broken, NoRights, NotFound } from './screens/Lost.tsx'
import { Frame } from './shell/Frame.tsx'
import { Skeleton, Trouble } from './ui/parts.tsx'
import { shapeOf, Waiting } from './ui/Waiting.tsx'

const Offline = lazy(() => import('./screens/Offline.tsx'))
const SignIn = lazy(() => import('./screens/SignIn.tsx'))
const Home = lazy(() => import('./screens/Home.tsx'))
const Dashboard = lazy(() => import('./screens/Dashboard.tsx'))
const ReportScreen = lazy(() => import('./screens/ReportScreen.tsx'))
const ChainScreen = lazy(() => import('./screens/ChainScreen.tsx'))
const Manual = lazy(() => import('./screens/Manual.tsx'))
const PrintScreen = lazy(() => import('./screens/PrintScreen.tsx'))
const ListPaper = lazy(() => import('./screens/PlainPaper.tsx'))
const ListView = lazy(() => import('./views/list/ListView.tsx'))
const FormView = lazy(() => import('./views/form/FormView.tsx'))
const MakeHere = lazy(() => import('./views/form/MakeHere.tsx'))

/** Nobody passes without a session and the description of what there is. */
function Gate() {
  const session = useQuery(queries.session())
  const meta = useQuery({ ...queries.meta(), enabled: Boolean(session.data) })
  sendCompany(session.data?.company.id)
  useEffect(() => {
    if (!meta.data) return
    // What most people open next, while they read the first page.
    const soon = setTimeout(() => void Promise.all([import('./views/list/ListView.tsx'), import('./views/form/FormView.tsx')]).catch(() => undefined), 1500)
    return () => clearTimeout(soon)
  }, [meta.data])
  // Whose rights are gone sees no more than before, but what was typed stays: the frame says it.
  const isRefused = session.error instanceof Refused && session.error.status === 403
  if (isRefused && !session.data) return <NoRights error={session.error} retry={() => void session.refetch()} />
  if (session.isError && !isRefused) return session.error instanceof Unreachable ? <Suspense><Offline error={session.error} retry={() => void session.refetch()} /></Suspense> : <Trouble error={session.error} retry={() => void session.refetch()} />
  // The mark of index.html stays; where it was not to be seen yet, it still waits its moment.
  if (session.isPending) return <img className={performance.now() > 900 ? 'boot late' : 'boot'} src="/favicon.svg" alt="合一 Heyi" />
  if (!session.data) return <Suspense><SignIn /></Suspense>
  if (meta.isError) return <Trouble error={meta.error} retry={() => void meta.refetch()} />
  if (!meta.data) return <Skeleton />
  return <MakeHereContext value={MakeHere}><Outlet /></MakeHereContext>
}

// Of this match, not of the address bar: while the next screen loads, the old one keeps its own.
const useSearchParams = (): SearchParams => useSearch({ strict: false }) as SearchParams
const usePlace = (): Record<string, string | undefined> => useParams({ strict: false })

function WithEntity({ children }: { children: (entity: Entity, id: string) => ReactNode }) {
  const meta = useMeta()
  const { entity: name = '', id = '' } = usePlace()
  const entity = meta.entity(name)
  return entity && entity.can.see && entity.kind !== 'owned' ? children(entity, id) : <NotFound />
}

const root = createRootRoute({ component: Gate, notFoundComponent: NotFound, errorComponent: Broken })
const frame = createRoute({ getParentRoute: () => root, id: 'frame', component: () => <Frame><Suspense fallback={<div className="wait-page"><Waiting shape={shapeOf(location.pathname)} /></div>}><Outlet /></Suspense></Frame> })

/** `?customer=pa_1` on a new record fills that field; what was begun elsewhere comes whole. */
function preset(entity: Entity, params: SearchParams): Rec {
  const named = Object.entries(params).flatMap(([name, value]) => {
    const field = entity.fields.find((one) => one.name === name && !one.computed)
    return field && value ? [[name, field.kind === 'bool' ? value === 'true' : value]] : []
  })
  return { ...Object.fromEntries(named), ...handedOver(entity.name, params['begun']) }
}

const routes = root.addChildren([
  frame.addChildren([
    createRoute({ getParentRoute: () => frame, path: '/', component: () => <Home /> }),
    createRoute({ getParentRoute: () => frame, path: '/dashboard/$id', component: () => {
      const { id = '' } = usePlace()
      const params = useSearchParams()
      const meta = useMeta()
      return meta.entity('dashboard')?.can.see ? <Dashboard key={id} id={id} edit={params['edit'] === '1'} from={params['from']} /> : <NotFound />
    } }),
    createRoute({ getParentRoute: () => frame, path: '/report/$name', component: () => {
      const meta = useMeta()
      const report = meta.report(usePlace()['name'] ?? '')
      const params = useSearchParams()
      return report ? <ReportScreen key={report.name} report={report} params={params} /> : <NotFound />
    } }),
    createRoute({ getParentRoute: () => frame, path: '/manual/$', component: () => {
      const params = useSearchParams()
      return <Manual name={usePlace()['_splat'] ?? ''} about={params['about']} at={params['at']} />
    } }),
    createRoute({ getParentRoute: () => frame, path: '/chain/$entity/$id', component: () => <WithEntity>{(entity, id) => <ChainScreen entity={entity} id={id} />}</WithEntity> }),
    createRoute({ getParentRoute: () => frame, path: '/$entity', component: () => {
      const params = useSearchParams()
      return <WithEntity>{(entity) => <ListView key={entity.name} entity={entity} params={params} />}</WithEntity>
    } }),
    createRoute({ getParentRoute: () => frame, path: '/$entity/new', component: () => {
      const params = useSearchParams()
      return <WithEntity>{(entity) => <FormView entity={entity} id={null} from={params['from']} preset={preset(entity, params)} />}</WithEntity>
    } }),
    createRoute({ getParentRoute: () => frame, path: '/$entity/$id', component: () => <WithEntity>{(entity, id) => <FormView entity={entity} id={id} />}</WithEntity> }),
  ]),
  createRoute({ getParentRoute: () => root, path: '/print/$entity', component: () => {
    const params = useSearchParams()
    return <Suspense fallback={<Skeleton />}><WithEntity>{(entity) => <ListPaper entity={entity} params={params} />}</WithEntity></Suspense>
  } }),
  createRoute({ getParentRoute: () => root, path: '/print/$entity/$id', component: () => {
    const params = useSearchParams()
    return <Suspense fallback={<Skeleton />}><WithEntity>{(entity, id) => <PrintScreen entity={entity} id={id} params={params} />}</WithEntity></Suspense>
  } }),
])

// Addresses stay readable: plain text, not JSON in quotes.
const parseSearch = (text: string): Record<string, string> => Object.fromEntries(new URLSearchParams(text))
function stringifySearch(search: Record<string, unknown>): string {
  const text = new URLSearchParams(Object.entries(search).flatMap(([name, value]) => (typeof value === 'string' && value ? [[name, value]] : []))).toString()
  return text ? `?${text}` : ''
}

export const router = createRouter({ routeTree: routes, parseSearch, stringifySearch, defaultNotFoundComponent: NotFound, defaultErrorComponent: Broken, defaultPreload: false })
bindHistory(router.history)
