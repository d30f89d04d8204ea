import { AuthFailure } from './auth-failure.js';

export interface SignatureParameters {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly terminator: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';

/** Parses the header form of SigV4. Commas without a following space are tolerated, as AWS does. */
export const parseAuthorization = (value: string): SignatureParameters => {
  if (!value.startsWith(`${ALGORITHM} `)) {
    throw new AuthFailure(
      'incomplete',
      `Unsupported AWS 'algorithm': '${value.split(' ', 1)[0] ?? ''}' Authorization=${value}`,
    );
  }
  const parts = new Map<string, string>();
  for (const part of value.slice(ALGORITHM.length + 1).split(',')) {
    const equals = part.indexOf('=');
    if (equals > 0) parts.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim());
  }
  const missing = ['Credential', 'Signature', 'SignedHeaders'].filter((name) => !parts.get(name));
  if (missing.length > 0) {
    const reasons = missing.map((name) => `Authorization header requires '${name}' parameter.`).join(' ');
    throw new AuthFailure('incomplete', `${reasons} Authorization=${value}`);
  }
  // An access key id holds no slash, so the scope is everything after the first one.
  const credential = (parts.get('Credential') ?? '').split('/');
  const [accessKeyId, date, region, service, terminator] = credential;
  if (credential.length !== 5 || !accessKeyId || !date || !region || !service || !terminator) {
    throw new AuthFailure(
      'incomplete',
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential.join('/')}'`,
    );
  }
  return {
    accessKeyId,
    date,
    region,
    service,
    terminator,
    signedHeaders: (parts.get('SignedHeaders') ?? '').toLowerCase().split(';'),
    signature: parts.get('Signature') ?? '',
  };
};
