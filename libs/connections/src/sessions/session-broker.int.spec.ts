import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { isCredentialFailure, SesGateway, type AwsFailure } from '#libs/aws';
import { newId } from '#libs/crypto';
import {
  customerAccount,
  Lab,
  region,
  until,
  windowMs,
  type LabProcess,
} from '../../../../test/support/connections-lab.js';
import { CreateConnection } from '../create-connection.js';
import { DisconnectConnection } from '../disconnect-connection.js';
import { ReadKit } from '../read-kit.js';
import { RefreshPlatformPrincipal } from '../refresh-platform-principal.js';
import { SystemConnectionsRepository } from '../system-connections.repository.js';
import { UpdateConnection } from '../update-connection.js';
import { WakeConnections } from '../wake-connections.js';
import { ReadSessions } from './read-sessions.js';
import { RefreshSession } from './refresh-session.js';
import { SessionBroker } from './session-broker.js';
import type { BrokeredSession } from './session.js';
import { SystemSessionsRepository } from './system-sessions.repository.js';

let lab: Lab;
let count = 0;

interface Ready {
  projectId: string;
  id: string;
  epoch: number;
  roleName: string;
  role: object;
}

/** An active connection without any session yet. */
async function ready(seconds = 3600): Promise<Ready> {
  const projectId = await lab.newProject();
  const { connection } = await lab.main.get(CreateConnection).execute(projectId, { region, actor: 'system' });
  const { id } = connection;
  const kit = await lab.main.get(ReadKit).execute(projectId, id, { purpose: 'all', format: 'json' });
  const roleName = `Broker${++count}`;
  const role = {
    trust_policy: kit.trust_policy,
    policies: { all: kit.permissions_policy },
    max_session_duration: 43_200,
  };
  await lab.putRole(roleName, role);
  await lab.main.get(UpdateConnection).execute(projectId, id, {
    roleArn: `arn:aws:iam::${customerAccount}:role/${roleName}`,
    sessionDurationSeconds: seconds,
    actor: 'system',
  });
  expect((await lab.settle(projectId, id)).status).toBe('active');
  await lab.clearCalls();
  const stored = await lab.main.get(SystemConnectionsRepository).find(id);
  return { projectId, id, epoch: stored?.credentialEpoch ?? 0, roleName, role };
}

const broker = (process: LabProcess): SessionBroker => process.get(SessionBroker);

/** A call that needs valid credentials. */
async function use(process: LabProcess, session: BrokeredSession): Promise<unknown> {
  return process.get(SesGateway).getAccount(session.credentials, session.region);
}

beforeAll(async () => {
  lab = await Lab.start(process.env);
  await lab.main.get(RefreshPlatformPrincipal).execute();
  for (let index = 0; index < 3; index += 1) await lab.newProcess();
}, 60_000);

afterAll(async () => {
  await lab?.stop();
});

beforeEach(async () => {
  await lab.admin('DELETE', '/faults');
});

test('a whole fleet that starts cold calls STS once', async () => {
  const { id, epoch } = await ready();
  const sessions = await Promise.all(
    lab.processes.flatMap((process) =>
      Array.from({ length: 8 }, (_, index) =>
        broker(process).for(id, 'send', index % 2 === 0 ? epoch : undefined),
      ),
    ),
  );
  expect(await lab.assumeCalls('send')).toHaveLength(1);
  expect(new Set(sessions.map((session) => session.credentials.accessKeyId)).size).toBe(1);
  expect(
    sessions.every(
      (session) => session.generation === 1 && session.epoch === epoch && session.region === region,
    ),
  ).toBe(true);
  // One object per process and generation: libs/aws keys its signers on it.
  expect(new Set(sessions).size).toBe(lab.processes.length);
  expect(await broker(lab.main).for(id, 'send', epoch)).toBe(sessions[0]);
});

test('each purpose has a session of its own, narrowed and named for it', async () => {
  const { id, epoch, projectId } = await ready();
  for (const purpose of ['send', 'events', 'analytics', 'configure'] as const) {
    await broker(lab.main).for(id, purpose, epoch);
    const [call, ...more] = await lab.assumeCalls(purpose);
    expect(more).toEqual([]);
    expect(JSON.stringify(call?.parameters)).toContain(`sesame-${purpose}-${projectId}`);
    expect(JSON.stringify(call?.parameters)).toContain('2012-10-17');
  }
  const listed = await lab.main.get(ReadSessions).execute(projectId, id);
  expect(listed.map((session) => session.purpose)).toEqual(['analytics', 'configure', 'events', 'send']);
  expect(Object.keys(listed[0] ?? {}).sort()).toEqual([
    'expires_at',
    'generation',
    'granted_seconds',
    'purpose',
    'refreshed_at',
  ]);
  const rows = await lab.main.database.prisma.connectionSession.findMany({ where: { connectionId: id } });
  expect(JSON.stringify(rows)).not.toContain('ASIA');
});

test('sessions of 900 seconds last through an hour without a failed call', async () => {
  const { id, epoch } = await ready(900);
  const generations = new Set<number>();
  for (let minute = 0; minute <= 60; minute += 1) {
    await lab.main.get(WakeConnections).execute();
    const due = lab.main.jobs.added.splice(0).filter((job) => job.name === 'session.refresh');
    for (const { data } of due)
      await lab.main.get(RefreshSession).execute(data as { connectionId: string; purpose: 'send' });
    for (const process of lab.processes.slice(0, 2)) {
      const session = await broker(process).for(id, 'send', epoch);
      await use(process, session);
      generations.add(session.generation);
    }
    lab.clock.advance(60);
  }
  const calls = await lab.assumeCalls('send');
  expect(calls.every((call) => call.outcome === 'success')).toBe(true);
  // 900 s less a margin of 225-315 s: a new one every ten minutes or so.
  expect(calls.length).toBeGreaterThanOrEqual(5);
  expect(calls.length).toBeLessThanOrEqual(8);
  expect(generations.size).toBe(calls.length);
});

test('without any background refresh, a session is made inline when the old one has ended', async () => {
  const { id, epoch } = await ready(900);
  await broker(lab.main).for(id, 'send', epoch);
  lab.clock.advance(800);
  expect((await broker(lab.main).for(id, 'send', epoch)).generation).toBe(1);
  lab.clock.advance(75);
  const next = await broker(lab.main).for(id, 'send', epoch);
  expect(next.generation).toBe(2);
  await use(lab.main, next);
});

test('a refresh that fails keeps the old session, and pauses before the next try', async () => {
  const { id, epoch } = await ready(900);
  await broker(lab.main).for(id, 'send', epoch);
  await lab.clearCalls();
  lab.clock.advance(700);
  await lab.admin('PUT', '/faults', [{ service: 'sts', action: 'AssumeRole', kind: 'access_denied' }]);
  const refresh = lab.main.get(RefreshSession);
  await refresh.execute({ connectionId: id, purpose: 'send' });
  await refresh.execute({ connectionId: id, purpose: 'send' });
  // The SDK repeats a call whose answer shows that the simulated time has jumped: those are one call of ours.
  expect(new Set((await lab.assumeCalls('send')).map((call) => call.sdk_invocation_id)).size).toBe(1);
  expect((await broker(lab.main).for(id, 'send', epoch)).generation).toBe(1);
  expect(lab.main.jobs.added).toContainEqual({ name: 'connection.check', data: { connectionId: id } });
  await lab.admin('DELETE', '/faults');
  lab.clock.advance(61);
  await refresh.execute({ connectionId: id, purpose: 'send' });
  const rows = await lab.main.get(SystemSessionsRepository).read(id, 'send');
  expect(rows).toMatchObject({ generation: 2, failureCode: null });
});

test('an idle session is left to expire', async () => {
  const { id, epoch } = await ready(3600);
  await broker(lab.main).for(id, 'send', epoch);
  lab.clock.advance(3400);
  const due = await lab.main.get(SystemSessionsRepository).dueForRefresh(lab.clock.now(), 1000);
  expect(due.filter((session) => session.connectionId === id)).toEqual([]);
  await broker(lab.main).for(id, 'send', epoch);
  const dueInUse = await lab.main.get(SystemSessionsRepository).dueForRefresh(lab.clock.now(), 1000);
  expect(dueInUse).toContainEqual({ connectionId: id, purpose: 'send' });
});

describe('credentials that SES rejects', () => {
  test('are replaced once for the whole fleet', async () => {
    const { id, epoch } = await ready();
    const old = await Promise.all(lab.processes.map((process) => broker(process).for(id, 'send', epoch)));
    await lab.clearCalls();
    await lab.admin('PUT', '/faults', [
      { service: 'ses', action: 'GetAccount', kind: 'expired_token', count: lab.processes.length },
    ]);
    await Promise.all(
      lab.processes.map(async (process, index) => {
        const session = old[index];
        if (session === undefined) throw new Error('no session');
        const failure = await use(process, session).catch((error: unknown) => error as AwsFailure);
        expect(isCredentialFailure(failure as AwsFailure)).toBe(true);
        await broker(process).reportRejected(id, 'send', session.generation);
      }),
    );
    const renewed = await Promise.all(lab.processes.map((process) => broker(process).for(id, 'send', epoch)));
    expect(await lab.assumeCalls('send')).toHaveLength(1);
    expect(renewed.map((session) => session.generation)).toEqual(lab.processes.map(() => 2));
    // A late report of the old generation takes nothing away.
    await broker(lab.main).reportRejected(id, 'send', 1);
    expect((await broker(lab.main).for(id, 'send', epoch)).generation).toBe(2);
    expect(await lab.assumeCalls('send')).toHaveLength(1);
  });

  test('again and again are not replaced without end', async () => {
    const { id, epoch } = await ready();
    let made = 0;
    for (let index = 0; index < 10; index += 1) {
      const session = await broker(lab.main)
        .for(id, 'send', epoch)
        .catch(() => undefined);
      if (session === undefined) break;
      made += 1;
      await broker(lab.main).reportRejected(id, 'send', session.generation);
    }
    expect(made).toBe(4);
  });
});

test('a disconnect takes the credentials from every process at once, and nothing brings them back', async () => {
  const { id, epoch, projectId } = await ready();
  const [, other] = lab.processes;
  if (other === undefined) throw new Error('one process only');
  await broker(other).for(id, 'send', epoch);
  await broker(other).for(id, 'analytics', epoch);
  await lab.main.get(DisconnectConnection).execute(projectId, id, 'system');
  expect(await lab.main.database.prisma.connectionSession.count({ where: { connectionId: id } })).toBe(0);
  await until('purged', () => broker(other).remembered(id) === 0);
  await expect(broker(other).for(id, 'send', epoch)).rejects.toMatchObject({ code: 'connection.not_usable' });
  await expect(broker(other).for(id, 'send')).rejects.toMatchObject({ code: 'connection.not_usable' });
  await other.get(RefreshSession).execute({ connectionId: id, purpose: 'send' });
  expect(await lab.main.database.prisma.connectionSession.count({ where: { connectionId: id } })).toBe(0);
});

test('a disconnect while STS is being asked wins', async () => {
  const { id, epoch, projectId } = await ready();
  await lab.admin('PUT', '/faults', [
    { service: 'sts', action: 'AssumeRole', kind: 'latency', latency_ms: 300 },
  ]);
  const pending = broker(lab.main).for(id, 'send', epoch);
  const outcome = expect(pending).rejects.toMatchObject({ kind: 'unavailable' });
  await until(
    'leased',
    async () => (await lab.main.get(SystemSessionsRepository).read(id, 'send'))?.isLeased === true,
  );
  await lab.main.get(DisconnectConnection).execute(projectId, id, 'system');
  await outcome;
  expect(broker(lab.main).remembered(id)).toBe(0);
  const row = await lab.main.get(SystemSessionsRepository).read(id, 'send');
  expect(row?.sealedCredentials ?? null).toBeNull();
});

test('a session of another epoch is never returned', async () => {
  const { id, epoch, projectId, roleName, role } = await ready();
  const old = await broker(lab.main).for(id, 'send', epoch);
  await lab.putRole(`${roleName}New`, role);
  await lab.main.get(UpdateConnection).execute(projectId, id, {
    roleArn: `arn:aws:iam::${customerAccount}:role/${roleName}New`,
    actor: 'system',
  });
  await expect(broker(lab.main).for(id, 'send', epoch)).rejects.toMatchObject({ kind: 'unavailable' });
  await expect(broker(lab.main).for(id, 'send')).rejects.toMatchObject({ code: 'connection.not_usable' });
  expect((await lab.settle(projectId, id)).status).toBe('active');
  await expect(broker(lab.main).for(id, 'send', epoch)).rejects.toMatchObject({
    code: 'connection.epoch_passed',
  });
  const renewed = await broker(lab.main).for(id, 'send', epoch + 1);
  expect(renewed.credentials.accessKeyId).not.toBe(old.credentials.accessKeyId);
  expect(renewed.generation).toBe(old.generation + 1);
});

test('a role that is gone is asked once, not by every mail, and the checks are called', async () => {
  const { id, epoch, projectId, roleName } = await ready();
  await lab.admin('DELETE', `/accounts/${customerAccount}/roles/${roleName}`);
  lab.main.jobs.added.length = 0;
  for (let index = 0; index < 5; index += 1) {
    await expect(broker(lab.main).for(id, 'send', epoch)).rejects.toMatchObject({
      code: 'connection.role_not_assumable',
      kind: 'unavailable',
    });
  }
  expect(await lab.assumeCalls('send')).toHaveLength(1);
  expect(lab.main.jobs.added).toEqual([{ name: 'connection.check', data: { connectionId: id } }]);
  expect(await lab.main.get(SystemConnectionsRepository).claimDueChecks(lab.clock.now(), 1000)).toContain(id);
  expect((await lab.settle(projectId, id, windowMs / 1000 + 30)).status).toBe('broken');
});

test('a requested duration above the role is stepped down, remembered, and re-made when it changes', async () => {
  const { id, epoch, projectId, roleName, role } = await ready(7200);
  await lab.putRole(roleName, { ...role, max_session_duration: 3600 });
  await broker(lab.main).for(id, 'send', epoch);
  expect(await lab.assumeCalls('send')).toHaveLength(2);
  expect(await lab.read(projectId, id)).toMatchObject({
    session_duration: {
      requested_seconds: 7200,
      granted_seconds: 3600,
      reason: expect.stringContaining('MaxSessionDuration'),
    },
  });
  await lab.clearCalls();
  await broker(lab.main).for(id, 'configure', epoch);
  expect(await lab.assumeCalls('configure')).toHaveLength(1);

  await lab.clearCalls();
  lab.main.jobs.added.length = 0;
  await lab.main
    .get(UpdateConnection)
    .execute(projectId, id, { sessionDurationSeconds: 900, actor: 'system' });
  expect(await lab.read(projectId, id)).toMatchObject({ status: 'active' });
  expect(lab.main.jobs.added).toContainEqual({
    name: 'session.refresh',
    data: { connectionId: id, purpose: 'send' },
  });
  await lab.main.get(RefreshSession).execute({ connectionId: id, purpose: 'send' });
  expect(
    (await lab.main.get(ReadSessions).execute(projectId, id)).find((session) => session.purpose === 'send'),
  ).toMatchObject({ generation: 2, granted_seconds: 900 });
});

test('credentials sealed for one row do not open in another', async () => {
  const { id, epoch } = await ready();
  await broker(lab.main).for(id, 'send', epoch);
  await lab.main.database.query(
    `INSERT INTO connection_sessions (connection_id, purpose, generation, epoch, sealed_credentials, granted_seconds, refreshed_at, refresh_at, expires_at)
     SELECT connection_id, 'analytics', 7, epoch, sealed_credentials, granted_seconds, refreshed_at, refresh_at, expires_at
     FROM connection_sessions WHERE connection_id = $1 AND purpose = 'send'`,
    [id],
  );
  const session = await broker(lab.main).for(id, 'analytics', epoch);
  expect(session.generation).toBe(8);
});

test('an unknown connection is not found', async () => {
  await expect(broker(lab.main).for(newId(), 'send')).rejects.toMatchObject({ code: 'connection.not_found' });
});
