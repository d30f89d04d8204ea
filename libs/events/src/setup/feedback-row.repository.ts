import type { FeedbackProblem, FeedbackSource, FeedbackStep, Tracking } from './feedback-source.js';

/** As steps are stored. */
type StoredStep = Omit<FeedbackStep, 'checkedAt'> & { checked_at: string | null };

/** A row of feedback_sources as `feedbackColumns` reads it. */
export interface FeedbackRow {
  connection_id: string;
  project_id: string;
  mode: FeedbackSource['mode'];
  managed: boolean;
  status: FeedbackSource['status'];
  steps: StoredStep[];
  region: string;
  configuration_set: string;
  topic_arn: string | null;
  subscription_arn: string | null;
  confirmation_token: string | null;
  queue_url: string | null;
  dead_letter_url: string | null;
  sealed_token: string | null;
  sealed_secret: string | null;
  tracking: { opens?: boolean; clicks?: boolean; redirect_domain?: string | null } | null;
  follow_since: Date;
  follow_attempts: number;
  proof_id: string | null;
  proof_sent_at: Date | null;
  proofs_sent: number;
  proven_at: Date | null;
  last_event_at: Date | null;
  rejected_events: number;
  foreign_events: number;
  dead_letters: number | null;
  pull_problem: FeedbackProblem | null;
  created_at: Date;
}

/** SQL: of the table under the alias `f`. */
export const feedbackColumns = [
  'connection_id, project_id, mode, managed, status, steps, region, configuration_set, topic_arn, subscription_arn, confirmation_token',
  'queue_url, dead_letter_url, sealed_token, sealed_secret, tracking, follow_since, follow_attempts, proof_id, proof_sent_at, proofs_sent',
  'proven_at, last_event_at, rejected_events, foreign_events, dead_letters, pull_problem, created_at',
]
  .flatMap((line) => line.split(', '))
  .map((column) => `f.${column}`)
  .join(', ');

export function toSource(row: FeedbackRow): FeedbackSource {
  return {
    connectionId: row.connection_id,
    projectId: row.project_id,
    mode: row.mode,
    isManaged: row.managed,
    status: row.status,
    // What came last counts: the intake adds one when a subscription is ended.
    steps: [...new Map(row.steps.map((step) => [step.name, toStep(step)])).values()],
    region: row.region,
    configurationSet: row.configuration_set,
    topicArn: row.topic_arn,
    subscriptionArn: row.subscription_arn,
    confirmationToken: row.confirmation_token,
    queueUrl: row.queue_url,
    deadLetterUrl: row.dead_letter_url,
    sealedToken: row.sealed_token,
    sealedSecret: row.sealed_secret,
    tracking: toTracking(row.tracking),
    followSince: row.follow_since,
    followAttempts: row.follow_attempts,
    proofId: row.proof_id,
    proofSentAt: row.proof_sent_at,
    proofsSent: row.proofs_sent,
    provenAt: row.proven_at,
    lastEventAt: row.last_event_at,
    rejectedEvents: row.rejected_events,
    foreignEvents: row.foreign_events,
    deadLetters: row.dead_letters,
    pullProblem: row.pull_problem,
    createdAt: row.created_at,
  };
}

function toTracking(row: FeedbackRow['tracking']): Tracking {
  return {
    opens: row?.opens ?? false,
    clicks: row?.clicks ?? false,
    redirectDomain: row?.redirect_domain ?? null,
  };
}

function toStep({ checked_at: checkedAt, ...step }: StoredStep): FeedbackStep {
  return { ...step, checkedAt };
}

export function stepsJson(steps: readonly FeedbackStep[]): string {
  return JSON.stringify(steps.map(({ checkedAt, ...step }) => ({ ...step, checked_at: checkedAt })));
}

export function trackingJson({ opens, clicks, redirectDomain }: Tracking): string {
  return JSON.stringify({ opens, clicks, redirect_domain: redirectDomain });
}
