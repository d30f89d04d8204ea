import * as sdk from '@aws-sdk/client-eventbridge';
import { CreateConfigurationSetEventDestinationCommand } from '@aws-sdk/client-sesv2';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startEndpoint, type Endpoint } from '../testing/endpoint.js';
import {
  ALL_TYPES,
  FeedbackFixture,
  QUEUE_ARN,
  servicePolicy,
  SET,
  SET_ARN,
} from '../testing/feedback-fixture.js';
import { CUSTOMER, failure, Harness, REGION, statement, trust } from '../testing/harness.js';

const ARN = `arn:aws:events:${REGION}:${CUSTOMER}`;
const ROLE_ARN = `arn:aws:iam::${CUSTOMER}:role/Invoker`;

describe('EventBridge', () => {
  let h: Harness;
  let f: FeedbackFixture;
  let events: sdk.EventBridgeClient;
  let endpoint: Endpoint;
  beforeAll(async () => {
    h = await Harness.start();
  });
  afterAll(() => h.close());
  beforeEach(async () => {
    f = await FeedbackFixture.setUp(h);
    events = h.eventBridge(f.credentials);
    endpoint = await startEndpoint();
    await h.putRole({
      name: 'Invoker',
      trust_policy: trust({ Service: 'events.amazonaws.com' }, null),
      policies: { invoke: statement('events:InvokeApiDestination', `${ARN}:api-destination/sesame/*`) },
    });
    await f.ses.send(
      new CreateConfigurationSetEventDestinationCommand({
        ConfigurationSetName: SET,
        EventDestinationName: 'bus',
        EventDestination: {
          Enabled: true,
          MatchingEventTypes: ALL_TYPES,
          EventBridgeDestination: { EventBusArn: `${ARN}:event-bus/default` },
        },
      }),
    );
  });
  afterEach(() => endpoint.close());

  const connect = async (): Promise<string> => {
    const { ConnectionArn } = await events.send(
      new sdk.CreateConnectionCommand({
        Name: 'sesame',
        AuthorizationType: 'API_KEY',
        AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: 'X-Sesame-Key', ApiKeyValue: 'key-123' } },
      }),
    );
    const { ApiDestinationArn = '' } = await events.send(
      new sdk.CreateApiDestinationCommand({
        Name: 'sesame',
        ConnectionArn,
        InvocationEndpoint: `${endpoint.url}/feedback`,
        HttpMethod: 'POST',
      }),
    );
    return ApiDestinationArn;
  };
  const rule = (pattern: object) =>
    events.send(new sdk.PutRuleCommand({ Name: 'sesame', EventPattern: JSON.stringify(pattern) }));
  const target = (Arn: string, changes: Partial<sdk.Target> = {}) =>
    events.send(
      new sdk.PutTargetsCommand({
        Rule: 'sesame',
        Targets: [{ Id: '1', Arn, RoleArn: ROLE_ARN, ...changes }],
      }),
    );
  const setUp = async (pattern: object = { source: ['aws.ses'] }): Promise<void> => {
    const arn = await connect();
    await rule(pattern);
    await target(arn);
  };
  const received = async (): Promise<Record<string, unknown>[]> => {
    await f.flush();
    return endpoint.requests.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
  };
  const reasons = async (): Promise<unknown[]> =>
    (
      await h.adminOk<{ outcome: string; reason: string | null; http_status: number | null }[]>(
        'GET',
        '/deliveries?service=events',
      )
    ).map(({ outcome, reason, http_status: status }) => [outcome, reason ?? status]);

  it('posts SES events with the connection’s header, in EventBridge’s envelope', async () => {
    await setUp();
    const messageId = await f.send('bounce@simulator.amazonses.com');
    const [send, bounce] = await received();
    expect(endpoint.requests[0]).toMatchObject({
      method: 'POST',
      path: '/feedback',
      headers: {
        'x-sesame-key': 'key-123',
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'Amazon/EventBridge/ApiDestinations',
      },
    });
    expect(send).toMatchObject({ 'detail-type': 'Email Sent', detail: { eventType: 'Send' } });
    expect(bounce).toEqual({
      version: '0',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      'detail-type': 'Email Bounced',
      source: 'aws.ses',
      account: CUSTOMER,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      region: REGION,
      resources: [SET_ARN],
      detail: expect.objectContaining({
        eventType: 'Bounce',
        mail: expect.objectContaining({ messageId }),
        bounce: expect.objectContaining({ bounceType: 'Permanent' }),
      }),
    });
  });

  it.each<[object, string[]]>([
    [{ source: ['aws.ses'], 'detail-type': ['Email Bounced'] }, ['Email Bounced']],
    [{ 'detail-type': [{ prefix: 'Email De' }] }, ['Email Delivered']],
    [{ 'detail-type': [{ 'anything-but': ['Email Sent'] }] }, ['Email Delivered', 'Email Bounced']],
    [{ detail: { bounce: { bounceType: ['Permanent'] } } }, ['Email Bounced']],
    [
      {
        detail: {
          mail: { tags: { 'ses:configuration-set': [SET] } },
          bounce: { bounceType: [{ exists: false }] },
        },
      },
      ['Email Sent', 'Email Delivered'],
    ],
    [{ detail: { delivery: { recipients: [{ suffix: '.amazonses.com' }] } } }, ['Email Delivered']],
    [
      {
        resources: [SET_ARN],
        detail: { mail: { source: [{ 'equals-ignore-case': 'shop <NEWS@example.com>' }] } },
      },
      ['Email Sent', 'Email Delivered', 'Email Bounced'],
    ],
    [{ source: ['aws.s3'] }, []],
    [{ detail: { mail: { headersTruncated: [true] } } }, []],
  ])('matches %j', async (pattern, expected) => {
    await setUp(pattern);
    await f.send(['bounce@simulator.amazonses.com', 'success@simulator.amazonses.com']);
    expect((await received()).map((event) => event['detail-type'])).toEqual(expected);
  });

  it.each([
    ['not JSON', '{'],
    ['a bare value', '{"source":"aws.ses"}'],
    ['an empty list', '{"source":[]}'],
    ['an unknown operator', '{"source":[{"like":"a"}]}'],
    ['an operator of the wrong type', '{"source":[{"prefix":1}]}'],
  ])('refuses a pattern with %s', async (_name, EventPattern) => {
    expect(await failure(events.send(new sdk.PutRuleCommand({ Name: 'r', EventPattern })))).toMatch(
      /^InvalidEventPatternException\|400\|Event pattern is not valid\. Reason: /,
    );
  });

  it('tries again on 5xx and 429, not on other refusals; 401 ends the connection', async () => {
    await h.adminOk('PATCH', '/settings', { delivery_retry_ms: 3_600_000 });
    await setUp({ 'detail-type': ['Email Sent'] });
    endpoint.answers.push(503, 429);
    await f.send();
    await f.flush();
    endpoint.answers.push(400);
    await f.send();
    await f.flush();
    endpoint.answers.push(401);
    await f.send();
    await f.flush();
    await f.send();
    await f.flush();
    expect(await reasons()).toEqual([
      ['failed', 503],
      ['failed', 429],
      ['delivered', 200],
      ['failed', 400],
      ['failed', 401],
      ['denied', 'connection is deauthorized'],
    ]);
    expect((await events.send(new sdk.DescribeConnectionCommand({ Name: 'sesame' }))).ConnectionState).toBe(
      'DEAUTHORIZED',
    );
  });

  it('acts in a role that has to exist, to trust it and to allow the destination', async () => {
    const arn = await connect();
    await rule({ 'detail-type': ['Email Sent'] });
    expect(await failure(target(arn, { RoleArn: undefined }))).toBe(
      `ValidationException|400|RoleArn is required for target ${arn}.`,
    );
    const unfit = (name: string) =>
      `ValidationException|400|Provided role 'arn:aws:iam::${CUSTOMER}:role/${name}' cannot be assumed by principal 'events.amazonaws.com'.`;
    expect(await failure(target(arn, { RoleArn: `arn:aws:iam::${CUSTOMER}:role/None` }))).toBe(unfit('None'));
    expect(await failure(target(arn, { RoleArn: `arn:aws:iam::${CUSTOMER}:role/Sender` }))).toBe(
      unfit('Sender'),
    );
    await target(arn);
    await h.putRole({
      name: 'Invoker',
      trust_policy: trust({ Service: 'events.amazonaws.com' }, null),
      policies: { a: statement('events:InvokeApiDestination', `${ARN}:api-destination/other/*`) },
    });
    await f.send();
    expect(await received()).toEqual([]);
    expect(await reasons()).toEqual([['denied', 'role does not allow events:InvokeApiDestination']]);
  });

  it('needs iam:PassRole for the role of a target', async () => {
    const arn = await connect();
    await rule({ source: ['aws.ses'] });
    await h.putRole({ policies: { a: statement('events:*') } });
    expect(await failure(target(arn))).toBe(
      `AccessDeniedException|400|User: arn:aws:sts::${CUSTOMER}:assumed-role/Sender/test is not authorized to perform: iam:PassRole on resource: ${ROLE_ARN} because no identity-based policy allows the iam:PassRole action`,
    );
    await h.putRole({
      policies: {
        a: statement(['events:*', 'iam:PassRole'], '*', {
          StringEqualsIfExists: { 'iam:PassedToService': 'events.amazonaws.com' },
        }),
      },
    });
    expect(await failure(target(arn))).toBe('no failure');
  });

  it('puts events into a queue whose policy allows the rule', async () => {
    await rule({ 'detail-type': ['Email Sent'] });
    const policy = servicePolicy('events.amazonaws.com', 'sqs:SendMessage', `${QUEUE_ARN}-bus`, {
      ArnEquals: { 'aws:SourceArn': `${ARN}:rule/sesame` },
    });
    await f.sqs.send(new CreateQueueCommand({ QueueName: 'feedback-bus', Attributes: { Policy: policy } }));
    await target(`${QUEUE_ARN}-bus`, { RoleArn: undefined });
    await f.send();
    await f.flush();
    expect(await reasons()).toEqual([['delivered', null]]);
  });

  it('keeps rules, targets, connections and destinations, never showing the key again', async () => {
    await setUp();
    const shown = await events.send(new sdk.DescribeConnectionCommand({ Name: 'sesame' }));
    expect(shown).toMatchObject({
      ConnectionState: 'AUTHORIZED',
      AuthorizationType: 'API_KEY',
      AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: 'X-Sesame-Key' } },
      CreationTime: expect.any(Date),
    });
    expect(await events.send(new sdk.DescribeApiDestinationCommand({ Name: 'sesame' }))).toMatchObject({
      ApiDestinationState: 'ACTIVE',
      ConnectionArn: shown.ConnectionArn,
      HttpMethod: 'POST',
    });
    expect(await events.send(new sdk.DescribeRuleCommand({ Name: 'sesame' }))).toMatchObject({
      Arn: `${ARN}:rule/sesame`,
      State: 'ENABLED',
      EventBusName: 'default',
    });
    expect((await events.send(new sdk.ListTargetsByRuleCommand({ Rule: 'sesame' }))).Targets).toMatchObject([
      { Id: '1', RoleArn: ROLE_ARN },
    ]);
    expect(
      JSON.stringify([await h.adminOk('GET', '/state'), await h.adminOk('GET', '/calls')]),
    ).not.toContain('key-123');
    expect(await failure(connect())).toBe(
      'ResourceAlreadyExistsException|400|Connection sesame already exists.',
    );
    expect(await failure(events.send(new sdk.DeleteRuleCommand({ Name: 'sesame' })))).toBe(
      "ValidationException|400|Rule can't be deleted since it has targets.",
    );
    await events.send(new sdk.RemoveTargetsCommand({ Rule: 'sesame', Ids: ['1'] }));
    await events.send(new sdk.DeleteRuleCommand({ Name: 'sesame' }));
    await events.send(new sdk.DeleteRuleCommand({ Name: 'sesame' }));
    await events.send(new sdk.DeleteApiDestinationCommand({ Name: 'sesame' }));
    await events.send(new sdk.DeleteConnectionCommand({ Name: 'sesame' }));
    const gone = async (call: Promise<unknown>) =>
      expect(await failure(call)).toMatch(/^ResourceNotFoundException\|400/);
    await gone(events.send(new sdk.DescribeRuleCommand({ Name: 'sesame' })));
    await gone(events.send(new sdk.DescribeConnectionCommand({ Name: 'sesame' })));
    await gone(events.send(new sdk.DescribeApiDestinationCommand({ Name: 'sesame' })));
  });

  it('says nothing for a disabled rule', async () => {
    await setUp();
    await events.send(new sdk.DisableRuleCommand({ Name: 'sesame' }));
    await f.send();
    expect(await received()).toEqual([]);
  });

  it('answers refused credentials with 400', async () => {
    const stranger = h.eventBridge({ accessKeyId: 'AKIAAAAAAAAAAAAAAAAA', secretAccessKey: 'x' });
    expect(await failure(stranger.send(new sdk.ListRulesCommand({})))).toBe(
      'UnrecognizedClientException|400|The security token included in the request is invalid.',
    );
  });
});
