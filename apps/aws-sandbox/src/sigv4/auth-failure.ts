import { AwsError } from '../aws-error.js';

/** `json` = AWS JSON over one path (SQS, EventBridge): the names of REST-JSON. */
export type Protocol = 'query' | 'rest-json' | 'json';

export type AuthFailureKind = 'missing' | 'incomplete' | 'unknown_token' | 'expired_token' | 'signature';

/** Why a request was not authenticated; the two protocols give the same failure different names. */
export class AuthFailure extends Error {
  constructor(
    readonly kind: AuthFailureKind,
    text: string,
  ) {
    super(text);
  }
}

const CODES: Record<
  AuthFailureKind,
  Record<Exclude<Protocol, 'json'>, readonly [code: string, status: number]>
> = {
  missing: {
    query: ['MissingAuthenticationToken', 403],
    'rest-json': ['MissingAuthenticationTokenException', 403],
  },
  incomplete: { query: ['IncompleteSignature', 400], 'rest-json': ['IncompleteSignatureException', 400] },
  unknown_token: { query: ['InvalidClientTokenId', 403], 'rest-json': ['UnrecognizedClientException', 403] },
  expired_token: { query: ['ExpiredToken', 403], 'rest-json': ['ExpiredTokenException', 403] },
  signature: { query: ['SignatureDoesNotMatch', 403], 'rest-json': ['InvalidSignatureException', 403] },
};

export const authFailureToAwsError = (failure: AuthFailure, protocol: Protocol): AwsError => {
  const [code, status] = CODES[failure.kind][protocol === 'json' ? 'rest-json' : protocol];
  return new AwsError(code, status, failure.message);
};

export const missingToken = (protocol: Protocol): AuthFailure =>
  new AuthFailure(
    'missing',
    protocol === 'query' ? 'Request is missing Authentication Token' : 'Missing Authentication Token',
  );

export const unknownToken = (): AuthFailure =>
  new AuthFailure('unknown_token', 'The security token included in the request is invalid.');

export const expiredToken = (): AuthFailure =>
  new AuthFailure('expired_token', 'The security token included in the request is expired');

export const wrongSignature = (): AuthFailure =>
  new AuthFailure(
    'signature',
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  );
