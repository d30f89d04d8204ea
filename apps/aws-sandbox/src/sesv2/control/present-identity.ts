import type { Identity, SesRegion } from '../../state/ses-region.js';
import { sesArn } from '../arn.js';
import { epochSeconds } from './common.js';

/** Easy DKIM is as far as the identity is: an address has no DKIM of its own and inherits its domain's. */
export const presentDkim = (identity: Identity, ses: SesRegion): Record<string, unknown> => {
  const source =
    identity.type === 'EMAIL_ADDRESS'
      ? ses.identities.get(identity.name.slice(identity.name.lastIndexOf('@') + 1))
      : identity;
  if (source === undefined)
    return { SigningEnabled: false, Status: 'NOT_STARTED', SigningAttributesOrigin: 'AWS_SES' };
  return {
    SigningEnabled: source.dkim.signingEnabled,
    Status: source.isVerified ? 'SUCCESS' : 'PENDING',
    Tokens: source.dkim.tokens,
    SigningAttributesOrigin: source.dkim.origin,
    SigningHostedZone: 'dkim.amazonses.com',
    ...(source.dkim.origin === 'AWS_SES'
      ? {
          NextSigningKeyLength: source.dkim.keyLength,
          CurrentSigningKeyLength: source.dkim.keyLength,
          LastKeyGenerationTimestamp: epochSeconds(source.createdAt),
        }
      : {}),
  };
};

export const presentIdentity = (identity: Identity, ses: SesRegion): Record<string, unknown> => ({
  IdentityType: identity.type,
  FeedbackForwardingStatus: identity.feedbackForwarding,
  VerifiedForSendingStatus: identity.isVerified,
  VerificationStatus: identity.isVerified ? 'SUCCESS' : 'PENDING',
  DkimAttributes: presentDkim(identity, ses),
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
