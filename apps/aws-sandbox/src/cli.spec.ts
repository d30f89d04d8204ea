import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PLATFORM_ACCESS_KEY_ID, PLATFORM_SECRET_ACCESS_KEY } from './platform.js';
import { QUEUE_ARN, QUEUE_POLICY, SET, TOPIC_ARN, TOPIC_POLICY } from './testing/feedback-fixture.js';
import { findAws } from './testing/find-aws.js';
import {
  CUSTOMER,
  EXTERNAL_ID,
  Harness,
  REGION,
  ROLE_ARN,
  statement,
  type Credentials,
} from './testing/harness.js';

const run = promisify(execFile);

const aws = findAws();

(aws === null ? describe.skip : describe)('the unmodified AWS CLI', () => {
  let h: Harness;
  let session: Credentials;
  beforeAll(async () => {
    h = await Harness.start();
    await h.seedCustomer();
    session = await h.assume();
  });
  afterAll(() => h.close());

  const call = async (args: string[], credentials: Credentials): Promise<Record<string, unknown>> => {
    const { stdout } = await run(
      aws ?? 'aws',
      ['--endpoint-url', h.url, '--region', REGION, '--output', 'json', ...args],
      {
        env: {
          PATH: process.env['PATH'],
          HOME: '/nonexistent',
          AWS_ACCESS_KEY_ID: credentials.accessKeyId,
          AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
          AWS_EC2_METADATA_DISABLED: 'true',
          ...(credentials.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: credentials.sessionToken }),
        },
      },
    );
    return stdout.trim() === '' ? {} : (JSON.parse(stdout) as Record<string, unknown>);
  };
  const platform = { accessKeyId: PLATFORM_ACCESS_KEY_ID, secretAccessKey: PLATFORM_SECRET_ACCESS_KEY };
  const problem = (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => 'no failure',
      (error: { stderr: string }) => error.stderr.trim(),
    );

  it('assumes a role with the external id, and only with it', async () => {
    const assume = [
      'sts',
      'assume-role',
      '--role-arn',
      ROLE_ARN,
      '--role-session-name',
      'check-1',
      '--duration-seconds',
      '900',
    ];
    expect(await call([...assume, '--external-id', EXTERNAL_ID], platform)).toMatchObject({
      AssumedRoleUser: { Arn: `arn:aws:sts::${CUSTOMER}:assumed-role/Sender/check-1` },
    });
    expect(await problem(call(assume, platform))).toContain(
      'An error occurred (AccessDenied) when calling the AssumeRole operation: User: arn:aws:iam::111122223333:user/sesame-platform is not authorized to perform: sts:AssumeRole',
    );
    expect(await call(['sts', 'get-caller-identity'], session)).toMatchObject({ Account: CUSTOMER });
  }, 30_000);

  it('sends, manages identities and reads the account', async () => {
    const content = JSON.stringify({
      Simple: { Subject: { Data: 'From the CLI' }, Body: { Text: { Data: 'Hello' } } },
    });
    const sent = await call(
      [
        'sesv2',
        'send-email',
        '--from-email-address',
        'News <news@example.com>',
        '--destination',
        'ToAddresses=someone@example.net',
        '--content',
        content,
      ],
      session,
    );
    expect(sent['MessageId']).toMatch(/-000000$/);
    expect(await call(['sesv2', 'get-account'], session)).toMatchObject({
      ProductionAccessEnabled: true,
      SendQuota: { SentLast24Hours: 1 },
    });
    expect(
      await call(['sesv2', 'create-email-identity', '--email-identity', 'boss@example.org'], session),
    ).toMatchObject({ IdentityType: 'EMAIL_ADDRESS' });
    expect(
      await call(['sesv2', 'get-email-identity', '--email-identity', 'boss@example.org'], session),
    ).toMatchObject({ VerifiedForSendingStatus: false });
    expect(await call(['sesv2', 'list-email-identities'], session)).toMatchObject({
      EmailIdentities: [{ IdentityName: 'boss@example.org' }, { IdentityName: 'example.com' }],
    });
    expect(
      await problem(call(['sesv2', 'get-configuration-set', '--configuration-set-name', 'none'], session)),
    ).toContain(
      'An error occurred (NotFoundException) when calling the GetConfigurationSet operation: Configuration set <none> does not exist.',
    );
  }, 60_000);

  it('sets up feedback from SES over SNS to SQS, and reads it', async () => {
    await h.putRole({ policies: { all: statement(['ses:*', 'sns:*', 'sqs:*', 'events:*']) } });
    const own = await h.assume();
    const say = (...args: string[]) => call(args, own);
    expect(await say('sns', 'create-topic', '--name', 'feedback')).toEqual({ TopicArn: TOPIC_ARN });
    await say(
      'sns',
      'set-topic-attributes',
      '--topic-arn',
      TOPIC_ARN,
      '--attribute-name',
      'Policy',
      '--attribute-value',
      TOPIC_POLICY,
    );
    const { QueueUrl } = (await say(
      'sqs',
      'create-queue',
      '--queue-name',
      'feedback',
      '--attributes',
      JSON.stringify({ Policy: QUEUE_POLICY }),
    )) as { QueueUrl: string };
    expect(QueueUrl).toBe(`${h.url}/${CUSTOMER}/feedback`);
    await say(
      'sns',
      'subscribe',
      '--topic-arn',
      TOPIC_ARN,
      '--protocol',
      'sqs',
      '--notification-endpoint',
      QUEUE_ARN,
    );
    expect(await say('sns', 'list-subscriptions-by-topic', '--topic-arn', TOPIC_ARN)).toMatchObject({
      Subscriptions: [{ Protocol: 'sqs', Endpoint: QUEUE_ARN }],
    });
    await say('sesv2', 'create-configuration-set', '--configuration-set-name', SET);
    await say(
      'sesv2',
      'create-configuration-set-event-destination',
      '--configuration-set-name',
      SET,
      '--event-destination-name',
      'topic',
      '--event-destination',
      JSON.stringify({
        Enabled: true,
        MatchingEventTypes: ['BOUNCE'],
        SnsDestination: { TopicArn: TOPIC_ARN },
      }),
    );
    const receive = () =>
      say(
        'sqs',
        'receive-message',
        '--queue-url',
        QueueUrl,
        '--wait-time-seconds',
        '20',
        '--attribute-names',
        'All',
      ) as Promise<{
        Messages?: { Body: string; ReceiptHandle: string; Attributes: Record<string, string> }[];
      }>;
    const [message] = (await receive()).Messages ?? [];
    expect(message?.Body).toContain('Successfully validated SNS topic');
    expect(message?.Attributes['ApproximateReceiveCount']).toBe('1');
    await say(
      'sqs',
      'delete-message',
      '--queue-url',
      QueueUrl,
      '--receipt-handle',
      message?.ReceiptHandle ?? '',
    );
    expect(
      await say('sqs', 'get-queue-attributes', '--queue-url', QueueUrl, '--attribute-names', 'QueueArn'),
    ).toEqual({
      Attributes: { QueueArn: QUEUE_ARN },
    });
    expect(await problem(say('sqs', 'get-queue-url', '--queue-name', 'none'))).toContain(
      'An error occurred (AWS.SimpleQueueService.NonExistentQueue) when calling the GetQueueUrl operation: The specified queue does not exist.',
    );
    const batch = JSON.stringify([{ Id: 'a', MessageBody: 'x' }]);
    expect(await say('sqs', 'send-message-batch', '--queue-url', QueueUrl, '--entries', batch)).toMatchObject(
      {
        Successful: [{ Id: 'a', MD5OfMessageBody: '9dd4e461268c8034f5c8564e155c67a6' }],
      },
    );
    expect(
      await say('events', 'put-rule', '--name', 'r', '--event-pattern', '{"source":["aws.ses"]}'),
    ).toEqual({
      RuleArn: `arn:aws:events:${REGION}:${CUSTOMER}:rule/r`,
    });
  }, 120_000);
});
