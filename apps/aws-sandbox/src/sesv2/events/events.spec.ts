import {
  CreateConfigurationSetCommand,
  CreateConfigurationSetEventDestinationCommand,
  DeleteConfigurationSetCommand,
  GetSuppressedDestinationCommand,
  PutEmailIdentityConfigurationSetAttributesCommand,
  PutSuppressedDestinationCommand,
  SendBulkEmailCommand,
} from '@aws-sdk/client-sesv2';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  FeedbackFixture,
  SET,
  TOPIC_ARN,
  TOPIC_POLICY,
  type SesRecord,
} from '../../testing/feedback-fixture.js';
import { CUSTOMER, failure, Harness, REGION } from '../../testing/harness.js';
import { rawContent } from '../../testing/send-fixture.js';

const simulator = (name: string): string => `${name}@simulator.amazonses.com`;
const outcome = ({ eventType, bounce, complaint, delivery }: SesRecord): string => {
  const details = [bounce, complaint, delivery].find((item) => item !== undefined) as
    Record<string, unknown> | undefined;
  return [eventType, details?.['bounceType'], details?.['bounceSubType'], details?.['complaintSubType']]
    .filter((part) => part !== undefined)
    .join(' ');
};

describe('events of SES', () => {
  let h: Harness;
  let f: FeedbackFixture;
  beforeAll(async () => {
    h = await Harness.start();
  });
  afterAll(() => h.close());
  beforeEach(async () => {
    f = await FeedbackFixture.setUp(h);
  });

  it('begin with a test message in plain text, without a subject', async () => {
    await f.ses.send(
      new CreateConfigurationSetEventDestinationCommand({
        ConfigurationSetName: SET,
        EventDestinationName: 'topic',
        EventDestination: {
          Enabled: true,
          MatchingEventTypes: ['SEND'],
          SnsDestination: { TopicArn: TOPIC_ARN },
        },
      }),
    );
    const [envelope] = await f.envelopes();
    expect(envelope).toMatchObject({
      Type: 'Notification',
      Message: 'Successfully validated SNS topic for Amazon SES event publishing.',
    });
    expect(envelope).not.toHaveProperty('Subject');
  });

  it.each([
    ['success', ['Send', 'Delivery']],
    ['success+label', ['Send', 'Delivery']],
    ['ooto', ['Send', 'Delivery']],
    ['bounce', ['Send', 'Bounce Permanent General']],
    ['bounce+a+b', ['Send', 'Bounce Permanent General']],
    ['suppressionlist', ['Send', 'Bounce Permanent Suppressed']],
    ['complaint', ['Send', 'Delivery', 'Complaint ']],
  ])('of the mailbox simulator’s %s', async (name, expected) => {
    await f.reportToTopic();
    const messageId = await f.send(simulator(name));
    const records = await f.records();
    expect(records.map(outcome)).toEqual(expected);
    for (const record of records)
      expect(record.mail).toMatchObject({ messageId, destination: [simulator(name)] });
  });

  it('have SES’s form: mail with headers and tags, every recipient, the payload under its own key', async () => {
    await f.reportToTopic();
    const messageId = await f.send(['Ann <ann@example.net>', simulator('bounce')], {
      Destination: {
        ToAddresses: ['Ann <ann@example.net>', simulator('bounce')],
        BccAddresses: ['bob@example.net'],
      },
      ReplyToAddresses: ['help@example.com'],
    });
    const [send, delivery, bounce] = await f.records();
    const mail = {
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      source: 'Shop <news@example.com>',
      sourceArn: `arn:aws:ses:${REGION}:${CUSTOMER}:identity/example.com`,
      sendingAccountId: CUSTOMER,
      messageId,
      destination: ['ann@example.net', simulator('bounce'), 'bob@example.net'],
      headersTruncated: false,
      headers: expect.arrayContaining([{ name: 'Subject', value: 'Hi' }]),
      commonHeaders: {
        from: ['Shop <news@example.com>'],
        replyTo: ['help@example.com'],
        to: ['Ann <ann@example.net>', simulator('bounce')],
        messageId,
        subject: 'Hi',
      },
      tags: {
        'ses:operation': ['SendEmail'],
        'ses:configuration-set': [SET],
        'ses:source-ip': ['127.0.0.1'],
        'ses:from-domain': ['example.com'],
        'ses:caller-identity': ['Sender'],
        email_id: ['e-1'],
      },
    };
    expect(send).toEqual({ eventType: 'Send', mail, send: {} });
    expect(delivery).toEqual({
      eventType: 'Delivery',
      mail: { ...mail, tags: { ...mail.tags, 'ses:outgoing-ip': ['203.0.113.25'] } },
      delivery: {
        timestamp: expect.any(String),
        processingTimeMillis: expect.any(Number),
        recipients: ['ann@example.net', 'bob@example.net'],
        smtpResponse: '250 2.6.0 Message received',
        remoteMtaIp: expect.any(String),
        reportingMTA: expect.any(String),
      },
    });
    expect(bounce).toEqual({
      eventType: 'Bounce',
      mail,
      bounce: {
        feedbackId: expect.stringMatching(/-000000$/),
        bounceType: 'Permanent',
        bounceSubType: 'General',
        bouncedRecipients: [
          {
            emailAddress: simulator('bounce'),
            action: 'failed',
            status: '5.1.1',
            diagnosticCode: 'smtp; 550 5.1.1 user unknown',
          },
        ],
        timestamp: expect.any(String),
        reportingMTA: expect.any(String),
      },
    });
  });

  it('tell raw and bulk mail apart by the operation, and show raw headers', async () => {
    await f.reportToTopic(['SEND']);
    await f.send(
      'a@example.net',
      rawContent('From: n@example.com\nTo: a@example.net\nSubject: Raw\nX-One: 1\n\nHi'),
    );
    await f.ses.send(
      new SendBulkEmailCommand({
        FromEmailAddress: 'n@example.com',
        ConfigurationSetName: SET,
        DefaultContent: { Template: { TemplateContent: { Subject: 'S', Text: 'T' }, TemplateData: '{}' } },
        BulkEmailEntries: [{ Destination: { ToAddresses: ['b@example.net'] } }],
      }),
    );
    const [raw, bulk] = await f.records();
    expect(raw?.mail).toMatchObject({
      headers: expect.arrayContaining([{ name: 'X-One', value: '1' }]),
      commonHeaders: { subject: 'Raw' },
      tags: { 'ses:operation': ['SendRawEmail'] },
    });
    expect(bulk?.mail.tags['ses:operation']).toEqual(['SendBulkEmail']);
  });

  it('report a missing variable under “failure” and a virus as Reject', async () => {
    await f.reportToTopic();
    await f.send('a@example.net', {
      Content: { Template: { TemplateContent: { Subject: '{{x}}', Text: 't' }, TemplateData: '{}' } },
    });
    const eicar = 'X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*';
    await f.send('a@example.net', {
      Content: { Simple: { Subject: { Data: 's' }, Body: { Text: { Data: eicar } } } },
    });
    const [failed, send, reject] = await f.records();
    expect(failed).toMatchObject({
      eventType: 'Rendering Failure',
      failure: { errorMessage: "Attribute 'x' is not present in the rendering data." },
    });
    expect(failed?.mail).not.toHaveProperty('headers');
    expect([send?.eventType, reject]).toMatchObject([
      'Send',
      { eventType: 'Reject', reject: { reason: 'Bad content' } },
    ]);
  });

  it('come only for the types a destination wants, and only when it is enabled', async () => {
    await f.reportToTopic(['BOUNCE']);
    await f.send([simulator('success'), simulator('bounce')]);
    await f.send('a@example.net', { ConfigurationSetName: undefined });
    expect((await f.records()).map(outcome)).toEqual(['Bounce Permanent General']);
  });

  it('follow the identity’s default configuration set, whose deletion breaks sending', async () => {
    await f.reportToTopic(['SEND']);
    await f.ses.send(
      new PutEmailIdentityConfigurationSetAttributesCommand({
        EmailIdentity: 'example.com',
        ConfigurationSetName: SET,
      }),
    );
    await f.send('a@example.net', { ConfigurationSetName: undefined });
    expect(await f.records()).toHaveLength(1);
    await f.ses.send(new DeleteConfigurationSetCommand({ ConfigurationSetName: SET }));
    expect(await failure(f.send('a@example.net', { ConfigurationSetName: undefined }))).toBe(
      'BadRequestException|400|Configuration set <main> does not exist.',
    );
    expect(await failure(f.send())).toBe('NotFoundException|404|Configuration set <main> does not exist.');
  });

  it('report suppressed recipients: a bounce, or a complaint where that was the reason', async () => {
    await f.reportToTopic();
    for (const [EmailAddress, Reason] of [
      ['gone@example.net', 'BOUNCE'],
      ['angry@example.net', 'COMPLAINT'],
    ] as const)
      await f.ses.send(new PutSuppressedDestinationCommand({ EmailAddress, Reason }));
    await f.send(['GONE@example.net', 'angry@example.net']);
    const records = await f.records();
    expect(records.map(outcome)).toEqual([
      'Send',
      'Bounce Permanent OnAccountSuppressionList',
      'Complaint OnAccountSuppressionList',
    ]);
    expect(records[2]).not.toHaveProperty('complaint.complaintFeedbackType');
  });

  it.each<[string, object, object]>([
    ['open', {}, { eventType: 'Open', open: { ipAddress: '192.0.2.44', userAgent: expect.any(String) } }],
    [
      'click',
      { link: 'https://shop.example/x', user_agent: 'Bot/1', link_tags: { k: ['v'] } },
      {
        eventType: 'Click',
        click: { link: 'https://shop.example/x', linkTags: { k: ['v'] }, userAgent: 'Bot/1' },
      },
    ],
    [
      'events',
      { type: 'DELIVERY_DELAY', delay_type: 'MailboxFull' },
      { eventType: 'DeliveryDelay', deliveryDelay: { delayType: 'MailboxFull' } },
    ],
    [
      'events',
      { type: 'SUBSCRIPTION', contact_list: 'c' },
      { eventType: 'Subscription', subscription: { contactList: 'c', source: 'UnsubscribeHeader' } },
    ],
    [
      'events',
      { type: 'COMPLAINT', complaint_feedback_type: 'not-spam', timestamp: '2026-01-02T03:04:05Z' },
      {
        eventType: 'Complaint',
        complaint: { complaintFeedbackType: 'not-spam', timestamp: '2026-01-02T03:04:05.000Z' },
      },
    ],
  ])('can be brought about afterwards: %s %j', async (path, body, expected) => {
    await f.reportToTopic();
    const messageId = await f.send('ann@example.net');
    await f.records();
    expect(await h.adminOk('POST', `/messages/${messageId}/${path}`, body)).toMatchObject({ published: 1 });
    expect(await f.records()).toMatchObject([{ mail: { messageId }, ...expected }]);
  });

  it('can be anything: types to come, foreign records', async () => {
    await f.reportToTopic(['SEND']);
    const messageId = await f.send();
    await f.records();
    const record = { eventType: 'Brand New', mail: { messageId }, brandNew: { a: 1 } };
    await h.adminOk('POST', `/messages/${messageId}/events`, { type: 'RAW', record });
    expect(await f.records()).toEqual([record]);
  });

  it('put a hard bounce on the account’s suppression list, never a simulator’s', async () => {
    await f.reportToTopic(['BOUNCE']);
    const messageId = await f.send(['ann@example.net', simulator('success')]);
    await h.adminOk('POST', `/messages/${messageId}/events`, { type: 'BOUNCE' });
    const get = (EmailAddress: string) =>
      failure(f.ses.send(new GetSuppressedDestinationCommand({ EmailAddress })));
    expect(await get('ann@example.net')).toBe('no failure');
    expect(await get(simulator('success'))).toMatch(/^NotFoundException/);
    expect(
      await h.admin('POST', `/messages/${messageId}/events`, { type: 'BOUNCE', recipients: ['x@y.z'] }),
    ).toEqual({
      status: 400,
      body: { error: 'x@y.z is not a recipient of this message', field: 'recipients' },
    });
  });

  it('need a topic that exists and lets SES publish for this very configuration set', async () => {
    const create = (TopicArn: string) =>
      failure(
        f.ses.send(
          new CreateConfigurationSetEventDestinationCommand({
            ConfigurationSetName: SET,
            EventDestinationName: 'd',
            EventDestination: { Enabled: true, MatchingEventTypes: ['SEND'], SnsDestination: { TopicArn } },
          }),
        ),
      );
    expect(await create(`${TOPIC_ARN}x`)).toBe(
      `BadRequestException|400|SNS topic <${TOPIC_ARN}x> not found.`,
    );
    const refused = `BadRequestException|400|Could not publish message to SNS topic <${TOPIC_ARN}>.`;
    for (const policy of [
      TOPIC_POLICY.replace(`configuration-set/${SET}`, 'configuration-set/other'),
      TOPIC_POLICY.replace(`"${CUSTOMER}"`, '"999999999999"'),
      TOPIC_POLICY.replace('ses.amazonaws.com', 'sns.amazonaws.com'),
      TOPIC_POLICY.replace('"Allow"', '"Deny"'),
    ]) {
      await f.setTopic('Policy', policy);
      expect(await create(TOPIC_ARN)).toBe(refused);
    }
    await f.setTopic('Policy', TOPIC_POLICY);
    expect(await create(TOPIC_ARN)).toBe('no failure');
  });

  it('are dropped without a word once the topic no longer lets SES in', async () => {
    await f.reportToTopic();
    await f.setTopic('Policy', TOPIC_POLICY.replace('ses.amazonaws.com', 'other.amazonaws.com'));
    await f.send();
    expect(await f.records()).toEqual([]);
  });

  it('cut headers at 10 KB', async () => {
    await f.reportToTopic(['SEND']);
    const Headers = Array.from({ length: 14 }, (_, i) => ({ Name: `X-${i}`, Value: 'v'.repeat(900) }));
    await f.send('a@example.net', {
      Content: { Simple: { Subject: { Data: 's' }, Body: { Text: { Data: 't' } }, Headers } },
    });
    const [record] = await f.records();
    expect(record?.mail['headersTruncated']).toBe(true);
  });

  it('of another set go elsewhere', async () => {
    await f.reportToTopic(['SEND']);
    await f.ses.send(new CreateConfigurationSetCommand({ ConfigurationSetName: 'silent' }));
    await f.send('a@example.net', { ConfigurationSetName: 'silent' });
    expect(await f.records()).toEqual([]);
  });
});
