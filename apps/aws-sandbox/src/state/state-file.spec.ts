import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateConnectionCommand, PutRuleCommand } from '@aws-sdk/client-eventbridge';
import { GetAccountCommand, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { PublishCommand } from '@aws-sdk/client-sns';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startSandbox } from '../sandbox.js';
import { FeedbackFixture, TOPIC_ARN } from '../testing/feedback-fixture.js';
import { CUSTOMER, failure, Harness, REGION } from '../testing/harness.js';

describe('the state file', () => {
  let directory: string;
  let stateFile: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'aws-sandbox-'));
    stateFile = join(directory, 'deep', 'state.json');
  });
  afterEach(() => rm(directory, { recursive: true }));

  const sendTo = (h: Harness, credentials: Parameters<Harness['ses']>[0], to: string) =>
    h.ses(credentials).send(
      new SendEmailCommand({
        FromEmailAddress: 'a@example.com',
        Destination: { ToAddresses: [to] },
        Content: { Simple: { Subject: { Data: 'kept' }, Body: { Text: { Data: 't' } } } },
      }),
    );

  it('brings everything back: roles with their ids, sessions, identities, quota use, messages, clock', async () => {
    const before = await Harness.start({ stateFile });
    await before.adminOk('POST', '/clock', { advance_seconds: 100 });
    await before.seedCustomer({ production_access: true, max_send_rate: 10, max_24_hour_send: 2 });
    const session = await before.assume({
      Policy: '{"Statement":{"Effect":"Allow","Action":"ses:*","Resource":"*"}}',
    });
    await sendTo(before, session, 'b@example.net');
    const shown = await before.adminOk('GET', '/state');
    await before.close();
    expect((await stat(stateFile)).mode & 0o077).toBe(0);

    const after = await Harness.start({ stateFile });
    const again = await after.adminOk('GET', '/state');
    const comparable = (state: unknown) => ({
      ...(state as Record<string, unknown>),
      clock: null,
      calls: null,
    });
    expect(comparable(again)).toEqual(comparable(shown));
    expect(after.sandbox.clock.offsetSeconds).toBe(100);
    expect((await after.ses(session).send(new GetAccountCommand({}))).SendQuota?.SentLast24Hours).toBe(1);
    expect(await after.adminOk('GET', '/messages')).toMatchObject([
      { subject: 'kept', raw: expect.stringContaining('Subject: kept') },
    ]);
    expect(await failure(sendTo(after, session, 'c@example.net'))).toBe('no failure');
    expect(await failure(sendTo(after, session, 'd@example.net'))).toMatch(/Daily message quota exceeded/);
    await after.close();
  });

  it('brings topics, queues with their messages, policies, rules and connections back', async () => {
    const before = await Harness.start({ stateFile });
    const f = await FeedbackFixture.setUp(before);
    await f.reportToTopic();
    const events = before.eventBridge(f.credentials);
    await events.send(new PutRuleCommand({ Name: 'r', EventPattern: '{"source":["aws.ses"]}' }));
    await events.send(
      new CreateConnectionCommand({
        Name: 'c',
        AuthorizationType: 'API_KEY',
        AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: 'K', ApiKeyValue: 'v' } },
      }),
    );
    await f.send();
    await f.flush();
    const regions = async (h: Harness) =>
      (await h.adminOk<{ accounts: Record<string, { regions: unknown }> }>('GET', '/state')).accounts[
        CUSTOMER
      ]?.regions;
    const shown = await regions(before);
    await before.close();

    const after = await Harness.start({ stateFile });
    expect(await regions(after)).toEqual(shown);
    const sqs = after.sqs(f.credentials);
    const receive = new ReceiveMessageCommand({
      QueueUrl: `${after.url}/${CUSTOMER}/feedback`,
      MaxNumberOfMessages: 10,
    });
    expect((await sqs.send(receive)).Messages).toHaveLength(2);
    // The queue's policy still lets the topic in.
    await after.sns(f.credentials).send(new PublishCommand({ TopicArn: TOPIC_ARN, Message: 'more' }));
    await after.adminOk('POST', '/events/flush');
    expect((await sqs.send(receive)).Messages).toHaveLength(1);
    await after.close();
  });

  it('does not heal a trust that a deletion broke', async () => {
    const before = await Harness.start({ stateFile });
    await before.seedCustomer();
    await before.adminOk('DELETE', '/accounts/111122223333/users/sesame-platform');
    await before.close();
    const after = await Harness.start({ stateFile });
    expect(await failure(after.sts().send(new GetCallerIdentityCommand({})))).toBe('no failure');
    expect(await failure(after.assume())).toMatch(/^AccessDenied\|403/);
    await after.close();
  });

  it('stops the start when it is not readable, and is only replaced whole', async () => {
    await writeFile(join(directory, 'broken.json'), '{"format":1');
    await expect(startSandbox({ stateFile: join(directory, 'broken.json') })).rejects.toThrow(
      /state file .* cannot be read/,
    );
    const h = await Harness.start({ stateFile });
    await h.adminOk('PUT', `/accounts/${CUSTOMER}/regions/${REGION}/identities/example.com`, {});
    await h.close();
    expect(JSON.parse(await readFile(stateFile, 'utf8'))).toMatchObject({ format: 1 });
  });
});
