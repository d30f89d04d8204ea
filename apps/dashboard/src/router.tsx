import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { queries, whenSignedOut } from './api/queries';
import { readEmailSearch } from './pages/emails/search';
import { readLogSearch } from './pages/logs/search';
import { Shell } from './shell';
import { Problem, Waiting } from './ui/state';
import { ApiError } from './api/client';

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

const signInRoute = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { to?: string; error?: string } => ({
    // Only a path of the dashboard: an address elsewhere would make the sign-in page a springboard.
    ...(typeof search['to'] === 'string' && /^\/(?![/\\])/.test(search['to']) && { to: search['to'] }),
    // Why a sign-in elsewhere failed, as a word. Sentences of others are not shown: anybody can write them into a link.
    ...(typeof search['error'] === 'string' && { error: search['error'] }),
  }),
  component: lazyRouteComponent(() => import('./pages/sign-in'), 'SignIn'),
});
const signUpRoute = createRoute({
  getParentRoute: () => root,
  path: '/sign-up',
  validateSearch: (search: Record<string, unknown>): { invitation?: string } =>
    typeof search['invitation'] === 'string' ? { invitation: search['invitation'] } : {},
  component: lazyRouteComponent(() => import('./pages/sign-up'), 'SignUp'),
});

const invitationRoute = createRoute({
  getParentRoute: () => root,
  path: '/invitations/$token',
  component: lazyRouteComponent(() => import('./pages/invitation'), 'Invitation'),
});

/** Everything that needs a signed-in person. */
const insideRoute = createRoute({ getParentRoute: () => root, id: 'inside', component: Shell });
const homeRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/projects' });
  },
});
const projectsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/projects',
  component: lazyRouteComponent(() => import('./pages/projects'), 'Projects'),
});

const organizationPages = [
  createRoute({
    getParentRoute: () => insideRoute,
    path: '/members',
    component: lazyRouteComponent(() => import('./pages/members'), 'Members'),
  }),
  createRoute({
    getParentRoute: () => insideRoute,
    path: '/audit',
    component: lazyRouteComponent(() => import('./pages/audit'), 'Audit'),
  }),
  createRoute({
    getParentRoute: () => insideRoute,
    path: '/organization',
    component: lazyRouteComponent(() => import('./pages/organization'), 'OrganizationPage'),
  }),
  createRoute({
    getParentRoute: () => insideRoute,
    path: '/account',
    component: lazyRouteComponent(() => import('./pages/account'), 'Account'),
  }),
] as const;

const projectRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/projects/$projectId',
  component: Outlet,
});
const projectHomeRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/projects/$projectId/connections', params });
  },
});
const inProject = () => projectRoute;
const projectPages = [
  projectHomeRoute,
  createRoute({
    getParentRoute: inProject,
    path: 'connections',
    component: lazyRouteComponent(() => import('./pages/connections/connections'), 'Connections'),
  }),
  createRoute({
    getParentRoute: inProject,
    path: 'connections/$connectionId',
    component: lazyRouteComponent(() => import('./pages/connections/connection'), 'ConnectionPage'),
  }),
  createRoute({
    getParentRoute: inProject,
    path: 'emails',
    validateSearch: readEmailSearch,
    component: lazyRouteComponent(() => import('./pages/emails/emails'), 'Emails'),
  }),
  createRoute({
    getParentRoute: inProject,
    path: 'emails/$emailId',
    component: lazyRouteComponent(() => import('./pages/emails/email'), 'EmailPage'),
  }),
  createRoute({
    getParentRoute: inProject,
    path: 'queue',
    component: lazyRouteComponent(() => import('./pages/queue/queue'), 'QueuePage'),
  }),
  createRoute({
    getParentRoute: inProject,
    path: 'logs',
    validateSearch: readLogSearch,
    component: lazyRouteComponent(() => import('./pages/logs/logs'), 'Logs'),
  }),
  createRoute({
    getParentRoute: inProject,
    path: 'logs/$logId',
    component: lazyRouteComponent(() => import('./pages/logs/log'), 'LogPage'),
  }),
  createRoute({
    getParentRoute: inProject,
    path: 'domains',
    component: lazyRouteComponent(() => import('./pages/domains/domains'), 'Domains'),
  }),
  createRoute({
    getParentRoute: inProject,
    path: 'domains/$domainId',
    component: lazyRouteComponent(() => import('./pages/domains/domain'), 'DomainPage'),
  }),
  createRoute({
    getParentRoute: inProject,
    path: 'metrics',
    component: lazyRouteComponent(() => import('./pages/metrics/metrics'), 'Metrics'),
  }),
  createRoute({
    getParentRoute: inProject,
    path: 'templates',
    component: lazyRouteComponent(() => import('./pages/templates/templates'), 'Templates'),
  }),
  createRoute({
    getParentRoute: inProject,
    path: 'templates/$templateId',
    component: lazyRouteComponent(() => import('./pages/templates/template'), 'TemplatePage'),
  }),
  createRoute({
    getParentRoute: inProject,
    path: 'webhooks',
    component: lazyRouteComponent(() => import('./pages/webhooks/webhooks'), 'Webhooks'),
  }),
  createRoute({
    getParentRoute: inProject,
    path: 'webhooks/$webhookId',
    component: lazyRouteComponent(() => import('./pages/webhooks/webhook'), 'WebhookPage'),
  }),
  createRoute({
    getParentRoute: inProject,
    path: 'suppressions',
    component: lazyRouteComponent(() => import('./pages/suppressions'), 'Suppressions'),
  }),
  createRoute({
    getParentRoute: inProject,
    path: 'api-keys',
    component: lazyRouteComponent(() => import('./pages/api-keys'), 'ApiKeys'),
  }),
  createRoute({
    getParentRoute: inProject,
    path: 'settings',
    component: lazyRouteComponent(() => import('./pages/settings'), 'Settings'),
  }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren([
    signInRoute,
    signUpRoute,
    invitationRoute,
    insideRoute.addChildren([
      homeRoute,
      projectsRoute,
      ...organizationPages,
      projectRoute.addChildren([...projectPages]),
    ]),
  ]),
  basepath: '/app',
  defaultPreload: 'intent',
  defaultPendingComponent: () => <Waiting>Loading the page…</Waiting>,
  defaultErrorComponent: ({ error }) => (
    <Problem
      error={error instanceof ApiError ? error : new ApiError(0, `This page failed: ${String(error)}`)}
    />
  ),
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

whenSignedOut(() => {
  const { pathname, href } = router.state.location;
  if (
    !pathname.startsWith('/projects') &&
    !['/members', '/audit', '/organization', '/account'].includes(pathname)
  )
    return;
  queries.clear();
  void router.navigate({ to: '/sign-in', search: { to: href } });
});

function NotFound() {
  return (
    <main className="p-8">
      <h1 className="text-2xl font-semibold">There is no such page</h1>
      <p className="mt-2">
        <a href="/app/projects" className="text-accent underline">
          Go to your projects
        </a>
      </p>
    </main>
  );
}
