import { AppError } from '#libs/errors';
import type { SendingDomain } from './sending-connections.repository.js';

/** SES accepts mail from it; `partially_verified` lacks only its own MAIL FROM domain. */
const sends = new Set(['verified', 'partially_verified']);

/**
 * The connection where the From domain is at home: that of the project's domain of this name, or else of the nearest parent that is
 * verified (SES lets a verified domain send for its subdomains).
 *
 * @param wanted the connection that the email asks for: in another one SES may know the domain, whatever its state is here
 * @returns undefined for a domain that the project has not added: then SES is the judge
 * @throws AppError `email.domain_not_verified`, `email.domain_disabled`
 */
export function homeConnection(
  domains: ReadonlyMap<string, SendingDomain>,
  fromDomain: string,
  wanted: string | undefined,
): string | undefined {
  if (domains.size === 0) return undefined;
  const own = domains.get(fromDomain);
  if (own !== undefined) {
    if (sends.has(own.status)) return own.connectionId;
    if (wanted !== undefined && wanted !== own.connectionId) return undefined;
    throw own.status === 'disabled' ? disabled(fromDomain) : notVerified(fromDomain, own);
  }
  for (let dot = fromDomain.indexOf('.'); dot >= 0; dot = fromDomain.indexOf('.', dot + 1)) {
    const parent = domains.get(fromDomain.slice(dot + 1));
    if (parent !== undefined && sends.has(parent.status)) return parent.connectionId;
  }
  return undefined;
}

function notVerified(name: string, { id, status }: SendingDomain): AppError {
  return new AppError({
    code: 'email.domain_not_verified',
    kind: 'forbidden',
    field: 'from',
    message: `The \`${name}\` domain is not verified. Please, add and verify your domain. (It is ${status.replaceAll('_', ' ')}.)`,
    remedy: `Publish the \`records\` of GET /domains/${id}, each of which says what is missing, then POST /domains/${id}/verify.`,
  });
}

function disabled(name: string): AppError {
  return new AppError({
    code: 'email.domain_disabled',
    kind: 'forbidden',
    field: 'from',
    message: `Sending is disabled for the \`${name}\` domain.`,
    remedy: 'PATCH /domains/{id} with `capabilities: { sending: "enabled" }` allows it.',
  });
}
