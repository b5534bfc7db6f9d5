/** The browser's program: finds the areas, lays their pages under the frame, and starts. */
import '@fontsource/titillium-web/400.css'
import '@fontsource/titillium-web/600.css'
import '@fontsource/titillium-web/700.css'
import 'virtual:bootstrap-italia.css'
import './shared/style/index.css'
import { QueryClientProvider } from '@tanstack/react-query'
import {
  createRootRoute,
  createRoute,
  createRouter,
  Navigate,
  Outlet,
  RouterProvider,
  redirect,
  useNavigate,
} from '@tanstack/react-router'
import { lazy, StrictMode, Suspense } from 'react'
import { RouterProvider as AriaRouterProvider, I18nProvider } from 'react-aria-components'
import { createRoot } from 'react-dom/client'
import { useTranslation } from 'react-i18next'
import { Frame, PageTitle, railOf } from './frame/frame.tsx'
import { BrokenPage, NoRightsPage, NotFoundPage } from './frame/pages.tsx'
import { SampleBar } from './frame/sample-bar.tsx'
import { sessionQuery, useMaybeSession } from './frame/session.ts'
import type { AreaDoor, AreaPage } from './shared/area.ts'
import { keepFocus } from './shared/focus.ts'
import { LiveProvider } from './shared/live-context.tsx'
import { queryClient } from './shared/query.ts'
import { openScheme } from './shared/scheme.ts'
import { may, SessionProvider, useSession } from './shared/session.tsx'
import { listenToKeys } from './shared/shortcuts.ts'
import { openTexts } from './shared/texts.ts'
import { Loading, Toasts } from './shared/ui/index.ts'

const areas = Object.values(import.meta.glob<AreaDoor>(['./*/area.ts', '!./shared/area.ts'], { eager: true })).map(
  door => door.area,
)

const root = createRootRoute({
  component: function Root() {
    const { i18n } = useTranslation()
    const navigate = useNavigate()
    return (
      <I18nProvider locale={i18n.language === 'it' ? 'it-IT' : 'en-GB'}>
        <AriaRouterProvider navigate={to => void navigate({ to })}>
          <div className="whole">
            <SampleBar />
            <Suspense fallback={<Loading />}>
              <Outlet />
            </Suspense>
          </div>
          <Toasts />
        </AriaRouterProvider>
      </I18nProvider>
    )
  },
})

/** Everything behind the sign-in: one frame, one live stream, whatever the page. */
const work = createRoute({
  getParentRoute: () => root,
  id: 'work',
  beforeLoad: async ({ location }) => {
    if ((await queryClient.ensureQueryData(sessionQuery)) === null)
      throw redirect({ to: '/sign-in', search: { next: location.href } })
  },
  component: function Work() {
    const session = useMaybeSession()
    if (!session) return <Navigate to="/sign-in" search={{ next: window.location.pathname + window.location.search }} />
    return (
      <SessionProvider value={session}>
        <LiveProvider assignment={session.acting.assignmentId}>
          <Frame areas={areas} />
        </LiveProvider>
      </SessionProvider>
    )
  },
  notFoundComponent: NotFoundPage,
})

const home = createRoute({
  getParentRoute: () => work,
  path: '/',
  component: function Home() {
    const { acting } = useSession()
    const first = railOf(areas, acting)[0]
    return first ? <Navigate to={first.to} replace /> : <NotFoundPage />
  },
})

function pageRoute(page: AreaPage) {
  const Page = lazy(page.load)
  const { needs, path, title } = page
  // Reads the page's file when somebody is about to go there.
  const loader = async () => void (await page.load())
  if (needs === 'public')
    return createRoute({
      getParentRoute: () => root,
      path,
      loader,
      component: () => (
        <>
          <PageTitle title={title} />
          <Page />
        </>
      ),
    })
  return createRoute({
    getParentRoute: () => work,
    path,
    loader,
    component: function Guarded() {
      const { acting } = useSession()
      return (
        <>
          <PageTitle title={title} />
          {needs && !may(acting, needs) ? <NoRightsPage needs={needs} /> : <Page />}
        </>
      )
    },
  })
}

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { next?: string } =>
    // Only a page of ours: an address with a host would lead people away after they have signed in.
    typeof search.next === 'string' && /^\/(?![/\\])/.test(search.next) ? { next: search.next } : {},
  beforeLoad: async ({ search }) => {
    // Whoever is signed in and comes back here has nothing to do here.
    const session = await queryClient.ensureQueryData(sessionQuery).catch(() => null)
    if (session !== null) throw redirect({ to: search.next ?? '/', replace: true })
  },
  component: lazy(() => import('./sign-in/sign-in.tsx')),
})

/** An address that nobody has, inside the frame for those who are signed in. */
const nowhere = createRoute({ getParentRoute: () => work, path: '$', component: NotFoundPage })

const pages = areas.flatMap(area => area.pages)
const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    ...pages.filter(page => page.needs === 'public').map(pageRoute),
    work.addChildren([home, ...pages.filter(page => page.needs !== 'public').map(pageRoute), nowhere]),
  ]),
  defaultErrorComponent: BrokenPage,
  defaultNotFoundComponent: NotFoundPage,
  defaultPendingComponent: () => <Loading />,
  defaultPreload: 'intent',
  scrollRestoration: true,
})

openScheme()
await openTexts()
listenToKeys()
keepFocus()
const place = document.getElementById('root')
if (place)
  createRoot(place).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  )
