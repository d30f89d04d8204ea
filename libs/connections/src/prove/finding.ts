import type { AwsFailure } from '#libs/aws';
import type { CheckName, CheckResult, CheckSide, Paste } from '../checks.js';

/**
 * What one check means for the connection:
 * `none` nothing · `wait` undecided, look again · `hold` our own fault, the connection keeps its state ·
 * `degrade` safe and usable, something to mend · `unusable` cannot send · `unsafe` must not send.
 */
export type Effect = 'none' | 'wait' | 'hold' | 'degrade' | 'unusable' | 'unsafe';

export interface Finding extends CheckResult {
  effect: Effect;
}

export interface Remedy {
  /** Instruction, then the command or JSON to paste. */
  text: string;
  paste?: Paste;
}

type Evidence = Readonly<Record<string, unknown>>;

export function passed(
  name: CheckName,
  detail: string,
  evidence: Evidence | null = null,
  remedy?: Remedy,
): Finding {
  return finding(name, 'passed', 'none', null, detail, evidence, remedy);
}

export function failed(
  name: CheckName,
  effect: Exclude<Effect, 'none' | 'wait'>,
  side: CheckSide,
  detail: string,
  evidence: Evidence | null,
  remedy?: Remedy,
): Finding {
  return finding(name, 'failed', effect, side, detail, evidence, remedy);
}

/** Not decided. `none`: it holds nothing up. */
export function pending(
  name: CheckName,
  effect: 'wait' | 'hold' | 'none',
  side: CheckSide | null,
  detail: string,
  evidence: Evidence | null,
  remedy?: Remedy,
): Finding {
  return finding(name, 'pending', effect, side, detail, evidence, remedy);
}

export function skipped(name: CheckName, detail: string, evidence: Evidence | null = null): Finding {
  return finding(name, 'skipped', 'none', null, detail, evidence, undefined);
}

function finding(
  name: CheckName,
  outcome: Finding['outcome'],
  effect: Effect,
  side: CheckSide | null,
  detail: string,
  evidence: Evidence | null,
  remedy: Remedy | undefined,
): Finding {
  return {
    name,
    outcome,
    effect,
    side,
    detail,
    evidence,
    remedy: remedy?.text ?? null,
    paste: remedy?.paste ?? null,
  };
}

/** AWS's own words, for support; never the request or its credentials. */
export function evidenceOf(failure: AwsFailure): Record<string, unknown> {
  const { service, operation, code, httpStatus, message, requestId } = failure;
  return {
    service,
    operation,
    code,
    http_status: httpStatus ?? null,
    message,
    request_id: requestId ?? null,
  };
}

/** No answer that says yes or no: nothing may be concluded from it. */
export function undecided(name: CheckName, failure: AwsFailure): Finding {
  return pending(
    name,
    'wait',
    'aws',
    `AWS gave no clear answer (${failure.code}). Trying again.`,
    evidenceOf(failure),
  );
}

/** SES refuses the signature, not the session: our clock or our code. */
export function isSignatureFault(failure: AwsFailure): boolean {
  return [
    'InvalidSignatureException',
    'SignatureDoesNotMatch',
    'RequestExpired',
    'IncompleteSignature',
  ].includes(failure.code);
}

/** Our own credentials or request are at fault: the connection keeps its state. */
export function platformFault(name: CheckName, failure: AwsFailure): Finding {
  return failed(
    name,
    'hold',
    'platform',
    `Sesame's own AWS credentials or request were refused (${failure.code}). The role is not at fault.`,
    evidenceOf(failure),
    {
      text: 'Nothing to do in your AWS account. Whoever runs Sesame finds the cause in its logs; the check repeats by itself.',
    },
  );
}
