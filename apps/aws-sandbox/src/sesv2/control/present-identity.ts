import type { Identity, SesRegion } from '../../state/ses-region.js';
import { sesArn } from '../arn.js';
import { DKIM_ZONE, verificationStatus } from '../follow-dns.js';
import { epochSeconds } from './common.js';

/** Easy DKIM is as far as the identity is: an address has no DKIM of its own and inherits its domain's. */
export const presentDkim = (identity: Identity, ses: SesRegion, now: number): Record<string, unknown> => {
  const source =
    identity.type === 'EMAIL_ADDRESS'
      ? ses.identities.get(identity.name.slice(identity.name.lastIndexOf('@') + 1))
      : identity;
  if (source === undefined)
    return { SigningEnabled: false, Status: 'NOT_STARTED', SigningAttributesOrigin: 'AWS_SES' };
  return {
    SigningEnabled: source.dkim.signingEnabled,
    Status: verificationStatus(source, now),
    Tokens: source.dkim.tokens,
    SigningAttributesOrigin: source.dkim.origin,
    SigningHostedZone: DKIM_ZONE,
    ...(source.dkim.origin === 'AWS_SES'
      ? {
          NextSigningKeyLength: source.dkim.keyLength,
          CurrentSigningKeyLength: source.dkim.keyLength,
          LastKeyGenerationTimestamp: epochSeconds(source.createdAt),
        }
      : {}),
  };
};

export const presentIdentity = (
  identity: Identity,
  ses: SesRegion,
  now: number,
): Record<string, unknown> => ({
  IdentityType: identity.type,
  FeedbackForwardingStatus: identity.feedbackForwarding,
  VerifiedForSendingStatus: identity.isVerified,
  VerificationStatus: verificationStatus(identity, now),
  DkimAttributes: presentDkim(identity, ses, now),
  MailFromAttributes:
    identity.mailFrom === null
      ? { BehaviorOnMxFailure: 'USE_DEFAULT_VALUE' }
      : {
          MailFromDomain: identity.mailFrom.domain,
          MailFromDomainStatus: identity.mailFrom.status,
          BehaviorOnMxFailure: identity.mailFrom.behaviorOnMxFailure,
        },
  Policies: identity.policies,
  Tags: ses.tags.get(sesArn(ses, 'identity', identity.name)) ?? [],
  ...(identity.configurationSetName === null ? {} : { ConfigurationSetName: identity.configurationSetName }),
});
