import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { DisconnectConnection, ProveConnection } from '#libs/connections';
import { customerAccount } from '../../../test/support/connections-lab.js';
import { SuppressionLab, type Tenant } from '../../../test/support/suppression-lab.js';

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

describe('a sync with something missing', () => {
  it.each([
    ['import', 'ses:ListSuppressedDestinations', 'analytics'],
    ['both', 'ses:ListSuppressedDestinations', 'configure'],
  ] as const)(
    '%s without its right names it, with the policy to paste, which mends it',
    async (mode, action, purpose) => {
      tenant = await lab.newTenant(['send']);
      lab.listInSes('ann@example.net');
      await lab.set(tenant, mode);
      await lab.settle(tenant);
      const { problem, ...sync } = await lab.read(tenant);
      expect(problem?.detail).toContain(action);
      expect(problem?.remedy).toContain(`"${action}"`);
      expect(problem?.remedy).toContain(`--policy-name sesame-${purpose}`);
      expect(sync).toMatchObject({ mode, imported: 0, synced_at: null });
      expect(await nextInMs()).toBeGreaterThan(60_000);
      expect((await lab.lab.read(tenant.projectId, tenant.connectionId)).status).toBe('active');
      await lab.allow(tenant, ['send', purpose]);
      await lab.set(tenant, mode);
      await lab.settle(tenant);
      expect(await lab.read(tenant)).toMatchObject({ imported: 1, problem: null });
    },
  );

  it('a put that is denied keeps its place, while the account’s list is read on', async () => {
    await lab.set(tenant, 'both');
    await lab.settle(tenant);
    await lab.fault({ action: 'PutSuppressedDestination', kind: 'access_denied' });
    await lab.suppress(tenant, 'ann@example.net');
    await lab.settle(tenant);
    const denied = await lab.read(tenant);
    expect(denied).toMatchObject({ pending: 1, put: 0 });
    expect(denied.problem?.detail).toContain('ses:PutSuppressedDestination');
    await lab.lab.admin('DELETE', '/faults');
    lab.listInSes('bob@example.net');
    minutes(61);
    await lab.tick();
    await lab.settle(tenant);
    expect(await lab.read(tenant)).toMatchObject({ pending: 0, put: 1, imported: 1, problem: null });
  });

  it('a throttle is waited out, longer each time, and told only when it does not end', async () => {
    await lab.fault({ action: 'ListSuppressedDestinations', kind: 'throttle' });
    lab.listInSes('ann@example.net');
    await lab.set(tenant, 'import');
    await lab.tick();
    expect(await lab.read(tenant)).toMatchObject({ problem: null, imported: 0 });
    expect(await nextInMs()).toBeLessThanOrEqual(2_000);
    for (let failure = 0; failure < 6; failure++) {
      lab.lab.clock.advance((await nextInMs()) / 1_000);
      await lab.tick();
    }
    expect(await nextInMs()).toBeGreaterThan(30_000);
    expect((await lab.read(tenant)).problem).toMatchObject({ code: 'TooManyRequestsException' });
    await lab.lab.admin('DELETE', '/faults');
    minutes(5);
    await lab.tick();
    expect(await lab.read(tenant)).toMatchObject({ problem: null, imported: 1 });
  });

  it('a role that was deleted stops the sync with the reason, loses nothing, and it goes on when the role is back', async () => {
    await lab.set(tenant, 'both');
    await lab.settle(tenant);
    await lab.lab.admin('DELETE', `/accounts/${customerAccount}/roles/${tenant.roleName}`);
    minutes(90);
    await lab.suppress(tenant, 'ann@example.net');
    await lab.tick();
    const broken = await lab.read(tenant);
    expect(broken).toMatchObject({ pending: 1, mode: 'both' });
    expect(broken.problem?.code).toMatch(/^connection\./);
    await lab.allow(tenant, ['send', 'configure']);
    minutes(61);
    await lab.lab.main.get(ProveConnection).execute({ connectionId: tenant.connectionId });
    await lab.tick();
    await lab.settle(tenant);
    expect(await lab.read(tenant)).toMatchObject({ pending: 0, put: 1, problem: null });
  });

  it('a connection that has ended is not looked at any more', async () => {
    await lab.set(tenant, 'both');
    await lab.settle(tenant);
    await lab.lab.main.get(DisconnectConnection).execute(tenant.projectId, tenant.connectionId, 'system');
    minutes(60);
    await lab.tick();
    expect(await lab.read(tenant)).toMatchObject({ mode: 'off' });
    minutes(60);
    expect(await lab.tick()).toEqual([]);
  });
});
