import { describe, expect, it } from '@jest/globals';
import { batchSchema, sendEmailSchema } from './send-request.js';

const base = {
  from: 'Ann <a@example.com>',
  to: 'b@example.net',
  subject: 'Hello',
  text: 'Hi',
};

describe('the schema of a request', () => {
  it.each<[string, object]>([
    ['an unknown field', { ...base, react: null }],
    [
      'nulls',
      { ...base, html: null, cc: null, headers: null, tags: null, attachments: null, scheduled_at: null },
    ],
    ['lists', { ...base, to: ['a@b.de'], cc: [], reply_to: ['x'] }],
  ])('takes %s', (_, request) => {
    expect(sendEmailSchema.safeParse(request).success).toBe(true);
  });

  it.each<[string, object]>([
    ['no recipients', { ...base, to: undefined }],
    ['a number', { ...base, subject: 7 }],
    ['a template without an id', { ...base, template: { variables: {} } }],
    ['an object as a variable', { ...base, template: { id: 'a', variables: { A: {} } } }],
    ['a header that is no text', { ...base, headers: { a: 1 } }],
    ['a tag without a value', { ...base, tags: [{ name: 'a' }] }],
    ['a connection that is no UUID', { ...base, connection_id: 'x' }],
    ['an expiry of nothing', { ...base, expires_in: 0 }],
    ['an expiry beyond 30 days', { ...base, expires_in: 2_592_001 }],
    ['a broken expiry', { ...base, expires_in: 1.5 }],
  ])('refuses %s', (_, request) => {
    expect(sendEmailSchema.safeParse(request).success).toBe(false);
  });

  it.each([
    [0, false],
    [1, true],
    [100, true],
    [101, false],
  ])('a batch of %d: %s', (count, isGood) => {
    expect(batchSchema.safeParse(Array(count).fill(base)).success).toBe(isGood);
  });
});
