import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { newId } from '#libs/crypto';
import { DisconnectConnection } from '#libs/connections';
import { PublishEvents } from '#libs/webhooks';
import { until } from '../../../../test/support/connections-lab.js';
import { DomainsLab, type Tenant } from '../../../../test/support/domains-lab.js';
import { hourMs } from '../../test/fixtures.js';
import { searchMs } from '../decide-status.js';
import { RemoveDomain } from '../remove-domain.js';
import { SystemDomainsRepository } from '../system-domains.repository.js';
import { VerifyDomain } from '../verify-domain.js';
import { WakeDomains } from './wake-domains.js';

// A bound, not a pace: many tests let days of looks go by.
jest.setTimeout(60_000);

let domains: DomainsLab;
let tenant: Tenant;

beforeAll(async () => {
  domains = await DomainsLab.start(process.env);
  tenant = await domains.newTenant();
}, 60_000);
afterAll(() => domains?.stop(), 60_000);
afterEach(async () => {
  await domains.lab.admin('DELETE', '/faults');
});

const verify = async (id: string) => {
  await domains.lab.main.get(VerifyDomain).execute(tenant.projectId, id, 'system');
  await domains.follow({ id });
};
const remove = (id: string, projectId = tenant.projectId) =>
  domains.lab.main.get(RemoveDomain).execute(projectId, id, 'system');
const fault = (fields: object) => domains.lab.admin('PUT', '/faults', [{ service: 'ses', ...fields }]);

describe('following a domain', () => {
  it('makes the identity with its MAIL FROM at the first look, and proves it by its records', async () => {
    const made = await domains.addAndFollow(tenant, 'first.example');
    expect(made).toMatchObject({ status: 'pending', ownership: 'created', problem: null });
    expect(made.identity?.mailFrom).toEqual({ domain: 'send.first.example', status: 'PENDING' });
    expect(made.identity?.dkim.tokens).toHaveLength(3);
    expect(Object.values(made.sightings).map(({ isRight }) => isRight)).toEqual(Array(6).fill(false));
    await domains.publish(made);
    await domains.follow(made);
    const proven = await domains.read(made);
    expect(proven.status).toBe('verified');
    expect(proven.verifiedAt).not.toBeNull();
    expect(Object.values(proven.sightings).map(({ isRight }) => isRight)).toEqual(Array(6).fill(true));
  });

  it('looks again and again for three days, less and less often, and then has failed', async () => {
    const made = await domains.addAndFollow(tenant, 'never.example');
    const looks: number[] = [];
    for (;;) {
      const due = (await domains.row(made.id))?.['next_check_at'];
      if (!(due instanceof Date)) break;
      domains.lab.clock.advance((due.getTime() - domains.lab.clock.nowMs()) / 1000);
      expect(await domains.tick()).toContain(made.id);
      looks.push(domains.lab.clock.nowMs() - made.createdAt.getTime());
    }
    expect((await domains.read(made)).status).toBe('failed');
    const minutes = looks.slice(0, 7).map((ms) => Math.round(ms / 60_000));
    expect(minutes).toEqual([1, 2, 4, 8, 16, 32, 64]);
    const last = looks.at(-1) ?? 0;
    expect(last).toBeGreaterThanOrEqual(searchMs);
    expect(last).toBeLessThan(searchMs + hourMs);
    expect(looks.length).toBeLessThan(85);
  }, 60_000);

  it('begins anew when it is asked to, also where SES has given up', async () => {
    const made = await domains.addAndFollow(tenant, 'late.example');
    domains.lab.clock.advance((searchMs + hourMs) / 1000);
    await domains.follow(made);
    expect(await domains.read(made)).toMatchObject({
      status: 'failed',
      identity: { verification: 'FAILED', mailFrom: { status: 'FAILED' } },
    });
    await verify(made.id);
    expect(await domains.read(made)).toMatchObject({
      status: 'pending',
      identity: { verification: 'PENDING', mailFrom: { status: 'PENDING' } },
    });
  });

  it('looks at a proven domain once a day, and says when SES has lost it', async () => {
    const made = await domains.addAndFollow(tenant, 'lost.example');
    await domains.publish(made);
    await domains.follow(made);
    domains.lab.clock.advance(searchMs / 1000);
    await domains.follow(made);
    const nextMs = ((await domains.row(made.id))?.['next_check_at'] as Date).getTime();
    expect(nextMs - domains.lab.clock.nowMs()).toBeGreaterThan(21 * hourMs);
    expect(nextMs - domains.lab.clock.nowMs()).toBeLessThanOrEqual(24 * hourMs);
    await domains.lab.admin('DELETE', domains.identityPath('lost.example'));
    await domains.follow(made);
    expect(await domains.read(made)).toMatchObject({ status: 'failed', problem: { kind: 'gone' } });
    // Whoever took it out had a reason: it comes back only on demand.
    expect(await domains.hasIdentity('lost.example')).toBe(false);
    await verify(made.id);
    expect(await domains.read(made)).toMatchObject({
      status: 'verified',
      problem: null,
      ownership: 'created',
    });
  });

  it('takes for its own what it made just before it lost the answer', async () => {
    await fault({ action: 'CreateEmailIdentity', kind: 'lost_response', count: 1 });
    expect(await domains.addAndFollow(tenant, 'crash.example')).toMatchObject({
      ownership: 'created',
      problem: null,
    });
  });

  it('keeps what it knows while SES is away, and goes on by itself', async () => {
    const made = await domains.addAndFollow(tenant, 'away.example');
    await fault({ action: 'GetEmailIdentity', kind: 'error_500' });
    await domains.publish(made);
    await domains.follow(made);
    expect(await domains.read(made)).toMatchObject({
      status: 'pending',
      identity: { verification: 'PENDING' },
      problem: { kind: 'waiting' },
    });
    await domains.lab.admin('DELETE', '/faults');
    domains.lab.clock.advance(3600);
    await domains.tick();
    expect(await domains.read(made)).toMatchObject({ status: 'verified', problem: null });
  }, 30_000);

  it('says what to paste when the right is missing, and nothing is made', async () => {
    const poor = await domains.newTenant();
    await domains.allow(poor, ['send']);
    const made = await domains.addAndFollow(poor, 'poor.example');
    expect(made).toMatchObject({ status: 'not_started', identity: null, problem: { kind: 'denied' } });
    expect(made.problem?.remedy).toContain('ses:PutEmailIdentity*');
    await remove(made.id, poor.projectId);
    await domains.follow(made);
    expect(await domains.row(made.id)).toBeUndefined();
  });

  it('tells endpoints when the status changes, and only then', async () => {
    const { database } = domains.lab.main;
    await database.query(
      `INSERT INTO webhooks (id, project_id, endpoint, events, sealed_secret) VALUES ($1, $2, 'https://example.com', '{domain.updated,domain.deleted}', 'x')`,
      [newId(), tenant.projectId],
    );
    await domains.lab.main.broadcast.send('webhook.enabled', tenant.projectId);
    await until('heard', () => domains.lab.main.get(PublishEvents).isHeard(tenant.projectId));
    const made = await domains.addAndFollow(tenant, 'told.example');
    await domains.follow(made);
    await domains.publish(made);
    await domains.follow(made);
    await remove(made.id);
    const { rows } = await database.query<{ payload: string }>(
      'SELECT payload FROM webhook_messages WHERE project_id = $1 ORDER BY id',
      [tenant.projectId],
    );
    const told = rows.map(
      ({ payload }) => JSON.parse(payload) as { type: string; data: Record<string, unknown> },
    );
    expect(told.map(({ type, data }) => [type, data['name'], data['status']])).toEqual([
      ['domain.updated', 'told.example', 'pending'],
      ['domain.updated', 'told.example', 'verified'],
      ['domain.deleted', 'told.example', 'verified'],
    ]);
    expect(told[1]?.data['records']).toHaveLength(6);
  });

  it('does not overwrite a verification that was asked for meanwhile', async () => {
    const made = await domains.addAndFollow(tenant, 'race.example');
    const repository = domains.lab.main.get(SystemDomainsRepository);
    const seen = await repository.find(made.id);
    if (seen === undefined) throw new Error('no domain');
    domains.lab.clock.advance(1);
    await domains.lab.main.get(VerifyDomain).execute(tenant.projectId, made.id, 'system');
    const record = { ...seen, status: 'failed', followedAt: new Date(), nextCheckAt: null } as const;
    expect(await repository.save(seen, record, () => Promise.resolve([]))).toBeUndefined();
    expect((await domains.read(made)).status).toBe('pending');
  });

  it('gives a due domain to one ticker only', async () => {
    const made = await domains.add(tenant, 'once.example');
    const repository = domains.lab.main.get(SystemDomainsRepository);
    const now = domains.lab.clock.now();
    const claims = await Promise.all(Array.from({ length: 8 }, () => repository.claimDue(now, 100)));
    expect(claims.flat().filter((id) => id === made.id)).toHaveLength(1);
    await domains.lab.main.get(WakeDomains).execute();
    await domains.follow(made);
  });
});

describe('a removed domain', () => {
  it('takes the identity that was made for it along', async () => {
    const made = await domains.addAndFollow(tenant, 'mine.example');
    await remove(made.id);
    expect(await domains.tick()).toContain(made.id);
    expect(await domains.hasIdentity('mine.example')).toBe(false);
    expect(await domains.row(made.id)).toBeUndefined();
  });

  it('leaves an identity that was there before', async () => {
    await domains.lab.admin('PUT', domains.identityPath('theirs.example'), { verified: true });
    const made = await domains.addAndFollow(tenant, 'theirs.example');
    expect(made).toMatchObject({ ownership: 'adopted', status: 'verified' });
    await remove(made.id);
    await domains.follow(made);
    expect(await domains.hasIdentity('theirs.example')).toBe(true);
    expect(await domains.row(made.id)).toBeUndefined();
  });

  it('leaves the identity to another domain that uses it; the last one takes it along', async () => {
    const neighbour = await domains.newTenant();
    const first = await domains.addAndFollow(tenant, 'shared.example');
    const second = await domains.addAndFollow(neighbour, 'shared.example');
    expect([first.ownership, second.ownership]).toEqual(['created', 'adopted']);
    await remove(first.id);
    await domains.follow(first);
    expect(await domains.hasIdentity('shared.example')).toBe(true);
    expect((await domains.read(second)).ownership).toBe('created');
    await remove(second.id, neighbour.projectId);
    await domains.follow(second);
    expect(await domains.hasIdentity('shared.example')).toBe(false);
  });

  it('hands its identity on to one of the same name that was added before it was gone', async () => {
    const first = await domains.addAndFollow(tenant, 'again.example');
    await remove(first.id);
    const second = await domains.addAndFollow(tenant, 'again.example');
    expect(second.ownership).toBe('created');
    await domains.follow(first);
    expect(await domains.hasIdentity('again.example')).toBe(true);
    await remove(second.id);
    await domains.follow(second);
    expect(await domains.hasIdentity('again.example')).toBe(false);
  });

  it('is tried for three days while the right is missing, and then given up', async () => {
    const poor = await domains.newTenant();
    const made = await domains.addAndFollow(poor, 'kept.example');
    await domains.allow(poor, ['send']);
    await remove(made.id, poor.projectId);
    await domains.follow(made);
    expect((await domains.row(made.id))?.['next_check_at']).toBeInstanceOf(Date);
    domains.lab.clock.advance(searchMs / 1000);
    await domains.follow(made);
    expect(await domains.row(made.id)).toBeUndefined();
    expect(await domains.hasIdentity('kept.example')).toBe(true);
    expect(domains.lab.main.logLines.some((line) => line.includes('domain.identity_left'))).toBe(true);
  });

  it('ends at once when its connection has ended', async () => {
    const gone = await domains.newTenant();
    const made = await domains.addAndFollow(gone, 'ended.example');
    await domains.lab.main.get(DisconnectConnection).execute(gone.projectId, gone.connectionId, 'system');
    await domains.follow(made);
    expect(await domains.read(made)).toMatchObject({
      problem: { kind: 'waiting', code: 'connection.not_usable' },
    });
    expect((await domains.row(made.id))?.['next_check_at']).toBeNull();
    await remove(made.id, gone.projectId);
    await domains.follow(made);
    expect(await domains.row(made.id)).toBeUndefined();
  });
});
