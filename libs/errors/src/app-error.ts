/**
 * What went wrong, as a value. `kind` decides the HTTP answer (one filter) and the queue action (one base
 * processor); `code` names the exact case for logs, tests and support.
 */
export const errorKinds = [
  'malformed', // 400: the body is not what its content type says
  'invalid', // 422: a field has a value we cannot take
  'missing_field', // 422: a required field is absent
  'invalid_parameter', // 422: a path or query parameter is malformed
  'invalid_attachment', // 422
  'invalid_region', // 422
  'invalid_access', // 422: no such permission of a key
  'invalid_idempotency_key', // 400
  'unauthenticated', // 401: no key was given
  'invalid_key', // 401: a key was given and is not one of ours
  'restricted', // 401: the key may not do this
  'domain_restricted', // 403: the key may send, but not from this domain
  'forbidden', // 403
  'not_found', // 404
  'method_not_allowed', // 405
  'conflict', // 409
  'idempotency_mismatch', // 409: same key, other payload
  'idempotency_in_progress', // 409
  'too_large', // 413
  'rate_limited', // 429
  'unavailable', // 503: try again, nothing is lost
  'internal', // 500
] as const;
export type ErrorKind = (typeof errorKinds)[number];

export interface AppErrorFields {
  /** `area.case`, e.g. `connection.role_not_assumable`. */
  code: string;
  kind: ErrorKind;
  /** Shown to the caller: never holds a secret. */
  message: string;
  /** The request field at fault, in wire spelling (`to`, `attachments[0].content`). */
  field?: string;
  /** What the reader can do or paste to mend it. */
  remedy?: string;
  retryAfterMs?: number;
  cause?: unknown;
}

export class AppError extends Error {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly field: string | undefined;
  readonly remedy: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(fields: AppErrorFields) {
    super(fields.message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.name = 'AppError';
    this.code = fields.code;
    this.kind = fields.kind;
    this.field = fields.field;
    this.remedy = fields.remedy;
    this.retryAfterMs = fields.retryAfterMs;
  }
}

/** The same answer for "does not exist" and "belongs to somebody else". */
export function notFound(what: string): AppError {
  return new AppError({
    code: `${what.toLowerCase().replaceAll(' ', '_')}.not_found`,
    kind: 'not_found',
    message: `${what} not found`,
  });
}
