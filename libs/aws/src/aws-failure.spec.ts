import { describe, expect, it } from '@jest/globals';
import { AwsFailure, effectOf, isAccessDenied, isCredentialFailure, toAwsFailure } from './aws-failure.js';

const failure = (code: string, httpStatus?: number) =>
  new AwsFailure({ service: 'ses', operation: 'SendEmail', code, httpStatus, message: '', effect: 'no' });
const sdkError = (name: string, httpStatusCode: number, message = 'said AWS') =>
  Object.assign(new Error(message), {
    name,
    $metadata: { httpStatusCode, requestId: 'req-1' },
    $response: { body: 'x' },
  });
const systemError = (code: string, name = 'Error') =>
  Object.assign(new Error(`${code} at 10.0.0.1`), { name, code });

describe('an error with an HTTP answer', () => {
  it.each([
    ['MessageRejected', 400, 'no'],
    ['BadRequestException', 400, 'no'],
    ['AccessDeniedException', 403, 'no'],
    ['ExpiredTokenException', 403, 'no'],
    ['NotFoundException', 404, 'no'],
    ['TooManyRequestsException', 429, 'no'],
    ['Throttling', 400, 'no'],
    ['ConcurrentModificationException', 500, 'no'],
    ['InternalFailure', 500, 'unknown'],
    ['InternalServiceErrorException', 500, 'unknown'],
    ['ServiceUnavailable', 503, 'unknown'],
    ['Unknown', 502, 'unknown'],
    ['Unknown', 504, 'unknown'],
    ['Unknown', 418, 'no'],
    ['Unknown', 301, 'no'],
    ['SyntaxError', 200, 'unknown'],
  ])('%s with %d has the effect %s', (code, status, effect) => {
    const error = sdkError(code, status);
    expect(toAwsFailure('ses', 'SendEmail', error)).toMatchObject({
      name: 'AwsFailure',
      service: 'ses',
      operation: 'SendEmail',
      code,
      httpStatus: status,
      message: 'said AWS',
      requestId: 'req-1',
      effect,
    });
    expect(effectOf(code, status)).toBe(effect);
  });

  it('does not drag the raw answer along', () => {
    const translated = toAwsFailure('sts', 'AssumeRole', sdkError('AccessDenied', 403));
    expect(translated.cause).toBeUndefined();
    expect(Object.keys(translated)).not.toContain('$response');
  });
});

describe('an error without an HTTP answer', () => {
  it.each<[string, unknown, string, string, string]>([
    ['a refused connection', systemError('ECONNREFUSED'), 'NetworkError', 'no', 'ECONNREFUSED'],
    ['an unknown host', systemError('ENOTFOUND'), 'NetworkError', 'no', 'ENOTFOUND'],
    ['a resolver that is away', systemError('EAI_AGAIN'), 'NetworkError', 'no', 'EAI_AGAIN'],
    ['an unreachable host', systemError('EHOSTUNREACH'), 'NetworkError', 'no', 'EHOSTUNREACH'],
    ['an unreachable network', systemError('ENETUNREACH'), 'NetworkError', 'no', 'ENETUNREACH'],
    [
      'a connect timeout of undici',
      systemError('UND_ERR_CONNECT_TIMEOUT'),
      'TimeoutError',
      'no',
      'UND_ERR_CONNECT_TIMEOUT',
    ],
    [
      'no answer in time',
      systemError('UND_ERR_HEADERS_TIMEOUT'),
      'TimeoutError',
      'unknown',
      'UND_ERR_HEADERS_TIMEOUT',
    ],
    [
      'an answer that stops',
      systemError('UND_ERR_BODY_TIMEOUT'),
      'TimeoutError',
      'unknown',
      'UND_ERR_BODY_TIMEOUT',
    ],
    [
      'a socket closed by the other side',
      systemError('UND_ERR_SOCKET', 'SocketError'),
      'NetworkError',
      'unknown',
      'UND_ERR_SOCKET',
    ],
    ['a reset', systemError('ECONNRESET'), 'NetworkError', 'unknown', 'ECONNRESET'],
    ['a broken pipe', systemError('EPIPE'), 'NetworkError', 'unknown', 'EPIPE'],
    [
      'the SDK’s own timeout',
      Object.assign(new Error('timed out'), { name: 'TimeoutError' }),
      'TimeoutError',
      'unknown',
      'timed out',
    ],
    [
      'a code that hides in the cause',
      new Error('fetch failed', { cause: systemError('ECONNREFUSED') }),
      'NetworkError',
      'no',
      'ECONNREFUSED',
    ],
    [
      'several addresses that all refuse',
      Object.assign(new AggregateError([systemError('ECONNREFUSED')]), { code: 'ECONNREFUSED' }),
      'NetworkError',
      'no',
      'ECONNREFUSED',
    ],
    ['something without a code', new Error('odd'), 'NetworkError', 'unknown', 'odd'],
    ['something that is no error', 'text', 'NetworkError', 'unknown', 'text'],
  ])('%s is translated', (_, thrown, code, effect, message) => {
    const translated = toAwsFailure('ses', 'SendEmail', thrown);
    expect(translated).toMatchObject({ code, effect, message, httpStatus: undefined, requestId: undefined });
    expect(translated.cause).toBe(thrown);
  });

  it('that says there are no base credentials is no network error, and nothing was sent', () => {
    const missing = Object.assign(new Error('Could not load credentials from any providers /root/.aws'), {
      name: 'CredentialsProviderError',
    });
    const translated = toAwsFailure('sts', 'AssumeRole', missing);
    expect(translated).toMatchObject({ code: 'CredentialsProviderError', effect: 'no' });
    expect(translated.message).not.toContain('/root');
  });
});

describe('toAwsFailure', () => {
  it('leaves what is translated already', () => {
    const known = failure('MessageRejected', 400);
    expect(toAwsFailure('sts', 'AssumeRole', known)).toBe(known);
  });
});

describe('a failure', () => {
  it.each([
    ['ExpiredToken', true, false],
    ['ExpiredTokenException', true, false],
    ['InvalidClientTokenId', true, false],
    ['UnrecognizedClientException', true, false],
    ['InvalidSignatureException', true, false],
    ['SignatureDoesNotMatch', true, false],
    ['RequestExpired', true, false],
    ['AccessDenied', false, true],
    ['AccessDeniedException', false, true],
    ['Throttling', false, false],
    ['TimeoutError', false, false],
    ['InternalFailure', false, false],
    ['MessageRejected', false, false],
  ])('%s is one of credentials: %s, a denial: %s', (code, isCredential, isDenied) => {
    expect(isCredentialFailure(failure(code))).toBe(isCredential);
    expect(isAccessDenied(failure(code))).toBe(isDenied);
  });
});
