import type { Fact } from './fact.js';

/** What is known of an email, as far as events change it. */
export interface EmailState {
  status: string;
  /** 0 as long as no event has spoken; see {@link rankOf}. */
  feedbackRank: number;
  /** 0 nothing known, 1 opened, 2 clicked. */
  engagement: number;
  hasMessageId: boolean;
}

/** What is to become of it. */
export interface EmailChange {
  status: string;
  feedbackRank: number;
  engagement: number;
  /** SES has the mail, and nobody had recorded that yet. */
  isSettled: boolean;
  /** Why it failed, when it did. */
  failure: { reason: string; message: string } | undefined;
}

/** States in which, as far as we know, SES does not have the mail. */
const unsent = new Set(['scheduled', 'queued', 'sending', 'uncertain', 'failed', 'expired', 'canceled']);

const statusOfRank: readonly string[] = [
  '', // nothing known
  'sent',
  'delivery_delayed',
  'bounced', // for now: says nothing about the address
  'suppressed',
  'delivered',
  'failed',
  'bounced', // for good
  'complained',
];

/** The rank of a mail that only bounced for reasons that may pass. */
export const SOFT_BOUNCE_RANK = 3;

/**
 * How far a fact goes. Events come late, twice and in any order, so the highest rank that was ever reached counts, and the result
 * does not depend on the order:
 *
 * - A temporary bounce is below a delivery: servers report absence of a person that way, after they took the mail. A permanent
 *   one is above it: some servers take a mail first and refuse it afterwards.
 * - Of mail to several it shows what matters most; a recipient that a list held back counts only while nobody else got it, as
 *   when our own list did.
 */
export function rankOf({ type, isSoft }: Pick<Fact, 'type' | 'isSoft'>): number {
  switch (type) {
    case 'sent':
    case 'opened':
    case 'clicked':
      return 1;
    case 'delivery_delayed':
      return 2;
    case 'bounced':
      return isSoft ? SOFT_BOUNCE_RANK : 7;
    case 'suppressed':
      return 4;
    case 'delivered':
      return 5;
    case 'failed':
      return 6;
    case 'complained':
      return 8;
  }
}

/** @param facts of the email; none: only that SES has it @returns undefined when they change nothing */
export function decideEmail(email: EmailState, facts: readonly Fact[]): EmailChange | undefined {
  const rank = Math.max(1, email.feedbackRank, ...facts.map(rankOf));
  const engagement = Math.max(email.engagement, ...facts.map(engagementOf));
  const isSettled = unsent.has(email.status) && email.feedbackRank === 0;
  // What we recorded ourselves as sent needs no row written to say so again.
  const isAhead = rank > email.feedbackRank && (isSettled || rank > 1 || email.status !== 'sent');
  if (!isAhead && engagement === email.engagement && email.hasMessageId) return undefined;
  return {
    status: isAhead ? (statusOfRank[rank] ?? email.status) : email.status,
    feedbackRank: isAhead ? rank : email.feedbackRank,
    engagement,
    isSettled,
    failure: isAhead ? failureOf(rank, facts) : undefined,
  };
}

function engagementOf({ type, data }: Fact): number {
  if (data['machine'] === true) return 0;
  return type === 'clicked' ? 2 : type === 'opened' ? 1 : 0;
}

function failureOf(rank: number, facts: readonly Fact[]): EmailChange['failure'] {
  const failed = statusOfRank[rank] === 'failed' && facts.find(({ type }) => type === 'failed');
  return failed
    ? { reason: String(failed.data['reason']), message: String(failed.data['message']) }
    : undefined;
}
