import type { FeedbackSource, FeedbackStatus, FeedbackStep } from '../feedback-source.js';

/** A set-up that needs somebody is tried for this long, so that a right that is granted heals it. */
const patienceMs = 24 * 3_600_000;

export interface FollowDecision {
  status: FeedbackStatus;
  /** Milliseconds until the next look; null: only when somebody asks. */
  waitMs: number | null;
}

/**
 * Where a source stands after its steps, and when to look again.
 *
 * @param suggestedMs what the step that is not done said
 */
export function decideFollow(
  source: Pick<FeedbackSource, 'provenAt' | 'followSince' | 'followAttempts'>,
  steps: readonly FeedbackStep[],
  now: Date,
  suggestedMs?: number,
): FollowDecision {
  const open = steps.find(({ outcome }) => outcome !== 'passed');
  if (open === undefined) return { status: 'active', waitMs: null };
  const elapsedMs = now.getTime() - source.followSince.getTime();
  const wasProven = source.provenAt !== null && source.provenAt < source.followSince;
  if (open.outcome === 'failed') {
    const status = wasProven ? 'broken' : 'failed';
    // IAM takes seconds to minutes to know a new right; later, less and less often.
    return {
      status,
      waitMs: elapsedMs >= patienceMs ? null : Math.min(Math.max(5_000, elapsedMs / 4), 3_600_000),
    };
  }
  const status = open.name === 'path_proven' ? 'proving' : 'setting_up';
  if (elapsedMs >= patienceMs) return { status: 'failed', waitMs: null };
  return {
    status,
    waitMs: suggestedMs ?? Math.min(1_000 * 2 ** Math.min(source.followAttempts, 9), 300_000),
  };
}
