import { decideStatus, nextCheckAt, nextTryAt, searchMs } from '../decide-status.js';
import { sendingDomainStatuses, type Domain, type DomainProblem } from '../domain.js';
import type { FollowedDomain, FollowRecord } from '../system-domains.repository.js';
import type { IdentityReading } from './read-identity.js';

/** What a reading means for the domain. @param random [0, 1): see nextCheckAt() */
export function decideRecord(
  domain: FollowedDomain,
  { identity, ownership, problem }: IdentityReading,
  now: Date,
  random: number,
): FollowRecord {
  const kept = { ownership, sightings: domain.sightings, followedAt: now };
  if (identity === undefined) {
    // Nothing is known anew: the state stands, except that nothing is waited for for ever.
    const isOver =
      !sendingDomainStatuses.includes(domain.status) &&
      now.getTime() - domain.verifyingSince.getTime() >= searchMs;
    return {
      ...kept,
      status: isOver ? 'failed' : domain.status,
      identity: domain.identity,
      problem,
      verifyingSince: domain.verifyingSince,
      verifiedAt: domain.verifiedAt,
      nextCheckAt: isOver || domain.isDisconnected ? null : nextTry(domain, problem, now, random),
    };
  }
  const isLost = sendingDomainStatuses.includes(domain.status) && identity?.isVerifiedForSending === false;
  // What was proven and is so no more gets the whole time to be mended.
  const verifyingSince = isLost ? now : domain.verifyingSince;
  const status = decideStatus(identity, now.getTime() - verifyingSince.getTime());
  return {
    ...kept,
    status,
    identity,
    problem: identity === null && problem === null ? gone(domain) : problem,
    verifyingSince,
    verifiedAt: domain.verifiedAt ?? (sendingDomainStatuses.includes(status) ? now : null),
    nextCheckAt: nextCheckAt(status, verifyingSince, now, random),
  };
}

/** A right that was taken away is not asked for every hour: each refusal stands in the customer's CloudTrail. */
function nextTry(domain: Domain, problem: DomainProblem | null, now: Date, random: number): Date | null {
  const { status, verifyingSince } = domain;
  return problem?.kind === 'denied' && sendingDomainStatuses.includes(status)
    ? nextCheckAt(status, verifyingSince, now, random)
    : nextTryAt(verifyingSince, now);
}

function gone({ name }: Domain): DomainProblem {
  return {
    kind: 'gone',
    code: 'NotFoundException',
    message: `Amazon SES has no identity \`${name}\` any more.`,
    remedy: 'POST /domains/{id}/verify makes it again; the DKIM records may be other ones then.',
  };
}
