import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Principal } from '#libs/accounts';
import { AppError } from '#libs/errors';

/**
 * Who may call a route: `public` anybody; `send` a project key, sending_access included; `project` a full_access
 * project key; `manage` a full_access key of the project or its organization.
 */
export type Access = 'public' | 'send' | 'project' | 'manage';

export const ACCESS = 'sesame:access';
export const Allow = (access: Access) => SetMetadata(ACCESS, access);

export interface AuthenticatedRequest extends FastifyRequest {
  principal?: Principal;
}

/** The caller, as the guard found it. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  if (principal === undefined)
    throw new AppError({ code: 'auth.no_principal', kind: 'internal', message: 'route without a guard' });
  return principal;
});

/** The project of the caller's key: the tenant of everything that follows. */
export const ProjectId = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { principal } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  if (principal?.projectId === undefined)
    throw new AppError({ code: 'auth.no_project', kind: 'internal', message: 'route without a guard' });
  return principal.projectId;
});
