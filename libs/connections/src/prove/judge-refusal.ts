import type { AwsFailure } from '#libs/aws';
import { externalIdsOf } from '../kit/build-kit.js';
import { rememberRetired, type Retired } from '../rotation.js';
import { judgeSts } from '../sessions/sts-failure.js';
import {
  evidenceOf,
  failed,
  passed,
  pending,
  platformFault,
  undecided,
  type Finding,
  type Remedy,
} from './finding.js';
import { trustRemedy } from './remedies.js';
import type { RoundContext } from './round-context.js';

export type RefusalCheck = 'refuse_without_external_id' | 'refuse_wrong_external_id';

/** `opened`: STS gave credentials, which nobody has looked at. */
export type RefusalAnswer = 'opened' | AwsFailure;

const texts: Readonly<Record<RefusalCheck, { refused: string; opened: string; cause: string }>> = {
  refuse_without_external_id: {
    refused: 'The role stays closed without an external ID.',
    opened:
      'The role opens without any external ID, so any other customer of Sesame could use it by entering its ARN.',
    cause:
      'The condition on sts:ExternalId is missing, or is one that an absent value satisfies (…IfExists, ForAllValues).',
  },
  refuse_wrong_external_id: {
    refused: 'The role stays closed for an external ID that is not its own.',
    opened:
      'The role opens with an external ID that was never issued, so any other customer of Sesame could use it by entering its ARN.',
    cause: 'The condition on sts:ExternalId is missing, or accepts anything (StringLike "*").',
  },
};

/**
 * Checks 4 and 5: the confused-deputy hole (aws.md B). Only a definite AccessDenied passes.
 *
 * An open role may be IAM's memory of an older trust policy. While a role is being verified it is looked at again for
 * some seconds, and not used; a connection that is already sending stops at once.
 */
export function judgeRefusal(name: RefusalCheck, context: RoundContext, answer: RefusalAnswer): Finding {
  const { refused, opened, cause } = texts[name];
  if (answer === 'opened') {
    const remedy = openRoleRemedy(context, cause);
    if (context.isInsideSafetyGrace) {
      return pending(
        name,
        'wait',
        'customer',
        `${opened} If the trust policy was just changed, IAM may not have seen it yet: looking again.`,
        null,
        remedy,
      );
    }
    return failed(name, 'unsafe', 'customer', opened, null, remedy);
  }
  switch (judgeSts(answer)) {
    case 'denied':
      return passed(name, refused, evidenceOf(answer));
    case 'platform':
      return platformFault(name, answer);
    case 'duration':
    case 'inconclusive':
      return undecided(name, answer);
  }
}

/**
 * Check 5 once more, with the external ID that a rotation replaced. It was issued to this connection and to nobody
 * else, so a role that still accepts it is not open to others: it is mended in peace, and sending goes on.
 */
export function judgeRetired(
  context: RoundContext,
  base: Finding,
  retired: Retired,
  answer: RefusalAnswer,
): Finding {
  const { name } = base;
  const evidence = { ...base.evidence, ...rememberRetired(retired) };
  if (answer !== 'opened') {
    if (judgeSts(answer) === 'denied')
      return {
        ...base,
        detail: `${base.detail} It also refuses the external ID that the rotation replaced.`,
      };
    return pending(
      name,
      'none',
      'aws',
      `Whether the role refuses the replaced external ID is not known yet (${answer.code}).`,
      evidence,
    );
  }
  const remedy = trustRemedy(
    'The new external ID works. To finish the rotation, take the old one out of the trust policy:',
    context.connection,
    context.principal,
    [
      context.connection.externalId === retired.externalId
        ? (context.connection.pendingExternalId ?? '')
        : context.connection.externalId,
    ],
  );
  const detail = 'The role still accepts the external ID that the rotation replaced.';
  if (context.now.getTime() - retired.at.getTime() < context.windowMs)
    return pending(name, 'none', 'customer', detail, evidence, remedy);
  return failed(name, 'degrade', 'customer', detail, evidence, remedy);
}

function openRoleRemedy(context: RoundContext, cause: string): Remedy {
  const instruction = `${cause} Replace the trust policy of the role by this one, then run the checks again; nothing is sent before they pass:`;
  return trustRemedy(instruction, context.connection, context.principal, externalIdsOf(context.connection));
}
