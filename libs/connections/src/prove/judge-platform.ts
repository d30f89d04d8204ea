import { partitionOfRegion } from '#libs/aws';
import { partitionOfArn, whyUnfit, type PlatformState } from '../platform-principal.js';
import { failed, passed, type Finding } from './finding.js';

const name = 'platform_principal';

/** Check 1: Sesame itself works at AWS. Never the customer's fault, and never a reason to give up a connection. */
export function judgePlatform({ principal, error }: PlatformState, region: string): Finding {
  if (error !== null || principal === null) {
    const code = error?.name ?? 'Unknown';
    return failed(
      name,
      'hold',
      'platform',
      `Sesame cannot identify itself to AWS (${code}).`,
      { code, message: error?.message ?? null },
      {
        text: "Nothing to do in your AWS account. Whoever runs Sesame gives its workers AWS credentials through the SDK's default provider chain; to see which identity they have: aws sts get-caller-identity",
        paste: { cli: 'aws sts get-caller-identity' },
      },
    );
  }
  const why = whyUnfit(principal);
  if (why !== undefined) {
    return failed(
      name,
      'hold',
      'platform',
      `Sesame's AWS identity cannot assume roles: ${why}.`,
      { arn: principal.arn },
      {
        text: 'Nothing to do in your AWS account. Whoever runs Sesame gives its workers a role or an IAM user that may call sts:AssumeRole.',
      },
    );
  }
  const partition = partitionOfArn(principal.arn);
  if (partition !== partitionOfRegion(region)) {
    return failed(
      name,
      'hold',
      'platform',
      `Sesame runs in AWS partition ${partition}; ${region} is in another, and partitions do not mix.`,
      { arn: principal.arn },
      {
        text: `Create the connection for a region of partition ${partition}, or use an installation of Sesame inside the other partition.`,
      },
    );
  }
  return passed(name, `Sesame runs as ${principal.trustedArn}.`, {
    arn: principal.trustedArn,
    account_id: principal.awsAccountId,
  });
}
