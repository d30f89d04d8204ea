import { createHash, createPrivateKey, randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { signFields, snsSigner, type SignedFields } from '../../apps/aws-sandbox/src/sns/signing.js';
import { delivery } from '../support/ses-records.js';
import { Customer, customerAccount, region } from '../support/customer.js';
import { startStack, type Stack } from '../support/stack.js';
import { until } from '../support/until.js';

/** What SNS, and others, post to a connection's URL. */
describe('the intake of SNS', () => {
  let stack: Stack;
  let customer: Customer;
  let database: pg.Client;
  let connectionId: string;
  let token: string;
  let secret: string;
  let emailId: string;
  const topicArn = `arn:aws:sns:${region}:${customerAccount}:feedback`;
  const signer = snsSigner();
  const certificateUrl = `https://sns.${region}.amazonaws.com${signer.certificatePath}`;

  beforeAll(async () => {
    stack = await startStack();
    database = new pg.Client({ connectionString: stack.databaseUrl });
    await database.connect();
    customer = await Customer.create(stack);
    connectionId = (await customer.connect()).id;
  }, 120_000);
  afterAll(async () => {
    await database?.end();
    await stack?.close();
  }, 60_000);

  /** Where a connection's events come in, as a set-up would have left it. */
  const source = async (
    mode: 'sns' | 'eventbridge',
    status = 'active',
    topic: string | null = topicArn,
    isManaged = true,
  ) => {
    [token, secret] = [randomBytes(32).toString('base64url'), randomBytes(32).toString('base64url')];
    const hash = (text: string) => createHash('sha256').update(text).digest();
    await database.query('DELETE FROM feedback_sources');
    await database.query(
      `INSERT INTO feedback_sources (connection_id, project_id, mode, status, region, topic_arn, token_hash, secret_hash, managed)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [connectionId, customer.projectId, mode, status, region, topic, hash(token), hash(secret), isManaged],
    );
  };

  beforeEach(async () => {
    await source('sns');
    emailId = await customer.send();
    await customer.untilEmail(emailId, 'sent');
    await customer.admin('DELETE', '/calls');
  });

  const fieldsOf = (fields: Partial<SignedFields> = {}): SignedFields => ({
    Type: 'Notification',
    MessageId: randomUUID(),
    TopicArn: topicArn,
    Subject: 'Amazon SES Email Event Notification',
    Message: JSON.stringify(
      delivery({
        emailId,
        destination: ['success@simulator.amazonses.com'],
        timestamp: new Date().toISOString(),
      }),
    ),
    Timestamp: new Date().toISOString(),
    ...fields,
  });
  const signed = (fields: Partial<SignedFields> = {}, others: object = {}): Record<string, unknown> => {
    const whole = fieldsOf(fields);
    return {
      ...whole,
      SignatureVersion: '2',
      Signature: signFields(
        whole,
        '2',
        createPrivateKey(signer.key.export({ type: 'pkcs8', format: 'pem' })),
      ),
      SigningCertURL: certificateUrl,
      ...others,
    };
  };
  const post = async (body: unknown, headers: Record<string, string> = {}, to = `/feedback/sns/${token}`) => {
    const answer = await fetch(stack.api + to, {
      method: 'POST',
      headers: { 'content-type': 'text/plain; charset=UTF-8', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const fetched = () => customer.admin<object[]>('GET', '/calls?service=sns');
  const stored = async () => {
    const { rows } = await database.query<{ count: number }>(
      `SELECT (SELECT count(*) FROM event_inbox)::int + (SELECT count(*) FROM event_receipts)::int
         + (SELECT count(*) FROM event_rejects)::int + (SELECT count(*) FROM events WHERE type = 'delivered')::int AS count`,
    );
    return rows[0]?.count;
  };

  it.each(['1', '2'] as const)(
    'takes a message with signature version %s from a topic that a customer made, and the email follows',
    async (version) => {
      await source('sns', 'active', topicArn, false);
      const fields = fieldsOf();
      const message = {
        ...fields,
        SignatureVersion: version,
        Signature: signFields(fields, version, signer.key),
        SigningCertURL: certificateUrl,
      };
      expect(await post(message)).toMatchObject({ status: 200, body: { taken: 'stored' } });
      const email = await customer.untilEmail(emailId, 'delivered');
      expect(email['last_event']).toBe('delivered');
      expect(email['recipients']).toMatchObject([
        { email: 'success@simulator.amazonses.com', status: 'delivered' },
      ]);
      // SNS repeats what it is not sure of, with the same id: answered as before, stored no more.
      const before = await stored();
      expect(await post(message)).toMatchObject({ status: 200, body: { taken: 'known' } });
      expect(await stored()).toBe(before);
    },
  );

  it('takes no signature of version 1 any more once a topic has signed with version 2', async () => {
    await source('sns', 'active', topicArn, false);
    const old = () => {
      const fields = fieldsOf();
      return signed(fields, { SignatureVersion: '1', Signature: signFields(fields, '1', signer.key) });
    };
    expect(await post(old())).toMatchObject({ status: 200, body: { taken: 'stored' } });
    expect(await post(signed())).toMatchObject({ status: 200 });
    const before = await stored();
    expect(await post(old())).toMatchObject({ status: 403, body: { name: expect.any(String) } });
    expect(await stored()).toBe(before);
    expect(await post(signed())).toMatchObject({ status: 200 });
  });

  it('takes no signature of version 1 from a topic that we made', async () => {
    const fields = fieldsOf();
    const old = signed(fields, { SignatureVersion: '1', Signature: signFields(fields, '1', signer.key) });
    const answer = await post(old);
    expect(answer.status).toBe(403);
    expect(answer.body['message']).toContain('signed with version 1 (SHA-1)');
    expect(await fetched()).toEqual([]);
  });

  it('takes JSON that says so', async () => {
    expect(await post(signed(), { 'content-type': 'application/json' })).toMatchObject({
      status: 200,
      body: { taken: 'stored' },
    });
    await customer.untilEmail(emailId, 'delivered');
  });

  it('answers the plain text with which SES tries a topic', async () => {
    const text = 'Successfully validated SNS topic for Amazon SES event publishing.';
    const before = await stored();
    expect(await post(signed({ Message: text, Subject: undefined }))).toMatchObject({
      status: 200,
      body: { taken: 'ignored' },
    });
    expect(await stored()).toBe(before);
  });

  describe('refuses, stores nothing and fetches nothing:', () => {
    const other = `arn:aws:sns:${region}:${customerAccount}:other`;
    const elsewhere = `https://sns.us-east-1.amazonaws.com${signer.certificatePath}`;
    it.each<[string, () => unknown, number, Record<string, string>?]>([
      ['no JSON', () => '{', 400],
      ['an empty body', () => '', 400],
      ['another JSON', () => ({ hello: 'world' }), 400],
      ['an unknown type', () => signed({}, { Type: 'Invitation' }), 400],
      ['an unknown version of the signature', () => signed({}, { SignatureVersion: '9' }), 400],
      ['a message without a signature', () => signed({}, { Signature: undefined }), 400],
      ['the topic of somebody else, rightly signed', () => signed({ TopicArn: other }), 403],
      [
        'the topic of another account, rightly signed',
        () => signed({ TopicArn: topicArn.replace(customerAccount, '999988887777') }),
        403,
      ],
      ['a certificate of another region', () => signed({}, { SigningCertURL: elsewhere }), 403],
      [
        'a certificate of another host',
        () => signed({}, { SigningCertURL: `${stack.sandbox.url}${signer.certificatePath}` }),
        403,
      ],
      [
        'a certificate of a bucket',
        () => signed({}, { SigningCertURL: `https://evil.s3.amazonaws.com${signer.certificatePath}` }),
        403,
      ],
      ['raw delivery', () => fieldsOf().Message, 403, { 'x-amz-sns-rawdelivery': 'true' }],
    ])('%s', async (_, body, status, headers = {}) => {
      const before = await stored();
      expect((await post(body(), headers)).status).toBe(status);
      expect(await fetched()).toEqual([]);
      expect(await stored()).toBe(before);
      expect((await customer.api('GET', `/emails/${emailId}`)).body['status']).toBe('sent');
    });

    it('a URL that is nobody’s, or whose events come another way', async () => {
      const unknown = await post(signed(), {}, `/feedback/sns/${randomBytes(32).toString('base64url')}`);
      expect(unknown).toMatchObject({ status: 404, body: { name: 'not_found' } });
      await source('eventbridge');
      expect((await post(signed())).status).toBe(404);
      await source('sns', 'removing');
      expect((await post(signed())).status).toBe(404);
      await source('sns', 'setting_up', null);
      expect((await post(signed())).status).toBe(403);
      expect(await fetched()).toEqual([]);
    });
  });

  it.each<[string, () => unknown]>([
    ['a forged event', () => ({ ...signed(), Message: fieldsOf().Message.replace('Delivery', 'Bounce') })],
    ['a signature of another message', () => ({ ...signed(), MessageId: randomUUID() })],
    [
      'a message of yesterday, played again',
      () => signed({ Timestamp: new Date(Date.now() - 25 * 3600_000).toISOString() }),
    ],
    ['a message of tomorrow', () => signed({ Timestamp: new Date(Date.now() + 3 * 3600_000).toISOString() })],
    [
      'a certificate that SNS does not have',
      () => signed({}, { SigningCertURL: certificateUrl.replace(/-[0-9a-f]{4}/, '-0000') }),
    ],
    ['a confirmation of two hours ago', () => signed(confirmation(new Date(Date.now() - 2 * 3600_000)))],
  ])('refuses %s and stores nothing', async (_, body) => {
    const before = await stored();
    expect((await post(body())).status).toBe(403);
    expect(await stored()).toBe(before);
  });

  it('drops events of mail of another tenant, and says that they came', async () => {
    const stranger = await Customer.create(stack, '555566667777', 'stranger.example');
    await stranger.connect('Stranger');
    const theirs = await stranger.send();
    await stranger.untilEmail(theirs, 'sent');
    const Message = JSON.stringify(delivery({ emailId: theirs, timestamp: new Date().toISOString() }));
    expect(await post(signed({ Message }))).toMatchObject({ status: 200 });
    await until('it to be counted', async () => {
      const { rows } = await database.query<{ foreign_events: string }>(
        'SELECT foreign_events FROM feedback_sources',
      );
      return Number(rows[0]?.foreign_events) === 1;
    });
    expect((await stranger.api('GET', `/emails/${theirs}`)).body).toMatchObject({ status: 'sent' });
  });

  it('refuses a body over 512 KB', async () => {
    expect((await post(signed({ Message: `{"x":"${'x'.repeat(600_000)}"}` }))).status).toBe(413);
  });

  const confirmation = (at = new Date()): Partial<SignedFields> => ({
    Type: 'SubscriptionConfirmation',
    Token: '2336412f37',
    Subject: undefined,
    Message: `You have chosen to subscribe to the topic ${topicArn}.`,
    SubscribeURL: 'http://169.254.169.254/latest/meta-data/',
    Timestamp: at.toISOString(),
  });

  it('keeps what a subscription is confirmed with only while a set-up waits for it', async () => {
    const kept = async () =>
      (
        await database.query<{ confirmation_token: string | null }>(
          'SELECT confirmation_token FROM feedback_sources',
        )
      ).rows[0]?.confirmation_token;
    expect(await post(signed(confirmation()))).toMatchObject({ status: 200, body: { taken: 'ignored' } });
    expect(await kept()).toBeNull();
  });

  it('shows that a subscription was ended', async () => {
    expect(await post(signed({ ...confirmation(), Type: 'UnsubscribeConfirmation' }))).toMatchObject({
      status: 200,
      body: { taken: 'unsubscribed' },
    });
    const { rows } = await database.query<{ status: string; steps: { name: string; outcome: string }[] }>(
      'SELECT status, steps FROM feedback_sources',
    );
    expect(rows[0]).toMatchObject({ status: 'broken', steps: [{ name: 'subscription', outcome: 'failed' }] });
  });

  describe('of EventBridge', () => {
    const envelope = (fields: object = {}) => ({
      version: '0',
      id: randomUUID(),
      'detail-type': 'Email Delivered',
      source: 'aws.ses',
      account: customerAccount,
      time: new Date().toISOString(),
      region,
      resources: [],
      detail: delivery({ emailId, timestamp: new Date().toISOString() }),
      ...fields,
    });
    const put = (body: unknown, headers: Record<string, string>) =>
      post(body, { 'content-type': 'application/json', ...headers }, `/feedback/eventbridge/${token}`);
    beforeEach(() => source('eventbridge'));

    it('takes an event once', async () => {
      const event = envelope();
      expect(await put(event, { 'x-sesame-secret': secret })).toMatchObject({
        status: 200,
        body: { taken: 'stored' },
      });
      expect(await put(event, { 'x-sesame-secret': secret })).toMatchObject({
        status: 200,
        body: { taken: 'known' },
      });
      await customer.untilEmail(emailId, 'delivered');
    });

    it.each<[string, () => object, () => Record<string, string>, number]>([
      ['no secret', envelope, () => ({}), 403],
      ['a wrong secret', envelope, () => ({ 'x-sesame-secret': token }), 403],
      [
        'another account',
        () => envelope({ account: '999988887777' }),
        () => ({ 'x-sesame-secret': secret }),
        403,
      ],
      ['another source', () => envelope({ source: 'aws.ec2' }), () => ({ 'x-sesame-secret': secret }), 403],
      ['no event', () => ({ hello: 'world' }), () => ({ 'x-sesame-secret': secret }), 400],
    ])('refuses %s and stores nothing', async (_, body, headers, status) => {
      const before = await stored();
      expect((await put(body(), headers())).status).toBe(status);
      expect(await stored()).toBe(before);
    });
  });
});
