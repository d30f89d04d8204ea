import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { quoted } from './json-text.js';

const long = 'x'.repeat(1_000);

describe('a quoted text', () => {
  it.each([
    ['short', 'abc'],
    ['long', long],
    ['with a quote at its end', `${long}"`],
    ['with a backslash', `\\${long}`],
    ['with a line break in the middle', `${long}\n${long}`],
    ['with NUL', `${long}\u0000`],
    ['with DEL and C1, which JSON holds', `${long}\u007f\u0080\u009f`],
    ['with line separators', `${long}\u2028\u2029`],
    ['with emoji', `${long}😀`],
    ['with half a surrogate pair', `${long}\ud83d`],
    ['with umlauts', `${long}äöü€`],
  ])('%s, is what JSON.stringify writes', (_, text) => {
    expect(quoted(text)).toBe(JSON.stringify(text));
  });

  it('whatever it is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 0, maxLength: 40 }),
        fc.boolean(),
        (text, isLong) => {
          const whole = isLong ? long + text : text;
          expect(quoted(whole)).toBe(JSON.stringify(whole));
        },
      ),
    );
  });
});
