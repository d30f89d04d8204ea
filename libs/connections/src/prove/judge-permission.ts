import { isAccessDenied, isCredentialFailure, type AwsFailure } from '#libs/aws';
import { parseDenial, regionClosedCodes, type Denial } from './denial.js';
import {
  evidenceOf,
  failed,
  isSignatureFault,
  passed,
  pending,
  platformFault,
  skipped,
  undecided,
  type Finding,
} from './finding.js';
import { permissionsRemedy } from './remedies.js';
import type { RoundContext } from './round-context.js';

const name = 'permission_to_send';

/** One SendEmail that could reach nobody: `sent`, or how SES refused it. */
export type ProbeAnswer = 'sent' | AwsFailure;

export interface PermissionProbe {
  /** Sender of the probe. */
  from: string;
  /** `from` is what the project really sends from, not a stand-in. */
  isKnownSender: boolean;
  /** SendEmail with simple content, authorised as ses:SendEmail. */
  simple: ProbeAnswer;
  /** SendEmail with raw content, authorised as ses:SendRawEmail (aws.md C.1). */
  raw: ProbeAnswer;
}

/**
 * Check 8. SES checks permissions before it looks at the mail, and the mail names a configuration set that does not
 * exist: every answer other than AccessDenied proves the permission, and nothing is sent.
 *
 * A refusal proves little when the sender is a stand-in, because a policy may allow the customer's own identities
 * only. Then the connection is `degraded` and may send: the first mail gives a sender to prove with, and a role that
 * refuses that one too is `broken`.
 */
export function judgePermission(context: RoundContext, probe: PermissionProbe): Finding {
  const answers = [probe.simple, probe.raw];
  const unclear = answers.find((answer) => answer !== 'sent' && isUnclear(answer));
  if (unclear !== undefined && unclear !== 'sent') return judgeUnclear(context, unclear);
  const refusals = answers.filter(
    (answer): answer is AwsFailure => answer !== 'sent' && isAccessDenied(answer),
  );
  const [first] = refusals;
  if (first !== undefined) return judgeRefused(context, probe, refusals.length === answers.length, first);
  const evidence = { from: probe.from, simple: codeOf(probe.simple), raw: codeOf(probe.raw) };
  if (answers.includes('sent'))
    return passed(
      name,
      'The role may send: a probe went to the SES mailbox simulator, which reaches nobody.',
      evidence,
    );
  return passed(
    name,
    'The role may send, as simple and as raw mail. Nothing was sent to find out.',
    evidence,
  );
}

function judgeRefused(
  context: RoundContext,
  probe: PermissionProbe,
  isWhole: boolean,
  failure: AwsFailure,
): Finding {
  const denial = parseDenial(failure.message);
  const evidence = {
    ...evidenceOf(failure),
    from: probe.from,
    denied_action: denial.action ?? null,
    denied_resource: denial.resource ?? null,
  };
  if (denial.isSessionPolicy) return undecided(name, failure);
  if (!probe.isKnownSender && denial.resource?.includes(':configuration-set/') === true) {
    return skipped(
      name,
      'Not provable yet: the role allows only certain configuration sets, and the probe has to name one that does not exist. The first mail will show.',
      evidence,
    );
  }
  const missing = `${denial.action ?? 'ses:SendEmail'} on ${denial.resource ?? 'the sending identity'}`;
  const remedy = permissionsRemedy(
    `Allow ${missing}. Attach this policy to the role:`,
    context.connection,
    context.principal,
  );
  if (context.isInsideWindow)
    return pending(
      name,
      'wait',
      'customer',
      `SES refuses ${missing}. Waiting for IAM to see the permissions of the role.`,
      evidence,
      remedy,
    );
  const isConclusive = denial.isExplicit || (probe.isKnownSender && concernsSender(denial, probe.from));
  const detail = refusalText(missing, denial, probe, isWhole);
  return failed(name, isWhole && isConclusive ? 'unusable' : 'degrade', 'customer', detail, evidence, remedy);
}

function refusalText(missing: string, denial: Denial, probe: PermissionProbe, isWhole: boolean): string {
  const part = isWhole ? '' : ' The other form of mail is allowed.';
  if (denial.isExplicit) return `A policy explicitly denies ${missing}.${part}`;
  if (probe.isKnownSender) return `The role does not allow ${missing}.${part}`;
  return `The role does not allow ${missing}.${part} ${probe.from} is a stand-in, because no mail of this connection shows its sender yet: if the role allows only your own identities, that is fine, and the first mail will prove it.`;
}

/** SES names the identity that decides: the address, its domain, or a parent domain. */
function concernsSender(denial: Denial, from: string): boolean {
  const identity = /:identity\/(.+)$/.exec(denial.resource ?? '')?.[1]?.toLowerCase();
  const domain = from.slice(from.indexOf('@') + 1).toLowerCase();
  return (
    identity !== undefined &&
    (identity === from.toLowerCase() || identity === domain || domain.endsWith(`.${identity}`))
  );
}

function judgeUnclear(context: RoundContext, failure: AwsFailure): Finding {
  if (isSignatureFault(failure)) return platformFault(name, failure);
  const isRegionClosed = isCredentialFailure(failure) || regionClosedCodes.has(failure.code);
  if (!isRegionClosed || context.isInsideWindow) return undecided(name, failure);
  return failed(
    name,
    'unusable',
    'customer',
    `SES does not accept sessions of this role (${failure.code}).`,
    evidenceOf(failure),
    {
      text: `See whether region ${context.connection.region} is enabled for account ${context.connection.awsAccountId} (AWS console, Account, AWS Regions).`,
    },
  );
}

/** Answers that SES gives only after it has looked at permissions (aws.md D.3, D.5). */
const provingCodes = new Set([
  'NotFoundException',
  'ConfigurationSetDoesNotExist',
  'ConfigurationSetDoesNotExistException',
  'BadRequestException',
  'MessageRejected',
  'MailFromDomainNotVerifiedException',
  'SendingPausedException',
  'AccountSuspendedException',
  'LimitExceededException',
]);

/** Neither a refusal nor a proof: what stands before SES may have said it, or it is something new. */
function isUnclear(failure: AwsFailure): boolean {
  // The daily quota is counted behind the permissions; the rate may not be.
  if (failure.code === 'TooManyRequestsException') return !/daily/i.test(failure.message);
  return !isAccessDenied(failure) && !provingCodes.has(failure.code);
}

function codeOf(answer: ProbeAnswer): string {
  return answer === 'sent' ? 'sent' : answer.code;
}
