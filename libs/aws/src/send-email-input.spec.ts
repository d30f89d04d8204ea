import { describe, expect, it } from '@jest/globals';
import { toSendEmailInput } from './send-email-input.js';

describe('toSendEmailInput', () => {
  it('makes bytes of a raw message, so that the SDK does not encode it twice', () => {
    const mime = 'From: a@example.com\r\n\r\nä';
    const input = toSendEmailInput(
      JSON.stringify({ Content: { Raw: { Data: Buffer.from(mime).toString('base64') } } }),
    );
    expect(Buffer.from(input.Content?.Raw?.Data ?? []).toString()).toBe(mime);
  });

  it('makes bytes of every attachment and leaves the rest', () => {
    const attachment = (RawContent: string) => ({ FileName: 'a.txt', ContentId: 'x', RawContent });
    const payload = {
      FromEmailAddress: 'a@example.com',
      Content: {
        Simple: {
          Subject: { Data: 's' },
          Body: { Text: { Data: 'RawContent' } },
          Attachments: [attachment('aGk='), attachment('')],
        },
      },
    };
    const input = toSendEmailInput(JSON.stringify(payload));
    expect(
      input.Content?.Simple?.Attachments?.map(({ RawContent }) => Buffer.from(RawContent ?? []).toString()),
    ).toEqual(['hi', '']);
    expect(input.Content?.Simple?.Attachments?.[0]?.RawContent).toBeInstanceOf(Uint8Array);
    expect(input).toMatchObject({
      FromEmailAddress: 'a@example.com',
      Content: {
        Simple: {
          Subject: { Data: 's' },
          Body: { Text: { Data: 'RawContent' } },
          Attachments: [{ FileName: 'a.txt', ContentId: 'x' }, {}],
        },
      },
    });
  });

  it.each([
    ['no content', {}],
    ['a template', { Content: { Template: { TemplateName: 't', TemplateData: '{}' } } }],
    ['a simple text', { Content: { Simple: { Subject: { Data: 's' }, Body: { Text: { Data: 't' } } } } }],
  ])('leaves %s as it is', (_, payload) => {
    expect(toSendEmailInput(JSON.stringify(payload))).toEqual(payload);
  });
});
