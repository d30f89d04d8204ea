import { AwsError } from '../aws-error.js';
import type { Tag } from '../iam/caller.js';
import { Constraints } from './constraints.js';
import { readList } from '../http/query-parameters.js';

export interface AssumeRoleParameters {
  readonly roleArn: string;
  readonly roleAccountId: string;
  readonly roleName: string;
  readonly roleSessionName: string;
  readonly externalId: string | null;
  readonly durationSeconds: number;
  readonly policy: string | null;
  readonly policyArns: readonly string[];
  readonly tags: readonly Tag[];
  readonly transitiveTagKeys: readonly string[];
  readonly sourceIdentity: string | null;
}

const NAME = String.raw`[\w+=,.@-]*`;
const DEFAULT_DURATION_SECONDS = 3600;
const ROLE_ARN = /^arn:aws:iam::(\d{12}):role\/(?:[\u0021-\u007e]+\/)?([\w+=,.@-]{1,64})$/;

const invalidParameter = (text: string): AwsError => new AwsError('InvalidParameterValue', 400, text);

const readTags = (parameters: URLSearchParams): Tag[] => {
  const keys = readList(parameters, 'Tags', '.Key');
  return keys.map((Key, i) => ({ Key, Value: parameters.get(`Tags.member.${i + 1}.Value`) ?? '' }));
};

const checkTags = (tags: readonly Tag[], transitiveTagKeys: readonly string[]): void => {
  // Keys keep their case but are compared without it.
  const keys = new Set(tags.map((tag) => tag.Key.toLowerCase()));
  if (keys.size !== tags.length)
    throw invalidParameter('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  if (transitiveTagKeys.some((key) => !keys.has(key.toLowerCase()))) {
    throw invalidParameter('The specified transitive tag key must be included in the requested tags.');
  }
};

/**
 * Reads and checks every parameter with the texts of STS; what several constraints refuse is reported in one
 * message. Throws AwsError.
 */
export const readAssumeRole = (parameters: URLSearchParams): AssumeRoleParameters => {
  const check = new Constraints();
  const roleArn = check.text(parameters.get('RoleArn'), 'roleArn', { required: true, min: 20, max: 2048 });
  const roleSessionName = check.text(parameters.get('RoleSessionName'), 'roleSessionName', {
    required: true,
    min: 2,
    max: 64,
    pattern: NAME,
  });
  const externalId = check.text(parameters.get('ExternalId'), 'externalId', {
    min: 2,
    max: 1224,
    pattern: String.raw`[\w+=,.@:\/-]*`,
  });
  const durationSeconds = check.integer(parameters.get('DurationSeconds'), 'durationSeconds', 900, 43_200);
  const policy = check.text(parameters.get('Policy'), 'policy', {
    min: 1,
    max: 2048,
    pattern: String.raw`[\u0009\u000A\u000D\u0020-\u00FF]+`,
  });
  const sourceIdentity = check.text(parameters.get('SourceIdentity'), 'sourceIdentity', {
    min: 2,
    max: 64,
    pattern: NAME,
  });
  const policyArns = readList(parameters, 'PolicyArns', '.arn');
  policyArns.forEach((arn, i) => check.text(arn, `policyArns.${i + 1}.member.arn`, { min: 20, max: 2048 }));
  if (policyArns.length > 10)
    check.add(`[${policyArns.join(', ')}]`, 'policyArns', 'Member must have length less than or equal to 10');
  const tags = readTags(parameters);
  const tagText = String.raw`[\p{L}\p{Z}\p{N}_.:/=+\-@]+`;
  tags.forEach((tag, i) => {
    check.text(tag.Key, `tags.${i + 1}.member.key`, { min: 1, max: 128, pattern: tagText });
    check.text(tag.Value, `tags.${i + 1}.member.value`, { max: 256, pattern: tagText.replace(/\+$/, '*') });
  });
  const transitiveTagKeys = readList(parameters, 'TransitiveTagKeys');
  if (tags.length > 50) check.add('[...]', 'tags', 'Member must have length less than or equal to 50');
  if (transitiveTagKeys.length > 50)
    check.add('[...]', 'transitiveTagKeys', 'Member must have length less than or equal to 50');
  check.throwIfAny();

  const match = ROLE_ARN.exec(roleArn ?? '');
  if (match === null || !/^arn:/.test(roleArn ?? ''))
    throw new AwsError('ValidationError', 400, `${roleArn} is invalid`);
  checkTags(tags, transitiveTagKeys);
  if (sourceIdentity?.startsWith('aws:') === true)
    throw invalidParameter('SourceIdentity must not start with aws:');
  return {
    roleArn: roleArn ?? '',
    roleAccountId: match[1] ?? '',
    roleName: match[2] ?? '',
    roleSessionName: roleSessionName ?? '',
    externalId,
    durationSeconds: durationSeconds ?? DEFAULT_DURATION_SECONDS,
    policy,
    policyArns,
    tags,
    transitiveTagKeys,
    sourceIdentity,
  };
};
