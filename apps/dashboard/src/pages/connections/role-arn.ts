import { partitionOf } from './regions';

/**
 * What is wrong with a role ARN, said while it is being typed or pasted. The API has the last word; this is the part of its
 * judgement that needs no server.
 *
 * @returns undefined when nothing is wrong, or nothing is there yet
 */
export function wrongWithRoleArn(pasted: string, region: string): string | undefined {
  const arn = pasted.trim();
  if (arn === '') return undefined;
  const [prefix, partition = '', service = '', arnRegion = '', account = '', ...rest] = arn.split(':');
  const resource = rest.join(':');
  if (prefix !== 'arn') return 'An ARN begins with "arn:". Copy it from IAM, Roles, your role.';
  if (service === 'sts')
    return 'This is a session of a role. Paste the ARN of the role itself: it has ":iam:" and ":role/" in it.';
  if (service !== '' && service !== 'iam') return `This names something of ${service}, not a role of IAM.`;
  if (resource === 'root') return 'This names a whole account, not a role.';
  const [kind = ''] = resource.split('/');
  if (resource !== '' && kind !== 'role')
    return `This names a ${kind}, not a role. A role's ARN has ":role/" in it.`;
  if (resource === '' || resource === 'role')
    return 'The ARN is not complete: it ends with ":role/" and the name of the role.';
  if (arnRegion !== '') return 'IAM is global: nothing stands between "iam:" and ":" in a role\'s ARN.';
  if (!/^\d{12}$/.test(account)) return 'The account id in the ARN is not 12 digits.';
  if (/[*?]/.test(resource)) return 'A role ARN names one role: no wildcards.';
  if (!/^role\/(?:[\x21-\x7e]+\/)?[A-Za-z0-9_+=,.@-]{1,64}$/.test(resource))
    return 'The name of the role is not one that IAM allows.';
  const wanted = partitionOf(region);
  if (partition !== wanted)
    return `This role is in partition "${partition}"; region ${region} belongs to "${wanted}".`;
  return undefined;
}
