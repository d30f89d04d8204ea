import { partitionOfArn, type PlatformPrincipal } from '../platform-principal.js';
import type { PolicyDocument } from './policy-document.js';

/**
 * The trust policy of a customer's role.
 *
 * The principal is our account with a condition on `aws:PrincipalArn`, not our role's ARN: AWS stores a role named as
 * principal by its unique id, so recreating that role would break every customer at once (aws.md B.5). The condition
 * compares text and survives.
 *
 * @param externalIds one, or old and new during a rotation
 */
export function trustPolicy(principal: PlatformPrincipal, externalIds: readonly string[]): PolicyDocument {
  const [only, ...more] = externalIds;
  const account = `arn:${partitionOfArn(principal.trustedArn)}:iam::${principal.awsAccountId}:root`;
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'SesameAssumesWithExternalId',
        Effect: 'Allow',
        Principal: { AWS: account },
        Action: 'sts:AssumeRole',
        Condition: {
          StringEquals: { 'sts:ExternalId': more.length === 0 ? (only ?? '') : [...externalIds] },
          ...callerCondition(principal),
        },
      },
    ],
  };
}

/**
 * For a role session `aws:PrincipalArn` is the role's ARN with its path, which GetCallerIdentity hides. Role names
 * are unique in an account whatever their path, so "any path" still means exactly one role.
 */
function callerCondition(principal: PlatformPrincipal): Record<string, Record<string, string | string[]>> {
  if (!principal.isSession) return { ArnEquals: { 'aws:PrincipalArn': principal.trustedArn } };
  const [account = '', name = ''] = principal.trustedArn.split(':role/');
  return { ArnLike: { 'aws:PrincipalArn': [principal.trustedArn, `${account}:role/*/${name}`] } };
}
