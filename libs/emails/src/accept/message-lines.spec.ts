import { describe, expect, it } from '@jest/globals';
import { lineProblem } from './message-lines.js';

const problem = (text: string) => lineProblem(Buffer.from(text, 'latin1'));

describe('lineProblem', () => {
  it.each([
    '',
    'A: b\r\n\r\nbody\r\n',
    `${'x'.repeat(998)}\r\n`,
    'x'.repeat(998),
    '\r\n\r\n',
    '8 bit \xff\xfe\r\n',
  ])('has nothing against %j', (text) => {
    expect(problem(text)).toBeUndefined();
  });

  it.each([
    ['a\n', 'has a line feed without a carriage return (line 1)'],
    ['a\r\n\nb\r\n', 'has a line feed without a carriage return (line 2)'],
    ['a\r\nb\n.\nMAIL FROM:<x>\r\n', 'has a line feed without a carriage return (line 2)'],
    ['a\rb\r\n', 'has a carriage return without a line feed'],
    ['a\r\n\r', 'has a carriage return without a line feed'],
    ['a\r\r\n', 'has a carriage return without a line feed'],
    ['a\0b\r\n', 'contains a NUL byte'],
    [`a\r\n${'x'.repeat(999)}\r\n`, /^has a line of 999 bytes \(line 2\)/],
    ['x'.repeat(2_000), /^has a line of 2000 bytes \(line 1\)/],
  ])('says what is wrong with %j', (text, expected) => {
    expect(problem(text)).toMatch(expected);
  });
});
