import { AppError, notFound } from '#libs/errors';
import type { DomainProblem } from './domain.js';

export const domainNotFound = (): AppError => notFound('Domain');

export function alreadyRegistered(name: string): AppError {
  return new AppError({
    code: 'domain.already_registered',
    kind: 'forbidden',
    field: 'name',
    message: `The \`${name}\` domain has been registered already.`,
    remedy: 'GET /domains lists the domains of the project; a domain belongs to one connection of it.',
  });
}

/** What SES or IAM said against a new domain, as the answer to whoever wanted it. */
export function refusedBySes(name: string, { kind, code, message, remedy }: DomainProblem): AppError {
  const isName = kind === 'refused' && code === 'BadRequestException';
  return new AppError({
    code: `domain.${kind}`,
    kind: isName ? 'invalid' : 'forbidden',
    ...(isName && { field: 'name' }),
    message: `The \`${name}\` domain was not added. ${message}`,
    ...(remedy !== null && { remedy }),
  });
}
