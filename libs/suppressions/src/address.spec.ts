import { describe, expect, it } from '@jest/globals';
import { addressOfMailbox, normaliseAddress } from './address.js';

describe('an address as it is kept', () => {
  it.each([
    ['ann@example.com', 'ann@example.com'],
    ['  Ann@Example.COM ', 'ann@example.com'],
    ['ann+news@example.com', 'ann+news@example.com'],
    ["o'neil@example.com", "o'neil@example.com"],
    ['ann@bücher.example', 'ann@xn--bcher-kva.example'],
    ['ann@BÜCHER.example', 'ann@xn--bcher-kva.example'],
    ['a/b@example.com', 'a/b@example.com'],
  ])('%s is %s', (text, expected) => {
    expect(normaliseAddress(text)).toBe(expected);
  });

  it.each([
    '',
    'ann',
    '@example.com',
    'ann@',
    'ann@localhost',
    'ann@example.com/x',
    'ann@example..com',
    'ann@%65xample.com',
    'ann smith@example.com',
    'ann\n@example.com',
    'ann@example.com\u0000',
    'änn@example.com',
    'Ann <ann@example.com>',
    `${'a'.repeat(65)}@example.com`,
    `a@${'b'.repeat(64)}.com`,
  ])('%j is none', (text) => {
    expect(normaliseAddress(text)).toBeUndefined();
  });
});

describe('the address of a mailbox', () => {
  it.each([
    ['ann@example.com', 'ann@example.com'],
    ['Ann@example.com', 'ann@example.com'],
    ['Ann Lee <Ann@example.com>', 'ann@example.com'],
    ['"Lee, <Ann>" <ann@example.com>', 'ann@example.com'],
    ['=?UTF-8?B?w6Ru?= <ann@xn--bcher-kva.example>', 'ann@xn--bcher-kva.example'],
  ])('of %s is %s', (mailbox, expected) => {
    expect(addressOfMailbox(mailbox)).toBe(expected);
  });
});
