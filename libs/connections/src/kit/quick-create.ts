import { AppError } from '#libs/errors';

/** Console host by partition. */
const consoleHosts: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
  'aws-eusc': 'console.amazonaws-eusc.eu',
};

function cloudFormation(partition: string, region: string): string {
  const host = consoleHosts[partition] ?? consoleHosts['aws'];
  const regional = partition === 'aws' ? `${region}.${host}` : host;
  return `https://${regional}/cloudformation/home?region=${region}`;
}

/** Opens "Create stack" in the right region; the customer uploads the template of the kit. */
export function consoleUrl(partition: string, region: string): string {
  return `${cloudFormation(partition, region)}#/stacks/create`;
}

/**
 * A quick-create link with every parameter filled in.
 *
 * CloudFormation reads templates of such links from S3 only, and Sesame has no bucket of its own. So there is a link
 * only when whoever runs Sesame has uploaded the kit's template and passes its address.
 *
 * @throws AppError `kit.bad_template_url`
 */
export function quickCreateUrl(
  templateUrl: string,
  partition: string,
  region: string,
  stackName: string,
  parameters: Readonly<Record<string, string>>,
): string {
  if (!/^https:\/\/[a-z0-9.-]*s3[a-z0-9.-]*\.amazonaws\.(?:com|com\.cn|eu)\/\S+$/.test(templateUrl)) {
    throw new AppError({
      code: 'kit.bad_template_url',
      kind: 'invalid_parameter',
      message:
        '`template_url` must be the https address of an object in Amazon S3: CloudFormation opens nothing else.',
      field: 'template_url',
    });
  }
  const query = [
    `templateURL=${encodeURIComponent(templateUrl)}`,
    `stackName=${encodeURIComponent(stackName)}`,
    ...Object.entries(parameters).map(([name, value]) => `param_${name}=${encodeURIComponent(value)}`),
  ];
  return `${cloudFormation(partition, region)}#/stacks/quickcreate?${query.join('&')}`;
}
