import type { PolicyDocument } from './kit/policy-document.js';

/** The eight checks, in the order in which they run. */
export const checkNames = [
  'platform_principal',
  'role_arn',
  'assume_with_external_id',
  'refuse_without_external_id',
  'refuse_wrong_external_id',
  'session_duration',
  'ses_account',
  'permission_to_send',
] as const;
export type CheckName = (typeof checkNames)[number];

export const checkOutcomes = ['pending', 'passed', 'failed', 'skipped'] as const;
export type CheckOutcome = (typeof checkOutcomes)[number];

/** Whose turn it is to mend. */
export type CheckSide = 'platform' | 'customer' | 'aws';

/** The remedy in forms to paste. */
export interface Paste {
  trust_policy?: PolicyDocument;
  permissions_policy?: PolicyDocument;
  cli?: string;
  terraform?: string;
}

/** What one check found. Evidence holds codes, ARNs and AWS's words; never a credential. */
export interface CheckResult {
  name: CheckName;
  outcome: CheckOutcome;
  side: CheckSide | null;
  detail: string;
  evidence: Readonly<Record<string, unknown>> | null;
  remedy: string | null;
  paste: Paste | null;
}

export type StoredCheck = CheckResult & { checkedAt: Date | null };

export const notYetChecked = 'Not checked yet.';

/** A check before its first run. */
export function untouchedCheck(name: CheckName): StoredCheck {
  return {
    name,
    outcome: 'pending',
    side: null,
    detail: notYetChecked,
    evidence: null,
    remedy: null,
    paste: null,
    checkedAt: null,
  };
}

/** All eight in order, whatever is stored. */
export function inOrder(stored: readonly StoredCheck[]): StoredCheck[] {
  return checkNames.map((name) => stored.find((check) => check.name === name) ?? untouchedCheck(name));
}

export function isCheckName(value: string): value is CheckName {
  return (checkNames as readonly string[]).includes(value);
}
