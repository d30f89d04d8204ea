import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { checkOf, customerAccount, Lab, region, windowMs } from '../../../test/support/connections-lab.js';
import { CreateConnection } from './create-connection.js';
import { ReadKit } from './read-kit.js';
import { RefreshPlatformPrincipal } from './refresh-platform-principal.js';
import { RequestVerification } from './request-verification.js';
import { RotateExternalId } from './rotate-external-id.js';
import { SessionBroker } from './sessions/session-broker.js';
import { UpdateConnection } from './update-connection.js';

let lab: Lab;
let count = 0;

interface Ready {
  projectId: string;
  id: string;
  roleName: string;
  oldId: string;
}

const rotate = ({ projectId, id }: Ready) => lab.main.get(RotateExternalId).execute(projectId, id, 'system');
const kit = ({ projectId, id }: Ready) =>
  lab.main.get(ReadKit).execute(projectId, id, { purpose: 'send', format: 'json' });

/** Brings the role to what the kit says now, or to a trust policy with only these external IDs. */
async function applyKit(ready: Ready, ...externalIds: string[]): Promise<void> {
  const { trust_policy, permissions_policy } = await kit(ready);
  const [statement] = trust_policy.Statement;
  if (statement?.Condition?.['StringEquals'] === undefined) throw new Error('no condition');
  if (externalIds.length > 0) statement.Condition['StringEquals'] = { 'sts:ExternalId': externalIds };
  await lab.putRole(ready.roleName, { trust_policy, policies: { send: permissions_policy } });
}

async function active(): Promise<Ready> {
  const projectId = await lab.newProject();
  const { connection } = await lab.main.get(CreateConnection).execute(projectId, { region, actor: 'system' });
  const ready = { projectId, id: connection.id, roleName: `Rotate${++count}`, oldId: connection.externalId };
  await applyKit(ready);
  await lab.main.get(UpdateConnection).execute(projectId, ready.id, {
    roleArn: `arn:aws:iam::${customerAccount}:role/${ready.roleName}`,
    actor: 'system',
  });
  expect((await lab.settle(projectId, ready.id)).status).toBe('active');
  return ready;
}

async function verify({ projectId, id }: Ready, seconds = 0) {
  await lab.main.get(RequestVerification).execute(projectId, id, 'system');
  return lab.settle(projectId, id, seconds);
}

beforeAll(async () => {
  lab = await Lab.start(process.env);
  await lab.main.get(RefreshPlatformPrincipal).execute();
}, 60_000);

afterAll(async () => {
  await lab?.stop();
});

describe('a rotation of the external ID', () => {
  test('goes from old to both to new, and sends all the time', async () => {
    const ready = await active();
    const { connection: offered } = await rotate(ready);
    const newId = offered.pendingExternalId ?? '';
    expect(offered).toMatchObject({ status: 'active', externalId: ready.oldId });
    expect(newId).toMatch(/^sesame-[0-9a-f]{32}$/);
    expect((await kit(ready)).trust_policy.Statement[0]?.Condition?.['StringEquals']).toEqual({
      'sts:ExternalId': [ready.oldId, newId],
    });

    const waiting = await verify(ready);
    expect(waiting).toMatchObject({ status: 'active', external_id: ready.oldId, pending_external_id: newId });
    expect(checkOf(waiting, 'assume_with_external_id')).toMatchObject({
      outcome: 'passed',
      remedy: expect.stringContaining(newId),
    });

    await applyKit(ready);
    const proven = await verify(ready);
    expect(proven).toMatchObject({ status: 'active', external_id: newId, pending_external_id: null });
    expect(checkOf(proven, 'refuse_wrong_external_id')).toMatchObject({
      outcome: 'pending',
      detail: expect.stringContaining('still accepts'),
    });
    await expect(rotate(ready)).rejects.toMatchObject({ code: 'connection.rotation_unfinished' });

    lab.clock.advance(windowMs / 1000);
    const late = await verify(ready);
    expect(late.status).toBe('degraded');
    const failed = checkOf(late, 'refuse_wrong_external_id');
    expect(failed).toMatchObject({
      outcome: 'failed',
      side: 'customer',
      remedy: expect.stringContaining(newId),
    });
    expect(failed.remedy).not.toContain(ready.oldId);
    await lab.main.get(SessionBroker).for(ready.id, 'send');

    await lab.putRole(ready.roleName, {
      trust_policy: failed.paste?.trust_policy,
      policies: { send: (await kit(ready)).permissions_policy },
    });
    const done = await verify(ready);
    expect(done.status).toBe('active');
    expect(checkOf(done, 'refuse_wrong_external_id').outcome).toBe('passed');
    expect((await rotate(ready)).connection.pendingExternalId).not.toBeNull();
  });

  test('ends at once when the customer replaces the ID instead of adding one; sessions follow before the checks do', async () => {
    const ready = await active();
    const newId = (await rotate(ready)).connection.pendingExternalId ?? '';
    await applyKit(ready, newId);
    const session = await lab.main.get(SessionBroker).for(ready.id, 'send');
    expect(session.generation).toBe(1);
    const connection = await verify(ready);
    expect(connection).toMatchObject({ status: 'active', external_id: newId, pending_external_id: null });
    expect(checkOf(connection, 'refuse_wrong_external_id').outcome).toBe('passed');
    expect(connection.checks.every((check) => check.outcome === 'passed')).toBe(true);
  });

  test('does not put an ID into force that opens a role which is open to all', async () => {
    const ready = await active();
    const newId = (await rotate(ready)).connection.pendingExternalId ?? '';
    const { trust_policy, permissions_policy } = await kit(ready);
    const open = JSON.parse(
      JSON.stringify(trust_policy).replace('"StringEquals"', '"StringNotEquals"').replace(newId, 'x'),
    ) as object;
    await lab.putRole(ready.roleName, { trust_policy: open, policies: { send: permissions_policy } });
    const connection = await verify(ready);
    expect(connection).toMatchObject({
      status: 'rejected',
      external_id: ready.oldId,
      pending_external_id: newId,
    });
  });

  test('asked for twice offers the same ID', async () => {
    const ready = await active();
    const first = await rotate(ready);
    expect((await rotate(ready)).connection.pendingExternalId).toBe(first.connection.pendingExternalId);
  });

  test('replaces at once what was never proven', async () => {
    const projectId = await lab.newProject();
    const { connection } = await lab.main
      .get(CreateConnection)
      .execute(projectId, { region, actor: 'system' });
    const rotated = await rotate({ projectId, id: connection.id, roleName: '', oldId: '' });
    expect(rotated.connection).toMatchObject({ status: 'awaiting_role', pendingExternalId: null });
    expect(rotated.connection.externalId).not.toBe(connection.externalId);
  });
});
