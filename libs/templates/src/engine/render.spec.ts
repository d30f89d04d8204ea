import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import mustache from 'mustache';
import { MAX_RENDERED, renderParts } from './render.js';
import { isProblem, scanTemplate } from './scan.js';

function render(source: string, values: Record<string, string>, isHtml = true): string | undefined {
  const parts = scanTemplate(source);
  if (isProblem(parts)) throw new Error(`${parts.tag} at ${parts.line}:${parts.column}`);
  return renderParts(parts, new Map(Object.entries(values)), isHtml);
}

describe('renderParts', () => {
  it.each([
    ['Hi {{{A}}}', { A: '<b>' }, true, 'Hi <b>'],
    ['Hi {{A}}', { A: '<b>' }, true, 'Hi &lt;b&gt;'],
    ['Hi {{A}}', { A: '<b>' }, false, 'Hi <b>'],
    ['{{A}}', { A: `&<>"'/\`=` }, true, '&amp;&lt;&gt;&quot;&#39;&#x2F;&#x60;&#x3D;'],
    ['{{A}}{{A}}', { A: 'x' }, true, 'xx'],
    ['{{A}}', { A: '{{B}}', B: 'no' }, true, '{{B}}'],
    ['{{{A}}}', { A: '{{{B}}}', B: 'no' }, true, '{{{B}}}'],
    ['{{{A}}}', { A: '$& $1 $$' }, true, '$& $1 $$'],
    ['{{A}}', { A: '' }, true, ''],
    ['', {}, true, ''],
  ])('%j with %j (html: %j) is %j', (source, values, isHtml, expected) => {
    expect(render(source, values, isHtml)).toBe(expected);
  });

  it.each([
    ['a {{A}} b', 'a {{A}} b'],
    ['{{{ A }}}', '{{{ A }}}'],
    // Nothing of an object's prototype is a variable.
    ['{{constructor}}', '{{constructor}}'],
    ['{{__proto__}}', '{{__proto__}}'],
    ['{{{toString}}}', '{{{toString}}}'],
    ['{{hasOwnProperty}}{{valueOf}}{{process}}{{this}}', '{{hasOwnProperty}}{{valueOf}}{{process}}{{this}}'],
  ])('leaves %j as it is written when there is no value', (source, expected) => {
    expect(render(source, {})).toBe(expected);
  });

  it('does not build what would be too long', () => {
    const value = '`'.repeat(2_000);
    const source = '{{A}}'.repeat(10_000);
    expect(render(source, { A: value })).toBeUndefined();
    expect(render('{{{A}}}'.repeat(1_000), { A: value })).toHaveLength(2_000_000);
    const full = 'x'.repeat(MAX_RENDERED - 1);
    expect(render(`${full}{{A}}`, { A: 'y' })).toHaveLength(MAX_RENDERED);
    expect(render(`${full}{{A}}`, { A: 'yy' })).toBeUndefined();
  });

  it('is what Mustache makes of variables', () => {
    const keys = ['A', 'B_2', 'name'];
    const piece = fc.oneof(
      fc.string({ maxLength: 20 }).map((text) => text.replaceAll('{{', '{ {')),
      fc.constantFrom(
        ...keys.flatMap((key) => [`{{${key}}}`, `{{{${key}}}}`, `{{ ${key} }}`, `{{{ ${key}}}}`]),
      ),
      fc.constantFrom('\n', '  ', '}', '}}', '<p>'),
    );
    const template = fc
      .array(piece)
      .map((pieces) => pieces.join(''))
      .filter((source) => !isProblem(scanTemplate(source)));
    const values = fc.record(Object.fromEntries(keys.map((key) => [key, fc.string()])));
    fc.assert(
      fc.property(template, values, (source, given) => {
        expect(render(source, given)).toBe(mustache.render(source, given));
      }),
      { seed: 1, numRuns: 1_000 },
    );
  });
});
