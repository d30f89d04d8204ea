import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { failures, proving, roleOf } from '../../../test/support/proving.js';
import { checkOf, customerAccount, Lab, region } from '../../../test/support/connections-lab.js';
import { ProveConnection } from './prove-connection.js';
import { RunChecks } from './prove/run-checks.js';
import { RefreshPlatformPrincipal } from './refresh-platform-principal.js';
import { RequestVerification } from './request-verification.js';

let lab: Lab;

const { start, enter, verify } = proving(() => lab);

beforeAll(async () => {
  lab = await Lab.start(process.env);
  await lab.main.get(RefreshPlatformPrincipal).execute();
}, 60_000);

afterAll(async () => {
  await lab?.stop();
});

describe('a used-up 24-hour quota', () => {
  const ses = (change: object) =>
    lab.admin('PATCH', `/accounts/${customerAccount}/regions/${region}/ses`, change);
  const blockedUntil = async () =>
    (
      await lab.main.database.query<{ quota_blocked_until: Date | null }>(
        'SELECT quota_blocked_until FROM ses_accounts WHERE aws_account_id = $1 AND region = $2',
        [customerAccount, region],
      )
    ).rows[0]?.quota_blocked_until;

  test('is told, and once SES takes mail again nothing rests until the next try', async () => {
    const started = await start();
    await lab.putRole(started.roleName, roleOf(started));
    await enter(started);
    await ses({ sent_last_24_hours: 50_000 });
    const until = new Date(lab.clock.nowMs() + 300_000);
    await lab.main.database.query('UPDATE ses_accounts SET quota_blocked_until = $1', [until]);
    await lab.main.database.query('UPDATE lanes SET wake_at = $2, rest_until = $2 WHERE connection_id = $1', [
      started.id,
      until,
    ]);
    const usedUp = await verify(started);
    expect(usedUp.status).toBe('active');
    expect(checkOf(usedUp, 'ses_account')).toMatchObject({
      outcome: 'passed',
      detail: expect.stringContaining('50000 of 50000'),
    });
    expect(await blockedUntil()).toEqual(until);

    await ses({ sent_last_24_hours: 10 });
    expect(checkOf(await verify(started), 'ses_account').remedy).toBeNull();
    expect(await blockedUntil()).toBeNull();
    const { rows } = await lab.main.database.query<{ wake_at: Date; rest_until: Date | null }>(
      'SELECT wake_at, rest_until FROM lanes WHERE connection_id = $1',
      [started.id],
    );
    expect(rows[0]?.rest_until).toBeNull();
    expect(rows[0]?.wake_at.getTime()).toBeLessThanOrEqual(lab.clock.nowMs());
  });
});

test('a round that was running when checks were asked for does not answer them', async () => {
  const started = await start();
  await lab.putRole(started.roleName, roleOf(started));
  await enter(started);
  const runChecks = lab.main.get(RunChecks);
  const run = runChecks.execute.bind(runChecks);
  const running = jest.spyOn(runChecks, 'execute').mockImplementationOnce(async (...given) => {
    const round = await run(...given);
    // The customer changes the role and asks, while what the round saw is not stored yet.
    await lab.putRole(started.roleName, roleOf(started, { policies: {} }));
    lab.clock.advance(1);
    await lab.main.get(RequestVerification).execute(started.projectId, started.id, 'test');
    return round;
  });
  const before = await lab.read(started.projectId, started.id);
  await lab.main.get(ProveConnection).execute({ connectionId: started.id });
  running.mockRestore();
  expect((await lab.read(started.projectId, started.id)).checks).toEqual(before.checks);
  const connection = await lab.settle(started.projectId, started.id);
  expect(failures(connection)).toContain('permission_to_send');
});
