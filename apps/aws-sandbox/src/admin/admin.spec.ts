import { SendEmailCommand } from '@aws-sdk/client-sesv2';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CUSTOMER, EXTERNAL_ID, failure, Harness, REGION, statement, trust } from '../testing/harness.js';

const ROLE = `/accounts/${CUSTOMER}/roles/Sender`;
const SES = `/accounts/${CUSTOMER}/regions/${REGION}`;

describe('the admin API', () => {
  let h: Harness;
  beforeAll(async () => {
    h = await Harness.start();
  });
  afterAll(() => h.close());
  beforeEach(() => h.adminOk('POST', '/reset'));

  const sendOne = async (subject: string, account = CUSTOMER): Promise<string> => {
    await h.putRole({ account });
    await h.adminOk('PUT', `/accounts/${account}/regions/${REGION}/identities/example.com`, {});
    await h.adminOk('PATCH', `/accounts/${account}/regions/${REGION}/ses`, {
      production_access: true,
      max_send_rate: 100,
    });
    const ses = h.ses(await h.assume({ RoleArn: `arn:aws:iam::${account}:role/Sender` }));
    const { MessageId = '' } = await ses.send(
      new SendEmailCommand({
        FromEmailAddress: 'a@example.com',
        Destination: { ToAddresses: ['b@example.net'] },
        Content: { Simple: { Subject: { Data: subject }, Body: { Html: { Data: '<b>x</b>' } } } },
      }),
    );
    return MessageId;
  };

  it('starts with the platform user, allowed to assume roles and nothing else', async () => {
    const state = await h.adminOk<{
      accounts: Record<string, { users: Record<string, { policies: unknown }> }>;
    }>('GET', '/state');
    expect(Object.keys(state.accounts)).toEqual(['111122223333']);
    expect(Object.values(state.accounts['111122223333']?.users['sesame-platform']?.policies ?? {})).toEqual([
      statement('sts:AssumeRole', 'arn:aws:iam::*:role/*'),
    ]);
  });

  it('creates a role, edits it under the same id, and gives another id after a deletion', async () => {
    const first = await h.putRole({ max_session_duration: 7200 });
    expect(first).toMatchObject({
      arn: `arn:aws:iam::${CUSTOMER}:role/Sender`,
      max_session_duration: 7200,
      path: '/',
    });
    expect((await h.putRole()).role_id).toBe(first.role_id);
    await h.adminOk('DELETE', ROLE);
    expect((await h.putRole()).role_id).not.toBe(first.role_id);
  });

  it.each<[string, string, string, unknown, { status: number; field: string | null; error?: unknown }]>([
    [
      'a bad trust policy',
      'PUT',
      ROLE,
      { trust_policy: { Statement: [] } },
      { status: 400, field: 'trust_policy', error: 'MalformedPolicyDocument: Empty Statement' },
    ],
    [
      'a principal that does not exist',
      'PUT',
      ROLE,
      { trust_policy: trust({ AWS: 'arn:aws:iam::111122223333:role/none' }) },
      {
        status: 400,
        field: 'trust_policy',
        error:
          'MalformedPolicyDocument: Invalid principal in policy: "AWS":"arn:aws:iam::111122223333:role/none"',
      },
    ],
    [
      'a bad inline policy',
      'PUT',
      ROLE,
      { trust_policy: trust(), policies: { p: '{' } },
      {
        status: 400,
        field: 'policies.p',
        error: 'MalformedPolicyDocument: This policy contains invalid Json',
      },
    ],
    [
      'a trust policy over the quota',
      'PUT',
      ROLE,
      { trust_policy: trust(undefined, { StringEquals: { 'sts:ExternalId': 'x'.repeat(2100) } }) },
      { status: 400, field: 'trust_policy' },
    ],
    [
      'a short session duration',
      'PUT',
      ROLE,
      { trust_policy: trust(), max_session_duration: 900 },
      { status: 400, field: 'max_session_duration' },
    ],
    ['an unknown member', 'PUT', ROLE, { trust_policy: trust(), policy: {} }, { status: 400, field: '' }],
    [
      'a bad account',
      'PUT',
      '/accounts/12/roles/Sender',
      { trust_policy: trust() },
      { status: 400, field: 'account' },
    ],
    [
      'a region without SES',
      'PATCH',
      `/accounts/${CUSTOMER}/regions/ap-east-1/ses`,
      {},
      { status: 400, field: 'region' },
    ],
    ['a bad identity', 'PUT', `${SES}/identities/nonsense`, {}, { status: 400, field: 'identity' }],
    ['a bad rate', 'PATCH', `${SES}/ses`, { max_send_rate: 0 }, { status: 400, field: 'max_send_rate' }],
    [
      'an unknown fault',
      'PUT',
      '/faults',
      [{ service: 'ses', action: '*', kind: 'gremlins' }],
      { status: 400, field: '0.kind' },
    ],
    ['a bad limit', 'GET', '/messages?limit=none', undefined, { status: 400, field: 'limit' }],
    [
      'half a key pair',
      'PUT',
      `/accounts/${CUSTOMER}/users/u`,
      { access_key_id: 'AKIAAAAAAAAAAAAAAAAA' },
      { status: 400, field: 'secret_access_key' },
    ],
    ['a role that is not there', 'DELETE', ROLE, undefined, { status: 404, field: 'name' }],
    ['an unknown route', 'GET', '/nonsense', undefined, { status: 404, field: null }],
    ['a method that is not possible', 'POST', '/messages', {}, { status: 405, field: null }],
  ])('answers %s with the field at fault', async (_name, method, path, body, expected) => {
    const { status, body: answer } = await h.admin(method, path, body);
    const { error, field } = answer as { error: string; field: string | null };
    expect({ status, field }).toEqual({ status: expected.status, field: expected.field });
    if (expected.error !== undefined) expect(error).toBe(expected.error);
    expect(typeof error).toBe('string');
  });

  it('refuses web pages of another origin and names that only resolve here', async () => {
    const foreign = await fetch(`${h.url}/_sandbox/reset`, {
      method: 'POST',
      headers: { origin: 'https://evil.example' },
    });
    expect(foreign.status).toBe(403);
  });

  it('lists messages newest first, by account, limit and position', async () => {
    const ids = [await sendOne('one'), await sendOne('two', '777788889999'), await sendOne('three')];
    const list = async (query: string) =>
      (await h.adminOk<{ message_id: string }[]>('GET', `/messages${query}`)).map(
        (message) => message.message_id,
      );
    expect(await list('')).toEqual([...ids].reverse());
    expect(await list(`?account=${CUSTOMER}`)).toEqual([ids[2], ids[0]]);
    expect(await list('?limit=1')).toEqual([ids[2]]);
    expect(await list(`?after=${ids[0] ?? ''}`)).toEqual([ids[2], ids[1]]);
    expect(await list(`?after=${ids[0] ?? ''}&limit=1`)).toEqual([ids[1]]);
    expect(await list('?to=B@EXAMPLE')).toHaveLength(3);
    const raw = await fetch(`${h.url}/_sandbox/messages/${ids[0] ?? ''}/raw`);
    expect(raw.headers.get('content-type')).toBe('message/rfc822');
    expect(await raw.text()).toContain('Subject: one');
    await h.adminOk('DELETE', '/messages');
    expect(await list('')).toEqual([]);
  });

  it('journals calls without a secret: whether an external id came, never which', async () => {
    await h.putRole();
    const session = await h.assume({
      DurationSeconds: 900,
      Policy: JSON.stringify(statement('ses:GetAccount')),
    });
    await failure(h.assume({ ExternalId: undefined }));
    const calls = await h.adminOk<object[]>('GET', '/calls?service=sts&action=AssumeRole');
    expect(calls).toMatchObject([
      {
        service: 'sts',
        action: 'AssumeRole',
        principal_arn: 'arn:aws:iam::111122223333:user/sesame-platform',
        parameters: {
          RoleArn: `arn:aws:iam::${CUSTOMER}:role/Sender`,
          DurationSeconds: 900,
          has_external_id: true,
          Policy: JSON.stringify(statement('ses:GetAccount')),
        },
        outcome: 'success',
        error: null,
        sdk_invocation_id: expect.any(String),
      },
      {
        parameters: { DurationSeconds: null, has_external_id: false },
        outcome: 'error',
        error: 'AccessDenied',
        http_status: 403,
      },
    ]);
    const everything = JSON.stringify([calls, (await h.admin('GET', '/state')).body]);
    for (const secret of [
      EXTERNAL_ID,
      session.secretAccessKey,
      session.sessionToken ?? '-',
      'notARealSecret',
    ]) {
      expect(JSON.stringify(calls)).not.toContain(secret);
      if (secret !== EXTERNAL_ID) expect(everything).not.toContain(secret);
    }
    await h.adminOk('DELETE', '/calls');
    expect(await h.adminOk('GET', '/calls')).toEqual([]);
  });

  it('moves the clock, and every answer is dated by it', async () => {
    await h.adminOk('POST', '/clock', { advance_seconds: 3600 });
    const { now, offset_seconds: offset } = await h.adminOk<{ now: string; offset_seconds: number }>(
      'GET',
      '/clock',
    );
    expect(offset).toBe(3600);
    expect(Math.abs(Date.parse(now) - Date.now() - 3_600_000)).toBeLessThan(5000);
    const response = await fetch(`${h.url}/?Action=GetCallerIdentity&Version=2011-06-15`);
    expect(Math.abs(Date.parse(response.headers.get('date') ?? '') - Date.now() - 3_600_000)).toBeLessThan(
      5000,
    );
    expect(response.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('makes up a key pair for a user when none is given', async () => {
    const user = await h.adminOk<{ access_key_id: string; secret_access_key: string }>(
      'PUT',
      '/accounts/222222222222/users/broker',
      { policies: { a: statement('sts:*') } },
    );
    await h.putRole({ trust_policy: trust({ AWS: '222222222222' }) });
    expect(
      await failure(
        h.assume({}, { accessKeyId: user.access_key_id, secretAccessKey: user.secret_access_key }),
      ),
    ).toBe('no failure');
  });

  it('serves the inbox without anything from elsewhere', async () => {
    const response = await fetch(`${h.url}/_sandbox/inbox`);
    const page = await response.text();
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page).not.toMatch(/https?:\/\//);
    expect(page).toContain("setAttribute('sandbox', '')");
  });
});
