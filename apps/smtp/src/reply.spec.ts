import { describe, expect, it } from '@jest/globals';
import { AppError, errorKinds } from '#libs/errors';
import { Reply, replyTo } from './reply.js';

const answer = (error: unknown) => {
  const { responseCode, message } = replyTo(error);
  return `${responseCode} ${message}`;
};
const app = (fields: Partial<ConstructorParameters<typeof AppError>[0]>) =>
  new AppError({ code: 'x.y', kind: 'invalid', message: 'Said.', ...fields });

describe('replyTo', () => {
  it.each<[string, unknown, string]>([
    ['a reply', new Reply(421, '4.7.0 Later'), '421 4.7.0 Later'],
    ['content', app({}), '554 5.6.0 Said.'],
    ['a domain', app({ kind: 'forbidden', remedy: 'Do this.' }), '550 5.7.1 Said. Do this.'],
    ['the rate', app({ kind: 'rate_limited' }), '451 4.7.1 Said.'],
    ['the size', app({ kind: 'too_large' }), '552 5.3.4 Said.'],
    ['a conflict', app({ kind: 'idempotency_mismatch' }), '554 5.6.0 Said.'],
    ['a repeat under way', app({ kind: 'idempotency_in_progress' }), '451 4.3.0 Said.'],
    ['lines and signs', app({ message: 'One\r\n250 two für' }), '554 5.6.0 One 250 two f?r'],
    [
      'no database',
      Object.assign(new Error('x'), { code: 'ECONNREFUSED' }),
      '451 4.3.0 The database is not available. Nothing was stored: try again.',
    ],
    ['a fault of ours', new Error('secret'), '451 4.3.0 Internal error. Nothing was stored: try again.'],
    [
      'a fault we know',
      app({ kind: 'internal', message: 'secret' }),
      '451 4.3.0 Internal error. Nothing was stored: try again.',
    ],
  ])('for %s', (_, error, expected) => {
    expect(answer(error)).toBe(expected);
  });

  it.each(errorKinds)('agrees with itself about %s, in one line that is not too long', (kind) => {
    const { responseCode, message } = replyTo(app({ kind, message: 'long '.repeat(300) }));
    expect(message).toMatch(/^[45]\.\d\.\d [ -~]+$/);
    expect(message[0]).toBe(String(responseCode)[0]);
    expect(`${responseCode} ${message}\r\n`.length).toBeLessThanOrEqual(512);
  });
});
