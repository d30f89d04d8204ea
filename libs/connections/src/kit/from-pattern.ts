import { AppError } from '#libs/errors';

/**
 * The value of the `ses:FromAddress` condition: an address, an address with wildcards, or a domain (any address of
 * it). The alphabet keeps out whatever a shell, HCL or an IAM policy variable would expand.
 *
 * @throws AppError `kit.bad_from`
 */
export function fromPattern(from: string): string {
  const value = from.trim();
  const pattern = value.includes('@') ? value : `*@${value}`;
  if (/^[A-Za-z0-9._%+*-]{1,64}@[A-Za-z0-9.*-]{1,255}$/.test(pattern)) return pattern;
  throw new AppError({
    code: 'kit.bad_from',
    kind: 'invalid_parameter',
    message: '`from` must be an address, an address with * as wildcard, or a domain.',
    field: 'from',
  });
}
