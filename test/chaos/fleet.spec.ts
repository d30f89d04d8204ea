import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { Customer } from '../support/customer.js';
import { Ledger, sendBatches, timesSent } from '../support/outcome.js';
import { startStack, type Stack } from '../support/stack.js';
import { backends, redisUrlOf } from '../support/stores.js';
import { until } from '../support/until.js';

const COUNT = 3_000;

describe.each(backends)('2 APIs and 4 workers that come and go while mail flows, queue on %s', (backend) => {
  let stack: Stack;
  let customer: Customer;
  let ledger: Ledger;

  beforeAll(async () => {
    stack = await startStack({
      backend,
      workers: 4,
      apis: 2,
      env: { SESAME_CLAIM_SECONDS: '6', SESAME_SES_TIMEOUT_SECONDS: '2', SESAME_LANE_IN_FLIGHT: '32' },
    });
    customer = await Customer.create(stack);
    await customer.connect();
    ledger = await Ledger.open(stack.databaseUrl);
    await customer.admin('PUT', '/faults', [
      { service: 'ses', action: 'SendEmail', kind: 'latency', latency_ms: 100 },
    ]);
  }, 120_000);
  afterAll(async () => {
    await ledger?.close();
    await stack?.close();
  });

  const living = () =>
    stack.processes.filter(
      ({ name, child }) => name === 'worker' && child.exitCode === null && child.signalCode === null,
    );

  it('lose nothing, and send twice only what was in flight at a kill', async () => {
    const sending = sendBatches(customer, COUNT);
    // Killed, ended, killed again, others added each time: mail goes on.
    for (const signal of ['SIGKILL', 'SIGTERM', 'SIGKILL'] as const) {
      const before = await ledger.count(`status = 'sent'`);
      await until('mail flows', async () => {
        const sent = await ledger.count(`status = 'sent'`);
        return sent > before + 100 || sent === COUNT;
      });
      // All of them: whichever drains the lane just now is among them.
      await Promise.all(living().map((worker) => worker.stop(signal)));
      await Promise.all([stack.addWorker(), stack.addWorker()]);
    }
    await sending;
    await until('all are sent', async () => (await ledger.count(`status = 'sent'`)) === COUNT, 120_000);
    const times = await timesSent(customer);
    const doubtful = await ledger.doubtful();
    const twice = [...times].filter(([, count]) => count > 1).map(([id]) => id);
    expect(times.size).toBe(COUNT);
    expect(twice.filter((id) => !doubtful.has(id))).toEqual([]);
    process.stderr.write(
      `fleet, ${backend}: ${doubtful.size} in flight at two kills, ${twice.length} sent twice, 0 lost of ${COUNT}\n`,
    );
  }, 180_000);

  it('go on after every connection to the database was cut', async () => {
    const before = await ledger.count();
    await sendBatches(customer, 200);
    await ledger.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    await until(
      'accepted again',
      async () => (await customer.api('POST', '/emails', customer.email())).status === 200,
    );
    await until(
      'all are sent',
      async () => (await ledger.count(`status = 'sent'`)) === (await ledger.count()),
      90_000,
    );
    expect(await ledger.count()).toBeGreaterThanOrEqual(before + 201);
  }, 120_000);

  const url = redisUrlOf(backend);
  if (url !== undefined) {
    it('go on after Redis has lost everything', async () => {
      const redis = new Redis(url);
      await sendBatches(customer, 200);
      const keys = await redis.keys(`{${stack.environment['QUEUE_PREFIX']}}*`);
      expect(keys.length).toBeGreaterThan(0);
      await redis.del(keys);
      await redis.quit();
      await sendBatches(customer, 100);
      await until(
        'all are sent',
        async () => (await ledger.count(`status = 'sent'`)) === (await ledger.count()),
        90_000,
      );
    }, 120_000);
  }

  it('end with exit code 0 one by one, and hand back what they hold', async () => {
    await sendBatches(customer, 300);
    for (const worker of living()) expect(await worker.stop()).toBe(0);
    expect(await ledger.count(`status = 'sending'`)).toBe(0);
    await stack.addWorker();
    await until(
      'all are sent',
      async () => (await ledger.count(`status = 'sent'`)) === (await ledger.count()),
      90_000,
    );
  }, 120_000);
});
