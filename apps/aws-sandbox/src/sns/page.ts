import { invalidParameter } from './errors.js';

const PAGE_SIZE = 100;

/** SNS lists by hundreds; the token says where to go on. */
export const page = <T>(
  all: readonly T[],
  token: string | null,
): { items: readonly T[]; NextToken: string | undefined } => {
  const start = token === null ? 0 : Number(Buffer.from(token, 'base64url').toString('utf8'));
  if (!Number.isInteger(start) || start < 0) throw invalidParameter('NextToken');
  const end = start + PAGE_SIZE;
  return {
    items: all.slice(start, end),
    NextToken: end < all.length ? Buffer.from(String(end)).toString('base64url') : undefined,
  };
};
