import type { CheckOutcome, CheckSide, FeedbackMode, Paste } from '#libs/connections';

export type { FeedbackMode } from '#libs/connections';

export const feedbackStatuses = [
  'setting_up',
  'proving', // everything stands; a mail to the mailbox simulator is on its way, and its event is waited for
  'active',
  'failed', // a step needs somebody
  'broken', // worked before
  'removing',
] as const;
export type FeedbackStatus = (typeof feedbackStatuses)[number];

export const stepNames = [
  'configuration_set',
  'topic',
  'queue',
  'rule',
  'subscription',
  'event_destination',
  'path_proven',
] as const;
export type StepName = (typeof stepNames)[number];

/** One step of a set-up, as it was last seen. */
export interface FeedbackStep {
  name: StepName;
  outcome: CheckOutcome;
  side: CheckSide | null;
  detail: string;
  /** Instruction and the command or JSON to paste, as one text. */
  remedy: string | null;
  paste: Paste | null;
  /** ISO 8601; null: not yet. */
  checkedAt: string | null;
}

export interface Tracking {
  opens: boolean;
  clicks: boolean;
  /** Host of the links in tracked mail; null: SES's own. */
  redirectDomain: string | null;
}

/** Why something in the background does not go on, for people. */
export interface FeedbackProblem {
  code: string;
  detail: string;
  remedy: string | null;
}

/** How the events of a connection's mail come to us. */
export interface FeedbackSource {
  connectionId: string;
  projectId: string;
  mode: FeedbackMode;
  /** Whether we made what carries the events. False: the customer did, with the kit. */
  isManaged: boolean;
  status: FeedbackStatus;
  steps: readonly FeedbackStep[];
  region: string;
  configurationSet: string;
  topicArn: string | null;
  subscriptionArn: string | null;
  confirmationToken: string | null;
  queueUrl: string | null;
  deadLetterUrl: string | null;
  sealedToken: string | null;
  sealedSecret: string | null;
  tracking: Tracking;
  /** Since when the present set-up runs: steps that passed before are taken again. */
  followSince: Date;
  followAttempts: number;
  proofId: string | null;
  proofSentAt: Date | null;
  proofsSent: number;
  provenAt: Date | null;
  lastEventAt: Date | null;
  rejectedEvents: number;
  foreignEvents: number;
  deadLetters: number | null;
  pullProblem: FeedbackProblem | null;
  createdAt: Date;
}
