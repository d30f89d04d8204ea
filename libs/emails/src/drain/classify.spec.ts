import { describe, expect, it } from '@jest/globals';
import { AwsFailure } from '#libs/aws';
import { classifySendFailure, type Verdict } from './classify.js';

const failure = (
  code: string,
  httpStatus: number | undefined,
  message: string,
  effect: 'no' | 'unknown' = 'no',
) => new AwsFailure({ service: 'ses', operation: 'SendEmail', code, httpStatus, message, effect });

type Row = [
  code: string,
  status: number | undefined,
  message: string,
  effect: 'no' | 'unknown',
  action: Verdict['action'],
];
const paused =
  'Sending paused for this account. For more information, please check the inbox of the email address associated with your AWS account.';
const notVerified =
  'Email address is not verified. The following identities failed the check in region EU-WEST-1: a@example.com, Name <b@example.org>';

/** The errors of SES API v2 (reference D.5), and what may come from in front of it. */
const table: Row[] = [
  ['TooManyRequestsException', 429, 'Maximum sending rate exceeded.', 'no', 'throttle'],
  ['TooManyRequestsException', 429, 'Daily message quota exceeded.', 'no', 'quota'],
  ['TooManyRequestsException', 429, 'daily message quota exceeded', 'no', 'quota'],
  ['TooManyRequestsException', 429, 'Rate exceeded', 'no', 'throttle'],
  ['TooManyRequestsException', 429, 'Too Many Requests', 'no', 'throttle'],
  ['TooManyRequestsException', 429, '', 'no', 'throttle'],
  ['ThrottlingException', 400, 'Rate exceeded', 'no', 'throttle'],
  ['ThrottlingException', 429, 'Rate exceeded', 'no', 'throttle'],
  ['Throttling', 400, 'Rate exceeded', 'no', 'throttle'],
  ['Unknown', 429, '', 'no', 'throttle'],
  ['LimitExceededException', 400, 'too many', 'no', 'retry'],
  ['AccountSuspendedException', 400, 'suspended', 'no', 'pause'],
  ['SendingPausedException', 400, paused, 'no', 'pause'],
  ['SendingPausedException', 400, 'Sending is paused for configuration set main', 'no', 'pause'],
  ['OptInRequired', 403, 'The AWS Access Key Id needs a subscription for the service', 'no', 'pause'],
  [
    'SubscriptionRequiredException',
    403,
    'The AWS Access Key Id needs a subscription for the service',
    'no',
    'pause',
  ],
  ['MessageRejected', 400, notVerified, 'no', 'fail'],
  ['MessageRejected', 400, 'Recipient count exceeds 50.', 'no', 'fail'],
  ['MailFromDomainNotVerifiedException', 400, '', 'no', 'fail'],
  ['BadRequestException', 400, "Missing final '@domain'", 'no', 'fail'],
  ['BadRequestException', 400, 'Configuration set <main> does not exist.', 'no', 'fail'],
  ['SerializationException', 400, '', 'no', 'fail'],
  ['NotFoundException', 404, 'Configuration set <main> does not exist.', 'no', 'fail'],
  ['NotFoundException', 404, 'Tenant x for AwsAccountId 1 not found.', 'no', 'fail'],
  ['ConflictException', 409, 'conflict', 'no', 'retry'],
  ['ConcurrentModificationException', 500, 'concurrent', 'no', 'retry'],
  ['InternalServiceErrorException', 500, '', 'unknown', 'uncertain'],
  ['InternalFailure', 500, '', 'unknown', 'uncertain'],
  ['ServiceUnavailable', 503, '', 'unknown', 'uncertain'],
  ['Unknown', 502, '', 'unknown', 'uncertain'],
  ['MalformedAnswer', 200, '', 'unknown', 'uncertain'],
  [
    'AccessDeniedException',
    403,
    'User: arn:aws:sts::1:assumed-role/R/s is not authorized to perform: ses:SendEmail',
    'no',
    'denied',
  ],
  ['AccessDenied', 403, '', 'no', 'denied'],
  ['AccessDeniedException', 403, 'Tenant not associated with identity example.com', 'no', 'fail'],
  [
    'UnrecognizedClientException',
    403,
    'The security token included in the request is invalid.',
    'no',
    'credentials',
  ],
  [
    'InvalidClientTokenId',
    403,
    'The security token included in the request is invalid.',
    'no',
    'credentials',
  ],
  [
    'ExpiredTokenException',
    403,
    'The security token included in the request is expired',
    'no',
    'credentials',
  ],
  ['ExpiredToken', 403, 'The security token included in the request is expired', 'no', 'credentials'],
  ['RequestExpired', 400, '', 'no', 'credentials'],
  ['InvalidSignatureException', 403, 'Signature expired: 1 is now earlier than 2', 'no', 'credentials'],
  ['SignatureDoesNotMatch', 403, '', 'no', 'credentials'],
  ['MissingAuthenticationTokenException', 403, 'Missing Authentication Token', 'no', 'credentials'],
  ['IncompleteSignatureException', 400, '', 'no', 'credentials'],
  ['NetworkError', undefined, 'ECONNREFUSED', 'no', 'unreachable'],
  ['TimeoutError', undefined, 'UND_ERR_CONNECT_TIMEOUT', 'no', 'unreachable'],
  ['NetworkError', undefined, 'UND_ERR_SOCKET', 'unknown', 'uncertain'],
  ['TimeoutError', undefined, 'UND_ERR_HEADERS_TIMEOUT', 'unknown', 'uncertain'],
  ['SomethingNewException', 400, '', 'no', 'fail'],
  ['Unknown', 400, '', 'no', 'fail'],
  ['Unknown', 413, '', 'no', 'fail'],
];

describe('a failed SendEmail', () => {
  it.each(table)('%s %s %j (effect %s): %s', (code, status, message, effect, action) => {
    expect(classifySendFailure(failure(code, status, message, effect)).action).toBe(action);
  });

  it.each(table.filter(([, , , , action]) => action === 'pause' || action === 'denied'))(
    '%s %s %j (effect %s) says what to do: %s',
    (code, status, message, effect) => {
      expect(classifySendFailure(failure(code, status, message, effect))).toMatchObject({
        remedy: expect.stringMatching(/.{20}/),
      });
    },
  );

  it.each([
    ['MessageRejected', 400, notVerified, /create-email-identity.*sandbox/],
    ['MessageRejected', 400, notVerified.toUpperCase(), /create-email-identity/],
    ['MessageRejected', 400, 'Message contains a virus', undefined],
    ['MailFromDomainNotVerifiedException', 400, '', /MAIL FROM/],
    ['NotFoundException', 404, 'Configuration set <main> does not exist.', /configuration set/],
    ['NotFoundException', 404, 'Template x does not exist', undefined],
    ['BadRequestException', 400, 'Configuration set <main> does not exist.', /default configuration set/],
    ['BadRequestException', 400, "Missing final '@domain'", undefined],
    [
      'SendingPausedException',
      400,
      'Sending is paused for configuration set main',
      /put-configuration-set-sending-options/,
    ],
    ['SendingPausedException', 400, paused, /put-account-sending-attributes/],
    ['AccessDeniedException', 403, 'Tenant not associated with identity example.com', /tenant/],
  ])('%s %d %j has a remedy for its reader', (code, status, message, remedy) => {
    const verdict = classifySendFailure(failure(code, status, message));
    if (remedy === undefined) expect(verdict).toEqual({ action: 'fail', remedy: undefined });
    else expect(verdict).toMatchObject({ remedy: expect.stringMatching(remedy) });
  });

  it.each(['Daily', 'configuration set', 'not verified', 'tenant not associated'])(
    'is judged by its code first: the words %j in another error mean nothing',
    (words) => {
      expect(classifySendFailure(failure('InternalFailure', 500, words, 'unknown'))).toEqual({
        action: 'uncertain',
      });
      expect(classifySendFailure(failure('ExpiredTokenException', 403, words))).toEqual({
        action: 'credentials',
      });
    },
  );
});
