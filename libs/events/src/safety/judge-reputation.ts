import type { Config } from '#libs/config';

/** What SES has counted for a connection within the window. */
export interface ReputationTotals {
  /** Recipients whose mail was delivered or bounced. */
  recipients: number;
  /** Hard bounces. */
  bounced: number;
  complained: number;
}

export interface ReputationJudgement {
  level: 'good' | 'warned' | 'paused';
  /** For people: what is wrong and what to do. */
  reason: string;
}

/** What AWS does (SES developer guide, "Reputation metrics messages"): review of the account, then no more sending. */
const awsDoes = {
  bounces: 'AWS reviews an account from 5 % on and stops its sending from 10 % on',
  complaints: 'AWS reviews an account from 0.1 % on and stops its sending from 0.5 % on',
};

/** Whether a connection may go on, from its bounce and complaint rates. Too little mail says nothing. */
export function judgeReputation(
  { recipients, bounced, complained }: ReputationTotals,
  limits: Config['events']['reputation'],
): ReputationJudgement {
  if (recipients < limits.minimum) return { level: 'good', reason: '' };
  const found = [
    { what: 'bounces' as const, share: bounced / recipients, count: bounced, ...limits.bounces },
    { what: 'complaints' as const, share: complained / recipients, count: complained, ...limits.complaints },
  ];
  const text = ({ what, share, count }: (typeof found)[number]) =>
    `${count} ${what} of mail to ${recipients} recipients within ${limits.windowHours} hours (${percent(share)}); ${awsDoes[what]}.`;
  const over = found.find(({ share, ceiling }) => share >= ceiling);
  if (over !== undefined)
    return {
      level: 'paused',
      reason: `Sesame paused this connection to protect its SES account: ${text(over)} Its mail waits. Find out where the addresses come from, then resume it with {"paused": false}.`,
    };
  const near = found.find(({ share, warning }) => share >= warning);
  if (near !== undefined)
    return { level: 'warned', reason: `The reputation of the SES account is in danger: ${text(near)}` };
  return { level: 'good', reason: '' };
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}
