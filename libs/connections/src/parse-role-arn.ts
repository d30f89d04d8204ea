import { partitionOfRegion, partitions, type Partition } from '#libs/aws';
import { AppError } from '#libs/errors';

export interface RoleArn {
  arn: string;
  partition: Partition;
  accountId: string;
  /** `/` or `/a/b/`. */
  path: string;
  roleName: string;
}

export interface RoleArnContext {
  /** The region of the connection: its partition is the only one whose roles can be used. */
  region: string;
  /** The account that Sesame itself runs in; null while no worker has said so. */
  platformAccountId: string | null;
}

// IAM API reference, CreateRole: RoleName 1-64 of [\w+=,.@-]; Path (/)|(/[\u0021-\u007E]+/), at most 512.
const roleName = /^[A-Za-z0-9_+=,.@-]{1,64}$/;
const rolePath = /^\/(?:[\x21-\x7e]+\/)?$/;

/**
 * Reads a pasted role ARN and refuses everything that is not exactly one IAM role of somebody else's account.
 *
 * @throws AppError of kind `invalid`, field `role_arn`, with one code per mistake
 */
export function parseRoleArn(pasted: string, context: RoleArnContext): RoleArn {
  const arn = pasted.trim();
  const [prefix, partition = '', service = '', region = '', accountId = '', ...rest] = arn.split(':');
  const resource = rest.join(':');
  if (prefix !== 'arn' || resource === '') {
    throw refuse('not_an_arn', 'This is not an ARN.');
  }
  if (service !== 'iam' && service !== 'sts') {
    throw refuse(
      'other_service',
      `This is an ARN of ${service === '' ? 'no service' : service}, not of an IAM role.`,
    );
  }
  refuseOtherKinds(service, resource, partition, accountId);
  if (!isPartition(partition)) {
    throw refuse('unknown_partition', `"${partition}" is not an AWS partition (${partitions.join(', ')}).`);
  }
  if (region !== '') {
    throw refuse('malformed_role', 'IAM is global: the region field of a role ARN is empty.');
  }
  if (/[*?]/.test(arn)) {
    throw refuse('wildcard', 'A role ARN names one role; it cannot hold wildcards.');
  }
  if (!/^\d{12}$/.test(accountId)) {
    throw refuse('bad_account_id', 'The account id of the ARN is not 12 digits.');
  }
  const end = resource.lastIndexOf('/');
  const [path, name] = [resource.slice('role'.length, end + 1), resource.slice(end + 1)];
  if (path.length > 512 || !rolePath.test(path) || path.includes('//')) {
    throw refuse('bad_role_path', 'The path of the role is not one that IAM allows.');
  }
  if (!roleName.test(name)) {
    throw refuse('bad_role_name', 'A role name has 1 to 64 characters of A-Z a-z 0-9 _ + = , . @ -');
  }
  const needed = partitionOfRegion(context.region);
  if (partition !== needed) {
    throw refuse(
      'other_partition',
      `The role is in partition ${partition}; region ${context.region} belongs to ${needed}, and partitions do not mix.`,
      'Paste a role of an account in the partition of the region, or create a connection for another region.',
    );
  }
  if (accountId === context.platformAccountId) {
    // Failure mode 9 of aws.md B.2: a vendor's own roles entered as a customer's.
    throw refuse(
      'own_account',
      'This role belongs to the AWS account that Sesame itself runs in.',
      'Use a role in the account whose SES shall send.',
    );
  }
  return { arn, partition, accountId, path, roleName: name };
}

/** The kinds of ARN that people paste instead of a role's, each with its own answer. */
function refuseOtherKinds(service: string, resource: string, partition: string, accountId: string): void {
  const [kind = '', name = ''] = resource.split('/');
  if (service === 'sts' && kind === 'assumed-role') {
    throw refuse(
      'assumed_role_session',
      'This is the ARN of a session of a role, not of the role.',
      `Paste the ARN of the role: arn:${partition}:iam::${accountId}:role/${name}. If the role has a path, add it (role/path/${name}): a session's ARN does not show it.`,
    );
  }
  if (service === 'sts')
    throw refuse('not_a_role', 'This ARN names a session or federated user of STS, not a role.');
  if (resource === 'root') throw refuse('account_root', 'This ARN names a whole account, not a role.');
  switch (kind) {
    case 'role':
      return;
    case 'user':
      throw refuse('iam_user', 'This is an IAM user. Sesame never takes keys of a user; it assumes a role.');
    case 'instance-profile':
      throw refuse('instance_profile', 'This is an instance profile, not the role inside it.');
    case 'policy':
      throw refuse('iam_policy', 'This is an IAM policy, not a role.');
    case 'group':
      throw refuse('iam_group', 'This is an IAM group, not a role.');
    default:
      throw refuse('not_a_role', `This ARN names ${kind === '' ? 'nothing' : `a ${kind}`}, not a role.`);
  }
}

function isPartition(value: string): value is Partition {
  return (partitions as readonly string[]).includes(value);
}

const example =
  'A role ARN looks like arn:aws:iam::123456789012:role/sesame-ses. Copy it from IAM, Roles, your role, "ARN".';

function refuse(code: string, message: string, remedy = example): AppError {
  return new AppError({ code: `role_arn.${code}`, kind: 'invalid', message, field: 'role_arn', remedy });
}
