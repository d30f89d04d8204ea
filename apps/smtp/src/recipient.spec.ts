import { describe, expect, it } from '@jest/globals';
import { readRecipient } from './recipient.js';

describe('readRecipient', () => {
  it.each([
    ['a@example.com', 'a@example.com'],
    ['a+b@EXAMPLE.com', 'a+b@example.com'],
    ['a@münchen.example', 'a@xn--mnchen-3ya.example'],
  ])('takes %s', (address, expected) => {
    expect(readRecipient(address).address).toBe(expected);
  });

  it.each([
    ['jürgen@example.com', /^5\.6\.7 /],
    ['postmaster', /^5\.1\.3 /],
    ['a@[127.0.0.1]', /^5\.1\.3 /],
    ['a@localhost', /^5\.1\.3 /],
    ['Name <a@example.com>', /^5\.1\.3 /],
  ])('refuses %s', (address, text) => {
    expect(() => readRecipient(address)).toThrow(
      expect.objectContaining({ responseCode: 553, message: expect.stringMatching(text) }),
    );
  });
});
