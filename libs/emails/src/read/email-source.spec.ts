import { describe, expect, it } from '@jest/globals';
import { emailSource } from './email-source.js';

const envelope = {
  FromEmailAddress: 'Me <me@example.com>',
  Destination: { ToAddresses: ['a@example.net', 'b@example.net'], BccAddresses: ['c@example.net'] },
};

describe('what SES is asked to send', () => {
  it('of Simple content names header fields and the sizes of files', () => {
    const { content, headers, request, mime } = emailSource(
      JSON.stringify({
        ...envelope,
        Content: {
          Simple: {
            Subject: { Data: 'Hi' },
            Headers: [{ Name: 'X-Kind', Value: 'test' }],
            Attachments: [{ FileName: 'a.txt', RawContent: 'aGVsbG8=' }],
          },
        },
      }),
    );
    expect([content, mime]).toEqual(['simple', null]);
    expect(headers).toEqual([
      { name: 'From', value: 'Me <me@example.com>' },
      { name: 'To', value: 'a@example.net, b@example.net' },
      { name: 'Subject', value: 'Hi' },
      { name: 'X-Kind', value: 'test' },
    ]);
    expect(request).toContain('"RawContent": "[5 bytes]"');
    expect(request).not.toContain('aGVsbG8=');
    expect(JSON.parse(request ?? '')).toMatchObject(envelope);
  });

  it('of Raw content is the message beside its envelope', () => {
    const message = 'Subject: a\r\n folded\r\nX-Kind: test\r\n\r\nBody: no header\r\n';
    const { content, headers, request, mime } = emailSource(
      JSON.stringify({ ...envelope, Content: { Raw: { Data: Buffer.from(message).toString('base64') } } }),
    );
    expect(content).toBe('raw');
    expect(mime).toContain('Body: no header');
    expect(headers).toEqual([
      { name: 'Subject', value: 'a folded' },
      { name: 'X-Kind', value: 'test' },
    ]);
    expect(JSON.parse(request ?? '')).toMatchObject({
      Content: { Raw: { Data: `[${message.length} bytes]` } },
    });
  });

  it('is nothing when the content is not kept', () => {
    expect(emailSource(null)).toEqual({ content: null, headers: [], request: null, mime: null });
  });
});
