import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newId } from '#libs/crypto';
import { customerAccount, Lab, region } from '../../../test/support/connections-lab.js';
import { CreateConnection } from './create-connection.js';
import { DisconnectConnection } from './disconnect-connection.js';
import { ReadConnections } from './read-connections.js';
import { ReadKit } from './read-kit.js';
import { RefreshPlatformPrincipal } from './refresh-platform-principal.js';
import { RequestVerification } from './request-verification.js';
import { RotateExternalId } from './rotate-external-id.js';
import { ReadSessions } from './sessions/read-sessions.js';
import { UpdateConnection } from './update-connection.js';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.start(process.env);
}, 60_000);
afterAll(async () => {
  await lab?.stop();
});

const create = (projectId: string) =>
  lab.main.get(CreateConnection).execute(projectId, { region, actor: 'key:1' });

test('a connection of another project is not found, by any use case', async () => {
  const [ours, theirs] = [await lab.newProject(), await lab.newProject()];
  const { id } = (await create(theirs)).connection;
  const calls = [
    () => lab.main.get(ReadConnections).get(ours, id),
    () => lab.main.get(ReadKit).execute(ours, id, { purpose: 'send', format: 'json' }),
    () => lab.main.get(ReadSessions).execute(ours, id),
    () => lab.main.get(UpdateConnection).execute(ours, id, { name: 'Mine', actor: 'key:1' }),
    () => lab.main.get(RequestVerification).execute(ours, id, 'key:1'),
    () => lab.main.get(RotateExternalId).execute(ours, id, 'key:1'),
    () => lab.main.get(DisconnectConnection).execute(ours, id, 'key:1'),
    () => lab.main.get(ReadConnections).get(ours, newId()),
  ];
  for (const call of calls)
    await expect(call()).rejects.toMatchObject({ code: 'connection.not_found', kind: 'not_found' });
  expect(await lab.main.get(ReadConnections).list(ours)).toEqual([]);
});

test('two projects may enter the same role; each is proven with its own external ID', async () => {
  await lab.main.get(RefreshPlatformPrincipal).execute();
  const [first, second] = [await lab.newProject(), await lab.newProject()];
  const [a, b] = [(await create(first)).connection, (await create(second)).connection];
  expect(a.externalId).not.toBe(b.externalId);
  const kit = await lab.main.get(ReadKit).execute(first, a.id, { purpose: 'send', format: 'json' });
  await lab.putRole('Shared', { trust_policy: kit.trust_policy, policies: { send: kit.permissions_policy } });
  const roleArn = `arn:aws:iam::${customerAccount}:role/Shared`;
  for (const [projectId, id] of [
    [first, a.id],
    [second, b.id],
  ] as const) {
    await lab.main.get(UpdateConnection).execute(projectId, id, { roleArn, actor: 'key:1' });
  }
  expect((await lab.settle(first, a.id)).status).toBe('active');
  const refused = await lab.settle(second, b.id);
  expect(refused.status).toBe('rejected');
  // Nothing of what B is told depends on A.
  expect(JSON.stringify(refused)).not.toContain(a.externalId);
});

test('the kit needs a platform that has been seen, and a project that exists', async () => {
  await lab.main.database.query('DELETE FROM platform_principal');
  const projectId = await lab.newProject();
  const { id } = (await create(projectId)).connection;
  await expect(() =>
    lab.main.get(ReadKit).execute(projectId, id, { purpose: 'send', format: 'json' }),
  ).rejects.toMatchObject({ code: 'platform.principal_unknown', kind: 'unavailable' });
  await expect(create(newId())).rejects.toMatchObject({ code: 'project.not_found' });
  await expect(
    lab.main.get(CreateConnection).execute(projectId, { region: 'mars-1', actor: 'key:1' }),
  ).rejects.toMatchObject({ code: 'connection.unknown_region', field: 'region' });
});

test('a region of a partition that the platform cannot reach is refused', async () => {
  await lab.main.get(RefreshPlatformPrincipal).execute();
  const projectId = await lab.newProject();
  await expect(
    lab.main.get(CreateConnection).execute(projectId, { region: 'us-gov-west-1', actor: 'key:1' }),
  ).rejects.toMatchObject({ code: 'connection.unreachable_region' });
});

test('disconnecting twice is once, and nothing may be changed afterwards', async () => {
  const projectId = await lab.newProject();
  const { id } = (await create(projectId)).connection;
  await lab.main.get(DisconnectConnection).execute(projectId, id, 'key:1');
  const { connection } = await lab.main.get(DisconnectConnection).execute(projectId, id, 'key:1');
  expect(connection.status).toBe('disconnected');
  for (const call of [
    () => lab.main.get(UpdateConnection).execute(projectId, id, { name: 'x', actor: 'key:1' }),
    () => lab.main.get(RequestVerification).execute(projectId, id, 'key:1'),
    () => lab.main.get(RotateExternalId).execute(projectId, id, 'key:1'),
  ]) {
    await expect(call()).rejects.toMatchObject({ code: 'connection.disconnected', kind: 'conflict' });
  }
});
