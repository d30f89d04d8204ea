import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Customer } from '../support/customer.js';
import { Ledger, sendBatches, timesSent } from '../support/outcome.js';
import { startStack, type Stack } from '../support/stack.js';
import { backends } from '../support/stores.js';
import { until } from '../support/until.js';

const EMAILS = 2_000;

describe.each(backends)('kill -9 of the worker in the middle of 2 000 emails, queue on %s', (backend) => {
  let stack: Stack;
  let customer: Customer;
  let ledger: Ledger;

  beforeAll(async () => {
    stack = await startStack({
      backend,
      // Short enough to see a claim end; long enough that a machine that stalls loses no answers by itself.
      env: { SESAME_CLAIM_SECONDS: '30', SESAME_SES_TIMEOUT_SECONDS: '15' },
    });
    customer = await Customer.create(stack);
    await customer.connect();
    ledger = await Ledger.open(stack.databaseUrl);
  }, 120_000);
  afterAll(async () => {
    await ledger?.close();
    await stack?.close();
  });

  it('loses none, sends twice only what was in flight, and marks each of those as doubtful', async () => {
    // Slow enough that the kill surely lands between the first and the last mail.
    await customer.admin('PUT', '/faults', [
      { service: 'ses', action: 'SendEmail', kind: 'latency', latency_ms: 100 },
    ]);
    await sendBatches(customer, EMAILS);
    await until('some are sent', async () => (await ledger.count(`status = 'sent'`)) >= 300);
    const worker = stack.processes.find(({ name, child }) => name === 'worker' && child.exitCode === null);
    await worker?.stop('SIGKILL');
    const sentBefore = await ledger.count(`status = 'sent'`);
    const inFlight = await ledger.ids(`status = 'sending'`);
    expect(sentBefore).toBeLessThan(EMAILS);
    expect(inFlight.size).toBeGreaterThan(0);

    await stack.addWorker();
    await until('all are sent', async () => (await ledger.count(`status = 'sent'`)) === EMAILS, 120_000);

    const times = await timesSent(customer);
    expect(times.size).toBe(EMAILS);
    const twice = [...times].filter(([, count]) => count > 1).map(([id]) => id);
    const doubtful = await ledger.doubtful();
    expect(twice.filter((id) => !doubtful.has(id))).toEqual([]);
    expect(twice.filter((id) => !inFlight.has(id))).toEqual([]);
    process.stderr.write(
      `kill -9, ${backend}: ${sentBefore} sent before, ${inFlight.size} in flight (possible duplicates), ${twice.length} sent twice, 0 lost of ${EMAILS}\n`,
    );
  }, 240_000);
});
