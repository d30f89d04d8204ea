import type { AwsFailure } from '#libs/aws';
import type { SessionReason } from '../connection.js';
import { durationReason, judgeSts } from '../sessions/sts-failure.js';
import { evidenceOf, failed, passed, platformFault, undecided, type Finding } from './finding.js';
import { maxSessionRemedy } from './remedies.js';
import type { RoundContext } from './round-context.js';

const name = 'session_duration';

/** Always granted: IAM lets no role have a smaller maximum, and role chaining allows it (aws.md A.6). */
const fallbackSeconds = 3600;

export interface DurationFinding {
  finding: Finding;
  /** Undefined while nothing is known. */
  granted?: { seconds: number; reason: SessionReason | null };
}

/** Check 6. @param failure undefined when STS granted what was requested */
export function judgeDuration(context: RoundContext, failure: AwsFailure | undefined): DurationFinding {
  const requested = context.connection.requestedSessionSeconds;
  if (failure === undefined) {
    return {
      finding: passed(name, `STS grants sessions of ${requested} seconds.`, { granted_seconds: requested }),
      granted: { seconds: requested, reason: null },
    };
  }
  const reason = durationReason(failure);
  const evidence = { ...evidenceOf(failure), requested_seconds: requested, granted_seconds: fallbackSeconds };
  if (reason !== undefined && requested > fallbackSeconds) {
    const granted = { seconds: fallbackSeconds, reason };
    if (reason === 'role_max_session_duration') {
      const detail = `The role's MaxSessionDuration is below ${requested} seconds; sessions of ${fallbackSeconds} seconds are used.`;
      return {
        finding: failed(name, 'degrade', 'customer', detail, evidence, maxSessionRemedy(context.connection)),
        granted,
      };
    }
    const detail = `Sesame itself runs on a role session, and AWS limits role chaining to ${fallbackSeconds} seconds.`;
    const remedy = {
      text: `Lower session_duration_seconds of the connection to ${fallbackSeconds}; nothing is lost, sessions are renewed ahead of time.`,
    };
    return { finding: failed(name, 'degrade', 'platform', detail, evidence, remedy), granted };
  }
  switch (judgeSts(failure)) {
    case 'platform':
      return { finding: platformFault(name, failure) };
    // The role opened a moment ago: a refusal now is IAM changing its mind, and the next round will see.
    case 'denied':
    case 'duration':
    case 'inconclusive':
      return { finding: undecided(name, failure) };
  }
}
