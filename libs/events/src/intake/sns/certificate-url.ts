import { isSesRegion, partitionOfRegion, partitions, type Partition } from '#libs/aws';

const suffixes: Readonly<Record<Partition, string>> = {
  aws: 'amazonaws.com',
  'aws-us-gov': 'amazonaws.com',
  'aws-cn': 'amazonaws.com.cn',
  'aws-eusc': 'amazonaws.eu',
};

/** A region's host of SNS, or undefined when the ARN is no topic of a region and partition that we know. */
export function snsHostOf(topicArn: string): string | undefined {
  const [, partition, region = ''] =
    /^arn:([a-z-]+):sns:([a-z0-9-]+):\d{12}:[A-Za-z0-9_-]{1,256}$/.exec(topicArn) ?? [];
  const known = partitions.find((one) => one === partition);
  if (known === undefined || !isSesRegion(region) || partitionOfRegion(region) !== known) return undefined;
  return `sns.${region}.${suffixes[known]}`;
}

/**
 * The names that the signing certificate of a host of SNS may carry: that of all old regions, and of the others one with the region in it
 * (source: SnsHostProvider of aws-sdk-java-v2's sns-message-manager).
 *
 * @param host as snsHostOf() gives it
 */
export function signingNamesOf(host: string): readonly string[] {
  const place = host.slice('sns.'.length);
  // Both regions of GovCloud sign with the certificate of one.
  const governmental = place.startsWith('us-gov-') ? ['sns-us-gov-west-1.amazonaws.com'] : [];
  const chinese = place.startsWith('cn-') ? [`sns-${place}`] : [];
  return ['sns.amazonaws.com', host, `sns-signing.${place}`, ...governmental, ...chinese];
}

const certificatePath = /^\/SimpleNotificationService-[0-9a-f]{32,64}\.pem$/;

/**
 * Whether a certificate may be fetched from there: exactly the host of the topic's region and partition, exactly the form of SNS's path.
 * Compared as text, so that no parser's leniency (userinfo, port, dots, escapes) lets another host in. A valid certificate from elsewhere on
 * amazonaws.com proves nothing: anybody can put one into a bucket.
 *
 * @returns its path, or undefined
 */
export function certificatePathOf(signingCertUrl: string, topicArn: string): string | undefined {
  const host = snsHostOf(topicArn);
  const prefix = `https://${host ?? ''}`;
  if (host === undefined || !signingCertUrl.startsWith(prefix)) return undefined;
  const path = signingCertUrl.slice(prefix.length);
  return certificatePath.test(path) ? path : undefined;
}
