import { isDatabaseAway } from '#libs/database';
import { AppError, type ErrorKind } from '#libs/errors';

/** An answer of the SMTP server that is not a success: smtp-server reads `responseCode` and the text. */
export class Reply extends Error {
  /** @param text begins with its enhanced status code (RFC 3463), e.g. `5.7.1 This …` */
  constructor(
    readonly responseCode: number,
    text: string,
  ) {
    super(text);
    this.name = 'Reply';
  }
}

/** 4xx for what another try may change, 5xx for what it will not. */
const replies: Readonly<Record<ErrorKind, readonly [code: number, enhanced: string]>> = {
  malformed: [554, '5.6.0'],
  invalid: [554, '5.6.0'],
  missing_field: [554, '5.6.0'],
  invalid_parameter: [554, '5.6.0'],
  invalid_attachment: [554, '5.6.0'],
  invalid_region: [554, '5.6.0'],
  invalid_access: [554, '5.6.0'],
  invalid_idempotency_key: [554, '5.6.0'],
  unauthenticated: [530, '5.7.0'],
  invalid_key: [535, '5.7.8'],
  restricted: [550, '5.7.1'],
  domain_restricted: [550, '5.7.1'],
  forbidden: [550, '5.7.1'],
  not_found: [550, '5.7.1'],
  method_not_allowed: [550, '5.7.1'],
  conflict: [451, '4.3.0'],
  idempotency_mismatch: [554, '5.6.0'],
  idempotency_in_progress: [451, '4.3.0'],
  too_large: [552, '5.3.4'],
  rate_limited: [451, '4.7.1'],
  unavailable: [451, '4.3.0'],
  internal: [451, '4.3.0'],
};

/** A reply line has at most 512 bytes (RFC 5321); the code and what smtp-server adds want some of them. */
const MAX_TEXT = 450;

/** What the client is told of an error; one that is nobody's word is a fault of ours, and nothing was stored. */
export function replyTo(error: unknown): Reply {
  if (error instanceof Reply) return error;
  if (error instanceof AppError && error.kind !== 'internal') {
    const [code, enhanced] = replies[error.kind];
    const { message, remedy } = error;
    return new Reply(code, `${enhanced} ${oneLine(remedy === undefined ? message : `${message} ${remedy}`)}`);
  }
  const what = isDatabaseAway(error) ? 'The database is not available.' : 'Internal error.';
  return new Reply(451, `4.3.0 ${what} Nothing was stored: try again.`);
}

/** Replies are ASCII, and one line. */
function oneLine(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[^ -~]/g, '?')
    .slice(0, MAX_TEXT);
}
