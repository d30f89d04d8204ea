import type { CheckSide, Paste } from '#libs/connections';
import type { FeedbackStep, StepName } from '../feedback-source.js';

/** What one step came to. */
export interface StepResult {
  outcome: 'passed' | 'pending' | 'failed';
  side: CheckSide | null;
  detail: string;
  remedy?: string | null;
  paste?: Paste | null;
  /** Pending: when it is worth looking again; by default as decideFollow() says. */
  waitMs?: number;
}

export function passed(detail: string): StepResult {
  return { outcome: 'passed', side: null, detail };
}

/** Goes on by itself. */
export function waiting(side: CheckSide, detail: string, waitMs?: number): StepResult {
  return { outcome: 'pending', side, detail, ...(waitMs !== undefined && { waitMs }) };
}

export function needsCustomer(
  detail: string,
  remedy: string | null = null,
  paste: Paste | null = null,
): StepResult {
  return { outcome: 'failed', side: 'customer', detail, remedy, paste };
}

export function toStep(name: StepName, result: StepResult, now: Date): FeedbackStep {
  return {
    name,
    outcome: result.outcome,
    side: result.side,
    detail: result.detail,
    remedy: result.remedy ?? null,
    paste: result.paste ?? null,
    checkedAt: now.toISOString(),
  };
}

/** What the steps find out on their way; stored with them. */
export interface Progress {
  subscriptionArn: string | null;
  queueUrl: string | null;
  deadLetterUrl: string | null;
  /** The confirmation token that was used up. */
  usedToken: string | null;
}
