import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect, useId, useState } from 'react';
import { auth } from './api/auth';
import { useApiQuery, useMaybeProjectId } from './api/hooks';
import type { Schemas } from './api/client';
import { useMe, useSelectOrganization } from './api/me';
import mark from './assets/sesame.svg';
import { NoOrganization } from './pages/no-organization';
import { Button } from './ui/button';
import { Loaded } from './ui/state';

const pages = [
  ['connections', 'Connections'],
  ['emails', 'Emails'],
  ['queue', 'Queue'],
  ['logs', 'Logs'],
  ['metrics', 'Metrics'],
  ['domains', 'Domains'],
  ['templates', 'Templates'],
  ['webhooks', 'Webhooks'],
  ['suppressions', 'Suppressions'],
  ['api-keys', 'API keys'],
  ['settings', 'Settings'],
] as const;

const organizationPages = [
  ['/members', 'Members'],
  ['/audit', 'Audit log'],
  ['/organization', 'Organization'],
] as const;

/** The frame of everything behind the sign-in. */
export function Shell() {
  const me = useMe();
  const projectId = useMaybeProjectId();
  const [isOpen, setIsOpen] = useState(false);
  const isAccount = useLocation().pathname === '/account';
  const selectOrganization = useSelectOrganization();
  const organizationId = me.data?.organization_id;
  useEffect(() => {
    // A link into a project decides about the organization as well.
    if (projectId !== undefined && typeof organizationId === 'string') selectOrganization(organizationId);
  }, [projectId, organizationId, selectOrganization]);
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[15rem_1fr]">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:z-10 focus:m-2 focus:bg-card focus:p-2"
      >
        Skip to the content
      </a>
      <header className="border-b border-line bg-card lg:border-r lg:border-b-0">
        <div className="flex items-center justify-between p-4 lg:sticky lg:top-0 lg:flex-col lg:items-stretch lg:gap-6">
          <Link to="/projects" className="flex items-center gap-2 text-lg font-semibold text-ink">
            <img src={mark} alt="" className="size-7" /> Sesame
          </Link>
          <Button
            className="lg:hidden"
            aria-expanded={isOpen}
            aria-controls="navigation"
            onClick={() => setIsOpen(!isOpen)}
          >
            Menu
          </Button>
          <div className="hidden lg:contents">
            <Navigation projectId={projectId} me={me.data} />
          </div>
        </div>
        {isOpen && (
          <div id="navigation" className="p-4 pt-0 lg:hidden" onClick={() => setIsOpen(false)}>
            <Navigation projectId={projectId} me={me.data} />
          </div>
        )}
      </header>
      <main id="content" className="mx-auto w-full max-w-5xl p-4 sm:p-8">
        <Loaded query={me} what="your account">
          {(someone) =>
            someone.organization_id === null && !isAccount ? <NoOrganization me={someone} /> : <Outlet />
          }
        </Loaded>
      </main>
    </div>
  );
}

const item = 'block rounded-lg px-3 py-1.5 text-muted hover:bg-sunken hover:text-ink';
const current = { className: 'bg-accent-soft font-medium text-accent' };

function Navigation({ projectId, me }: { projectId: string | undefined; me: Schemas['Me'] | undefined }) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const signOut = useMutation({
    mutationFn: () => auth('sign-out', {}),
    onSuccess: () => {
      queries.clear();
      void navigate({ to: '/sign-in' });
    },
  });
  return (
    <>
      {me !== undefined && <Organizations me={me} />}
      <nav aria-label="Pages" className="flex flex-col gap-0.5">
        <Link to="/projects" className={item} activeProps={current} activeOptions={{ exact: true }}>
          Projects
        </Link>
        {organizationPages.map(([to, text]) => (
          <Link key={to} to={to} className={item} activeProps={current}>
            {text}
          </Link>
        ))}
        {projectId !== undefined && (
          <>
            <ProjectName />
            {pages.map(([path, text]) => (
              <Link
                key={path}
                to={`/projects/$projectId/${path}`}
                params={{ projectId }}
                className={item}
                activeProps={current}
              >
                {text}
              </Link>
            ))}
          </>
        )}
      </nav>
      <div className="mt-4 flex flex-col gap-2 text-sm">
        <Link to="/account" className={`${item} break-all`} activeProps={current}>
          {me?.user.email ?? 'Your account'}
        </Link>
        <a href="/docs" className={item}>
          API reference
        </a>
        <Button
          kind="quiet"
          className="justify-start!"
          busy={signOut.isPending && 'Signing out…'}
          onClick={() => signOut.mutate()}
        >
          Sign out
        </Button>
      </div>
    </>
  );
}

/** The organization that the pages are about; a choice for who is in several. */
function Organizations({ me }: { me: Schemas['Me'] }) {
  const id = useId();
  const navigate = useNavigate();
  const select = useSelectOrganization();
  const now = me.organizations.find((one) => one.id === me.organization_id);
  if (now === undefined) return null;
  if (me.organizations.length === 1)
    return <p className="mb-2 truncate px-3 text-sm font-semibold lg:mb-0">{now.name}</p>;
  return (
    // The menu of a phone closes at a click, and would take the choice with it.
    <div className="mb-2 lg:mb-0" onClick={(event) => event.stopPropagation()}>
      <label htmlFor={id} className="mb-1 block px-3 text-sm text-muted">
        Organization
      </label>
      <select
        id={id}
        value={now.id}
        onChange={(event) => {
          const chosen = event.target.value;
          // First away from the project, which belongs to the other one.
          void navigate({ to: '/projects' }).then(() => select(chosen));
        }}
        className="w-full rounded-lg border border-line-strong bg-card px-3 py-1.5"
      >
        {me.organizations.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}
          </option>
        ))}
      </select>
    </div>
  );
}

function ProjectName() {
  const projectId = useMaybeProjectId() ?? '';
  const project = useApiQuery(['project'], (api) =>
    api.GET('/v1/projects/{id}', { params: { path: { id: projectId } } }),
  );
  return <p className="mt-4 mb-1 truncate px-3 text-sm font-semibold">{project.data?.name ?? '…'}</p>;
}
