import { describe, expect, it } from '@jest/globals';
import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import { readRawContent } from './raw-content.js';

const payload = (message: string | Buffer) =>
  JSON.stringify({ Content: { Raw: { Data: Buffer.from(message).toString('base64') } } });

describe('readRawContent', () => {
  it('finds the texts and attachments of a message', async () => {
    const message = await new MailComposer({
      from: 'a@example.com',
      to: 'b@example.com',
      text: 'Grüße',
      html: '<img src="cid:logo">',
      attachments: [
        { filename: 'übersicht.pdf', content: 'pdf' },
        { filename: 'logo.png', content: 'png', cid: 'logo' },
      ],
    })
      .compile()
      .build();
    const content = await readRawContent(payload(message));
    expect(content).toMatchObject({ text: 'Grüße', html: '<img src="cid:logo">' });
    const shown = content?.attachments.map(({ content: bytes, ...rest }) => ({
      ...rest,
      content: Buffer.from(bytes).toString(),
    }));
    expect(shown).toEqual([
      { filename: 'logo.png', contentType: 'image/png', contentId: 'logo', isInline: true, content: 'png' },
      {
        filename: 'übersicht.pdf',
        contentType: 'application/pdf',
        contentId: null,
        isInline: false,
        content: 'pdf',
      },
    ]);
  });

  it('reads a message that is only text, and one that is hardly a message', async () => {
    expect(await readRawContent(payload('Subject: x\r\n\r\nHello\r\n'))).toEqual({
      text: 'Hello',
      html: null,
      attachments: [],
    });
    expect(await readRawContent(payload(''))).toMatchObject({ html: null, attachments: [] });
  });

  it('gives nothing of a message that nests too deep', async () => {
    const nested = Array.from(
      { length: 300 },
      (_, index) => `Content-Type: multipart/mixed; boundary=b${index}\r\n\r\n--b${index}\r\n`,
    );
    expect(await readRawContent(payload(`From: a@example.com\r\n${nested.join('')}`))).toEqual({
      text: null,
      html: null,
      attachments: [],
    });
  });

  it('has nothing to say about other content', async () => {
    expect(await readRawContent('{"Content":{"Simple":{}}}')).toBeUndefined();
  });
});
