import {
  SendBulkEmailCommand,
  SendEmailCommand,
  type SendBulkEmailCommandInput,
  type SendEmailCommandInput,
  type SESv2Client,
} from '@aws-sdk/client-sesv2';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parseMime } from '../../testing/parse-mime.js';
import { CUSTOMER, failure, Harness, REGION, statement } from '../../testing/harness.js';

const ARN = `arn:aws:ses:${REGION}:${CUSTOMER}`;
const SESSION = `arn:aws:sts::${CUSTOMER}:assumed-role/Sender/test`;
const simple = { Subject: { Data: 'Hi' }, Body: { Text: { Data: 'Hello' } } };
const denied = (action: string, resource: string): string =>
  `AccessDeniedException|403|User \`${SESSION}' is not authorized to perform \`ses:${action}' on resource \`${ARN}:${resource}'`;

interface Shown {
  message_id: string;
  subject: string;
  from: string;
  to: string[];
  raw: string;
  text: string | null;
  tags: unknown;
  headers: unknown;
  outcomes: { type: string; recipients?: string[] }[];
  principal_arn: string;
  configuration_set: string | null;
}

describe('SendEmail', () => {
  let h: Harness;
  let ses: SESv2Client;
  beforeAll(async () => {
    h = await Harness.start();
  });
  afterAll(() => h.close());
  beforeEach(async () => {
    await h.adminOk('POST', '/reset');
    await h.seedCustomer();
    ses = await h.customerSes();
  });

  const input = (changes: Partial<SendEmailCommandInput> = {}): SendEmailCommandInput => ({
    FromEmailAddress: 'Shop <news@example.com>',
    Destination: { ToAddresses: ['someone@example.net'] },
    Content: { Simple: simple },
    ...changes,
  });
  const send = (changes: Partial<SendEmailCommandInput> = {}) =>
    ses.send(new SendEmailCommand(input(changes)));
  const messages = (): Promise<Shown[]> => h.adminOk('GET', '/messages');
  const last = async (): Promise<Shown> => {
    const [message] = await messages();
    if (message === undefined) throw new Error('nothing was sent');
    return message;
  };
  const raw = (text: string): Partial<SendEmailCommandInput> => ({
    Content: { Raw: { Data: Buffer.from(text) } },
  });
  const patchSes = (body: object) => h.adminOk('PATCH', `/accounts/${CUSTOMER}/regions/${REGION}/ses`, body);
  const onlyAllow = (...args: Parameters<typeof statement>) =>
    h.putRole({ policies: { a: statement(...args) } });

  it('accepts Simple content and keeps the whole message', async () => {
    const { MessageId } = await send({
      Destination: {
        ToAddresses: ['a@example.net'],
        CcAddresses: ['C <c@example.net>'],
        BccAddresses: ['b@example.net'],
      },
      ReplyToAddresses: ['reply@example.com'],
      EmailTags: [{ Name: 'email_id', Value: '42' }],
      Content: {
        Simple: {
          ...simple,
          Headers: [{ Name: 'X-One', Value: '1' }],
          Attachments: [
            { FileName: 'a.txt', RawContent: Buffer.from('attached'), ContentType: 'text/plain' },
          ],
        },
      },
    });
    expect(MessageId).toMatch(/^0102[0-9a-f]{12}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-000000$/);
    const message = await last();
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
      principal_arn: SESSION,
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
    await h.adminOk('PATCH', '/settings', {});
    await send({
      ...raw(
        'From: News <news@example.com>\r\nTo: a@example.net,\r\n "B, C" <bc@example.net>\r\nBcc: secret@example.net\r\nSubject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=\r\nX-SES-MESSAGE-TAGS: k=v, w=x\r\nMessage-ID: <mine@x>\r\n\r\nbody\r\n',
      ),
      FromEmailAddress: undefined,
      Destination: undefined,
    });
    const message = await last();
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
    await send(template({ name: 'A&B', items: [1, 2] }));
    expect(await last()).toMatchObject({ subject: 'Hi A&B', html: '<b>A&amp;B</b><i>1</i><i>2</i>' });
    expect(await failure(send(template({})))).toBe('no failure');
    expect((await last()).outcomes).toEqual([
      {
        type: 'RenderingFailure',
        templateName: '',
        errorMessage: "Attribute 'name' is not present in the rendering data.",
      },
    ]);
    expect(await failure(send({ Content: { Template: { TemplateName: 'gone', TemplateData: '{}' } } }))).toBe(
      'NotFoundException|404|Template gone does not exist',
    );
  });

  describe('permissions', () => {
    it('Raw needs ses:SendRawEmail, the others ses:SendEmail', async () => {
      await onlyAllow('ses:SendEmail');
      expect(await failure(send())).toBe('no failure');
      expect(await failure(send(raw('From: news@example.com\n\nx')))).toBe(
        denied('SendRawEmail', 'identity/example.com'),
      );
      await onlyAllow('ses:SendRawEmail');
      expect(await failure(send())).toBe(denied('SendEmail', 'identity/example.com'));
      expect(await failure(send(raw('From: news@example.com\n\nx')))).toBe('no failure');
    });

    it('an exact address identity takes precedence over its domain', async () => {
      await onlyAllow('ses:SendEmail', `${ARN}:identity/example.com`);
      expect(await failure(send())).toBe('no failure');
      await h.adminOk('PUT', `/accounts/${CUSTOMER}/regions/${REGION}/identities/news@example.com`, {
        verified: true,
      });
      expect(await failure(send())).toBe(denied('SendEmail', 'identity/news@example.com'));
    });

    it('the configuration set counts: AccessDenied before NotFound, and nothing is sent', async () => {
      await onlyAllow('ses:SendEmail', `${ARN}:identity/*`);
      expect(await failure(send({ ConfigurationSetName: 'nope' }))).toBe(
        denied('SendEmail', 'configuration-set/nope'),
      );
      await onlyAllow('ses:SendEmail');
      expect(await failure(send({ ConfigurationSetName: 'nope' }))).toBe(
        'NotFoundException|404|Configuration set <nope> does not exist.',
      );
      expect(await messages()).toEqual([]);
    });

    it.each<[string, object, boolean]>([
      ['FromAddress', { StringLike: { 'ses:FromAddress': '*@example.com' } }, true],
      ['FromAddress is case-sensitive', { StringLike: { 'ses:FromAddress': '*@EXAMPLE.com' } }, false],
      ['FromDisplayName', { StringEquals: { 'ses:FromDisplayName': 'Shop' } }, true],
      ['Recipients', { 'ForAllValues:StringLike': { 'ses:Recipients': '*@example.net' } }, true],
      ['Recipients elsewhere', { 'ForAllValues:StringLike': { 'ses:Recipients': '*@example.org' } }, false],
      ['ApiVersion', { StringEquals: { 'ses:ApiVersion': '2' } }, true],
      ['RequestedRegion', { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } }, false],
      ['SourceIp', { IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } }, true],
      [
        'PrincipalArn is the role’s',
        { ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${CUSTOMER}:role/Sender` } },
        true,
      ],
      ['userid', { StringLike: { 'aws:userid': 'AROA*:test' } }, true],
    ])('condition %s', async (_name, condition, isAllowed) => {
      await onlyAllow('ses:SendEmail', '*', condition);
      expect(await failure(send())).toBe(
        isAllowed ? 'no failure' : denied('SendEmail', 'identity/example.com'),
      );
    });

    it('a session policy narrows the role, and editing the role reaches live sessions', async () => {
      ses = await h.customerSes({ Policy: JSON.stringify(statement('ses:GetAccount')) });
      expect(await failure(send())).toBe(denied('SendEmail', 'identity/example.com'));
      ses = await h.customerSes();
      expect(await failure(send())).toBe('no failure');
      await h.putRole({ policies: {} });
      expect(await failure(send())).toBe(denied('SendEmail', 'identity/example.com'));
      await h.adminOk('DELETE', `/accounts/${CUSTOMER}/roles/Sender`);
      expect(await failure(send())).toBe(
        'UnrecognizedClientException|403|The security token included in the request is invalid.',
      );
    });

    it('revoking older sessions works as the console’s button does', async () => {
      const before = new Date(h.sandbox.clock.now() + 1000).toISOString();
      const revoke = {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Deny',
            Action: '*',
            Resource: '*',
            Condition: { DateLessThan: { 'aws:TokenIssueTime': before } },
          },
        ],
      };
      await h.putRole({ policies: { all: statement('ses:*'), AWSRevokeOlderSessions: revoke } });
      expect(await failure(send())).toBe(denied('SendEmail', 'identity/example.com'));
      h.sandbox.clock.offsetSeconds += 2;
      ses = await h.customerSes();
      expect(await failure(send())).toBe('no failure');
    });
  });

  describe('validation', () => {
    const many = (n: number) => ({
      Destination: { ToAddresses: Array.from({ length: n }, (_, i) => `r${i}@example.net`) },
    });
    it.each<[string, Partial<SendEmailCommandInput>, string]>([
      [
        'no content',
        { Content: undefined },
        "BadRequestException|400|1 validation error detected: Value at 'content' failed to satisfy constraint: Member must not be null",
      ],
      [
        'two contents',
        { Content: { Simple: simple, Raw: { Data: Buffer.from('x') } } },
        'BadRequestException|400|Content must contain exactly one of Simple, Raw or Template.',
      ],
      [
        'no recipients',
        { Destination: {} },
        'BadRequestException|400|At least one recipient must be specified.',
      ],
      ['51 recipients', many(51), 'BadRequestException|400|Recipient count exceeds 50.'],
      [
        'no @',
        { Destination: { ToAddresses: ['nobody'] } },
        "BadRequestException|400|Missing final '@domain'",
      ],
      ['no domain', { Destination: { ToAddresses: ['nobody@'] } }, 'BadRequestException|400|Missing domain'],
      [
        'space in the domain',
        { Destination: { ToAddresses: ['a@b c'] } },
        'BadRequestException|400|Domain contains control or whitespace',
      ],
      [
        'non-ASCII local part',
        { Destination: { ToAddresses: ['jürgen@example.net'] } },
        'BadRequestException|400|Local address contains control or whitespace',
      ],
      [
        'domain with a dot first',
        { Destination: { ToAddresses: ['a@.net'] } },
        'BadRequestException|400|Domain starts with dot',
      ],
      [
        'too long',
        { Destination: { ToAddresses: [`${'n'.repeat(310)}@example.net`] } },
        `BadRequestException|400|Address length is more than 320 characters long: '${'n'.repeat(310)}@example.net'.`,
      ],
      [
        '16 headers',
        {
          Content: {
            Simple: {
              ...simple,
              Headers: Array.from({ length: 16 }, (_, i) => ({ Name: `X-${i}`, Value: 'v' })),
            },
          },
        },
        "BadRequestException|400|1 validation error detected: Value at 'content.simple.headers' failed to satisfy constraint: Member must have length less than or equal to 15",
      ],
      [
        'line break in a header',
        { Content: { Simple: { ...simple, Headers: [{ Name: 'X-A', Value: 'v\r\nBcc: x@y.z' }] } } },
        "BadRequestException|400|1 validation error detected: Value 'v\r\nBcc: x@y.z' at 'content.simple.headers.1.member.value' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[ -~]*$",
      ],
      [
        'bad tag name',
        { EmailTags: [{ Name: 'a b', Value: 'v' }] },
        "BadRequestException|400|Invalid tag name <a b>: only alphanumeric ASCII characters, '_',  '-' are allowed.",
      ],
      [
        'executable attachment',
        {
          Content: {
            Simple: { ...simple, Attachments: [{ FileName: 'run.EXE', RawContent: Buffer.from('x') }] },
          },
        },
        "BadRequestException|400|Attachment file type is not supported: 'run.EXE'.",
      ],
      [
        'unverified sender',
        { FromEmailAddress: 'Me <me@elsewhere.org>' },
        'MessageRejected|400|Email address is not verified. The following identities failed the check in region EU-WEST-1: Me <me@elsewhere.org>',
      ],
    ])('%s', async (_name, changes, expected) => {
      expect(await failure(send(changes))).toBe(expected);
      expect(await messages()).toEqual([]);
    });

    it('accepts 50 recipients, an encoded or plain display name and an unknown member', async () => {
      expect(
        await failure(send({ ...many(50), FromEmailAddress: '"Müller, K." <news@mail.example.com>' })),
      ).toBe('no failure');
    });

    it.each<[string, object, string | undefined]>([
      ['a number for a string', { FromEmailAddress: 5 }, 'NUMBER_VALUE can not be converted to a String'],
      ['a string for a structure', { Content: 'x' }, 'Expected null'],
      [
        'an object for a list',
        { Content: { Simple: simple }, Destination: { ToAddresses: {} } },
        'Expected list or null',
      ],
    ])('answers %s with SerializationException', async (_name, body, text) => {
      const credentials = await h.assume();
      const { signedFetch } = await import('../../testing/signed-fetch.js');
      const response = await signedFetch(
        h.url,
        'POST',
        '/v2/email/outbound-emails',
        credentials,
        JSON.stringify(body),
      );
      expect(response.status).toBe(400);
      expect(response.headers.get('x-amzn-errortype')).toBe('SerializationException');
      expect(((await response.json()) as { message?: string }).message).toBe(text);
    });
  });

  describe('the account', () => {
    it('in the SES sandbox recipients must be verified or simulated', async () => {
      await patchSes({ production_access: false });
      expect(await failure(send())).toBe(
        'MessageRejected|400|Email address is not verified. The following identities failed the check in region EU-WEST-1: someone@example.net',
      );
      expect(
        await failure(
          send({ Destination: { ToAddresses: ['success+a@simulator.amazonses.com', 'x@example.com'] } }),
        ),
      ).toBe('no failure');
    });

    it('paused, shut down, or only the configuration set paused', async () => {
      const paused =
        'SendingPausedException|400|Sending paused for this account. For more information, please check the inbox of the email address associated with your AWS account.';
      await patchSes({ sending_enabled: false });
      expect(await failure(send())).toBe(paused);
      await patchSes({ sending_enabled: true, enforcement_status: 'SHUTDOWN' });
      expect(await failure(send())).toBe(paused);
      await patchSes({ enforcement_status: 'PROBATION' });
      expect(await failure(send())).toBe('no failure');
    });

    it('charges the rate by recipient, with debt', async () => {
      await patchSes({ max_send_rate: 1 });
      const five = { Destination: { ToAddresses: [1, 2, 3, 4, 5].map((n) => `r${n}@example.net`) } };
      expect(await failure(send(five))).toBe('no failure');
      const throttled = 'TooManyRequestsException|429|Maximum sending rate exceeded.';
      expect(await failure(send())).toBe(throttled);
      h.sandbox.clock.offsetSeconds += 3.5;
      expect(await failure(send())).toBe(throttled);
      h.sandbox.clock.offsetSeconds += 1.6;
      expect(await failure(send())).toBe('no failure');
    });

    it('counts the daily quota by recipient over a rolling day, without simulator mail', async () => {
      await patchSes({ max_24_hour_send: 3 });
      const two = { Destination: { ToAddresses: ['a@example.net', 'b@example.net'] } };
      expect(await failure(send(two))).toBe('no failure');
      expect(await failure(send(two))).toBe('TooManyRequestsException|429|Daily message quota exceeded.');
      expect(await failure(send({ Destination: { ToAddresses: ['success@simulator.amazonses.com'] } }))).toBe(
        'no failure',
      );
      expect(await failure(send())).toBe('no failure');
      h.sandbox.clock.offsetSeconds += 24 * 3600 + 11;
      ses = await h.customerSes();
      expect(await failure(send(two))).toBe('no failure');
    });

    it('accepts suppressed recipients and says what became of each', async () => {
      const { PutSuppressedDestinationCommand } = await import('@aws-sdk/client-sesv2');
      await ses.send(
        new PutSuppressedDestinationCommand({ EmailAddress: 'Blocked@example.net', Reason: 'BOUNCE' }),
      );
      await ses.send(
        new PutSuppressedDestinationCommand({ EmailAddress: 'angry@example.net', Reason: 'COMPLAINT' }),
      );
      const to = [
        'ok@example.net',
        'blocked@EXAMPLE.net',
        'angry@example.net',
        'bounce+1@simulator.amazonses.com',
        'complaint@simulator.amazonses.com',
        'suppressionlist@simulator.amazonses.com',
      ];
      await send({ Destination: { ToAddresses: to } });
      expect((await last()).outcomes).toEqual([
        { type: 'Send' },
        { type: 'Delivery', recipients: ['ok@example.net', 'complaint@simulator.amazonses.com'] },
        {
          type: 'Bounce',
          bounceType: 'Permanent',
          bounceSubType: 'General',
          recipients: ['bounce+1@simulator.amazonses.com'],
        },
        {
          type: 'Bounce',
          bounceType: 'Permanent',
          bounceSubType: 'Suppressed',
          recipients: ['suppressionlist@simulator.amazonses.com'],
        },
        {
          type: 'Bounce',
          bounceType: 'Permanent',
          bounceSubType: 'OnAccountSuppressionList',
          recipients: ['blocked@EXAMPLE.net'],
        },
        { type: 'Complaint', complaintSubType: null, recipients: ['complaint@simulator.amazonses.com'] },
        {
          type: 'Complaint',
          complaintSubType: 'OnAccountSuppressionList',
          recipients: ['angry@example.net'],
        },
      ]);
    });

    it('keeps regions apart', async () => {
      const elsewhere = h.ses(await h.assume(), 'us-east-1');
      expect(await failure(elsewhere.send(new SendEmailCommand(input())))).toMatch(
        /^MessageRejected\|400\|.* in region US-EAST-1: Shop <news@example.com>, someone@example.net$/,
      );
    });

    it('refuses the virus test string later, not now', async () => {
      const eicar = String.raw`X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`;
      await send({ Content: { Simple: { Subject: { Data: 'x' }, Body: { Text: { Data: eicar } } } } });
      expect((await last()).outcomes).toEqual([{ type: 'Send' }, { type: 'Reject', reason: 'Bad content' }]);
    });
  });

  describe('SendBulkEmail', () => {
    const bulk = (changes: Partial<SendBulkEmailCommandInput> = {}) =>
      ses.send(
        new SendBulkEmailCommand({
          FromEmailAddress: 'news@example.com',
          DefaultContent: {
            Template: {
              TemplateContent: { Subject: 'Hi {{name}}', Text: '{{name}} {{city}}' },
              TemplateData: '{"name":"you","city":"Rome"}',
            },
          },
          DefaultEmailTags: [{ Name: 'a', Value: '1' }],
          BulkEmailEntries: [
            {
              Destination: { ToAddresses: ['a@example.net'] },
              ReplacementEmailContent: { ReplacementTemplate: { ReplacementTemplateData: '{"name":"Ann"}' } },
              ReplacementTags: [{ Name: 'a', Value: '2' }],
            },
            { Destination: { ToAddresses: ['broken'] } },
            { Destination: { ToAddresses: ['c@example.net'] } },
          ],
          ...changes,
        }),
      );

    it('answers 200 with a result per entry', async () => {
      const { BulkEmailEntryResults: results } = await bulk();
      expect(results).toEqual([
        { Status: 'SUCCESS', MessageId: expect.stringMatching(/-000000$/) },
        { Status: 'INVALID_PARAMETER', Error: "Missing final '@domain'" },
        { Status: 'SUCCESS', MessageId: expect.stringMatching(/-000000$/) },
      ]);
      expect(await messages()).toMatchObject([
        { subject: 'Hi you', text: 'you Rome', tags: [{ name: 'a', value: '1' }] },
        { subject: 'Hi Ann', text: 'Ann Rome', tags: [{ name: 'a', value: '2' }] },
      ]);
    });

    it('throttles entry by entry, and fails whole for a bad From', async () => {
      await patchSes({ max_send_rate: 1 });
      const { BulkEmailEntryResults: results } = await bulk();
      expect(results?.map((result) => result.Status)).toEqual([
        'SUCCESS',
        'INVALID_PARAMETER',
        'ACCOUNT_THROTTLED',
      ]);
      expect(await failure(bulk({ FromEmailAddress: 'sender@' }))).toBe(
        'BadRequestException|400|Invalid email address<sender@>.',
      );
    });

    it('is not restricted by a condition on the From address', async () => {
      await onlyAllow(['ses:SendEmail', 'ses:SendBulkEmail'], '*', {
        StringLike: { 'ses:FromAddress': '*' },
      });
      expect(await failure(bulk())).toBe(denied('SendBulkEmail', 'identity/example.com'));
      await onlyAllow('ses:SendBulkEmail', '*', { StringLikeIfExists: { 'ses:FromAddress': 'nobody' } });
      expect(await failure(bulk())).toBe('no failure');
    });
  });
});
