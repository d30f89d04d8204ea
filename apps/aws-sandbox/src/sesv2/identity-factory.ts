import { createHash } from 'node:crypto';
import type { Identity, SesRegion } from '../state/ses-region.js';
import { identityKey } from './send/sender-identity.js';

/** Easy DKIM's three tokens. Stable per identity, so that a shown DNS record stays right after a restart. */
const dkimTokens = (ses: SesRegion, name: string): string[] =>
  [1, 2, 3].map((n) =>
    createHash('sha256').update(`${ses.accountId}/${ses.region}/${name}/${n}`).digest('hex').slice(0, 32),
  );

export const newIdentity = (ses: SesRegion, name: string, isVerified: boolean, now: number): Identity => {
  const key = identityKey(name);
  const isDomain = !name.includes('@');
  return {
    name: key,
    type: isDomain ? 'DOMAIN' : 'EMAIL_ADDRESS',
    isVerified,
    followsDns: false,
    searchingSince: now,
    createdAt: now,
    dkim: {
      signingEnabled: isDomain,
      origin: 'AWS_SES',
      tokens: isDomain ? dkimTokens(ses, key) : [],
      keyLength: 'RSA_2048_BIT',
    },
    mailFrom: null,
    feedbackForwarding: true,
    configurationSetName: null,
    policies: {},
  };
};
