import { isNativeError } from 'node:util/types';

/**
 * Whether AWS may have done what was asked, although it did not say so:
 * `no` it refused or was never reached; `unknown` the answer was lost or is a server error.
 */
export type Effect = 'no' | 'unknown';

/** As IAM names them in front of an action. */
export type AwsService = 'sts' | 'ses' | 'sns' | 'sqs' | 'events';

export interface AwsFailureFields {
  service: AwsService;
  operation: string;
  /** The wire code (`AccessDenied`, `MessageRejected` …), or `NetworkError` / `TimeoutError`. */
  code: string;
  /** Undefined when there was no HTTP answer. */
  httpStatus?: number | undefined;
  message: string;
  requestId?: string | undefined;
  effect: Effect;
  cause?: unknown;
}

/** Every error of AWS or of the way to it, in one shape. Decide by `code`, never by class or status alone. */
export class AwsFailure extends Error {
  readonly service: AwsService;
  readonly operation: string;
  readonly code: string;
  readonly httpStatus: number | undefined;
  readonly requestId: string | undefined;
  readonly effect: Effect;

  constructor(fields: AwsFailureFields) {
    super(fields.message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.name = 'AwsFailure';
    this.service = fields.service;
    this.operation = fields.operation;
    this.code = fields.code;
    this.httpStatus = fields.httpStatus;
    this.requestId = fields.requestId;
    this.effect = fields.effect;
  }
}

/** The credentials were not accepted. STS and SES name the same thing differently. */
const credentialCodes = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'RequestExpired',
]);

export function isCredentialFailure(failure: AwsFailure): boolean {
  return credentialCodes.has(failure.code);
}

/** The codes under which SES refuses a wrong clock; the first has other causes too. */
export function isRefusalOfTime(code: string): boolean {
  return code === 'InvalidSignatureException' || code === 'RequestExpired';
}

/** SNS has a word of its own. */
const accessDeniedCodes = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationError',
  'AuthorizationErrorException',
]);

/** A definite "no" from IAM. Throttles, timeouts and server errors are not. */
export function isAccessDenied(failure: AwsFailure): boolean {
  return accessDeniedCodes.has(failure.code);
}

const throttleCodes = new Set(['TooManyRequestsException', 'Throttling', 'ThrottlingException']);

/** A control plane that wants fewer calls. Of SendEmail the code means more than that: see classify.ts of libs/emails. */
export function isThrottle(failure: AwsFailure): boolean {
  return throttleCodes.has(failure.code);
}

/** The connection was never made: nothing of the request has left. */
const neverReachedCodes = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

interface SdkError extends Error {
  code?: string;
  $metadata?: { httpStatusCode?: number; requestId?: string };
}

/** Translates what an SDK client or undici throws. */
export function toAwsFailure(service: AwsService, operation: string, error: unknown): AwsFailure {
  if (error instanceof AwsFailure) return error;
  // Not `instanceof` alone: under a test runner's realm the errors of Node itself are of another one.
  const known: SdkError = error instanceof Error || isNativeError(error) ? error : new Error(String(error));
  const httpStatus = known.$metadata?.httpStatusCode;
  if (httpStatus !== undefined) {
    return new AwsFailure({
      service,
      operation,
      code: known.name,
      httpStatus,
      message: known.message,
      requestId: known.$metadata?.requestId,
      effect: effectOf(known.name, httpStatus),
    });
  }
  const systemCode =
    known.code ??
    (known.cause instanceof Error && 'code' in known.cause ? String(known.cause.code) : undefined);
  const isCredentialsMissing = known.name === 'CredentialsProviderError';
  const isTimeout = known.name === 'TimeoutError' || (systemCode?.includes('TIMEOUT') ?? false);
  return new AwsFailure({
    service,
    operation,
    code: isCredentialsMissing ? 'CredentialsProviderError' : isTimeout ? 'TimeoutError' : 'NetworkError',
    message: isCredentialsMissing
      ? 'No AWS credentials were found by the default provider chain.'
      : (systemCode ?? known.message),
    effect:
      isCredentialsMissing || (systemCode !== undefined && neverReachedCodes.has(systemCode))
        ? 'no'
        : 'unknown',
    cause: error,
  });
}

/**
 * A 4xx is a refusal. A 5xx may come after the effect, apart from SES's ConcurrentModificationException, which is a
 * refusal that happens to carry status 500. An error with a 2xx is a success whose answer could not be read.
 */
export function effectOf(code: string, httpStatus: number): Effect {
  return (httpStatus >= 500 || httpStatus < 300) && code !== 'ConcurrentModificationException'
    ? 'unknown'
    : 'no';
}
