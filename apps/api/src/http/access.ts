import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Access, Principal, SignedInUser } from '#libs/accounts';
import { AppError } from '#libs/errors';

export const ACCESS = 'sesame:access';
export const Allow = (access: Access) => SetMetadata(ACCESS, access);

export interface AuthenticatedRequest extends FastifyRequest {
  principal?: Principal;
  /** Who is signed in, on routes for `user`. */
  user?: SignedInUser;
}

/** The caller, as the guard found it. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  if (principal === undefined)
    throw new AppError({ code: 'auth.no_principal', kind: 'internal', message: 'route without a guard' });
  return principal;
});

/** Who is signed in. */
export const SignedIn = createParamDecorator((_: unknown, context: ExecutionContext): SignedInUser => {
  const { user } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  if (user === undefined)
    throw new AppError({ code: 'auth.no_user', kind: 'internal', message: 'route without a guard' });
  return user;
});

/** The project of the caller's key, or the one that a session names: the tenant of everything that follows. */
export const ProjectId = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { principal } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  if (principal?.projectId === undefined)
    throw new AppError({ code: 'auth.no_project', kind: 'internal', message: 'route without a guard' });
  return principal.projectId;
});
