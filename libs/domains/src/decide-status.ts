import type { SesIdentityState, SesVerification } from '#libs/aws';
import type { Domain, DomainStatus, Sighting } from './domain.js';
import type { ExpectedRecord } from './records.js';

/** As long as SES itself looks for records. */
export const searchMs = 72 * 3_600_000;
const firstPauseMs = 60_000;
const longestPauseMs = 3_600_000;
const dailyMs = 24 * 3_600_000;

/** Resend's words for a record. */
export type RecordStatus = 'not_started' | 'pending' | 'verified' | 'failed' | 'temporary_failure';

const words: Readonly<Record<SesVerification, RecordStatus>> = {
  NOT_STARTED: 'not_started',
  PENDING: 'pending',
  SUCCESS: 'verified',
  FAILED: 'failed',
  TEMPORARY_FAILURE: 'temporary_failure',
};

/**
 * SES is the judge: what it sends from is verified, whatever our own look at DNS says.
 *
 * @param elapsedMs since its records are waited for
 */
export function decideStatus(identity: SesIdentityState | null, elapsedMs: number): DomainStatus {
  if (identity === null) return elapsedMs < searchMs ? 'not_started' : 'failed';
  if (identity.isVerifiedForSending) {
    return identity.mailFrom === null || identity.mailFrom.status === 'SUCCESS'
      ? 'verified'
      : 'partially_verified';
  }
  const word = words[identity.verification];
  // A success that may not send: SES has not brought the two together yet.
  const status = word === 'verified' ? 'pending' : word;
  const isWaiting = status === 'pending' || status === 'not_started';
  return isWaiting && elapsedMs >= searchMs ? 'failed' : status;
}

/** Of one record: SES's word where it judges the record itself, else what we saw. */
export function decideRecordStatus(
  record: ExpectedRecord,
  sighting: Sighting | undefined,
  domain: Pick<Domain, 'identity' | 'status'>,
): RecordStatus {
  const isRight = sighting?.isRight ?? null;
  if (record.isAdvice) return isRight === true ? 'verified' : 'not_started';
  const { identity } = domain;
  const ses = record.kind === 'DKIM' ? identity?.dkim.status : identity?.mailFrom?.status;
  // The MX is all that SES looks at for MAIL FROM; nobody but we looks at the SPF record.
  const isJudgedBySes = record.type !== 'TXT' || isRight === null;
  if (isRight === true || (ses === 'SUCCESS' && isJudgedBySes)) return 'verified';
  if (domain.status === 'failed') return 'failed';
  const word = words[ses ?? 'NOT_STARTED'];
  return word === 'verified' ? 'pending' : word;
}

/**
 * When to look again: while records are waited for after as long again as has passed already (a minute to an hour),
 * for as long as SES itself looks; afterwards a proven domain once a day, a failed one not until it is asked for.
 *
 * @param random [0, 1): spreads the domains of a fleet over the day
 */
export function nextCheckAt(
  status: DomainStatus,
  verifyingSince: Date,
  now: Date,
  random: number,
): Date | null {
  const elapsedMs = now.getTime() - verifyingSince.getTime();
  const isSettled = status === 'verified' || (status === 'partially_verified' && elapsedMs >= searchMs);
  if (isSettled) return new Date(now.getTime() + dailyMs * (0.9 + random * 0.1));
  return status === 'failed' ? null : nextTryAt(verifyingSince, now);
}

/** After as long again as has passed already, a minute to an hour. */
export function nextTryAt(since: Date, now: Date): Date {
  const elapsedMs = now.getTime() - since.getTime();
  return new Date(now.getTime() + Math.min(longestPauseMs, Math.max(firstPauseMs, elapsedMs)));
}
