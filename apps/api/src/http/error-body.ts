import { z } from 'zod';
import type { AppError, ErrorKind } from '#libs/errors';

/** Resend's error shape, with our request id, and the field and remedy where there is one. */
export const errorSchema = z
  .object({
    statusCode: z.int(),
    name: z.string(),
    message: z.string(),
    request_id: z.string(),
    field: z.string().optional(),
    remedy: z.string().optional(),
    /** On `/auth/*` only: what better-auth's clients go by. */
    code: z.string().optional(),
  })
  .meta({ id: 'Error' });
export type ErrorBody = z.infer<typeof errorSchema>;

/** HTTP status and Resend's name of every kind of error. */
const answers: Readonly<Record<ErrorKind, readonly [status: number, name: string]>> = {
  malformed: [400, 'validation_error'],
  invalid: [422, 'validation_error'],
  missing_field: [422, 'missing_required_field'],
  invalid_parameter: [422, 'invalid_parameter'],
  invalid_attachment: [422, 'invalid_attachment'],
  invalid_region: [422, 'invalid_region'],
  invalid_access: [422, 'invalid_access'],
  invalid_idempotency_key: [400, 'invalid_idempotency_key'],
  unauthenticated: [401, 'missing_api_key'],
  invalid_key: [401, 'validation_error'],
  restricted: [401, 'restricted_api_key'],
  domain_restricted: [403, 'restricted_api_key'],
  forbidden: [403, 'validation_error'],
  not_found: [404, 'not_found'],
  method_not_allowed: [405, 'method_not_allowed'],
  conflict: [409, 'resource_locked'],
  idempotency_mismatch: [409, 'invalid_idempotent_request'],
  idempotency_in_progress: [409, 'concurrent_idempotent_requests'],
  too_large: [413, 'validation_error'],
  rate_limited: [429, 'rate_limit_exceeded'],
  unavailable: [503, 'service_unavailable'],
  internal: [500, 'application_error'],
};

export function toErrorBody(error: AppError, requestId: string): ErrorBody {
  const [statusCode, name] = answers[error.kind];
  return {
    statusCode,
    name,
    message:
      error.kind === 'internal'
        ? `An unexpected error occurred. Nothing was lost; quote request ${requestId} to support.`
        : error.message,
    request_id: requestId,
    ...(error.field !== undefined && { field: error.field }),
    ...(error.remedy !== undefined && { remedy: error.remedy }),
  };
}
