import { AppError, type ErrorKind } from '#libs/errors';

/** Why a request to a user's URL was not made, or has no answer. Messages are shown to that user. */
const cases = {
  'outbound.bad_url': [
    'invalid',
    'The URL must be a complete http or https URL, without a user name or password.',
  ],
  'outbound.http_refused': ['invalid', 'The URL must begin with https://.'],
  'outbound.port_refused': ['invalid', 'The port of the URL must be 80, 443 or between 1024 and 65535.'],
  'outbound.address_not_public': ['invalid', 'The host of the URL must have public internet addresses only.'],
  'outbound.redirect_refused': [
    'invalid',
    'The server redirects too often, or to a URL that is not accepted.',
  ],
  'outbound.too_large': ['invalid', 'The answer is larger than accepted.'],
  'outbound.bad_encoding': ['invalid', 'The answer is compressed in a way that cannot be read.'],
  // Worth another try.
  'outbound.dns_failed': ['unavailable', 'The host of the URL has no address in DNS.'],
  'outbound.timeout': ['unavailable', 'The server did not answer completely in time.'],
  'outbound.tls_failed': ['unavailable', 'No trusted TLS connection to the server could be made.'],
  'outbound.connect_failed': ['unavailable', 'The connection to the server failed.'],
} as const satisfies Record<string, readonly [ErrorKind, string]>;

export type OutboundErrorCode = keyof typeof cases;

/** `invalid`: the URL or its answer is at fault; `unavailable`: trying again later may help. */
export class OutboundError extends AppError {
  declare readonly code: OutboundErrorCode;

  constructor(code: OutboundErrorCode, cause?: unknown) {
    const [kind, message] = cases[code];
    super({ code, kind, message, ...(cause !== undefined && { cause }) });
  }
}

/** The code of an error of Node or undici; empty when it has none. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
