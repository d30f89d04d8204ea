import { AwsError } from '../../aws-error.js';
import { badRequest } from '../errors.js';

export interface Page<T> {
  readonly items: readonly T[];
  readonly NextToken?: string;
}

const invalidToken = (): AwsError =>
  new AwsError('InvalidNextTokenException', 400, 'The specified next token is invalid.');

/**
 * One page of a list. The token is opaque and bound to the list, its filter and its region: `scope` says which.
 * It names the last item shown, so that deletions in between do not skip others.
 */
export const paginate = <T>(
  all: readonly T[],
  keyOf: (item: T) => string,
  scope: string,
  input: { readonly NextToken?: string | undefined; readonly PageSize?: number | undefined },
  defaultSize: number,
  maxSize = 1000,
): Page<T> => {
  const size = input.PageSize ?? defaultSize;
  if (size < 1 || size > maxSize) throw badRequest(`PageSize must be between 1 and ${maxSize}`);
  const sorted = [...all].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));
  let start = 0;
  if (input.NextToken !== undefined && input.NextToken !== '') {
    const [tokenScope, last] = Buffer.from(input.NextToken, 'base64url').toString('utf8').split('\n');
    if (tokenScope !== scope || last === undefined) throw invalidToken();
    start = sorted.findIndex((item) => keyOf(item) > last);
    if (start === -1) start = sorted.length;
  }
  const items = sorted.slice(start, start + size);
  const lastItem = items.at(-1);
  const hasMore = start + size < sorted.length && lastItem !== undefined;
  return hasMore
    ? { items, NextToken: Buffer.from(`${scope}\n${keyOf(lastItem)}`).toString('base64url') }
    : { items };
};
