import { describe, expect, it } from '@jest/globals';
import { compileContent, type TemplateContent } from './content.js';
import { renderContent } from './render-content.js';

const declare = (...keys: string[]) =>
  keys.map((key) => ({ key, type: 'string' as const, fallbackValue: null }));

const base: TemplateContent = {
  from: null,
  subject: null,
  replyTo: [],
  html: '<p>Hello</p>',
  text: null,
  variables: [],
};

describe('compileContent', () => {
  it.each<[string, Partial<TemplateContent>, string, string]>([
    ['empty html', { html: '' }, 'html', 'Missing `html` field.'],
    ['html over a megabyte', { html: 'x'.repeat(1024 * 1024 + 1) }, 'html', '1 MB'],
    ['html over a megabyte in bytes', { html: 'ä'.repeat(1024 * 512 + 1) }, 'html', '1 MB'],
    ['text over a megabyte', { text: 'x'.repeat(1024 * 1024 + 1) }, 'text', '1 MB'],
    ['NUL in html', { html: 'a\u0000' }, 'html', 'NUL'],
    ['half a surrogate pair in text', { text: '\udc00' }, 'text', 'surrogate'],
    ['a line break in the subject', { subject: 'a\r\nBcc: b@example.net' }, 'subject', 'line breaks'],
    ['a line break in from', { from: 'a\n<a@example.com>' }, 'from', 'line breaks'],
    ['a line break in reply_to', { replyTo: ['a@example.com', 'b\r'] }, 'reply_to', 'line breaks'],
    ['51 reply_to', { replyTo: Array.from({ length: 51 }, () => 'a@example.com') }, 'reply_to', 'at most 50'],
    ['a long subject', { subject: 'x'.repeat(999) }, 'subject', '998'],
    [
      'a section',
      { html: '<ul>\n  {{#each items}}<li></li>{{/each}}</ul>' },
      'html',
      'Invalid `html` field. The tag `{{#each items}}` at line 2, column 3 is not supported.',
    ],
    ['a partial in the subject', { subject: '{{> x}}' }, 'subject', '`{{> x}}` at line 1, column 1'],
    [
      'a variable that is not declared',
      { html: '{{{NAME}}}' },
      'html',
      "Variable 'NAME' is used in the template but not defined in the variables list",
    ],
    ['one that differs in case', { text: '{{name}}', variables: declare('NAME') }, 'text', "Variable 'name'"],
    ['a reserved one', { html: '{{{FIRST_NAME}}}' }, 'html', "Variable 'FIRST_NAME'"],
    ['what every object has', { html: '{{constructor}}' }, 'html', "Variable 'constructor'"],
    ['the prototype', { html: '{{__proto__}}' }, 'html', "Variable '__proto__'"],
    ['one in from', { from: '{{A}} <a@example.com>' }, 'from', "Variable 'A'"],
    ['one in reply_to', { replyTo: ['{{A}}'] }, 'reply_to', "Variable 'A'"],
  ])('refuses %s', (_, change, field, message) => {
    expect(() => compileContent({ ...base, ...change })).toThrow(
      expect.objectContaining({ field, message: expect.stringContaining(message) }),
    );
  });

  it('fills every field, escaping in html only', () => {
    const compiled = compileContent({
      from: '{{NAME}} <hello@example.com>',
      subject: 'For {{NAME}}',
      replyTo: ['{{{BOX}}}@example.com'],
      html: '<p>{{NAME}} {{{NAME}}}</p>',
      text: 'Dear {{NAME}}',
      variables: declare('NAME', 'BOX'),
    });
    expect(
      renderContent(
        compiled,
        new Map([
          ['NAME', 'A & B'],
          ['BOX', 'answers'],
        ]),
      ),
    ).toEqual({
      from: 'A & B <hello@example.com>',
      subject: 'For A & B',
      replyTo: ['answers@example.com'],
      html: '<p>A &amp; B A & B</p>',
      text: 'Dear A & B',
    });
  });

  it('keeps an empty text apart from none', () => {
    const values = new Map<string, string>();
    expect(renderContent(compileContent({ ...base, text: '' }), values).text).toBe('');
    expect(renderContent(compileContent({ ...base, text: null }), values).text).toBeNull();
  });

  it('refuses what becomes too large, before it is built', () => {
    const compiled = compileContent({ ...base, html: '{{A}}'.repeat(10_000), variables: declare('A') });
    expect(() => renderContent(compiled, new Map([['A', 'x'.repeat(2_000)]]))).toThrow(
      expect.objectContaining({ kind: 'too_large', field: 'template' }),
    );
  });
});
