import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from './accept-emails.js';

/** The same value with the keys of every object the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversed(inner)]),
  );
}
const run = { seed: 1, numRuns: 500 };

describe('canonicalJson', () => {
  it.each([
    [{ b: 1, a: 2 }, '{"a":2,"b":1}'],
    [{ a: { d: [1, { z: 0, y: 0 }], c: null } }, '{"a":{"c":null,"d":[1,{"y":0,"z":0}]}}'],
    [[2, 1], '[2,1]'],
    [{ a: undefined, b: 1 }, '{"b":1}'],
    [[undefined], '[null]'],
    ['ä"\n', '"ä\\"\\n"'],
    [null, 'null'],
    [undefined, 'null'],
    [true, 'true'],
    [1.5, '1.5'],
    [{}, '{}'],
    [[], '[]'],
  ])('of %j is %s', (value, expected) => {
    expect(canonicalJson(value)).toBe(expected);
  });

  it('is the same whatever the order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
      }),
      run,
    );
  });

  it('is JSON of the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      run,
    );
  });

  it.each([
    [{ to: ['a', 'b'] }, { to: ['b', 'a'] }],
    [{ to: 'a' }, { to: ['a'] }],
    [{ a: '1' }, { a: 1 }],
    [{ a: null }, {}],
    [{ a: 'b,c' }, { a: ['b', 'c'] }],
    [{ 'a":1,"b': 2 }, { a: 1, b: 2 }],
    [[[1], 2], [[1, 2]]],
  ])('tells %j from %j', (one, other) => {
    expect(canonicalJson(one)).not.toBe(canonicalJson(other));
  });
});
