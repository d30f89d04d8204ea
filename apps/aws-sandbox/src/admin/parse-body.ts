import type { z } from 'zod';
import type { RawRequest } from '../http/request.js';
import { AdminError } from './admin-error.js';

/** Parses the JSON body with a schema. Throws AdminError naming the first field that is wrong. */
export const parseBody = <S extends z.ZodType>(request: RawRequest, schema: S): z.output<S> => {
  let json: unknown = {};
  if (request.body.length > 0) {
    try {
      json = JSON.parse(request.body.toString('utf8'));
    } catch {
      throw new AdminError('the body is not valid JSON', null);
    }
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new AdminError(issue?.message ?? 'invalid body', issue?.path.map(String).join('.') ?? null);
};
