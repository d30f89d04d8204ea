import type { AwsFailure } from '#libs/aws';
import { externalIdsOf } from '../kit/build-kit.js';
import { judgeSts } from '../sessions/sts-failure.js';
import { evidenceOf, failed, passed, pending, platformFault, undecided, type Finding } from './finding.js';
import { roleRemedy, trustRemedy } from './remedies.js';
import type { RoundContext } from './round-context.js';

const name = 'assume_with_external_id';

/** Check 3, the role opened. @param externalId the one that opened it @param assumedRoleArn as STS answered */
export function judgeOpened(context: RoundContext, externalId: string, assumedRoleArn: string): Finding {
  const { connection, principal } = context;
  const account = assumedRoleArn.split(':')[4];
  if (account !== connection.awsAccountId) {
    return failed(
      name,
      'unusable',
      'aws',
      `STS opened a role of account ${account ?? '?'} instead of ${connection.awsAccountId}.`,
      {
        assumed_role_arn: assumedRoleArn,
      },
    );
  }
  const evidence = { assumed_role_arn: assumedRoleArn };
  const { pendingExternalId } = connection;
  if (pendingExternalId === null || externalId === pendingExternalId) {
    return passed(name, 'The role opens with the external ID of this connection.', evidence);
  }
  return passed(
    name,
    'The role opens with the present external ID. It does not accept the new one of the rotation yet.',
    evidence,
    trustRemedy(
      'To go on with the rotation, list both external IDs in the trust policy of the role:',
      connection,
      principal,
      externalIdsOf(connection),
    ),
  );
}

/** Check 3, the role did not open. STS has one text for many causes: none is guessed (aws.md A.3). */
export function judgeNotOpened(context: RoundContext, failure: AwsFailure): Finding {
  const verdict = judgeSts(failure);
  if (verdict === 'inconclusive') return undecided(name, failure);
  if (verdict !== 'denied') return platformFault(name, failure);
  const { connection, principal } = context;
  const evidence = evidenceOf(failure);
  if (/sts:TagSession/.test(failure.message)) {
    return failed(
      name,
      'hold',
      'platform',
      "Sesame's own session carries session tags (EKS Pod Identity adds them), and the role does not allow sts:TagSession.",
      evidence,
      {
        text: 'Nothing to do in your AWS account: whoever runs Sesame switches session tags off (disableSessionTags of the Pod Identity association) or uses IRSA.',
      },
    );
  }
  const remedy = roleRemedy(connection, principal);
  if (context.isInsideWindow) {
    return pending(
      name,
      'wait',
      'customer',
      'AWS refuses to open the role. Waiting for IAM: new roles and changed policies need some time to be seen.',
      evidence,
      remedy,
    );
  }
  const detail = /explicit deny/.test(failure.message)
    ? 'AWS refuses to open the role because of an explicit deny in a policy: a service control policy, a permissions boundary or the trust policy.'
    : 'AWS refuses to open the role. It does not say why: the role may not exist, may not trust Sesame, or may require another external ID.';
  return failed(name, 'unusable', 'customer', detail, evidence, remedy);
}
