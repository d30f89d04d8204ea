import { describe, expect, it } from '@jest/globals';
import { checkVariables, resolveValues, type TemplateVariable, type VariableValues } from './variables.js';

const text = (key: string, fallbackValue: string | null = null): TemplateVariable => ({
  key,
  type: 'string',
  fallbackValue,
});
const number = (key: string, fallbackValue: number | null = null): TemplateVariable => ({
  key,
  type: 'number',
  fallbackValue,
});

describe('checkVariables', () => {
  it.each<[string, TemplateVariable[]]>([
    ['none', []],
    ['fifty', Array.from({ length: 50 }, (_, index) => text(`V${index}`))],
    ['a long key', [text('k'.repeat(50))]],
    ['names of an object', [text('constructor'), text('toString'), text('hasOwnProperty')]],
    ['a fallback', [text('A', 'x'.repeat(2_000)), number('B', 2 ** 53 - 1), number('C', -0.5)]],
    ['a number as the fallback of text', [{ key: 'A', type: 'string', fallbackValue: 5 }]],
    ['keys that differ in case', [text('a'), text('A')]],
  ])('takes %s', (_, variables) => {
    expect(() => checkVariables(variables)).not.toThrow();
  });

  it.each<[string, TemplateVariable[], string]>([
    ['51', Array.from({ length: 51 }, (_, index) => text(`V${index}`)), 'variables'],
    ['an empty key', [text('')], 'variables[0].key'],
    ['a key of 51 characters', [text('k'.repeat(51))], 'variables[0].key'],
    ['a dot in a key', [text('a.b')], 'variables[0].key'],
    ['a key that is not ASCII', [text('Ä')], 'variables[0].key'],
    ['a key with a line break', [text('a\n')], 'variables[0].key'],
    ['a key given twice', [text('A'), text('A')], 'variables[1].key'],
    ...[
      'FIRST_NAME',
      'LAST_NAME',
      'EMAIL',
      'UNSUBSCRIBE_URL',
      'RESEND_UNSUBSCRIBE_URL',
      'contact',
      'this',
      '__proto__',
    ].map((key): [string, TemplateVariable[], string] => [
      `the reserved ${key}`,
      [text(key)],
      'variables[0].key',
    ]),
    ['a long fallback', [text('A', 'x'.repeat(2_001))], 'variables[0].fallback_value'],
    ['NUL in a fallback', [text('A', 'a\u0000')], 'variables[0].fallback_value'],
    ['half a surrogate pair in a fallback', [text('A', '\ud800')], 'variables[0].fallback_value'],
    [
      'text as the fallback of a number',
      [{ key: 'A', type: 'number', fallbackValue: '5' }],
      'variables[0].fallback_value',
    ],
    ['a large fallback', [number('A', 2 ** 53)], 'variables[0].fallback_value'],
  ])('refuses %s', (_, variables, field) => {
    expect(() => checkVariables(variables)).toThrow(expect.objectContaining({ kind: 'invalid', field }));
  });
});

describe('resolveValues', () => {
  it.each<[string, TemplateVariable[], VariableValues, Record<string, string>, string[]]>([
    ['the value', [text('A')], { A: 'x' }, { A: 'x' }, []],
    ['the value, not the fallback', [text('A', 'y')], { A: 'x' }, { A: 'x' }, []],
    ['an empty value, not the fallback', [text('A', 'y')], { A: '' }, { A: '' }, []],
    ['the fallback', [text('A', 'y'), number('B', 0)], {}, { A: 'y', B: '0' }, []],
    ['the fallback for null', [text('A', 'y')], { A: null }, { A: 'y' }, []],
    ['what is missing', [text('A'), number('B')], { B: null }, {}, ['A', 'B']],
    [
      'numbers',
      [number('A'), number('B')],
      { A: 19.99, B: 2 ** 53 - 1 },
      { A: '19.99', B: '9007199254740991' },
      [],
    ],
    ['a number for text', [text('A')], { A: 42 }, { A: '42' }, []],
    ['nothing that is not declared', [text('A')], { A: 'x', B: 'y' }, { A: 'x' }, []],
    [
      'nothing of the prototype',
      [text('toString'), text('constructor')],
      {},
      {},
      ['toString', 'constructor'],
    ],
    ['own names of an object', [text('toString')], { toString: 'x' } as never, { toString: 'x' }, []],
  ])('gives %s', (_, variables, given, values, missing) => {
    const resolved = resolveValues(variables, given, 'variables');
    expect(Object.fromEntries(resolved.values)).toEqual(values);
    expect(resolved.missing).toEqual(missing);
  });

  it.each<[string, TemplateVariable, string | number, string]>([
    ['text for a number', number('A'), '5', 'must be a number'],
    ['2^53', number('A'), 2 ** 53, '2^53'],
    ['-2^53', number('A'), -(2 ** 53), '2^53'],
    ['a large number for text', text('A'), 1e300, '2^53'],
    ['2 001 characters', text('A'), 'x'.repeat(2_001), '2000 characters'],
    ['NUL', text('A'), '\u0000', 'NUL'],
  ])('refuses %s', (_, variable, value, message) => {
    expect(() => resolveValues([variable], { A: value }, 'template.variables')).toThrow(
      expect.objectContaining({
        kind: 'invalid',
        field: 'template.variables.A',
        message: expect.stringContaining(message),
      }),
    );
  });
});
