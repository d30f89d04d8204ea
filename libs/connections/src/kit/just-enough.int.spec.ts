import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { SendEmailCommand } from '@aws-sdk/client-sesv2';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { CUSTOMER, Harness, REGION, statement } from '../../../../apps/aws-sandbox/src/testing/harness.js';
import {
  grants,
  outcomeOf,
  type AwsClients,
  type Grant,
} from '../../../../test/support/aws-calls/aws-call.js';
import { messagingCalls } from '../../../../test/support/aws-calls/messaging-calls.js';
import { sesCalls } from '../../../../test/support/aws-calls/ses-calls.js';
import { describePrincipal } from '../platform-principal.js';
import { sessionPolicy } from '../sessions/session-policies.js';
import { buildKit, type KitOptions } from './build-kit.js';
import { fromPattern } from './from-pattern.js';
import { parseSourceIps } from './source-ips.js';

/** The kit's policies as real roles: real SDK clients make every call, and IAM of the sandbox says yes or no. */

const calls = [...sesCalls, ...messagingCalls];
const connection = {
  id: '019a5b1e-0000-7000-8000-0000deadbeef',
  region: REGION,
  roleArn: null,
  awsAccountId: CUSTOMER,
  externalId: 'sesame-11111111111111111111111111111111',
  pendingExternalId: null,
  requestedSessionSeconds: 3600,
};
const principal = describePrincipal('arn:aws:iam::111122223333:user/sesame-platform', '111122223333');
const kit = (options: Partial<KitOptions>) =>
  buildKit(connection, principal, { purpose: 'send', format: 'json', ...options });

const optionsOf: Record<Grant, Partial<KitOptions>> = {
  send: { purpose: 'send' },
  'events of the kit': { purpose: 'events', feedback: 'kit' },
  events: { purpose: 'events' },
  'events by EventBridge': { purpose: 'events', feedback: 'eventbridge' },
  analytics: { purpose: 'analytics' },
  configure: { purpose: 'configure' },
};

let h: Harness;
let all: AwsClients;
let count = 0;

/** A role as the kit makes it, and its clients. @param session inline policy of the session */
async function clientsOf(options: Partial<KitOptions>, session?: string): Promise<AwsClients> {
  const { trust_policy, permissions_policy } = kit(options);
  const everything = statement('*');
  const name = `Role${++count}`;
  const role = await h.putRole({
    name,
    trust_policy,
    policies: { one: session === undefined ? permissions_policy : everything },
  });
  const credentials = await h.assume({
    RoleArn: role.arn,
    ExternalId: connection.externalId,
    ...(session !== undefined && { Policy: session }),
  });
  return {
    ses: h.ses(credentials),
    sesElsewhere: h.ses(credentials, 'us-east-1'),
    sns: h.sns(credentials),
    sqs: h.sqs(credentials),
    events: h.eventBridge(credentials),
  };
}

/** @returns for each call whether it went through */
async function matrixOf(mine: AwsClients): Promise<Record<string, string>> {
  const outcomes: Record<string, string> = {};
  for (const { call, prepare, run, orElse } of calls) {
    const name = `n${++count}`;
    await prepare?.(all, name);
    outcomes[call] = await outcomeOf(run(mine, name), orElse);
  }
  return outcomes;
}

const expectedFor = (...wanted: Grant[]): Record<string, string> =>
  Object.fromEntries(
    calls.map(({ call, allowedBy }) => [
      call,
      allowedBy.some((grant) => wanted.includes(grant)) ? 'allowed' : 'denied',
    ]),
  );

beforeAll(async () => {
  h = await Harness.start();
  await h.seedCustomer();
  for (const region of [REGION, 'us-east-1'])
    await h.adminOk('PUT', `/accounts/${CUSTOMER}/regions/${region}/identities/example.com`, {
      verified: true,
    });
  all = await clientsOf({}, JSON.stringify(statement('*')));
});

afterAll(async () => {
  await h?.close();
});

// Some hundred calls each.
const patienceMs = 60_000;

test(
  'with all rights every call goes through, so that a refusal comes from the policy',
  async () => {
    expect(await matrixOf(all)).toEqual(Object.fromEntries(calls.map(({ call }) => [call, 'allowed'])));
  },
  patienceMs,
);

describe('a role made from the kit', () => {
  test.each(grants)(
    'for %s may do just that',
    async (grant) => {
      expect(await matrixOf(await clientsOf(optionsOf[grant]))).toEqual(expectedFor(grant));
    },
    patienceMs,
  );

  test(
    'for all purposes may do what each of them may',
    async () => {
      const mine = await clientsOf({ purpose: 'all' });
      expect(await matrixOf(mine)).toEqual(expectedFor('send', 'events', 'analytics', 'configure'));
    },
    patienceMs,
  );
});

describe('a session on a role that may do everything', () => {
  const scope = { partition: 'aws', region: REGION, accountId: CUSTOMER };
  test.each([
    ['send', 'send'],
    ['events', 'events by EventBridge'],
    ['analytics', 'analytics'],
    ['configure', 'configure'],
  ] as const)(
    'to %s may do just that',
    async (purpose, grant) => {
      expect(await matrixOf(await clientsOf({}, sessionPolicy(purpose, scope)))).toEqual(expectedFor(grant));
    },
    patienceMs,
  );
});

const sendFrom = (mine: AwsClients, from: string, content: 'Simple' | 'Raw') =>
  outcomeOf(
    mine.ses.send(
      new SendEmailCommand({
        FromEmailAddress: from,
        Destination: { ToAddresses: ['success@simulator.amazonses.com'] },
        Content:
          content === 'Simple'
            ? { Simple: { Subject: { Data: 's' }, Body: { Text: { Data: 't' } } } }
            : { Raw: { Data: Buffer.from(`From: ${from}\r\nTo: success@simulator.amazonses.com\r\n\r\nt`) } },
      }),
    ),
  );

describe.each(['Simple', 'Raw'] as const)('a role bound to From addresses, with %s content,', (content) => {
  test.each([
    ['news@example.com', 'news@example.com', 'allowed'],
    ['news@example.com', 'other@example.com', 'denied'],
    ['example.com', 'any@example.com', 'allowed'],
    ['*@example.com', 'any@example.com', 'allowed'],
    ['example.org', 'any@example.com', 'denied'],
    // The stand-in of the permission probe, whose address nobody else can verify.
    ['example.org', 'sesame-probe@example.com', 'allowed'],
  ])('of %s: %s is %s', async (bound, from, outcome) => {
    expect(await sendFrom(await clientsOf({ from: fromPattern(bound) }), from, content)).toBe(outcome);
  });
});

describe('a role bound to source addresses', () => {
  const sourceIps = parseSourceIps('203.0.113.7, 198.51.100.0/24, 2001:db8::/32');
  const from = (source_ip: string | null) => h.adminOk('PATCH', '/settings', { source_ip });
  afterEach(() => from(null));

  test.each([
    ['203.0.113.7', 'allowed'],
    ['198.51.100.99', 'allowed'],
    ['2001:db8::7', 'allowed'],
    ['203.0.113.8', 'denied'],
    ['2001:db9::7', 'denied'],
  ])('called from %s: %s', async (address, outcome) => {
    const mine = await clientsOf({ purpose: 'all', sourceIps });
    await from(address);
    expect(await sendFrom(mine, 'news@example.com', 'Simple')).toBe(outcome);
    expect(await outcomeOf(mine.sqs.send(new CreateQueueCommand({ QueueName: `sesame-n${++count}` })))).toBe(
      outcome,
    );
  });

  test(
    'may do from there what the purpose may',
    async () => {
      const mine = await clientsOf({ purpose: 'events', feedback: 'eventbridge', sourceIps });
      await from('203.0.113.7');
      expect(await matrixOf(mine)).toEqual(expectedFor('events by EventBridge'));
      await from('203.0.113.8');
      expect(new Set(Object.values(await matrixOf(mine)))).toEqual(new Set(['denied']));
    },
    patienceMs,
  );
});
