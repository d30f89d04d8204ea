import { GetAccountCommand, SendEmailCommand, type SESv2Client } from '@aws-sdk/client-sesv2';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CUSTOMER, failure, Harness } from '../testing/harness.js';

describe('faults', () => {
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

  const send = () =>
    failure(
      ses.send(
        new SendEmailCommand({
          FromEmailAddress: 'a@example.com',
          Destination: { ToAddresses: ['b@example.net'] },
          Content: { Simple: { Subject: { Data: 's' }, Body: { Text: { Data: 't' } } } },
        }),
      ),
    );
  const sent = () => h.sandbox.state.messages.total;
  const fault = (...faults: object[]) => h.adminOk('PUT', '/faults', faults);

  it.each<[string, RegExp, number]>([
    ['throttle', /^TooManyRequestsException\|429\|Maximum sending rate exceeded\.$/, 0],
    ['daily_quota', /^TooManyRequestsException\|429\|Daily message quota exceeded\.$/, 0],
    [
      'expired_token',
      /^ExpiredTokenException\|403\|The security token included in the request is expired$/,
      0,
    ],
    ['access_denied', /^AccessDeniedException\|403\|User: arn:aws:sts::/, 0],
    ['error_500', /^InternalFailure\|500/, 0],
    ['concurrent_modification', /^ConcurrentModificationException\|500/, 0],
    ['connection_reset', /socket hang up|ECONNRESET/, 0],
    ['lost_response', /socket hang up|ECONNRESET/, 1],
    ['error_500_after', /^InternalFailure\|500/, 1],
    ['malformed_json', /^SyntaxError/, 1],
  ])('%s on a send', async (kind, expected, effects) => {
    await fault({ service: 'ses', action: 'SendEmail', kind, count: 1 });
    expect(await send()).toMatch(expected);
    expect(sent()).toBe(effects);
    expect(await send()).toBe('no failure');
    expect(await h.adminOk('GET', '/faults')).toMatchObject([{ kind, count: 0, fired: 1 }]);
    const [first] = await h.adminOk<{ fault: string; outcome: string }[]>(
      'GET',
      '/calls?service=ses&action=SendEmail',
    );
    expect(first).toMatchObject({
      fault: kind,
      outcome: kind === 'lost_response' || kind === 'malformed_json' ? 'success' : 'error',
    });
  });

  it('loses the answer of a call that fails, too', async () => {
    await fault({ service: 'sts', action: 'AssumeRole', kind: 'lost_response' });
    expect(await failure(h.assume({ ExternalId: 'wrong-one' }))).toMatch(/socket hang up|ECONNRESET/);
    const calls = await h.adminOk<object[]>('GET', '/calls?service=sts');
    expect(calls.at(-1)).toMatchObject({ outcome: 'error', error: 'AccessDenied', fault: 'lost_response' });
  });

  it('speaks each service’s own words: STS throttles with 400', async () => {
    await fault({ service: 'sts', action: '*', kind: 'throttle' });
    expect(await failure(h.assume())).toBe('Throttling|400|Rate exceeded');
    await fault({ service: 'sts', action: 'AssumeRole', kind: 'expired_token' });
    expect(await failure(h.assume())).toBe(
      'ExpiredToken|403|The security token included in the request is expired',
    );
    await fault({ service: 'ses', action: 'GetAccount', kind: 'throttle' });
    expect(await failure(ses.send(new GetAccountCommand({})))).toBe(
      'TooManyRequestsException|429|Rate exceeded',
    );
  });

  it('can be for one account, where AssumeRole belongs to the role’s and the caller’s', async () => {
    await fault({ service: 'sts', action: '*', kind: 'error_500', account: CUSTOMER });
    expect(await failure(h.assume())).toMatch(/^InternalFailure\|500/);
    expect(await failure(h.sts().send(new GetCallerIdentityCommand({})))).toBe('no failure');
    await fault({ service: 'ses', action: '*', kind: 'error_500', account: '999999999999' });
    expect(await send()).toBe('no failure');
  });

  it('latency delays, together with another fault', async () => {
    await fault(
      { service: 'ses', action: '*', kind: 'latency', latency_ms: 60 },
      { service: 'ses', action: '*', kind: 'throttle' },
    );
    const startedAt = performance.now();
    expect(await send()).toMatch(/^TooManyRequests/);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(55);
  });

  it('probability 0 never fires, DELETE ends them all', async () => {
    await fault({ service: 'ses', action: '*', kind: 'error_500', probability: 0 });
    expect(await send()).toBe('no failure');
    await fault({ service: 'ses', action: '*', kind: 'error_500', probability: 1 });
    expect(await send()).toMatch(/^InternalFailure/);
    await h.adminOk('DELETE', '/faults');
    expect(await send()).toBe('no failure');
  });
});
