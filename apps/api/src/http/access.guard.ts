import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import { Authenticate, checkKeyAccess, type Access } from '#libs/accounts';
import { AppError } from '#libs/errors';
import { ACCESS, type AuthenticatedRequest } from './access.js';
import { MalformedJson } from './fastify.js';
import { MemberAccess } from './member-access.js';
import { RateLimit } from './rate-limit.js';

/** Authenticates every request and holds it against what its route allows; a route that says nothing allows nobody. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(Authenticate) private readonly authenticate: Authenticate,
    @Inject(MemberAccess) private readonly members: MemberAccess,
    @Inject(RateLimit) private readonly rateLimit: RateLimit,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    const http = context.switchToHttp();
    const request = http.getRequest<AuthenticatedRequest>();
    if (access === 'public') return isReadable(request);
    if (access === undefined)
      throw new AppError({
        code: 'auth.no_access_rule',
        kind: 'internal',
        message: 'route without an access rule',
      });
    const reply = http.getResponse<FastifyReply>();
    if (this.members.isMeant(request)) {
      const user = await this.members.user(request);
      this.rateLimit.charge(`user:${user.id}`, reply);
      request.user = user;
      if (access !== 'user') request.principal = await this.members.principal(request, user, access);
      return isReadable(request);
    }
    const principal = await this.authenticate.execute(request.headers.authorization);
    request.principal = principal;
    this.rateLimit.charge(principal.projectId ?? principal.organizationId, reply);
    checkKeyAccess(principal, access, request.method);
    return isReadable(request);
  }
}

/** @returns true @throws AppError when the body is not the JSON that it says it is */
function isReadable(request: AuthenticatedRequest): true {
  if (!(request.body instanceof MalformedJson)) return true;
  throw new AppError({
    code: 'http.bad_request',
    kind: 'malformed',
    message: 'Request body must be valid JSON.',
  });
}
