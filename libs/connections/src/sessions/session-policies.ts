import { statementsFor, type Purpose } from '../kit/permissions.js';
import { sesArn, type PolicyScope } from '../kit/scope.js';
import type { PolicyStatement } from '../kit/policy-document.js';

/** What a session may be for; `check` is the prover's own and is never cached. */
export type SessionPurpose = Purpose | 'check';

/** Mail to this address is answered by SES itself and reaches nobody (aws.md E.9). */
export const simulatorAddress = 'success@simulator.amazonses.com';

/**
 * The inline session policy of a purpose: an intersection with what the role allows, so that even a role with
 * AmazonSESFullAccess gives us no more than this. STS takes 2 048 characters and packs them in a way of its own that
 * may fill up earlier (aws.md A.1): hence no Sids and no spaces.
 */
export function sessionPolicy(purpose: SessionPurpose, scope: PolicyScope): string {
  // A ceiling: what the role itself does not allow stays forbidden, and only some customers let rules be made.
  const statements =
    purpose === 'check' ? checking(scope) : statementsFor(purpose, scope, { feedback: 'eventbridge' });
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map(({ Sid: _, ...statement }) => statement),
  });
}

/** The prover could send to nobody but the mailbox simulator, even by mistake. */
function checking(scope: PolicyScope): PolicyStatement[] {
  return [
    {
      Sid: 'Probe',
      Effect: 'Allow',
      Action: ['ses:SendEmail', 'ses:SendRawEmail'],
      Resource: [sesArn(scope, 'identity/*'), sesArn(scope, 'configuration-set/*')],
      Condition: { 'ForAllValues:StringEquals': { 'ses:Recipients': [simulatorAddress] } },
    },
    { Sid: 'Quota', Effect: 'Allow', Action: 'ses:GetAccount', Resource: '*' },
  ];
}
