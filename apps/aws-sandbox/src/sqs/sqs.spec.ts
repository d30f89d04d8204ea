import * as sdk from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CUSTOMER, failure, Harness, REGION, statement } from '../testing/harness.js';

const ARN = `arn:aws:sqs:${REGION}:${CUSTOMER}`;

describe('SQS', () => {
  let h: Harness;
  let sqs: sdk.SQSClient;
  let QueueUrl: string;
  beforeAll(async () => {
    h = await Harness.start();
  });
  afterAll(() => h.close());
  const create = async (QueueName: string, Attributes: Record<string, string> = {}): Promise<string> =>
    (await sqs.send(new sdk.CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? '';
  beforeEach(async () => {
    await h.adminOk('POST', '/reset');
    await h.putRole({ policies: { all: statement('sqs:*') } });
    sqs = h.sqs(await h.assume());
    QueueUrl = await create('q');
  });

  const put = (MessageBody: string, DelaySeconds?: number) =>
    sqs.send(new sdk.SendMessageCommand({ QueueUrl, MessageBody, DelaySeconds }));
  const receive = async (input: Partial<sdk.ReceiveMessageCommandInput> = {}, url = QueueUrl) =>
    (await sqs.send(new sdk.ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, ...input })))
      .Messages ?? [];
  const bodies = async (...args: Parameters<typeof receive>) =>
    (await receive(...args)).map(({ Body }) => Body);
  const remove = (ReceiptHandle = '') => sqs.send(new sdk.DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  const advance = (seconds: number): void => {
    h.sandbox.clock.offsetSeconds += seconds;
  };
  /** After the clock was moved: an assumed session and a client that know the new time. */
  const attribute = async (name: sdk.QueueAttributeName, url = QueueUrl) =>
    (await sqs.send(new sdk.GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [name] })))
      .Attributes?.[name];

  it('hands messages out once, in order, and forgets what is deleted', async () => {
    expect(QueueUrl).toBe(`${h.url}/${CUSTOMER}/q`);
    await put('one');
    await put('zwei ✉');
    const [first, second] = await receive({ MessageSystemAttributeNames: ['All'] });
    expect([first?.Body, second?.Body]).toEqual(['one', 'zwei ✉']);
    expect(first?.Attributes).toMatchObject({
      ApproximateReceiveCount: '1',
      SentTimestamp: expect.stringMatching(/^\d{13}$/),
    });
    expect(await receive()).toEqual([]);
    await remove(first?.ReceiptHandle);
    await remove(first?.ReceiptHandle);
    advance(31);
    expect(await bodies()).toEqual(['zwei ✉']);
  });

  it('shows a message again after its visibility timeout, under a new handle', async () => {
    await put('m');
    const [first] = await receive({ VisibilityTimeout: 5 });
    advance(4);
    expect(await receive()).toEqual([]);
    advance(1);
    const [again] = await receive({ MessageSystemAttributeNames: ['ApproximateReceiveCount'] });
    expect(again?.Attributes).toEqual({ ApproximateReceiveCount: '2' });
    await remove(first?.ReceiptHandle);
    expect(await attribute('ApproximateNumberOfMessagesNotVisible')).toBe('1');
    await remove(again?.ReceiptHandle);
    expect(await attribute('ApproximateNumberOfMessagesNotVisible')).toBe('0');
  });

  it('changes visibility, one by one and in batches', async () => {
    await put('a');
    await put('b');
    const [a, b] = await receive();
    await sqs.send(
      new sdk.ChangeMessageVisibilityCommand({
        QueueUrl,
        ReceiptHandle: a?.ReceiptHandle,
        VisibilityTimeout: 0,
      }),
    );
    expect(await bodies()).toEqual(['a']);
    const answer = await sqs.send(
      new sdk.ChangeMessageVisibilityBatchCommand({
        QueueUrl,
        Entries: [
          { Id: 'old', ReceiptHandle: a?.ReceiptHandle, VisibilityTimeout: 10 },
          { Id: 'good', ReceiptHandle: b?.ReceiptHandle, VisibilityTimeout: 0 },
        ],
      }),
    );
    expect(answer).toMatchObject({
      Successful: [{ Id: 'good' }],
      Failed: [{ Id: 'old', SenderFault: true, Code: 'AWS.SimpleQueueService.MessageNotInflight' }],
    });
    expect(await bodies()).toEqual(['b']);
  });

  it('waits for a message that comes while it polls, and answers at once then', async () => {
    const polls = [
      receive({ WaitTimeSeconds: 20, MaxNumberOfMessages: 1 }),
      receive({ WaitTimeSeconds: 20, MaxNumberOfMessages: 1 }),
    ];
    for (;;) {
      if (h.sandbox.state.findQueue(`${ARN}:q`)?.waiters.size === 2) break;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await put('first');
    await put('second');
    const received = (await Promise.all(polls)).flat().map(({ Body }) => Body);
    expect(received.sort()).toEqual(['first', 'second']);
  });

  it('wakes a poll when a hidden message comes back, and ends it when the client has gone', async () => {
    const waiters = h.sandbox.state.findQueue(`${ARN}:q`)?.waiters;
    const untilWaiters = async (n: number): Promise<void> => {
      while (waiters?.size !== n) await new Promise((resolve) => setImmediate(resolve));
    };
    await put('m');
    await receive({ VisibilityTimeout: 600 });
    const poll = bodies({ WaitTimeSeconds: 20 });
    await untilWaiters(1);
    advance(600);
    expect(await poll).toEqual(['m']);

    const abort = new AbortController();
    const leaving = sqs
      .send(new sdk.ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), { abortSignal: abort.signal })
      .catch((error: Error) => error.name);
    await untilWaiters(1);
    abort.abort();
    expect(await leaving).toBe('AbortError');
    await untilWaiters(0);
    await put('not lost');
    expect(await bodies()).toEqual(['not lost']);
  });

  it('moves what was received too often to the dead-letter queue', async () => {
    const deadUrl = await create('dead');
    await sqs.send(
      new sdk.SetQueueAttributesCommand({
        QueueUrl,
        Attributes: {
          RedrivePolicy: JSON.stringify({ deadLetterTargetArn: `${ARN}:dead`, maxReceiveCount: 2 }),
        },
      }),
    );
    const { MessageId } = await put('poison');
    for (let i = 0; i < 2; i++) expect(await bodies({ VisibilityTimeout: 0 })).toEqual(['poison']);
    expect(await receive()).toEqual([]);
    expect(await receive({}, deadUrl)).toMatchObject([{ MessageId, Body: 'poison' }]);
    expect(
      (await sqs.send(new sdk.ListDeadLetterSourceQueuesCommand({ QueueUrl: deadUrl }))).queueUrls,
    ).toEqual([QueueUrl]);
  });

  it('delays, expires and purges', async () => {
    await put('later', 10);
    expect(await attribute('ApproximateNumberOfMessagesDelayed')).toBe('1');
    expect(await receive()).toEqual([]);
    advance(10);
    expect(await bodies({ VisibilityTimeout: 0 })).toEqual(['later']);
    await sqs.send(
      new sdk.SetQueueAttributesCommand({ QueueUrl, Attributes: { MessageRetentionPeriod: '60' } }),
    );
    advance(61);
    expect(await receive()).toEqual([]);
    await put('x');
    const purge = () => sqs.send(new sdk.PurgeQueueCommand({ QueueUrl }));
    await purge();
    expect(await attribute('ApproximateNumberOfMessages')).toBe('0');
    expect(await failure(purge())).toMatch(/^PurgeQueueInProgress\|403\|/);
  });

  it('sends and deletes in batches of ten at most', async () => {
    const entries = (n: number) =>
      Array.from({ length: n }, (_, i) => ({ Id: String(i), MessageBody: `m${i}` }));
    const sendBatch = (Entries: sdk.SendMessageBatchRequestEntry[]) =>
      sqs.send(new sdk.SendMessageBatchCommand({ QueueUrl, Entries }));
    expect((await sendBatch(entries(10))).Successful).toHaveLength(10);
    expect(await failure(sendBatch(entries(11)))).toBe(
      'TooManyEntriesInBatchRequest|400|Maximum number of entries per request are 10. You have sent 11.',
    );
    expect(await failure(sendBatch([...entries(1), ...entries(1)]))).toMatch(/^BatchEntryIdsNotDistinct/);
    expect(await failure(sendBatch([]))).toMatch(/^EmptyBatchRequest\|400/);
    const received = await receive();
    const answer = await sqs.send(
      new sdk.DeleteMessageBatchCommand({
        QueueUrl,
        Entries: [
          ...received.slice(1).map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle })),
          { Id: 'bad', ReceiptHandle: 'nonsense' },
        ],
      }),
    );
    expect([answer.Successful?.length, answer.Failed?.[0]?.Code]).toEqual([9, 'ReceiptHandleIsInvalid']);
  });

  it('carries message attributes with their digest', async () => {
    await sqs.send(
      new sdk.SendMessageCommand({
        QueueUrl,
        MessageBody: 'm',
        MessageAttributes: { kind: { DataType: 'String', StringValue: 'x' } },
      }),
    );
    expect(await receive({ MessageAttributeNames: ['All'] })).toMatchObject([
      {
        MessageAttributes: { kind: { DataType: 'String', StringValue: 'x' } },
        MD5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/),
      },
    ]);
  });

  it('creates idempotently, refuses other attributes, and keeps a deleted name for a minute', async () => {
    expect(await create('q')).toBe(QueueUrl);
    expect(await failure(create('q', { VisibilityTimeout: '60' }))).toBe(
      'QueueNameExists|400|A queue already exists with the same name and a different value for attribute VisibilityTimeout',
    );
    const url = async (QueueName: string) =>
      (await sqs.send(new sdk.GetQueueUrlCommand({ QueueName }))).QueueUrl;
    expect(await url('q')).toBe(QueueUrl);
    expect((await sqs.send(new sdk.ListQueuesCommand({ QueueNamePrefix: 'q' }))).QueueUrls).toEqual([
      QueueUrl,
    ]);
    await sqs.send(new sdk.TagQueueCommand({ QueueUrl, Tags: { a: '1' } }));
    expect((await sqs.send(new sdk.ListQueueTagsCommand({ QueueUrl }))).Tags).toEqual({ a: '1' });
    await sqs.send(new sdk.DeleteQueueCommand({ QueueUrl }));
    expect(await failure(url('q'))).toBe('QueueDoesNotExist|400|The specified queue does not exist.');
    expect(await failure(create('q'))).toMatch(/^QueueDeletedRecently\|400\|You must wait 60 seconds/);
    advance(60);
    expect(await create('q')).toBe(QueueUrl);
  });

  it('tells a missing queue in both styles: the shape in the body, the old code in a header', async () => {
    const error = await receive({}, `${h.url}/${CUSTOMER}/none`).then(
      () => null,
      (problem: unknown) => problem,
    );
    expect(error).toBeInstanceOf(sdk.QueueDoesNotExist);
    expect(error).toMatchObject({
      name: 'QueueDoesNotExist',
      Code: 'AWS.SimpleQueueService.NonExistentQueue',
      message: 'The specified queue does not exist.',
    });
    // Only account and name count: the URL AWS would give leads to the same queue.
    await put('m');
    expect(await bodies({}, `https://sqs.${REGION}.amazonaws.com/${CUSTOMER}/q`)).toEqual(['m']);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['an unknown attribute', { Colour: 'red' }, /^InvalidAttributeName\|400\|Unknown Attribute Colour\.$/],
    ['a value out of range', { VisibilityTimeout: '43201' }, /^InvalidAttributeValue\|400/],
    ['a policy that is none', { Policy: '{' }, /^InvalidAttributeValue\|400/],
    [
      'a dead-letter queue that does not exist',
      { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: `${ARN}:none`, maxReceiveCount: 1 }) },
      /Dead letter target does not exist\.$/,
    ],
  ])('refuses %s', async (_name, Attributes, expected) => {
    expect(await failure(sqs.send(new sdk.SetQueueAttributesCommand({ QueueUrl, Attributes })))).toMatch(
      expected,
    );
  });

  it('authorises each action on the queue’s ARN, in lower-case words', async () => {
    await h.putRole({ policies: { a: statement(['sqs:ReceiveMessage', 'sqs:DeleteMessage'], `${ARN}:q`) } });
    await receive();
    const refused = (action: string, resource: string) =>
      `AccessDenied|403|User: arn:aws:sts::${CUSTOMER}:assumed-role/Sender/test is not authorized to perform: sqs:${action} on resource: ${resource} because no identity-based policy allows the sqs:${action} action`;
    expect(await failure(put('m'))).toBe(refused('sendmessage', `${ARN}:q`));
    expect(await failure(receive({}, `${h.url}/${CUSTOMER}/other`))).toBe(
      refused('receivemessage', `${ARN}:other`),
    );
    expect(await failure(sqs.send(new sdk.ListQueuesCommand({})))).toBe(refused('listqueues', '*'));
    const narrowed = h.sqs(await h.assume({ Policy: JSON.stringify(statement('sqs:DeleteMessage')) }));
    expect(await failure(narrowed.send(new sdk.ReceiveMessageCommand({ QueueUrl })))).toMatch(
      /because no session policy allows the sqs:receivemessage action$/,
    );
  });

  it('fails as told by faults', async () => {
    const faults = (kind: string) =>
      h.adminOk('PUT', '/faults', [{ service: 'sqs', action: 'ReceiveMessage', kind, count: 1 }]);
    await faults('throttle');
    expect(await failure(receive())).toBe('RequestThrottled|403|Rate exceeded');
    await faults('expired_token');
    expect(await failure(receive())).toMatch(/^ExpiredToken\|403/);
    await put('m');
    await faults('lost_response');
    expect(await failure(receive())).toMatch(/socket hang up|ECONNRESET/);
    expect(await receive()).toEqual([]);
  });
});
