import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { DisconnectConnection, ProveConnection } from '#libs/connections';
import { newId } from '#libs/crypto';
import { ImportSuppressions, SuppressMany } from '#libs/suppressions';
import { customerAccount, region, until } from '../../../test/support/connections-lab.js';
import { PublishEvents } from '#libs/webhooks';
import { Broadcast } from '#libs/database';
import { SuppressionLab, type Tenant } from '../../../test/support/suppression-lab.js';
import { SetSuppressionSync } from './set-suppression-sync.js';

// A bound, not a pace: many tests let hours go by.
jest.setTimeout(60_000);

let lab: SuppressionLab;
let tenant: Tenant;

beforeAll(async () => {
  lab = await SuppressionLab.start(process.env);
}, 60_000);
afterAll(() => lab?.stop(), 60_000);
beforeEach(async () => {
  await lab.reset();
  tenant = await lab.newTenant();
  await lab.lab.clearCalls();
});

const minutes = (count: number) => lab.lab.clock.advance(count * 60);
const nextInMs = async () => Date.parse((await lab.read(tenant)).next_sync_at ?? '') - lab.lab.clock.nowMs();

describe('a connection whose lists are not synced', () => {
  it('says so, costs no job and no call, and notes nothing', async () => {
    lab.listInSes('ann@example.net');
    await lab.suppress(tenant, 'bob@example.net');
    expect(await lab.tick()).toEqual([]);
    expect(await lab.read(tenant)).toEqual({
      object: 'suppression_sync',
      connection_id: tenant.connectionId,
      mode: 'off',
      imported: 0,
      put: 0,
      deleted: 0,
      refused: 0,
      pending: 0,
      suppressed_reasons: null,
      problem: null,
      synced_at: null,
      next_sync_at: null,
    });
    expect(await lab.calls('ListSuppressedDestinations')).toEqual([]);
  });

  it('must be proven before they are, and belongs to one project', async () => {
    const stranger = await lab.newTenant();
    const set = (projectId: string, connectionId: string) =>
      lab.lab.main.get(SetSuppressionSync).execute(projectId, connectionId, 'import', 'system');
    await expect(set(stranger.projectId, tenant.connectionId)).rejects.toMatchObject({
      code: 'connection.not_found',
    });
    await expect(set(tenant.projectId, newId())).rejects.toMatchObject({ code: 'connection.not_found' });
    await lab.lab.main.get(DisconnectConnection).execute(tenant.projectId, tenant.connectionId, 'system');
    await expect(set(tenant.projectId, tenant.connectionId)).rejects.toMatchObject({
      code: 'suppression_sync.connection_not_ready',
      kind: 'conflict',
      field: 'mode',
    });
  });
});

describe('import', () => {
  it('takes over what the account lists, with its reason and where it came from', async () => {
    lab.listInSes('Ann@Example.net');
    lab.listInSes('bob@example.net', 'COMPLAINT');
    await lab.set(tenant, 'import');
    await lab.settle(tenant);
    expect(await lab.list(tenant)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          email: 'ann@example.net',
          origin: 'bounce',
          sourceId: undefined,
          sesConnectionId: tenant.connectionId,
        }),
        expect.objectContaining({
          email: 'bob@example.net',
          origin: 'complaint',
          sesConnectionId: tenant.connectionId,
        }),
      ]),
    );
    expect(await lab.read(tenant)).toMatchObject({
      mode: 'import',
      imported: 2,
      problem: null,
      suppressed_reasons: ['BOUNCE', 'COMPLAINT'],
      synced_at: expect.any(String),
    });
  });

  it('reads thousands page by page, one call a second, and later only what is new', async () => {
    for (let index = 0; index < 2_345; index++) lab.listInSes(`user${index}@example.net`);
    // Longer than passes overlap.
    minutes(60);
    await lab.lab.admin('PATCH', '/settings', { control_plane_throttle: true });
    await lab.set(tenant, 'import');
    expect(await lab.settle(tenant)).toBe(3);
    expect(await lab.read(tenant)).toMatchObject({ imported: 2_345, problem: null });
    expect(await lab.emails(tenant)).toHaveLength(2_345);
    const calls = await lab.calls('ListSuppressedDestinations');
    expect(calls.map(({ outcome }) => outcome)).toEqual(['success', 'success', 'success']);
    minutes(60);
    lab.listInSes('late@example.net');
    await lab.tick();
    expect(await lab.settle(tenant)).toBe(0);
    expect(await lab.read(tenant)).toMatchObject({ imported: 2_346 });
    // One page: the thousands before it are not asked for again.
    expect(await lab.calls('ListSuppressedDestinations')).toHaveLength(4);
  });

  it('looks less and less often where nothing new appears, and at once when asked', async () => {
    await lab.set(tenant, 'import');
    await lab.settle(tenant);
    const waits: number[] = [];
    for (let pass = 0; pass < 7; pass++) {
      const waitMs = await nextInMs();
      waits.push(Math.round(waitMs / 60_000));
      lab.lab.clock.advance(waitMs / 1_000 + 1);
      expect(await lab.tick()).toEqual([tenant.connectionId]);
    }
    expect(waits.at(0)).toBeGreaterThanOrEqual(13);
    expect(waits.at(0)).toBeLessThanOrEqual(33);
    expect(waits.at(-1)).toBeGreaterThan(300);
    lab.listInSes('new@example.net');
    await lab.set(tenant, 'import');
    expect(await lab.tick()).toEqual([tenant.connectionId]);
    expect(await lab.emails(tenant)).toEqual(['new@example.net']);
    expect(await nextInMs()).toBeLessThan(17 * 60_000);
  });

  it('leaves alone what the project suppresses already, and tells the account nothing', async () => {
    await lab.suppress(tenant, 'ann@example.net', 'own@example.net');
    lab.listInSes('ann@example.net', 'COMPLAINT');
    await lab.set(tenant, 'import');
    await lab.settle(tenant);
    await lab.allowAgain(tenant, 'own@example.net');
    await lab.settle(tenant);
    expect(await lab.list(tenant)).toMatchObject([
      { email: 'ann@example.net', origin: 'manual', sesConnectionId: undefined },
    ]);
    expect([...lab.account.keys()]).toEqual(['ann@example.net']);
    expect(await lab.calls('PutSuppressedDestination')).toEqual([]);
    expect(await lab.read(tenant)).toMatchObject({ imported: 0, pending: 0 });
  });

  it('sends no webhook for what it finds at first, and one for each address after that', async () => {
    await lab.lab.main.database.query(
      `INSERT INTO webhooks (id, project_id, endpoint, events, sealed_secret) VALUES ($1, $2, 'https://example.org/', '{suppression.added}', 'x')`,
      [newId(), tenant.projectId],
    );
    await lab.lab.main.get(Broadcast).send('webhook.enabled', tenant.projectId);
    await until('the webhook is known', () => lab.lab.main.get(PublishEvents).isHeard(tenant.projectId));
    lab.listInSes('old@example.net');
    await lab.set(tenant, 'import');
    await lab.settle(tenant);
    minutes(40);
    lab.listInSes('new@example.net', 'COMPLAINT');
    await lab.tick();
    const { rows } = await lab.lab.main.database.query<{ payload: string }>(
      'SELECT payload FROM webhook_messages WHERE project_id = $1',
      [tenant.projectId],
    );
    expect(rows.map(({ payload }) => (JSON.parse(payload) as { data: object }).data)).toEqual([
      expect.objectContaining({
        email: 'new@example.net',
        origin: 'complaint',
        source_id: null,
        ses_connection_id: tenant.connectionId,
      }),
    ]);
  });

  it('asks again for what the account suppresses for when GetAccount was throttled, and fails for nothing', async () => {
    for (let index = 0; index < 1_001; index++) lab.listInSes(`user${index}@example.net`);
    await lab.fault({ action: 'GetAccount', kind: 'throttle', count: 1 });
    await lab.set(tenant, 'import');
    await lab.tick();
    expect(await lab.read(tenant)).toMatchObject({
      imported: 1_000,
      suppressed_reasons: null,
      problem: null,
    });
    await lab.settle(tenant);
    expect(await lab.read(tenant)).toMatchObject({
      imported: 1_001,
      suppressed_reasons: ['BOUNCE', 'COMPLAINT'],
    });
  });

  it('uses a session that may read the list and change nothing', async () => {
    await lab.set(tenant, 'import');
    await lab.settle(tenant);
    expect(await lab.lab.assumeCalls('analytics')).toHaveLength(1);
    expect(await lab.lab.assumeCalls('configure')).toHaveLength(0);
  });

  it('goes on where it was when SES does not take the token of a page any more', async () => {
    for (let index = 0; index < 1_500; index++) lab.listInSes(`user${index}@example.net`);
    await lab.set(tenant, 'import');
    await lab.tick();
    await lab.lab.main.database.query(`UPDATE suppression_syncs SET next_token = 'stale'`, []);
    lab.lab.clock.advance(2);
    await lab.tick();
    minutes(1);
    await lab.tick();
    await lab.settle(tenant);
    expect(await lab.read(tenant)).toMatchObject({ imported: 1_500, problem: null });
  });
});

describe('both', () => {
  it('puts what the project suppresses, old and new, and deletes what it allows again', async () => {
    await lab.suppress(tenant, 'old@example.net');
    await lab.set(tenant, 'both');
    await lab.settle(tenant);
    expect([...lab.account.values()]).toMatchObject([{ emailAddress: 'old@example.net', reason: 'BOUNCE' }]);
    await lab.lab.main
      .get(SuppressMany)
      .execute([
        { projectId: tenant.projectId, email: 'spam@example.net', origin: 'complaint', sourceId: newId() },
      ]);
    await lab.suppress(tenant, 'new@example.net');
    expect(await lab.tick()).toEqual([tenant.connectionId]);
    await lab.settle(tenant);
    expect(
      Object.fromEntries([...lab.account.values()].map((entry) => [entry.emailAddress, entry.reason])),
    ).toEqual({
      'old@example.net': 'BOUNCE',
      'spam@example.net': 'COMPLAINT',
      'new@example.net': 'BOUNCE',
    });
    await lab.allowAgain(tenant, 'old@example.net');
    await lab.settle(tenant);
    expect([...lab.account.keys()].sort()).toEqual(['new@example.net', 'spam@example.net']);
    expect(await lab.emails(tenant)).toEqual(['new@example.net', 'spam@example.net']);
    expect(await lab.read(tenant)).toMatchObject({
      put: 3,
      deleted: 1,
      refused: 0,
      pending: 0,
      imported: 0,
      problem: null,
    });
  });

  it('puts nothing that the account lists by itself', async () => {
    for (const email of ['a@example.net', 'b@example.net']) lab.listInSes(email);
    await lab.suppress(tenant, 'a@example.net', 'own@example.net');
    await lab.set(tenant, 'both');
    await lab.settle(tenant);
    expect((await lab.calls('PutSuppressedDestination')).length).toBe(1);
    // A bounce: SES lists it, and Sesame learns of it by the event. The next pass finds that there is nothing to do.
    lab.listInSes('c@example.net');
    await lab.lab.main
      .get(SuppressMany)
      .execute([
        { projectId: tenant.projectId, email: 'c@example.net', origin: 'bounce', sourceId: newId() },
      ]);
    expect(await lab.read(tenant)).toMatchObject({ pending: 1 });
    minutes(40);
    await lab.tick();
    expect((await lab.calls('PutSuppressedDestination')).length).toBe(1);
    expect(await lab.read(tenant)).toMatchObject({ pending: 0, imported: 1 });
  });

  it('takes an address out under every spelling that the account has of it', async () => {
    lab.listInSes('Ann@Example.net');
    lab.listInSes('ANN@example.net');
    await lab.set(tenant, 'both');
    await lab.settle(tenant);
    expect(await lab.emails(tenant)).toEqual(['ann@example.net']);
    await lab.allowAgain(tenant, 'ann@example.net');
    await lab.settle(tenant);
    expect([...lab.account.keys()]).toEqual([]);
    expect(await lab.emails(tenant)).toEqual([]);
  });

  it('does not take over again what a person allowed while the account still lists it', async () => {
    lab.listInSes('ann@example.net');
    const entry = lab.account.get('ann@example.net');
    await lab.set(tenant, 'both');
    await lab.settle(tenant);
    await lab.allowAgain(tenant, 'ann@example.net');
    await lab.tick();
    await lab.settle(tenant);
    // The list of SES is eventually consistent: as if it did not know yet.
    if (entry !== undefined) lab.account.set('ann@example.net', { ...entry, updatedAt: Date.now() - 60_000 });
    await lab.lab.main.database.query(`UPDATE suppression_syncs SET seen_until = NULL`, []);
    await lab.set(tenant, 'both');
    await lab.settle(tenant);
    expect(await lab.emails(tenant)).toEqual([]);
  });

  it('only says the last word about an address', async () => {
    await lab.set(tenant, 'both');
    await lab.settle(tenant);
    for (let turn = 0; turn < 3; turn++) {
      await lab.suppress(tenant, 'ann@example.net');
      if (turn < 2) await lab.allowAgain(tenant, 'ann@example.net');
    }
    expect(await lab.read(tenant)).toMatchObject({ pending: 1 });
    await lab.settle(tenant);
    expect([...lab.account.keys()]).toEqual(['ann@example.net']);
    expect(await lab.calls('DeleteSuppressedDestination')).toEqual([]);
  });

  it('paces what an imported list brings at one call a second, which SES takes', async () => {
    await lab.set(tenant, 'both');
    await lab.settle(tenant);
    await lab.lab.admin('PATCH', '/settings', { control_plane_throttle: true });
    const lines = Array.from({ length: 12 }, (_, index) => `moved${index}@example.net`);
    await lab.lab.main.get(ImportSuppressions).execute(tenant.projectId, `email\n${lines.join('\n')}`, 'csv');
    expect(await lab.read(tenant)).toMatchObject({ pending: 12 });
    minutes(40);
    await lab.tick();
    await lab.settle(tenant);
    expect(lab.account.size).toBe(12);
    expect(new Set((await lab.calls('PutSuppressedDestination')).map(({ outcome }) => outcome))).toEqual(
      new Set(['success']),
    );
    expect(await lab.read(tenant)).toMatchObject({ put: 12, pending: 0, problem: null });
  });

  it('puts by hand under the reason that the account suppresses for', async () => {
    lab.lab.sandbox.state.ses(customerAccount, region).suppressedReasons = ['COMPLAINT'];
    await lab.suppress(tenant, 'ann@example.net');
    await lab.set(tenant, 'both');
    await lab.settle(tenant);
    expect(lab.account.get('ann@example.net')?.reason).toBe('COMPLAINT');
    expect(await lab.read(tenant)).toMatchObject({ suppressed_reasons: ['COMPLAINT'] });
  });

  it('passes over an address that SES refuses, and goes on with the others', async () => {
    await lab.set(tenant, 'both');
    await lab.settle(tenant);
    await lab.suppress(tenant, 'one@example.net', 'two@example.net');
    await lab.lab.main.database.query(
      `UPDATE suppression_sync_changes SET address = 'no address' WHERE email = 'one@example.net'`,
      [],
    );
    await lab.settle(tenant);
    expect([...lab.account.keys()]).toEqual(['two@example.net']);
    expect(await lab.read(tenant)).toMatchObject({ put: 1, refused: 1, pending: 0, problem: null });
  });

  it('keeps what it would put while the account is in the SES sandbox, and says so', async () => {
    await lab.lab.admin('PATCH', `/accounts/${customerAccount}/regions/${region}/ses`, {
      production_access: false,
    });
    await lab.lab.main.get(ProveConnection).execute({ connectionId: tenant.connectionId });
    await lab.suppress(tenant, 'ann@example.net');
    lab.listInSes('bob@example.net');
    await lab.set(tenant, 'both');
    await lab.settle(tenant);
    expect(await lab.read(tenant)).toMatchObject({
      pending: 1,
      imported: 1,
      problem: { code: 'ses_sandbox', remedy: expect.stringContaining('production access') },
    });
    expect(await lab.calls('PutSuppressedDestination')).toEqual([]);
  });

  it('is switched to and from import and off, each time with a line in the audit log', async () => {
    await lab.suppress(tenant, 'ann@example.net');
    await lab.set(tenant, 'import');
    await lab.settle(tenant);
    expect(lab.account.size).toBe(0);
    await lab.set(tenant, 'both', 'user:7');
    await lab.settle(tenant);
    expect(lab.account.size).toBe(1);
    await lab.set(tenant, 'import');
    await lab.allowAgain(tenant, 'ann@example.net');
    await lab.settle(tenant);
    expect(lab.account.size).toBe(1);
    expect(await lab.set(tenant, 'off')).toMatchObject({ mode: 'off', next_sync_at: null });
    await lab.set(tenant, 'off');
    const { rows } = await lab.lab.main.database.query<{ data: object; actor: string }>(
      `SELECT actor, data FROM audit_entries WHERE project_id = $1 AND action = 'suppression_sync.changed' ORDER BY id`,
      [tenant.projectId],
    );
    expect(rows).toEqual([
      { actor: 'system', data: { from: 'off', to: 'import' } },
      { actor: 'user:7', data: { from: 'import', to: 'both' } },
      { actor: 'system', data: { from: 'both', to: 'import' } },
      { actor: 'system', data: { from: 'import', to: 'off' } },
    ]);
  });
});
