import type { AwsFailure } from '#libs/aws';

/** What one failed SendEmail means for the email and for what it was sent through (table: SES API v2 errors). */
export type Verdict =
  /** Refused for going too fast: not the email's fault, brakes the SES account. */
  | { action: 'throttle' }
  /** The 24-hour quota is used up: the SES account rests. */
  | { action: 'quota' }
  /** The session was not accepted: make a new one and send again. */
  | { action: 'credentials' }
  /** Refused now, may work later. */
  | { action: 'retry' }
  /** The answer was lost: SES may have sent it. */
  | { action: 'uncertain' }
  /** Never reached SES: the way there is broken, not the email. */
  | { action: 'unreachable' }
  /** SES sends nothing for this account until somebody mends it. */
  | { action: 'pause'; remedy: string }
  /** The role may not do this: retried slowly while the connection's checks look into it. */
  | { action: 'denied'; remedy: string }
  /** This email will never be accepted. */
  | { action: 'fail'; remedy: string | undefined };

/**
 * Pure: code first, then the message where one code has two meanings. Names come from SES API v2's error model and
 * the front end's common errors.
 */
export function classifySendFailure(failure: AwsFailure): Verdict {
  const { code, message, httpStatus } = failure;
  if (httpStatus === undefined)
    return failure.effect === 'no' ? { action: 'unreachable' } : { action: 'uncertain' };
  const text = message.toLowerCase();
  switch (code) {
    case 'TooManyRequestsException':
      return text.includes('daily') ? { action: 'quota' } : { action: 'throttle' };
    case 'ThrottlingException':
    case 'Throttling':
    case 'RequestLimitExceeded':
    case 'SlowDown':
      return { action: 'throttle' };
    case 'ExpiredToken':
    case 'ExpiredTokenException':
    case 'RequestExpired':
    case 'UnrecognizedClientException':
    case 'InvalidClientTokenId':
    case 'InvalidSignatureException':
    case 'SignatureDoesNotMatch':
    case 'MissingAuthenticationTokenException':
    case 'IncompleteSignatureException':
      return { action: 'credentials' };
    case 'AccountSuspendedException':
      return {
        action: 'pause',
        remedy: 'Amazon SES has suspended this account: open a case with AWS Support.',
      };
    case 'SendingPausedException':
      return text.includes('configuration set')
        ? {
            action: 'pause',
            remedy:
              'Sending is paused for the configuration set: enable it with `aws sesv2 put-configuration-set-sending-options --sending-enabled`.',
          }
        : {
            action: 'pause',
            remedy:
              'Sending is paused for this SES account: enable it with `aws sesv2 put-account-sending-attributes --sending-enabled`, or see the e-mail AWS sent to the account owner.',
          };
    case 'OptInRequired':
    case 'SubscriptionRequiredException':
      return { action: 'pause', remedy: 'Amazon SES is not activated for this AWS account.' };
    case 'AccessDeniedException':
    case 'AccessDenied':
      return text.includes('tenant not associated')
        ? { action: 'fail', remedy: 'Associate the identity and the configuration set with the SES tenant.' }
        : {
            action: 'denied',
            remedy:
              'The role may not send this email. Compare its permissions policy with the kit of the connection (GET /v1/connections/{id}/kit?purpose=send).',
          };
    case 'MessageRejected':
      return { action: 'fail', remedy: remedyOfRejection(text) };
    case 'MailFromDomainNotVerifiedException':
      return {
        action: 'fail',
        remedy:
          'The custom MAIL FROM domain of the identity is not verified: check its MX record, or let SES use its default on failure.',
      };
    case 'NotFoundException':
      return {
        action: 'fail',
        remedy: text.includes('configuration set')
          ? 'Create the configuration set, or remove it as default of the identity.'
          : undefined,
      };
    case 'BadRequestException':
      return {
        action: 'fail',
        remedy: text.includes('configuration set')
          ? "The identity's default configuration set was deleted: create it again or set another."
          : undefined,
      };
    case 'LimitExceededException':
    case 'ConcurrentModificationException':
    case 'ConflictException':
      return { action: 'retry' };
    default:
      if (failure.effect === 'unknown') return { action: 'uncertain' };
      if (httpStatus === 429) return { action: 'throttle' };
      return { action: 'fail', remedy: undefined };
  }
}

function remedyOfRejection(text: string): string | undefined {
  if (!text.includes('not verified')) return undefined;
  const region = /in region ([a-z]{2}[a-z-]*-\d)\b/.exec(text)?.[1];
  const option = region === undefined ? '' : ` --region ${region}`;
  return (
    `Verify the named identities in this region (\`aws sesv2 create-email-identity --email-identity DOMAIN${option}\`). If a recipient is named, the SES account ` +
    'is still in the sandbox: request production access in the SES console. If your SES is set up in another region, send through a connection for that region.'
  );
}
