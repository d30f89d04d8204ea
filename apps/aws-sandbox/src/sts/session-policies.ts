import { deflateRawSync } from 'node:zlib';
import { AwsError } from '../aws-error.js';
import type { Tag } from '../iam/caller.js';
import { findManagedPolicy } from '../iam/managed-policies.js';
import { MalformedPolicy } from '../iam/malformed-policy.js';
import { parsePolicy, type Policy } from '../iam/policy-document.js';

/** The session policies of a call; null when it asked for none. Throws AwsError MalformedPolicyDocument. */
export const readSessionPolicies = (inline: string | null, arns: readonly string[]): Policy[] | null => {
  if (inline === null && arns.length === 0) return null;
  const policies: Policy[] = [];
  try {
    if (inline !== null) policies.push(parsePolicy(inline, 'session'));
  } catch (error) {
    if (error instanceof MalformedPolicy) throw new AwsError('MalformedPolicyDocument', 400, error.message);
    throw error;
  }
  for (const arn of arns) {
    const policy = findManagedPolicy(arn);
    if (policy === undefined)
      throw new AwsError('ValidationError', 400, `Policy ${arn} does not exist or is not attachable.`);
    policies.push(policy);
  }
  return policies;
};

// AWS packs policies and tags in a private format with a private limit; compression is our stand-in for it.
const PACKED_LIMIT_BYTES = 1536;

/** Percent of the packed limit, or undefined (and then absent from the answer) without policies and tags. */
export const packedPolicySize = (
  inline: string | null,
  arns: readonly string[],
  tags: readonly Tag[],
): number | undefined => {
  if (inline === null && arns.length === 0 && tags.length === 0) return undefined;
  const text = `${inline ?? ''}${arns.join('')}${tags.map((tag) => tag.Key + tag.Value).join('')}`;
  const percent = Math.max(1, Math.ceil((deflateRawSync(text).length / PACKED_LIMIT_BYTES) * 100));
  if (percent > 100) {
    const what = tags.length > 0 ? 'session tags' : 'policies';
    throw new AwsError(
      'PackedPolicyTooLarge',
      400,
      `Packed size of ${what} consumes ${percent}% of allotted space.`,
    );
  }
  return percent;
};
