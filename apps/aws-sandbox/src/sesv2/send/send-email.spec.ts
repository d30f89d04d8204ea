import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CUSTOMER, failure, REGION } from '../../testing/harness.js';
import { parseMime } from '../../testing/parse-mime.js';
import { rawContent, SendFixture, SESSION_ARN, SIMPLE } from '../../testing/send-fixture.js';

describe('SendEmail', () => {
  let f: SendFixture;
  beforeAll(async () => {
    f = await SendFixture.start();
  });
  afterAll(() => f.close());
  beforeEach(() => f.reset());

  it('accepts Simple content and keeps the whole message', async () => {
    const { MessageId } = await f.send({
      Destination: {
        ToAddresses: ['a@example.net'],
        CcAddresses: ['C <c@example.net>'],
        BccAddresses: ['b@example.net'],
      },
      ReplyToAddresses: ['reply@example.com'],
      EmailTags: [{ Name: 'email_id', Value: '42' }],
      Content: {
        Simple: {
          ...SIMPLE,
          Headers: [{ Name: 'X-One', Value: '1' }],
          Attachments: [
            { FileName: 'a.txt', RawContent: Buffer.from('attached'), ContentType: 'text/plain' },
          ],
        },
      },
    });
    expect(MessageId).toMatch(/^0102[0-9a-f]{12}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-000000$/);
    const message = await f.last();
    expect(message).toMatchObject({
      message_id: MessageId,
      account_id: CUSTOMER,
      region: REGION,
      from: 'Shop <news@example.com>',
      to: ['a@example.net'],
      cc: ['C <c@example.net>'],
      bcc: ['b@example.net'],
      subject: 'Hi',
      tags: [{ name: 'email_id', value: '42' }],
      headers: [{ name: 'X-One', value: '1' }],
      principal_arn: SESSION_ARN,
      outcomes: [
        { type: 'Send' },
        { type: 'Delivery', recipients: ['a@example.net', 'c@example.net', 'b@example.net'] },
      ],
    });
    const mime = await parseMime(message.raw);
    expect(mime).toMatchObject({
      subject: 'Hi',
      text: 'Hello',
      to: 'a@example.net',
      attachment: 'attached',
      replyTo: 'reply@example.com',
      xOne: '1',
    });
    expect(message.raw).not.toContain('b@example.net');
    expect(message.raw).toContain(`${MessageId ?? ''}@${REGION}.amazonses.com>`);
  });

  it('accepts Raw content: envelope and tags from the headers, control headers and Bcc stripped', async () => {
    await f.h.adminOk('PATCH', '/settings', {});
    await f.send({
      ...rawContent(
        'From: News <news@example.com>\r\nTo: a@example.net,\r\n "B, C" <bc@example.net>\r\nBcc: secret@example.net\r\nSubject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=\r\nX-SES-MESSAGE-TAGS: k=v, w=x\r\nMessage-ID: <mine@x>\r\n\r\nbody\r\n',
      ),
      FromEmailAddress: undefined,
      Destination: undefined,
    });
    const message = await f.last();
    expect(message).toMatchObject({
      from: 'News <news@example.com>',
      to: ['a@example.net', '"B, C" <bc@example.net>'],
      bcc: ['secret@example.net'],
      subject: 'Grüße',
      tags: [
        { name: 'k', value: 'v' },
        { name: 'w', value: 'x' },
      ],
    });
    expect(message.raw).not.toMatch(/Bcc|X-SES|mine@x|secret@/);
    expect(message.raw).toMatch(/\r\n\r\nbody\r\n$/);
  });

  it('renders Template content, inline or stored; a missing variable is accepted and fails later', async () => {
    const template = (data: object) => ({
      Content: {
        Template: {
          TemplateContent: {
            Subject: 'Hi {{name}}',
            Html: '<b>{{name}}</b>{{#each items}}<i>{{this}}</i>{{/each}}',
          },
          TemplateData: JSON.stringify(data),
        },
      },
    });
    await f.send(template({ name: 'A&B', items: [1, 2] }));
    expect(await f.last()).toMatchObject({ subject: 'Hi A&B', html: '<b>A&amp;B</b><i>1</i><i>2</i>' });
    expect(await failure(f.send(template({})))).toBe('no failure');
    expect((await f.last()).outcomes).toEqual([
      {
        type: 'RenderingFailure',
        templateName: '',
        errorMessage: "Attribute 'name' is not present in the rendering data.",
      },
    ]);
    expect(
      await failure(f.send({ Content: { Template: { TemplateName: 'gone', TemplateData: '{}' } } })),
    ).toBe('NotFoundException|404|Template gone does not exist');
  });
});
