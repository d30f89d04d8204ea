import { describe, expect, it } from '@jest/globals';
import { redactAnswer, redactRequest } from './redact.js';

const shown = (body: unknown): unknown => JSON.parse(redactRequest(body) ?? 'null');

describe('a request in the log', () => {
  it('is there as it came', () => {
    const body = {
      from: 'a@example.com',
      to: ['b@example.net'],
      subject: 'Hello',
      tags: [{ name: 'a', value: 'b' }],
    };
    expect(shown(body)).toEqual(body);
    expect(shown([body, body])).toEqual([body, body]);
  });

  it('shows long texts by their length, and contents of mail however short', () => {
    expect(
      shown({
        subject: 'x'.repeat(1_025),
        from: 'y'.repeat(1_024),
        html: '<p>',
        text: 'Your code is 123456',
        template: { id: 'otp', variables: { code: '123456' } },
        attachments: [
          { filename: 'a.pdf', content: 'aGVsbG8=' },
          { filename: 'b.pdf', content: { type: 'Buffer', data: [1, 2] } },
        ],
      }),
    ).toEqual({
      subject: '[1025 characters]',
      from: 'y'.repeat(1_024),
      html: '[3 characters]',
      text: '[19 characters]',
      template: { id: 'otp', variables: '[content]' },
      attachments: [
        { filename: 'a.pdf', content: '[8 characters]' },
        { filename: 'b.pdf', content: '[content]' },
      ],
    });
  });

  it.each([
    'token',
    'signing_secret',
    'password',
    'api_key',
    'apiKey',
    'Authorization',
    'secretAccessKey',
    'sessionToken',
  ])('never shows a field called %s', (name) => {
    expect(shown({ [name]: 'planted', inner: { list: [{ [name]: ['planted'] }] } })).toEqual({
      [name]: '[redacted]',
      inner: { list: [{ [name]: '[redacted]' }] },
    });
  });

  it('is cut where it is long, wide or deep', () => {
    expect(shown(Array.from({ length: 25 }, (_, index) => index))).toEqual([
      ...Array.from({ length: 20 }, (_, index) => index),
      '[5 more]',
    ]);
    const wide = shown(Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`f${index}`, index])));
    expect(Object.keys(wide as object)).toHaveLength(101);
    let deep: unknown = 'end';
    for (let depth = 0; depth < 20; depth++) deep = { deep };
    expect(JSON.stringify(shown(deep))).toContain('[…]');
    expect(
      shown(Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`f${index}`, 'x'.repeat(1_000)]))),
    ).toMatch(/^\[\d+ characters\]$/);
  });

  it.each([[undefined], [null]])('is nothing when it was %s', (body) => {
    expect(redactRequest(body)).toBeUndefined();
  });

  it.each([['text'], [7], [true], [{}], [[]]])('keeps %j', (body) => {
    expect(shown(body)).toEqual(body);
  });
});

describe('an answer in the log', () => {
  it.each([
    ['short', '{"id":"x"}', '{"id":"x"}'],
    ['with a token', '{"id":"x","token":"re_planted"}', '{"id":"x","token":"[redacted]"}'],
    ['with the word only', '{"object":"api_key","id":"x"}', '{"object":"api_key","id":"x"}'],
    [
      'with contents of a mail',
      '{"id":"x","text":"123456","html":null}',
      '{"id":"x","text":"[6 characters]","html":null}',
    ],
    ['with long texts', `{"html":"${'x'.repeat(2_000)}"}`, '{"html":"[2000 characters]"}'],
    ['very long', `{"a":"${'x'.repeat(20_000)}"}`, '"[20008 characters]"'],
    ['not JSON', 'email,origin\n', '"[13 characters]"'],
    ['empty', '', undefined],
    ['none', undefined, undefined],
  ])('%s', (_, text, expected) => {
    expect(redactAnswer(text)).toBe(expected);
  });
});
