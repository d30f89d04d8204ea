/** Partitions we know, by the first field of an ARN. Principals of one cannot assume roles of another. */
export const partitions = ['aws', 'aws-cn', 'aws-us-gov', 'aws-eusc'] as const;
export type Partition = (typeof partitions)[number];

/**
 * Regions with an SES API v2 endpoint (source: endpoint rules of @aws-sdk/client-sesv2). A region outside of this
 * list is refused at input: the SDK would build a host name from any string.
 */
export const sesRegions = [
  'af-south-1',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-south-2',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-southeast-3',
  'ap-southeast-5',
  'ca-central-1',
  'ca-west-1',
  'eu-central-1',
  'eu-central-2',
  'eu-north-1',
  'eu-south-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'il-central-1',
  'me-central-1',
  'me-south-1',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'us-gov-east-1',
  'us-gov-west-1',
  'eusc-de-east-1',
] as const;
export type SesRegion = (typeof sesRegions)[number];

export function isSesRegion(value: string): value is SesRegion {
  return (sesRegions as readonly string[]).includes(value);
}

export function partitionOfRegion(region: string): Partition {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  if (region.startsWith('eusc-')) return 'aws-eusc';
  return 'aws';
}
