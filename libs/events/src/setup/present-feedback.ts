import type { Paste } from '#libs/connections';
import type { FeedbackProblem, FeedbackSource, FeedbackStep } from './feedback-source.js';
import { allSteps } from './step-order.js';

/** A feedback source on the wire. */
export interface FeedbackObject {
  object: 'feedback';
  connection_id: string;
  mode: FeedbackSource['mode'];
  /** False: topic or queue were made with the kit. */
  managed: boolean;
  status: FeedbackSource['status'];
  status_reason: string | null;
  region: string;
  configuration_set: string;
  topic_arn: string | null;
  queue_url: string | null;
  /** Where SNS or EventBridge post to; whoever knows it can be heard, so it is shown to managers only. */
  endpoint_url: string | null;
  /** What could not be taken in, as of the last look. */
  dead_letter: { queue_url: string; messages: number | null } | null;
  tracking: { opens: boolean; clicks: boolean; redirect_domain: string | null };
  steps: FeedbackStepObject[];
  rejected_events: number;
  foreign_events: number;
  problem: FeedbackProblem | null;
  last_event_at: string | null;
  proven_at: string | null;
  created_at: string;
}

export interface FeedbackStepObject {
  name: FeedbackStep['name'];
  outcome: FeedbackStep['outcome'];
  side: FeedbackStep['side'];
  detail: string;
  remedy: string | null;
  paste: Paste | null;
  checked_at: string | null;
}

export function presentFeedback(source: FeedbackSource, endpointUrl: string | null): FeedbackObject {
  const steps = allSteps(source);
  return {
    object: 'feedback',
    connection_id: source.connectionId,
    mode: source.mode,
    managed: source.isManaged,
    status: source.status,
    status_reason: steps.find(({ outcome }) => outcome === 'failed')?.detail ?? reason(source, steps),
    region: source.region,
    configuration_set: source.configurationSet,
    topic_arn: source.topicArn,
    queue_url: source.queueUrl,
    endpoint_url: endpointUrl,
    dead_letter:
      source.deadLetterUrl === null
        ? null
        : { queue_url: source.deadLetterUrl, messages: source.deadLetters },
    tracking: {
      opens: source.tracking.opens,
      clicks: source.tracking.clicks,
      redirect_domain: source.tracking.redirectDomain,
    },
    steps: steps.map(({ checkedAt, ...step }) => ({ ...step, checked_at: checkedAt })),
    rejected_events: source.rejectedEvents,
    foreign_events: source.foreignEvents,
    problem: source.pullProblem,
    last_event_at: source.lastEventAt?.toISOString() ?? null,
    proven_at: source.provenAt?.toISOString() ?? null,
    created_at: source.createdAt.toISOString(),
  };
}

/** One sentence on why the status is what it is; null when all is well. */
function reason(source: FeedbackSource, steps: readonly FeedbackStep[]): string | null {
  switch (source.status) {
    case 'active':
      return source.pullProblem?.detail ?? null;
    case 'removing':
      return 'What was made in the AWS account is being taken away.';
    case 'setting_up':
    case 'proving':
      return (
        steps.find(({ outcome, checkedAt }) => outcome === 'pending' && checkedAt !== null)?.detail ??
        'A worker is at it.'
      );
    case 'failed':
    case 'broken':
      return 'SNS ended the subscription. POST /v1/connections/{id}/feedback sets it up again.';
  }
}
