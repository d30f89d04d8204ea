import type { AwsFailure } from '#libs/aws';
import { MAX_ATTEMPTS, retryDelayMs } from './backoff.js';
import { classifySendFailure, type Verdict } from './classify.js';
import type { ClaimedEmail } from './drain.repository.js';
import type { Outcome } from './outcome.js';

export interface Judgement {
  verdict: Verdict;
  outcome: Pick<Outcome, 'status' | 'attempt' | 'isCounted' | 'retryInMs' | 'errorRemedy'>;
}

/** Pause before an email that met a broken connection (and not a broken email) is tried again. */
const CONNECTION_RETRY_MS = 60_000;

/**
 * What happens to one email after SES, or the way to it, failed.
 *
 * @param delivery the project's choice for mail whose answer was lost @param random in [0, 1)
 */
export function judge(failure: AwsFailure, email: ClaimedEmail, delivery: string, random: number): Judgement {
  const verdict = classifySendFailure(failure);
  const backoff = retryDelayMs(email.attempts, random);
  switch (verdict.action) {
    case 'throttle':
      // Spread over the pause of the brake, so that they do not all come back at once.
      return { verdict, outcome: again('throttled', false, 1_000 + random * 1_000) };
    case 'quota':
      return { verdict, outcome: again('throttled', false, 0) };
    case 'credentials':
      return { verdict, outcome: again('retry', false, 1_000 + random * 4_000) };
    case 'unreachable':
      return { verdict, outcome: again('retry', false, Math.max(1_000, random * 5_000)) };
    case 'pause':
      return { verdict, outcome: again('retry', false, CONNECTION_RETRY_MS, verdict.remedy) };
    case 'denied':
      return {
        verdict,
        outcome: orGiveUp(
          email,
          again('retry', true, Math.max(backoff, CONNECTION_RETRY_MS), verdict.remedy),
        ),
      };
    case 'retry':
      return { verdict, outcome: orGiveUp(email, again('retry', true, backoff)) };
    case 'uncertain':
      return {
        verdict,
        outcome:
          delivery === 'at_most_once'
            ? {
                status: 'uncertain',
                attempt: 'uncertain',
                isCounted: true,
                retryInMs: 0,
                errorRemedy:
                  'Amazon SES may have sent this email. Send it again only if a duplicate does no harm.',
              }
            : orGiveUp(email, again('uncertain', true, backoff)),
      };
    case 'fail':
      return {
        verdict,
        outcome: {
          status: 'failed',
          attempt: 'failed',
          isCounted: true,
          retryInMs: 0,
          errorRemedy: verdict.remedy,
        },
      };
  }
}

function again(
  attempt: Outcome['attempt'],
  isCounted: boolean,
  retryInMs: number,
  remedy?: string,
): Judgement['outcome'] {
  return { status: 'queued', attempt, isCounted, retryInMs, errorRemedy: remedy };
}

function orGiveUp(email: ClaimedEmail, outcome: Judgement['outcome']): Judgement['outcome'] {
  return email.attempts < MAX_ATTEMPTS ? outcome : { ...outcome, status: 'failed' };
}
