import type { IncomingHttpHeaders } from 'node:http';
import { AppError } from '#libs/errors';
import { renameOldFields, sendEmailSchema, type SendEmailRequest } from '#libs/emails';
import { issueError } from '../http/schema.pipe.js';

/** Resend's limit of one batch. */
const MAX_BATCH = 100;

export type BatchItem = SendEmailRequest | { problem: string };

/** @throws AppError when the header is there and is not 1-256 characters */
export function idempotencyKey(headers: IncomingHttpHeaders): string | undefined {
  const header = headers['idempotency-key'];
  if (header === undefined) return undefined;
  if (typeof header !== 'string') throw invalid('Idempotency-Key', 'The idempotency key must be given once.');
  // eslint-disable-next-line no-control-regex -- NUL cannot be stored
  if (header.length < 1 || header.length > 256 || /\u0000/.test(header)) {
    throw new AppError({
      code: 'email.invalid_idempotency_key',
      kind: 'invalid_idempotency_key',
      field: 'Idempotency-Key',
      message: 'The idempotency key must be between 1-256 chars.',
    });
  }
  return header;
}

/** @throws AppError for anything but the two modes of Resend */
export function batchValidation(headers: IncomingHttpHeaders): 'strict' | 'permissive' {
  const mode = headers['x-batch-validation'] ?? 'strict';
  if (mode === 'strict' || mode === 'permissive') return mode;
  throw invalid('x-batch-validation', 'The `x-batch-validation` header must be `strict` or `permissive`.');
}

/** The emails of a batch; strict stops at the first that has a wrong shape, permissive keeps its problem in its place. */
export function readBatch(body: unknown, validation: 'strict' | 'permissive'): BatchItem[] {
  if (!Array.isArray(body)) throw invalid('body', 'The request body must be an array of emails.');
  if (body.length < 1 || body.length > MAX_BATCH)
    throw invalid(
      'body',
      `A batch must hold between 1 and ${MAX_BATCH} emails; this one holds ${body.length}.`,
    );
  return body.map((item: unknown, index) => {
    renameOldFields(item);
    const parsed = sendEmailSchema.safeParse(item);
    if (parsed.success) return parsed.data;
    const error = issueError(parsed.error.issues[0], item);
    if (validation === 'permissive') return { problem: error.message };
    throw new AppError({
      code: error.code,
      kind: error.kind,
      field: `[${index}].${error.field ?? 'body'}`,
      message: error.message,
    });
  });
}

function invalid(field: string, message: string): AppError {
  return new AppError({ code: 'http.invalid', kind: 'invalid', field, message });
}
