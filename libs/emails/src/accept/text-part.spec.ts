import { describe, expect, it } from '@jest/globals';
import { prepareEmail, priorities } from './prepare-email.js';
import { textPartOf } from './text-part.js';

interface Body {
  Html?: { Data: string };
  Text?: { Data: string };
}

async function bodyOf(fields: { html?: string | null; text?: string | null }): Promise<Body> {
  const request = { from: 'a@example.com', to: 'b@example.net', subject: 'Hello', ...fields };
  const { payload } = await prepareEmail(request, priorities.single, new Date());
  return (JSON.parse(String(payload)) as { Content: { Simple: { Body: Body } } }).Content.Simple.Body;
}

describe('the text part', () => {
  const html = '<p>Hello <b>you</b></p>';

  it.each<[string, { html?: string; text?: string | null }, string | undefined]>([
    ['is made of the html when there is none', { html }, 'Hello you'],
    ['is made of the html when it is null', { html, text: null }, 'Hello you'],
    ['is left out when it is empty', { html, text: '' }, undefined],
    ['is what was given', { html, text: 'Hi' }, 'Hi'],
    ['is the only one without html', { text: 'Hi' }, 'Hi'],
    ['may be empty without html', { text: '' }, ''],
    ['is left out when the html has no text', { html: '<img src="x.png">' }, undefined],
  ])('%s', async (_, fields, text) => {
    const body = await bodyOf(fields);
    expect(body.Text?.Data).toBe(text);
    expect(body.Html?.Data).toBe(fields.html);
  });
});

describe('textPartOf', () => {
  it('gives the same text for the same html, and makes none of what nobody could read', () => {
    const html = `<p>${'x'.repeat(1_000)}</p>`;
    expect(textPartOf(html)).toBe('x'.repeat(1_000));
    expect(textPartOf(html)).toBe('x'.repeat(1_000));
    expect(textPartOf('<p>x</p>'.repeat(200_000))).toBeUndefined();
  });
});
