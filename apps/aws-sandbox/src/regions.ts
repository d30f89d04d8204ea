/** Regions with an SES endpoint, from the model's endpoint list. ap-east-1 and China have none. */
const SES_REGIONS: ReadonlySet<string> = new Set(
  (
    'af-south-1 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ' +
    'ap-southeast-3 ap-southeast-5 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-west-1 ' +
    'eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2'
  ).split(' '),
);

const REGIONS_WITHOUT_SES = ['ap-east-1', 'ap-southeast-4', 'ap-southeast-7', 'eu-south-2', 'mx-central-1'];

/** Every region of the `aws` partition: what STS accepts in a credential scope. */
const STS_REGIONS: ReadonlySet<string> = new Set([...SES_REGIONS, ...REGIONS_WITHOUT_SES]);

export const isSesRegion = (region: string): boolean => SES_REGIONS.has(region);
export const isStsRegion = (region: string): boolean => STS_REGIONS.has(region);
