import type { SesRegion } from '../state/ses-region.js';

export type SesResource = 'identity' | 'configuration-set' | 'template';

export const sesArn = (ses: SesRegion, type: SesResource, name: string): string =>
  `arn:aws:ses:${ses.region}:${ses.accountId}:${type}/${name}`;

export const nameFromArn = (arn: string): string => arn.slice(arn.indexOf('/') + 1);
