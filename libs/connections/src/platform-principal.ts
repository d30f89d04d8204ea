/** Who Sesame is at AWS, as a worker last saw it. The API has no AWS rights of its own and reads the row. */
export interface PlatformPrincipal {
  awsAccountId: string;
  /** From GetCallerIdentity. */
  arn: string;
  /** What a trust policy has to name. */
  trustedArn: string;
  /** A role session; its role may have a path that the session's ARN does not show. */
  isSession: boolean;
}

/** The row: the last identity that worked, and the error of the last look if it failed. */
export interface PlatformState {
  principal: PlatformPrincipal | null;
  error: { name: string; message: string } | null;
  checkedAt: Date | null;
}

/**
 * The identity that customers have to trust. AWS drops the path of a role in the ARN of its sessions
 * (`role/a/b/Name` becomes `assumed-role/Name/…`), so the role's ARN is known only up to its path.
 */
export function describePrincipal(arn: string, awsAccountId: string): PlatformPrincipal {
  const [, partition = 'aws', , , account = awsAccountId, resource = ''] = arn.split(':');
  const [kind, name = ''] = resource.split('/');
  const isSession = kind === 'assumed-role';
  const trustedArn = isSession ? `arn:${partition}:iam::${account}:role/${name}` : arn;
  return { awsAccountId, arn, trustedArn, isSession };
}

/**
 * Why this identity cannot assume roles, or undefined. STS lets neither an account's root user nor a federated user
 * call AssumeRole (AWS STS API reference, AssumeRole).
 */
export function whyUnfit(principal: PlatformPrincipal): string | undefined {
  const resource = principal.arn.split(':')[5] ?? '';
  if (resource === 'root') return 'it is the root user of an AWS account, which STS never lets assume a role';
  if (resource.startsWith('federated-user/'))
    return 'it is a federated user, which STS never lets assume a role';
  return undefined;
}

export function partitionOfArn(arn: string): string {
  return arn.split(':')[1] ?? '';
}
