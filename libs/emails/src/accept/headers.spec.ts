import { describe, expect, it } from '@jest/globals';
import { fitsSimpleContent, headerProblem } from './headers.js';

describe('a custom header is taken', () => {
  it.each([
    ['X-Entity-Ref-ID', '123'],
    ['List-Unsubscribe', '<https://example.com/u?id=1>, <mailto:u@example.com>'],
    ['List-Unsubscribe-Post', 'List-Unsubscribe=One-Click'],
    ['In-Reply-To', '<id@example.com>'],
    ['References', '<a@example.com> <b@example.com>'],
    ['Precedence', 'bulk'],
    ["!#$%&'*+.^_`|~", 'odd but allowed'],
    ['X-Unicode', 'Grüße 😀'],
    ['X-Tab', 'a\tb'],
    ['X-Empty', ''],
    ['N'.repeat(126), 'v'],
  ])('%s', (name, value) => {
    expect(headerProblem(name, value)).toBeUndefined();
  });
});

describe('a custom header is refused when its name', () => {
  it.each(
    [
      'From', 'To', 'Cc', 'Bcc', 'Subject', 'Date', 'Message-ID', 'MIME-Version', 'DKIM-Signature', 'Return-Path',
      'Received', 'Reply-To', 'Sender', 'Content-Type', 'Content-Transfer-Encoding', 'Content-ID', 'X-SES-CONFIGURATION-SET',
      'X-SES-MESSAGE-TAGS', 'X-SES-SOURCE-ARN', 'X-SES-RETURN-PATH-ARN',
    ].flatMap((name) => [name, name.toLowerCase(), name.toUpperCase()]),
  )('is %s', (name) => {
    expect(headerProblem(name, 'v')).toBe('cannot be set by a custom header');
  }); // prettier-ignore

  it.each([
    ['is empty', ''],
    ['has a space', 'X Name'],
    ['ends with a space', 'From '],
    ['begins with a space', ' From'],
    ['has a colon', 'X:Name'],
    ['has a line break', 'X-A\r\nBcc'],
    ['ends with a line break', 'X-A\n'],
    ['has a NUL', 'X-A\0'],
    ['is not ASCII', 'X-Grüße'],
    ['has 127 characters', 'N'.repeat(127)],
  ])('%s', (_, name) => {
    expect(headerProblem(name, 'v')).toBe('is not a header name');
  });
});

describe('a custom header is refused when its value', () => {
  it.each([
    ['has CR LF', 'a\r\nBcc: b@example.com'],
    ['has LF', 'a\nBcc: b@example.com'],
    ['has CR', 'a\rb'],
    ['ends with LF', 'a\n'],
    ['is a folded line', 'a\r\n b'],
    ['has a NUL', 'a\0b'],
    ['has an escape', 'a\u001bb'],
    ['has a DEL', 'a\u007fb'],
  ])('%s', (_, value) => {
    expect(headerProblem('X-A', value)).toBe('must not contain line breaks or control characters');
  });

  it.each([
    ['7 501 letters', 'a b '.repeat(2_000)],
    ['7 501 bytes in fewer characters', 'ä '.repeat(2_600)],
    ['one word that fits no line of a message', 'w'.repeat(1_000)],
    ['one such word among others', `a ${'w'.repeat(1_000)} b`],
  ])('has %s', (_, value) => {
    expect(headerProblem('X-A', value)).toBe('is too long');
  });
});

describe('SES’s Simple content', () => {
  const many = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`X-${index}`, 'v']));

  it.each<[string, Record<string, string>, boolean]>([
    ['no header', {}, true],
    ['15 headers', many(15), true],
    ['16 headers', many(16), false],
    ['printable ASCII', { 'X-A': ' !~' }, true],
    ['a non-ASCII value', { 'X-A': 'ä' }, false],
    ['a tab', { 'X-A': 'a\tb' }, false],
    ['an empty value', { 'X-A': '' }, false],
    ['995 characters of value and 996 in all', { X: 'v'.repeat(995) }, true],
    ['996 characters of value', { X: 'v'.repeat(996) }, false],
    ['997 characters in all', { XX: 'v'.repeat(995) }, false],
  ])('with %s can carry the headers: %s', (_, headers, expected) => {
    expect(fitsSimpleContent(headers)).toBe(expected);
  });
});
