import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { checkOf, customerAccount, Lab, region } from '../../../test/support/connections-lab.js';
import { CreateConnection } from './create-connection.js';
import { ReadKit } from './read-kit.js';
import { RefreshPlatformPrincipal } from './refresh-platform-principal.js';
import { RequestVerification } from './request-verification.js';
import { UpdateConnection } from './update-connection.js';

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.start(process.env);
  await lab.main.get(RefreshPlatformPrincipal).execute();
}, 60_000);

afterAll(async () => {
  await lab?.stop();
});

const roleArn = `arn:aws:iam::${customerAccount}:role/Bound`;

test('a role bound to addresses works from there, and from elsewhere the checks say what it refuses', async () => {
  const projectId = await lab.newProject();
  const { connection } = await lab.main.get(CreateConnection).execute(projectId, { region, actor: 'system' });
  const { id } = connection;
  const { trust_policy, permissions_policy } = await lab.main
    .get(ReadKit)
    .execute(projectId, id, { purpose: 'send', format: 'json', sourceIp: '203.0.113.0/24' });
  await lab.putRole('Bound', { trust_policy, policies: { 'sesame-send': permissions_policy } });
  await lab.admin('PATCH', '/settings', { source_ip: '203.0.113.7' });
  await lab.main.get(UpdateConnection).execute(projectId, id, { roleArn, actor: 'system' });
  expect((await lab.settle(projectId, id)).status).toBe('active');

  await lab.admin('PATCH', '/settings', { source_ip: '198.51.100.7' });
  await lab.main.get(RequestVerification).execute(projectId, id, 'system');
  const bound = await lab.settle(projectId, id);
  expect(bound.status).toBe('degraded');
  const permission = checkOf(bound, 'permission_to_send');
  expect(permission).toMatchObject({
    outcome: 'failed',
    side: 'customer',
    detail: expect.stringContaining('ses:SendEmail'),
  });
  expect(checkOf(bound, 'ses_account')).toMatchObject({ outcome: 'failed', side: 'customer' });

  await lab.putRole('Bound', {
    trust_policy,
    policies: { 'sesame-send': permission.paste?.permissions_policy },
  });
  await lab.main.get(RequestVerification).execute(projectId, id, 'system');
  expect((await lab.settle(projectId, id)).status).toBe('active');
});

test('addresses that are none are refused', async () => {
  const projectId = await lab.newProject();
  const { connection } = await lab.main.get(CreateConnection).execute(projectId, { region, actor: 'system' });
  await expect(
    lab.main
      .get(ReadKit)
      .execute(projectId, connection.id, { purpose: 'send', format: 'json', sourceIp: 'our office' }),
  ).rejects.toMatchObject({ code: 'kit.bad_source_ip', field: 'source_ip' });
});
