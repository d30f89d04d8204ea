import { createHmac, timingSafeEqual } from 'node:crypto';
import { header, type RawRequest } from '../http/request.js';
import {
  AuthFailure,
  expiredToken,
  missingToken,
  unknownToken,
  wrongSignature,
  type Protocol,
} from './auth-failure.js';
import { parseAuthorization, type SignatureParameters } from './authorization-header.js';
import { canonicalRequest, sha256Hex } from './canonical-request.js';
import { signingKey, type SecretHolder } from './signing-key.js';

/** A key the sandbox knows: a user's (no token) or a session's (token and expiry). */
export interface KnownKey extends SecretHolder {
  readonly sessionToken: string | null;
  /** Milliseconds since the epoch; null = long-term key. */
  readonly expiresAt: number | null;
}

export interface VerifyOptions<K extends KnownKey> {
  readonly protocol: Protocol;
  readonly service: string;
  readonly now: number;
  /** Largest difference between the request's date and `now`; 5 minutes in AWS. */
  readonly windowMs: number;
  readonly isRegion: (region: string) => boolean;
  readonly findKey: (accessKeyId: string) => K | undefined;
}

const parseAmzDate = (text: string): number | null => {
  const m = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/.exec(text);
  return m === null ? null : Date.parse(`${m[1]}-${m[2]}-${m[3]}T${m[4]}:${m[5]}:${m[6]}Z`);
};

const amzDate = (ms: number): string => new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, '');

const requestTime = (request: RawRequest, authorization: string): { text: string; ms: number } => {
  const text = header(request, 'x-amz-date');
  if (text !== undefined) {
    const ms = parseAmzDate(text);
    if (ms !== null) return { text, ms };
  }
  const ms = Date.parse(header(request, 'date') ?? '');
  if (text === undefined && !Number.isNaN(ms)) return { text: amzDate(ms), ms };
  throw new AuthFailure(
    'incomplete',
    text === undefined
      ? `Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=${authorization}`
      : `Date must be in ISO-8601 'basic format'. Got '${text}'. See http://en.wikipedia.org/wiki/ISO_8601`,
  );
};

const checkWindow = (time: { text: string; ms: number }, now: number, windowMs: number): void => {
  const minutes = windowMs / 60_000;
  if (time.ms < now - windowMs) {
    throw new AuthFailure(
      'signature',
      `Signature expired: ${time.text} is now earlier than ${amzDate(now - windowMs)} (${amzDate(now)} - ${minutes} min.)`,
    );
  }
  if (time.ms > now + windowMs) {
    throw new AuthFailure(
      'signature',
      `Signature not yet current: ${time.text} is still later than ${amzDate(now + windowMs)} (${amzDate(now)} + ${minutes} min.)`,
    );
  }
};

const checkScope = (scope: SignatureParameters, time: string, options: VerifyOptions<KnownKey>): void => {
  const problems: string[] = [];
  if (!options.isRegion(scope.region))
    problems.push(`Credential should be scoped to a valid Region, not '${scope.region}'.`);
  if (scope.service !== options.service)
    problems.push(`Credential should be scoped to correct service: '${options.service}'.`);
  if (scope.terminator !== 'aws4_request') {
    problems.push(
      `Credential should be scoped with a valid terminator: 'aws4_request', not '${scope.terminator}'.`,
    );
  }
  if (scope.date !== time.slice(0, 8)) {
    problems.push(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${scope.date}' != '${time.slice(0, 8)}', from '${time}'.`,
    );
  }
  if (problems.length > 0) throw new AuthFailure('signature', problems.join(' '));
};

const checkSignedHeaders = (request: RawRequest, signed: readonly string[]): void => {
  if (!signed.includes('host')) {
    throw new AuthFailure(
      'signature',
      `'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.`,
    );
  }
  for (const name of ['x-amz-date', 'x-amz-security-token']) {
    if (request.headers[name] !== undefined && !signed.includes(name)) {
      throw new AuthFailure(
        'signature',
        `'${name}' is present and must be a 'SignedHeader' in the AWS Authorization.`,
      );
    }
  }
};

const sameText = (a: string, b: string): boolean => {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
};

/** A session's token has to come with its own key; a long-term key has none. */
const checkToken = (request: RawRequest, key: KnownKey, now: number): void => {
  const token = header(request, 'x-amz-security-token');
  if (
    (token ?? null) !== null
      ? key.sessionToken === null || !sameText(token ?? '', key.sessionToken)
      : key.sessionToken !== null
  ) {
    throw unknownToken();
  }
  if (key.expiresAt !== null && now >= key.expiresAt) throw expiredToken();
};

/**
 * Verifies the header form of SigV4 and returns the key that signed, with the region of the credential scope.
 * Checks run in the order AWS was observed to use: syntax, known key, token, clock, scope, signature.
 * Throws {@link AuthFailure}.
 */
export const verifySignature = <K extends KnownKey>(
  request: RawRequest,
  options: VerifyOptions<K>,
): { key: K; accessKeyId: string; region: string } => {
  const authorization = header(request, 'authorization');
  if (authorization === undefined) throw missingToken(options.protocol);
  const scope = parseAuthorization(authorization);
  const time = requestTime(request, authorization);
  const key = options.findKey(scope.accessKeyId);
  if (key === undefined) throw unknownToken();
  checkToken(request, key, options.now);
  checkWindow(time, options.now, options.windowMs);
  checkScope(scope, time.text, options);
  checkSignedHeaders(request, scope.signedHeaders);

  const bodyHash = sha256Hex(request.body);
  const declaredHash = header(request, 'x-amz-content-sha256');
  if (declaredHash !== undefined && declaredHash !== bodyHash) throw wrongSignature();
  const stringToSign = `AWS4-HMAC-SHA256\n${time.text}\n${scope.date}/${scope.region}/${scope.service}/aws4_request\n${sha256Hex(canonicalRequest(request, scope.signedHeaders, bodyHash))}`;
  const expected = createHmac('sha256', signingKey(key, scope.date, scope.region, scope.service))
    .update(stringToSign)
    .digest('hex');
  if (!sameText(scope.signature, expected)) throw wrongSignature();
  return { key, accessKeyId: scope.accessKeyId, region: scope.region };
};
