import { isAccessDenied, isCredentialFailure, type AwsFailure } from '#libs/aws';
import type { SessionReason } from '../connection.js';

/**
 * What a failed AssumeRole means (aws.md A.3):
 * `denied` IAM said no · `duration` asked for too long · `platform` our credentials or our request are at fault ·
 * `inconclusive` throttle, timeout, 5xx: nothing is known.
 */
export type StsVerdict = 'denied' | 'duration' | 'platform' | 'inconclusive';

const platformCodes = new Set([
  'CredentialsProviderError',
  'MissingAuthenticationToken',
  'IncompleteSignature',
  'OptInRequired',
  'RegionDisabledException',
  'MalformedPolicyDocument',
  'MalformedPolicyDocumentException',
  'PackedPolicyTooLarge',
  'PackedPolicyTooLargeException',
  'InvalidParameterValue',
  'ValidationError',
]);

export function judgeSts(failure: AwsFailure): StsVerdict {
  if (isAccessDenied(failure)) return 'denied';
  if (durationReason(failure) !== undefined) return 'duration';
  if (isCredentialFailure(failure) || platformCodes.has(failure.code)) return 'platform';
  return 'inconclusive';
}

/** The two ValidationErrors about duration share a code with every other mistake: only the text tells them apart. */
export function durationReason(failure: AwsFailure): SessionReason | undefined {
  if (failure.code !== 'ValidationError') return undefined;
  if (/exceeds the MaxSessionDuration/i.test(failure.message)) return 'role_max_session_duration';
  if (/1 hour session limit|role chaining/i.test(failure.message)) return 'role_chaining';
  return undefined;
}
