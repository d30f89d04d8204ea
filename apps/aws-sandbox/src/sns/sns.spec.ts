import { createVerify, X509Certificate } from 'node:crypto';
import * as sdk from '@aws-sdk/client-sns';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startEndpoint, type Endpoint } from '../testing/endpoint.js';
import { FeedbackFixture, QUEUE_ARN, QUEUE_POLICY, TOPIC_ARN } from '../testing/feedback-fixture.js';
import { CUSTOMER, failure, Harness, REGION, statement } from '../testing/harness.js';

type Envelope = Record<string, string>;

describe('SNS', () => {
  let h: Harness;
  let f: FeedbackFixture;
  let endpoint: Endpoint;
  beforeAll(async () => {
    h = await Harness.start();
  });
  afterAll(() => h.close());
  beforeEach(async () => {
    f = await FeedbackFixture.setUp(h);
    endpoint = await startEndpoint();
  });
  afterEach(() => endpoint.close());

  const subscribe = async (path = '/hook', attributes: Record<string, string> = {}): Promise<string> => {
    const { SubscriptionArn = '' } = await f.sns.send(
      new sdk.SubscribeCommand({
        TopicArn: TOPIC_ARN,
        Protocol: 'http',
        Endpoint: `${endpoint.url}${path}`,
        Attributes: attributes,
        ReturnSubscriptionArn: true,
      }),
    );
    await f.flush();
    return SubscriptionArn;
  };
  const bodies = (): Envelope[] => endpoint.requests.map(({ body }) => JSON.parse(body) as Envelope);
  const confirm = async (): Promise<void> => {
    const Token = bodies().at(-1)?.['Token'];
    await f.sns.send(new sdk.ConfirmSubscriptionCommand({ TopicArn: TOPIC_ARN, Token }));
    endpoint.requests.length = 0;
  };
  const publish = async (Message = 'hello', Subject?: string): Promise<string> => {
    const { MessageId = '' } = await f.sns.send(
      new sdk.PublishCommand({ TopicArn: TOPIC_ARN, Message, Subject }),
    );
    await f.flush();
    return MessageId;
  };
  const deliveries = (): Promise<Record<string, unknown>[]> => h.adminOk('GET', '/deliveries');

  /** As a subscriber verifies: the certificate is fetched from the sandbox at the path of its AWS address. */
  const verify = async (message: Envelope): Promise<boolean> => {
    const url = new URL(message['SigningCertURL'] ?? '');
    expect(url.origin).toBe(`https://sns.${REGION}.amazonaws.com`);
    const pem = await (await fetch(`${h.url}${url.pathname}`)).text();
    const keys =
      message['Type'] === 'Notification'
        ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
        : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
    const verifier = createVerify(message['SignatureVersion'] === '1' ? 'RSA-SHA1' : 'RSA-SHA256');
    for (const key of keys) if (message[key] !== undefined) verifier.update(`${key}\n${message[key]}\n`);
    return verifier.verify(new X509Certificate(pem).publicKey, message['Signature'] ?? '', 'base64');
  };

  it('asks an endpoint to confirm and delivers from then on, signed, as text/plain', async () => {
    const arn = await subscribe();
    expect(endpoint.requests[0]).toMatchObject({
      method: 'POST',
      path: '/hook',
      headers: {
        'x-amz-sns-message-type': 'SubscriptionConfirmation',
        'x-amz-sns-topic-arn': TOPIC_ARN,
        'content-type': 'text/plain; charset=UTF-8',
        'user-agent': 'Amazon Simple Notification Service Agent',
      },
    });
    expect(endpoint.requests[0]?.headers).not.toHaveProperty('x-amz-sns-subscription-arn');
    const [asked] = bodies();
    expect(asked).toMatchObject({
      Type: 'SubscriptionConfirmation',
      Message: `You have chosen to subscribe to the topic ${TOPIC_ARN}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`,
      SubscribeURL: `https://sns.${REGION}.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${TOPIC_ARN}&Token=${asked?.['Token']}`,
    });
    expect(await verify(asked ?? {})).toBe(true);
    await publish('too early');
    expect(endpoint.requests).toHaveLength(1);

    await confirm();
    const messageId = await publish('hällo\n✉', 'A subject');
    expect(endpoint.requests[0]?.headers).toMatchObject({
      'x-amz-sns-message-type': 'Notification',
      'x-amz-sns-message-id': messageId,
      'x-amz-sns-subscription-arn': arn,
    });
    const [message] = bodies();
    expect(message).toEqual({
      Type: 'Notification',
      MessageId: messageId,
      TopicArn: TOPIC_ARN,
      Subject: 'A subject',
      Message: 'hällo\n✉',
      Timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      SignatureVersion: '1',
      Signature: expect.any(String),
      SigningCertURL: expect.stringMatching(/\/SimpleNotificationService-[0-9a-f]{32}\.pem$/),
      UnsubscribeURL: `https://sns.${REGION}.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=${arn}`,
    });
    expect(await verify(message ?? {})).toBe(true);
  });

  it('signs with version 2 once the topic says so', async () => {
    await f.setTopic('SignatureVersion', '2');
    await subscribe();
    await confirm();
    await publish();
    const [message] = bodies();
    expect(message?.['SignatureVersion']).toBe('2');
    expect(await verify(message ?? {})).toBe(true);
    expect(await verify({ ...message, Message: 'forged' })).toBe(false);
    expect(await failure(f.setTopic('SignatureVersion', '3'))).toBe(
      'InvalidParameterException|400|Invalid parameter: SignatureVersion',
    );
  });

  it('tries 5xx again with the same id, gives up after the retries, and never repeats a 4xx', async () => {
    await h.adminOk('PATCH', '/settings', { delivery_retry_ms: 3_600_000 });
    await subscribe();
    await confirm();
    endpoint.answers.push(503, 500);
    await publish();
    expect(new Set(bodies().map(({ MessageId }) => MessageId)).size).toBe(1);
    expect(endpoint.requests).toHaveLength(3);
    endpoint.requests.length = 0;
    endpoint.answers.push(500, 500, 500, 500, 500);
    await publish();
    expect(endpoint.requests).toHaveLength(4);
    endpoint.requests.length = 0;
    endpoint.answers.length = 0;
    endpoint.answers.push(403);
    await publish();
    expect(endpoint.requests).toHaveLength(1);
    expect((await deliveries()).at(-1)).toMatchObject({ outcome: 'failed', http_status: 403, attempt: 1 });
  });

  it('follows the delivery policy and hands the hopeless to the dead-letter queue', async () => {
    const arn = await subscribe('/hook', { DeliveryPolicy: '{"healthyRetryPolicy":{"numRetries":1}}' });
    await confirm();
    await f.sns.send(
      new sdk.SetSubscriptionAttributesCommand({
        SubscriptionArn: arn,
        AttributeName: 'RedrivePolicy',
        AttributeValue: JSON.stringify({ deadLetterTargetArn: QUEUE_ARN }),
      }),
    );
    await f.receiveAll();
    endpoint.answers.push(500, 500, 500);
    const messageId = await publish();
    expect(endpoint.requests).toHaveLength(2);
    expect((await deliveries()).map(({ outcome }) => outcome).slice(-3)).toEqual([
      'failed',
      'failed',
      'dead_letter',
    ]);
    // Once as a subscriber, once as a dead-letter queue.
    expect((await f.envelopes()).map(({ MessageId }) => MessageId)).toEqual([messageId, messageId]);
  });

  it('delivers raw to who wants it: no envelope, no signature', async () => {
    await subscribe('/raw', { RawMessageDelivery: 'true' });
    await confirm();
    await publish('{"a":1}');
    expect(endpoint.requests[0]).toMatchObject({
      body: '{"a":1}',
      headers: { 'x-amz-sns-rawdelivery': 'true' },
    });
  });

  it('lets the links in messages work without a signature', async () => {
    const arn = await subscribe();
    const [asked] = bodies();
    const open = (url = '') => fetch(url.replace(/^https:\/\/[^/]+/, h.url));
    expect(await (await open(asked?.['SubscribeURL'])).text()).toContain(`<SubscriptionArn>${arn}`);
    endpoint.requests.length = 0;
    await publish();
    expect((await open(bodies()[0]?.['UnsubscribeURL'])).status).toBe(200);
    await f.flush();
    const gone = bodies().at(-1);
    expect(gone).toMatchObject({
      Type: 'UnsubscribeConfirmation',
      Message: expect.stringContaining(`deactivate subscription ${arn}.\n`),
    });
    expect(await verify(gone ?? {})).toBe(true);
    endpoint.requests.length = 0;
    await publish();
    expect(endpoint.requests).toEqual([]);
    expect((await fetch(`${h.url}/?Action=ListTopics&Version=2010-03-31`)).status).toBe(403);
  });

  it('needs the right token', async () => {
    await subscribe();
    const token = bodies()[0]?.['Token'] ?? '';
    const attempt = (TopicArn: string, Token: string) =>
      failure(f.sns.send(new sdk.ConfirmSubscriptionCommand({ TopicArn, Token })));
    const wrong = (text: string) => `InvalidParameterException|400|Invalid parameter: ${text}`;
    expect(await attempt(TOPIC_ARN, 'x')).toBe(wrong('Token Reason: Invalid token'));
    expect(
      await attempt(
        TOPIC_ARN,
        token.replace(/.$/, (c) => (c === '0' ? '1' : '0')),
      ),
    ).toBe(wrong('Token'));
    expect(await attempt(TOPIC_ARN.replace(REGION, 'us-east-1'), token)).toBe(wrong('Topic'));
    h.sandbox.clock.offsetSeconds += 3 * 24 * 3600 + 1;
    const later = h.sns(await h.assume());
    expect(
      await failure(later.send(new sdk.ConfirmSubscriptionCommand({ TopicArn: TOPIC_ARN, Token: token }))),
    ).toBe(wrong('Token'));
  });

  it('delivers to a queue only what the queue’s policy allows for this topic', async () => {
    const refusing = [
      QUEUE_POLICY.replace(':feedback"}}', ':other"}}'),
      QUEUE_POLICY.replace('sns.amazonaws.com', 'ses.amazonaws.com'),
    ];
    for (const [i, policy] of refusing.entries()) {
      const Endpoint = `${QUEUE_ARN}-${i}`;
      await f.sqs.send(
        new CreateQueueCommand({
          QueueName: `feedback-${i}`,
          Attributes: { Policy: policy.replaceAll(QUEUE_ARN, Endpoint) },
        }),
      );
      await f.sns.send(new sdk.SubscribeCommand({ TopicArn: TOPIC_ARN, Protocol: 'sqs', Endpoint }));
    }
    await publish();
    expect((await deliveries()).map(({ target, outcome, reason }) => [target, outcome, reason])).toEqual([
      [QUEUE_ARN, 'delivered', null],
      [`${QUEUE_ARN}-0`, 'denied', 'queue policy'],
      [`${QUEUE_ARN}-1`, 'denied', 'queue policy'],
    ]);
  });

  it('creates topics and subscriptions idempotently, and shows them', async () => {
    const create = (Attributes?: Record<string, string>) =>
      f.sns.send(new sdk.CreateTopicCommand({ Name: 'feedback', Attributes }));
    expect((await create()).TopicArn).toBe(TOPIC_ARN);
    expect(await failure(create({ DisplayName: 'x' }))).toBe(
      'InvalidParameterException|400|Invalid parameter: Attributes Reason: Topic already exists with different attributes',
    );
    const arn = await subscribe();
    expect(await subscribe()).toBe(arn);
    expect(endpoint.requests).toHaveLength(2);
    const { Subscriptions } = await f.sns.send(
      new sdk.ListSubscriptionsByTopicCommand({ TopicArn: TOPIC_ARN }),
    );
    expect(Subscriptions).toMatchObject([
      { Protocol: 'sqs', Endpoint: QUEUE_ARN, Owner: CUSTOMER },
      { Protocol: 'http', SubscriptionArn: 'PendingConfirmation' },
    ]);
    expect(
      (await f.sns.send(new sdk.GetSubscriptionAttributesCommand({ SubscriptionArn: arn }))).Attributes,
    ).toMatchObject({ PendingConfirmation: 'true', RawMessageDelivery: 'false' });
    const { Attributes } = await f.sns.send(new sdk.GetTopicAttributesCommand({ TopicArn: TOPIC_ARN }));
    expect(Attributes).toMatchObject({
      Owner: CUSTOMER,
      SubscriptionsConfirmed: '1',
      SubscriptionsPending: '1',
      Policy: expect.stringContaining('ses.amazonaws.com'),
    });
    expect((await f.sns.send(new sdk.ListTopicsCommand({}))).Topics).toEqual([{ TopicArn: TOPIC_ARN }]);
    await f.sns.send(new sdk.UnsubscribeCommand({ SubscriptionArn: arn }));
    await f.sns.send(new sdk.DeleteTopicCommand({ TopicArn: TOPIC_ARN }));
    await f.sns.send(new sdk.DeleteTopicCommand({ TopicArn: TOPIC_ARN }));
    expect(await failure(publish())).toBe('NotFoundException|404|Topic does not exist');
  });

  it.each([
    [
      'an unknown protocol',
      { Protocol: 'smoke', Endpoint: 'x' },
      'Does not support this protocol string: smoke',
    ],
    [
      'another protocol',
      { Protocol: 'https', Endpoint: 'http://x.org' },
      'Endpoint must match the specified protocol',
    ],
    [
      'a foreign http address',
      { Protocol: 'http', Endpoint: 'http://x.org' },
      'Endpoint Reason: the sandbox calls http:// endpoints on this machine only',
    ],
    ['no queue ARN', { Protocol: 'sqs', Endpoint: 'https://x.org' }, 'SQS endpoint ARN'],
  ])('refuses to subscribe %s', async (_name, input, text) => {
    expect(await failure(f.sns.send(new sdk.SubscribeCommand({ TopicArn: TOPIC_ARN, ...input })))).toBe(
      `InvalidParameterException|400|Invalid parameter: ${text}`,
    );
  });

  it('authorises by topic and condition keys; subscriptions have no resource of their own', async () => {
    const denied = (action: string, resource: string) =>
      `AuthorizationErrorException|403|User: arn:aws:sts::${CUSTOMER}:assumed-role/Sender/test is not authorized to perform: SNS:${action} on resource: ${resource} because no identity-based policy allows the SNS:${action} action`;
    await h.putRole({
      policies: {
        a: statement('sns:*', 'arn:aws:sns:*:*:feedback', {
          StringLikeIfExists: { 'sns:Endpoint': 'https://ok.example/*' },
        }),
      },
    });
    expect(await failure(f.sns.send(new sdk.CreateTopicCommand({ Name: 'other' })))).toBe(
      denied('CreateTopic', TOPIC_ARN.replace('feedback', 'other')),
    );
    const attempt = (Endpoint: string) =>
      failure(f.sns.send(new sdk.SubscribeCommand({ TopicArn: TOPIC_ARN, Protocol: 'https', Endpoint })));
    expect(await attempt('https://evil.example/x')).toBe(denied('Subscribe', TOPIC_ARN));
    expect(await attempt('https://ok.example/x')).toBe('no failure');
    const SubscriptionArn = `${TOPIC_ARN}:11111111-2222-3333-4444-555555555555`;
    expect(await failure(f.sns.send(new sdk.UnsubscribeCommand({ SubscriptionArn })))).toBe(
      denied('Unsubscribe', '*'),
    );
    await h.adminOk('POST', '/events/flush');
  });

  it('opens a topic to another account when both sides allow it', async () => {
    const other = '999999999999';
    await h.putRole({ account: other, policies: { a: statement('sns:*') } });
    const sns = h.sns(await h.assume({ RoleArn: `arn:aws:iam::${other}:role/Sender` }));
    const attempt = () => failure(sns.send(new sdk.PublishCommand({ TopicArn: TOPIC_ARN, Message: 'm' })));
    expect(await attempt()).toMatch(/because no resource-based policy allows the SNS:Publish action$/);
    await f.setTopic(
      'Policy',
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { AWS: other }, Action: 'SNS:Publish', Resource: TOPIC_ARN },
        ],
      }),
    );
    expect(await attempt()).toBe('no failure');
  });

  it('refuses policies that are none', async () => {
    const set = (policy: string) => failure(f.setTopic('Policy', policy));
    const error = (text: string) => `InvalidParameterException|400|Invalid parameter: Policy Error: ${text}`;
    expect(await set('{')).toBe(error('This policy contains invalid Json'));
    expect(await set(QUEUE_POLICY)).toBe(error('Policy statement action out of service scope!'));
    expect(await set(JSON.stringify(statement('sns:Publish')))).toBe(
      error('Missing required field Principal'),
    );
  });

  it('writes down who fetched the certificate', async () => {
    expect((await fetch(`${h.url}/SimpleNotificationService-${'0'.repeat(32)}.pem`)).status).toBe(404);
    expect(await h.adminOk('GET', '/calls?service=sns&action=GetSigningCertificate')).toMatchObject([
      { http_status: 404 },
    ]);
  });
});
