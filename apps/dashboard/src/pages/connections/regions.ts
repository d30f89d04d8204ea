/** Regions with Amazon SES, and where they are. Their order is that of the list to choose from. */
export const regions = [
  ['eu-west-1', 'Ireland'],
  ['eu-central-1', 'Frankfurt'],
  ['eu-central-2', 'Zurich'],
  ['eu-north-1', 'Stockholm'],
  ['eu-south-1', 'Milan'],
  ['eu-west-2', 'London'],
  ['eu-west-3', 'Paris'],
  ['us-east-1', 'N. Virginia'],
  ['us-east-2', 'Ohio'],
  ['us-west-1', 'N. California'],
  ['us-west-2', 'Oregon'],
  ['ca-central-1', 'Canada Central'],
  ['ca-west-1', 'Calgary'],
  ['sa-east-1', 'São Paulo'],
  ['af-south-1', 'Cape Town'],
  ['ap-northeast-1', 'Tokyo'],
  ['ap-northeast-2', 'Seoul'],
  ['ap-northeast-3', 'Osaka'],
  ['ap-south-1', 'Mumbai'],
  ['ap-south-2', 'Hyderabad'],
  ['ap-southeast-1', 'Singapore'],
  ['ap-southeast-2', 'Sydney'],
  ['ap-southeast-3', 'Jakarta'],
  ['ap-southeast-5', 'Malaysia'],
  ['il-central-1', 'Tel Aviv'],
  ['me-central-1', 'UAE'],
  ['me-south-1', 'Bahrain'],
  ['us-gov-east-1', 'GovCloud, US-East'],
  ['us-gov-west-1', 'GovCloud, US-West'],
  ['eusc-de-east-1', 'European Sovereign Cloud, Brandenburg'],
] as const;

/** The partition whose roles a region's SES works with. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  if (region.startsWith('eusc-')) return 'aws-eusc';
  return 'aws';
}
