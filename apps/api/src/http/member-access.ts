import { Inject, Injectable } from '@nestjs/common';
import {
  isReading,
  MemberSessions,
  type MemberPrincipal,
  type PathTarget,
  type RoleAccess,
  type SignedInUser,
} from '#libs/accounts';
import { AppError } from '#libs/errors';
import type { AuthenticatedRequest } from './access.js';
import { PublicUrl } from './public-url.js';
import { isSameOrigin } from './same-origin.js';

/** A cookie of ours, with the prefix that it has where it is Secure. */
const SESSION_COOKIE = /(?:^|;\s*)(?:__Secure-)?sesame\.session_token=/;

/** Requests of the dashboard: a session's cookie in place of a key. */
@Injectable()
export class MemberAccess {
  constructor(
    @Inject(MemberSessions) private readonly sessions: MemberSessions,
    @Inject(PublicUrl) private readonly publicUrl: PublicUrl,
  ) {}

  /** A key counts more than a cookie. */
  isMeant({ headers }: AuthenticatedRequest): boolean {
    return headers.authorization === undefined && SESSION_COOKIE.test(headers.cookie ?? '');
  }

  /** @throws AppError `auth.cross_site`, `auth.no_session` */
  user(request: AuthenticatedRequest): Promise<SignedInUser> {
    const own = new URL(this.publicUrl.of(request)).origin;
    const origin = { origin: request.headers.origin, secFetchSite: headerOf(request, 'sec-fetch-site') };
    if (!isReading(request.method) && !isSameOrigin(origin, own))
      throw new AppError({
        code: 'auth.cross_site',
        kind: 'forbidden',
        message: 'This request with a session does not come from our own pages.',
        remedy: `Programs use an API key. Behind a proxy, set SESAME_PUBLIC_URL; pages are expected at ${own}.`,
      });
    return this.sessions.user(request.headers.cookie ?? '');
  }

  /** @throws AppError as {@link MemberSessions.principal} */
  principal(request: AuthenticatedRequest, user: SignedInUser, access: RoleAccess): Promise<MemberPrincipal> {
    return this.sessions.principal(user, {
      access,
      method: request.method,
      path: pathTarget(request),
      organizationId: headerOf(request, 'x-sesame-organization'),
      projectId: headerOf(request, 'x-sesame-project'),
    });
  }
}

/** Routes whose address names what belongs to one organization. */
const targets = [
  ['/v1/organizations/:id', 'organization'],
  ['/v1/projects/:id', 'project'],
  ['/v1/connections/:id', 'connection'],
] as const;

function pathTarget({ routeOptions, params }: AuthenticatedRequest): PathTarget | undefined {
  const kind = targets.find(([path]) => routeOptions.url?.startsWith(path) === true)?.[1];
  const { id } = params as { id?: string };
  return kind === undefined || id === undefined ? undefined : { kind, id };
}

function headerOf(request: AuthenticatedRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
