import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseMailboxList } from './mailbox-list.js';

const list = (value: string) =>
  parseMailboxList(value).map(({ mailbox, written }) => [
    mailbox?.address ?? null,
    mailbox?.name ?? null,
    written,
  ]);

describe('parseMailboxList', () => {
  it.each<[string, (string | null)[][]]>([
    ['a@example.com', [['a@example.com', '', 'a@example.com']]],
    ['A <a@example.com>', [['a@example.com', 'A', 'A <a@example.com>']]],
    ['=?UTF-8?Q?=C3=85sa?= <a@example.com>', [['a@example.com', 'Åsa', 'Åsa <a@example.com>']]],
    ['Åsa <a@example.com>', [['a@example.com', 'Åsa', 'Åsa <a@example.com>']]],
    [
      'a@example.com,\tB <b@example.com>',
      [
        ['a@example.com', '', 'a@example.com'],
        ['b@example.com', 'B', 'B <b@example.com>'],
      ],
    ],
    ['"B, A" <a@example.com>', [['a@example.com', 'B, A', '"B, A" <a@example.com>']]],
    [
      '"say \\"x, y\\"" <a@example.com>',
      [['a@example.com', 'say "x, y"', '"say \\"x, y\\"" <a@example.com>']],
    ],
    ['A (x, (y) \\) z) <a@example.com>', [['a@example.com', 'A', 'A   <a@example.com>']]],
    [
      'Friends: a@example.com, b@example.com; c@example.com',
      [
        ['a@example.com', '', 'a@example.com'],
        ['b@example.com', '', 'b@example.com'],
        ['c@example.com', '', 'c@example.com'],
      ],
    ],
    ['undisclosed-recipients:;', []],
    ['', []],
    [',,', []],
    ['a@münchen.example', [['a@xn--mnchen-3ya.example', '', 'a@münchen.example']]],
    ['jürgen@example.com', [[null, null, 'jürgen@example.com']]],
    ['nobody', [[null, null, 'nobody']]],
    // Two, although a careless reader sees one of a name and an address.
    [
      'a@bound.example, b <b@other.example>',
      [
        ['a@bound.example', '', 'a@bound.example'],
        ['b@other.example', 'b', 'b <b@other.example>'],
      ],
    ],
    [
      'a@bound.example <b@other.example>',
      [['b@other.example', 'a@bound.example', 'a@bound.example <b@other.example>']],
    ],
    ['<a@bound.example> <b@other.example>', [[null, null, '<a@bound.example> <b@other.example>']]],
    ['a@bound.example (b@other.example)', [['a@bound.example', '', 'a@bound.example']]],
  ])('reads %j', (value, expected) => {
    expect(list(value)).toEqual(expected);
  });

  it('lets no control character out of an encoded word', () => {
    const [item] = parseMailboxList('=?utf-8?Q?A=0D=0ABcc=3A_x@y.example=00?= <a@example.com>');
    expect(item?.written).toMatch(/^A Bcc: x@y\.example +<a@example\.com>$/);
  });

  it('never fails, and what it writes is one line', () => {
    const part = fc.constantFrom(
      'a',
      '@',
      'b.c',
      '<',
      '>',
      '"',
      '\\',
      '(',
      ')',
      ',',
      ';',
      ':',
      ' ',
      '\t',
      '=?utf-8?B?AA==?=',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
        for (const { written } of parseMailboxList(parts.join(''))) expect(written).toMatch(/^[^\r\n\0]*$/);
      }),
      { seed: 1, numRuns: 2_000 },
    );
  });
});
