import { describe, expect, it } from '@jest/globals';
import { renderTemplate, RenderingFailure } from './render-template.js';

const render = (template: string, data: unknown, isHtml = true): string => {
  try {
    return renderTemplate(template, data, isHtml);
  } catch (error) {
    if (error instanceof RenderingFailure) return `failure: ${error.message}`;
    throw error;
  }
};

describe('renderTemplate', () => {
  it.each<[string, unknown, string]>([
    ['Hi {{ name }}!', { name: 'Ann' }, 'Hi Ann!'],
    ['{{a.b.c}}', { a: { b: { c: 1 } } }, '1'],
    ['{{x}} {{{x}}}', { x: '<&>' }, '&lt;&amp;&gt; <&>'],
    ['{{#if on}}yes{{else}}no{{/if}}', { on: true }, 'yes'],
    ['{{#if on}}yes{{else}}no{{/if}}', { on: [] }, 'no'],
    ['{{#unless on}}off{{/unless}}', {}, 'off'],
    ['{{#each list}}{{@index}}:{{this}} {{/each}}', { list: ['a', 'b'] }, '0:a 1:b '],
    [
      '{{#each list}}{{name}}{{#if @last}}.{{else}}, {{/if}}{{/each}}',
      { list: [{ name: 'a' }, { name: 'b' }] },
      'a, b.',
    ],
    ['{{#each list}}{{../title}}{{/each}}', { title: 't', list: [1, 2] }, 'tt'],
    ['{{#each list}}x{{else}}none{{/each}}', { list: [] }, 'none'],
    ['{{#with user}}{{name}}{{/with}}', { user: { name: 'Ann' } }, 'Ann'],
    ['a{{! note }}b', {}, 'ab'],
    ['{{zero}}{{no}}', { zero: 0, no: false }, '0false'],
    ['{{name}}', {}, "failure: Attribute 'name' is not present in the rendering data."],
    ['{{constructor}}', {}, "failure: Attribute 'constructor' is not present in the rendering data."],
    ['{{#if a}}', { a: 1 }, "failure: Block 'if' is not closed in the template."],
    ['{{/if}}', {}, "failure: Unexpected '{{/if}}' in the template."],
    ['{{> partial}}', {}, "failure: '{{> partial}}' is not supported in the template."],
  ])('%s with %j', (template, data, expected) => {
    expect(render(template, data)).toBe(expected);
  });

  it('escapes HTML only in HTML', () => {
    expect(render('{{x}}', { x: '<' }, false)).toBe('<');
  });
});
