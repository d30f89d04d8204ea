import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { failures, proving, roleOf, trustWith, type Started } from '../../../test/support/proving.js';
import { checkOf, customerAccount, Lab, region } from '../../../test/support/connections-lab.js';
import type { PolicyDocument } from './kit/policy-document.js';
import { ReadKit } from './read-kit.js';
import { RefreshPlatformPrincipal } from './refresh-platform-principal.js';
import { SystemConnectionsRepository } from './system-connections.repository.js';
import { UpdateConnection } from './update-connection.js';

let lab: Lab;

const { start, enter, verify } = proving(() => lab);

beforeAll(async () => {
  lab = await Lab.start(process.env);
  await lab.main.get(RefreshPlatformPrincipal).execute();
}, 60_000);

afterAll(async () => {
  await lab?.stop();
});

describe('a role made from the kit', () => {
  test('becomes active in one round', async () => {
    const started = await start();
    await lab.putRole(started.roleName, roleOf(started));
    const connection = await enter(started);
    expect(connection.checks.map((check) => `${check.name} ${check.outcome}`)).toEqual([
      'platform_principal passed',
      'role_arn passed',
      'assume_with_external_id passed',
      'refuse_without_external_id passed',
      'refuse_wrong_external_id passed',
      'session_duration passed',
      'ses_account passed',
      'permission_to_send passed',
    ]);
    expect(connection).toMatchObject({
      status: 'active',
      status_reason: null,
      aws_account_id: customerAccount,
      session_duration: { requested_seconds: 3600, granted_seconds: 3600, reason: null },
      ses: { production_access: true, sending_enabled: true, max_send_rate: 1000, max_24_hour_send: 50_000 },
    });
    expect(connection.verified_at).not.toBeNull();
    expect(lab.main.jobs.added).toContainEqual({ name: 'lane.drain', data: { connectionId: started.id } });
  });

  test('with a path becomes active', async () => {
    const started = await start();
    await lab.putRole(started.roleName, roleOf(started, { path: '/vendors/sesame/' }));
    const connection = await enter({
      ...started,
      roleArn: `arn:aws:iam::${customerAccount}:role/vendors/sesame/${started.roleName}`,
    });
    expect(connection.status).toBe('active');
  });

  test('sends nothing to be proven', async () => {
    expect(await lab.admin('GET', '/messages')).toEqual([]);
  });

  test('is waited for while IAM has not seen it', async () => {
    const started = await start();
    await lab.main
      .get(UpdateConnection)
      .execute(started.projectId, started.id, { roleArn: started.roleArn, actor: 'system' });
    const early = await lab.settle(started.projectId, started.id, 0);
    expect(early.status).toBe('verifying');
    expect(checkOf(early, 'assume_with_external_id')).toMatchObject({
      outcome: 'pending',
      detail: expect.stringContaining('Waiting for IAM'),
    });
    await lab.putRole(started.roleName, roleOf(started, { effective_in_seconds: 8 }));
    expect((await lab.settle(started.projectId, started.id)).status).toBe('active');
  });
});

describe('a role that is open to others is rejected by', () => {
  test.each<[string, string, (started: Started) => object]>([
    ['no condition', 'refuse_without_external_id', (started) => trustWith(started, {})],
    [
      'StringEqualsIfExists',
      'refuse_without_external_id',
      (started) =>
        trustWith(started, { StringEqualsIfExists: { 'sts:ExternalId': started.kit.external_id } }),
    ],
    [
      'StringLike "*"',
      'refuse_wrong_external_id',
      (started) => trustWith(started, { StringLike: { 'sts:ExternalId': '*' } }),
    ],
    [
      'ForAllValues',
      'refuse_without_external_id',
      (started) =>
        trustWith(started, { 'ForAllValues:StringEquals': { 'sts:ExternalId': [started.kit.external_id] } }),
    ],
  ])('%s: %s; the remedy mends it', async (_, check, trust) => {
    const started = await start();
    await lab.putRole(started.roleName, roleOf(started, { trust_policy: trust(started) }));
    const connection = await enter(started);
    expect(connection.status).toBe('rejected');
    expect(failures(connection)).toEqual([check]);
    const failed = checkOf(connection, check);
    expect(failed).toMatchObject({
      side: 'customer',
      remedy: expect.stringContaining('update-assume-role-policy'),
    });
    expect(checkOf(connection, 'permission_to_send').outcome).toBe('skipped');
    await lab.putRole(started.roleName, roleOf(started, { trust_policy: failed.paste?.trust_policy }));
    expect((await verify(started)).status).toBe('active');
  });
});

describe('a role that does not open is rejected', () => {
  test.each<[string, (started: Started) => Promise<unknown>]>([
    [
      'with another external ID',
      (started) =>
        lab.putRole(
          started.roleName,
          roleOf(started, {
            trust_policy: trustWith(started, { StringEquals: { 'sts:ExternalId': 'somebody-elses' } }),
          }),
        ),
    ],
    ['when it does not exist', () => Promise.resolve()],
    [
      'when it is in another account',
      (started) => lab.putRole(started.roleName, roleOf(started), '777788889999'),
    ],
  ])('%s; the remedy mends it', async (_, prepare) => {
    const started = await start();
    await prepare(started);
    const connection = await enter(started);
    expect(connection.status).toBe('rejected');
    expect(failures(connection)).toEqual(['assume_with_external_id']);
    const failed = checkOf(connection, 'assume_with_external_id');
    expect(failed.detail).toContain('does not say why');
    for (const hint of [customerAccount, started.kit.trusted_principal, started.kit.external_id])
      expect(failed.remedy).toContain(hint);
    await lab.putRole(started.roleName, roleOf(started, { trust_policy: failed.paste?.trust_policy }));
    expect((await verify(started)).status).toBe('active');
  });
});

describe('a role that works and has something to mend is degraded', () => {
  test('by a MaxSessionDuration below the request; the remedy mends it', async () => {
    const started = await start({ seconds: 7200 });
    expect(started.kit.trust_policy).toBeDefined();
    await lab.putRole(started.roleName, roleOf(started, { max_session_duration: 3600 }));
    const connection = await enter(started);
    expect(connection.status).toBe('degraded');
    expect(failures(connection)).toEqual(['session_duration']);
    expect(connection.session_duration).toEqual({
      requested_seconds: 7200,
      granted_seconds: 3600,
      reason: expect.stringContaining('MaxSessionDuration'),
    });
    const command = checkOf(connection, 'session_duration').paste?.cli ?? '';
    expect(command).toBe(`aws iam update-role --role-name ${started.roleName} --max-session-duration 7200`);
    await lab.putRole(started.roleName, roleOf(started, { max_session_duration: 7200 }));
    const mended = await verify(started);
    expect(mended.status).toBe('active');
    expect(mended.session_duration).toEqual({ requested_seconds: 7200, granted_seconds: 7200, reason: null });
  });

  test('by a missing ses:GetAccount; the remedy mends it', async () => {
    const started = await start();
    const [send] = started.kit.permissions_policy.Statement;
    await lab.putRole(
      started.roleName,
      roleOf(started, { policies: { send: { ...started.kit.permissions_policy, Statement: [send] } } }),
    );
    const connection = await enter(started);
    expect(connection.status).toBe('degraded');
    expect(failures(connection)).toEqual(['ses_account']);
    await lab.putRole(
      started.roleName,
      roleOf(started, { policies: { send: checkOf(connection, 'ses_account').paste?.permissions_policy } }),
    );
    expect((await verify(started)).status).toBe('active');
  });

  test.each(['ses:SendEmail', 'ses:SendRawEmail'])(
    'by a missing %s; the remedy mends it',
    async (missing) => {
      const started = await start();
      const policy = JSON.parse(
        JSON.stringify(started.kit.permissions_policy).replace(`"${missing}"`, '"ses:Nothing"'),
      ) as PolicyDocument;
      await lab.putRole(started.roleName, roleOf(started, { policies: { send: policy } }));
      const connection = await enter(started);
      expect(connection.status).toBe('degraded');
      const failed = checkOf(connection, 'permission_to_send');
      expect(failed).toMatchObject({
        outcome: 'failed',
        side: 'customer',
        remedy: expect.stringContaining(missing),
      });
      await lab.putRole(
        started.roleName,
        roleOf(started, { policies: { send: failed.paste?.permissions_policy } }),
      );
      expect((await verify(started)).status).toBe('active');
    },
  );

  test('by sending that is switched off, and heals alone', async () => {
    const started = await start();
    await lab.putRole(started.roleName, roleOf(started));
    await lab.admin('PATCH', `/accounts/${customerAccount}/regions/${region}/ses`, {
      sending_enabled: false,
    });
    const connection = await enter(started);
    await lab.admin('PATCH', `/accounts/${customerAccount}/regions/${region}/ses`, { sending_enabled: true });
    expect(connection).toMatchObject({ status: 'degraded', ses: { sending_enabled: false } });
    expect(failures(connection)).toEqual(['ses_account']);
    lab.clock.advance(13 * 60);
    expect(await lab.main.get(SystemConnectionsRepository).claimDueChecks(lab.clock.now(), 1000)).toContain(
      started.id,
    );
    expect((await lab.settle(started.projectId, started.id)).status).toBe('active');
  });
});

test('a policy for one From address is proven with the kit, and without it says that the sender is a stand-in', async () => {
  const started = await start();
  const bound = await lab.main
    .get(ReadKit)
    .execute(started.projectId, started.id, { purpose: 'send', format: 'json', from: 'news@example.org' });
  await lab.putRole(started.roleName, roleOf(started, { policies: { send: bound.permissions_policy } }));
  expect((await enter(started)).status).toBe('active');
  const handMade = JSON.parse(
    JSON.stringify(bound.permissions_policy).replace('identity/*', 'identity/example.org'),
  ) as PolicyDocument;
  await lab.putRole(started.roleName, roleOf(started, { policies: { send: handMade } }));
  const connection = await verify(started);
  expect(connection.status).toBe('degraded');
  expect(checkOf(connection, 'permission_to_send').detail).toContain('stand-in');
});

test('the SES sandbox passes, and says how to leave it', async () => {
  const started = await start();
  await lab.putRole(started.roleName, roleOf(started));
  await lab.admin('PATCH', `/accounts/${customerAccount}/regions/${region}/ses`, {
    production_access: false,
  });
  const connection = await enter(started);
  await lab.admin('PATCH', `/accounts/${customerAccount}/regions/${region}/ses`, { production_access: true });
  expect(connection.status).toBe('active');
  expect(checkOf(connection, 'ses_account')).toMatchObject({
    outcome: 'passed',
    remedy: expect.stringContaining('production access'),
  });
});

test('a throttled or failing STS proves nothing', async () => {
  const started = await start();
  await lab.putRole(started.roleName, roleOf(started));
  await lab.main
    .get(UpdateConnection)
    .execute(started.projectId, started.id, { roleArn: started.roleArn, actor: 'system' });
  for (const kind of ['throttle', 'error_500']) {
    await lab.admin('PUT', '/faults', [{ service: 'sts', action: 'AssumeRole', kind }]);
    const connection = await lab.settle(started.projectId, started.id, 0);
    expect(connection.status).toBe('verifying');
    expect(checkOf(connection, 'assume_with_external_id')).toMatchObject({ outcome: 'pending', side: 'aws' });
  }
  await lab.admin('DELETE', '/faults');
  expect((await lab.settle(started.projectId, started.id)).status).toBe('active');
}, 20_000);

describe('a connection that was active', () => {
  test('stops at once when its role is opened to others', async () => {
    const started = await start();
    await lab.putRole(started.roleName, roleOf(started));
    await enter(started);
    const before = await lab.main.get(SystemConnectionsRepository).find(started.id);
    await lab.putRole(started.roleName, roleOf(started, { trust_policy: trustWith(started, {}) }));
    const connection = await lab.settle(started.projectId, started.id, 0);
    expect(connection.status).toBe('rejected');
    const after = await lab.main.get(SystemConnectionsRepository).find(started.id);
    expect(after?.credentialEpoch).toBe((before?.credentialEpoch ?? 0) + 1);
  });

  test('breaks when its role is deleted, and heals alone when it is back', async () => {
    const started = await start();
    await lab.putRole(started.roleName, roleOf(started));
    await enter(started);
    await lab.admin('DELETE', `/accounts/${customerAccount}/roles/${started.roleName}`);
    const waiting = await lab.settle(started.projectId, started.id, 0);
    expect(waiting.status).toBe('active');
    const broken = await lab.settle(started.projectId, started.id);
    expect(broken.status).toBe('broken');
    expect(failures(broken)).toEqual(['assume_with_external_id']);
    await lab.putRole(started.roleName, roleOf(started));
    lab.clock.advance(73);
    expect(await lab.main.get(SystemConnectionsRepository).claimDueChecks(lab.clock.now(), 1000)).toContain(
      started.id,
    );
    const before = lab.main.jobs.count('lane.drain');
    expect((await lab.settle(started.projectId, started.id)).status).toBe('active');
    expect(lab.main.jobs.count('lane.drain')).toBe(before + 1);
  });

  test('keeps its state while the platform itself is at fault', async () => {
    const started = await start();
    await lab.putRole(started.roleName, roleOf(started));
    await enter(started);
    lab.clock.advance(120);
    await lab.admin('PUT', '/faults', [
      { service: 'sts', action: 'GetCallerIdentity', kind: 'access_denied' },
    ]);
    const connection = await lab.settle(started.projectId, started.id, 0);
    await lab.admin('DELETE', '/faults');
    expect(connection.status).toBe('active');
    expect(checkOf(connection, 'platform_principal')).toMatchObject({ outcome: 'failed', side: 'platform' });
  });

  test('shows paused while it is paused, whatever the checks say', async () => {
    const started = await start();
    await lab.putRole(started.roleName, roleOf(started));
    await enter(started);
    const update = lab.main.get(UpdateConnection);
    expect(
      (await update.execute(started.projectId, started.id, { paused: true, actor: 'system' })).connection
        .status,
    ).toBe('paused');
    expect((await verify(started)).status).toBe('paused');
    expect(
      (await update.execute(started.projectId, started.id, { paused: false, actor: 'system' })).connection
        .status,
    ).toBe('active');
  });
});

test('results for a role that was replaced meanwhile are dropped', async () => {
  const started = await start();
  await lab.putRole(started.roleName, roleOf(started));
  await lab.main
    .get(UpdateConnection)
    .execute(started.projectId, started.id, { roleArn: started.roleArn, actor: 'system' });
  await lab.admin('PUT', '/faults', [
    { service: 'sts', action: 'AssumeRole', kind: 'latency', latency_ms: 150 },
  ]);
  const round = lab.settle(started.projectId, started.id, 0);
  const other = { ...started, roleArn: `${started.roleArn}Other` };
  await lab.main
    .get(UpdateConnection)
    .execute(started.projectId, started.id, { roleArn: other.roleArn, actor: 'system' });
  await round;
  await lab.admin('DELETE', '/faults');
  const connection = await lab.read(started.projectId, started.id);
  expect(connection).toMatchObject({ role_arn: other.roleArn, status: 'verifying', verified_at: null });
  expect(connection.checks.every((check) => check.outcome === 'pending')).toBe(true);
});

test('due checks go to one ticker only', async () => {
  const ids = await Promise.all(Array.from({ length: 12 }, () => start()));
  for (const started of ids) {
    await lab.main
      .get(UpdateConnection)
      .execute(started.projectId, started.id, { roleArn: started.roleArn, actor: 'system' });
  }
  lab.clock.advance(3600);
  const repository = lab.main.get(SystemConnectionsRepository);
  const now = lab.clock.now();
  const claimed = (
    await Promise.all(Array.from({ length: 5 }, () => repository.claimDueChecks(now, 5)))
  ).flat();
  expect(new Set(claimed).size).toBe(claimed.length);
});

test('every change and every round is in the audit log, without a secret', async () => {
  const entries = await lab.main.database.prisma.auditEntry.findMany();
  const actions = new Set(entries.map((entry) => entry.action));
  for (const action of [
    'connection.created',
    'connection.role_changed',
    'connection.became_active',
    'connection.became_rejected',
    'connection.became_broken',
    'connection.paused',
  ]) {
    expect(actions).toContain(action);
  }
  expect(JSON.stringify(entries) + lab.main.logLines.join('')).not.toMatch(
    /ASIA[A-Z0-9]{16}|secretAccessKey|sessionToken/,
  );
});
