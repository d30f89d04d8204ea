import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Customer } from '../support/customer.js';
import { startStack, type Stack } from '../support/stack.js';
import { until } from '../support/until.js';

interface Call {
  at: string;
  outcome: string;
  error: string | null;
}

/** When SES got its calls, all of which it must have taken, and the most of them in any window of one second, counted from each call. */
async function callsOf(customer: Customer): Promise<{ times: number[]; most: number }> {
  const calls = await customer.admin<Call[]>('GET', '/calls?service=ses&action=SendEmail');
  expect(calls.filter(({ outcome }) => outcome !== 'success')).toEqual([]);
  const times = calls.map(({ at }) => Date.parse(at)).sort((a, b) => a - b);
  let most = 0;
  for (let from = 0, to = 0; from < times.length; from++) {
    while (to < times.length && (times[to] ?? 0) < (times[from] ?? 0) + 1_000) to += 1;
    most = Math.max(most, to - from);
  }
  return { times, most };
}

async function sendBatches(customer: Customer, count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += 100) {
    const batch = Array.from({ length: 100 }, (_, index) =>
      customer.email({ to: [`p${sent + index}@example.net`] }),
    );
    expect((await customer.api('POST', '/emails/batch', batch)).status).toBe(200);
  }
}

/** A customer whose SES grants so many recipients a second. */
async function customerWithRate(stack: Stack, rate: number): Promise<Customer> {
  const customer = await Customer.create(stack);
  await customer.ses({ production_access: true, max_send_rate: rate, max_24_hour_send: 1_000_000 });
  await customer.connect();
  return customer;
}

/**
 * The sandbox enforces its rate as SES does, so a pace that is too fast shows as throttles. How much of the rate is used depends on
 * the machine, so that is printed and not asserted. The time that counts is the sandbox's own, of each call.
 */
describe.each([14, 50, 200])('pacing at %s recipients per second', (rate) => {
  let stack: Stack;
  let customer: Customer;
  const share = 0.9;

  beforeAll(async () => {
    stack = await startStack({ workers: 2 });
    customer = await customerWithRate(stack, rate);
  }, 120_000);
  afterAll(() => stack?.close());

  it('is never over the limit in any second and never throttled', async () => {
    await customer.admin('DELETE', '/calls');
    const seconds = 10;
    const count = Math.ceil((rate * share * seconds) / 100) * 100;
    await sendBatches(customer, count);
    await until('all are sent', async () => (await customer.messages()).length >= count, 60_000);
    const { times, most } = await callsOf(customer);
    const elapsed = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1000;
    const used = (times.length - 1) / elapsed / (rate * share);
    process.stderr.write(
      `pacing at ${rate}/s: at most ${most} in any second, ${(used * 100).toFixed(1)} % of the allowed ${rate * share}/s used, 0 throttles\n`,
    );
    expect(most).toBeLessThanOrEqual(rate);
  }, 120_000);
});

describe('pacing when the workers are held up', () => {
  let stack: Stack;
  let customer: Customer;
  const rate = 200;

  beforeAll(async () => {
    stack = await startStack({ workers: 2 });
    customer = await customerWithRate(stack, rate);
  }, 120_000);
  afterAll(() => stack?.close());

  it('does not catch up: places that are over are lost', async () => {
    await customer.admin('DELETE', '/calls');
    const signal = (name: NodeJS.Signals) => {
      for (const { name: app, child } of stack.processes) if (app === 'worker') child.kill(name);
    };
    await sendBatches(customer, 1_000);
    const sentAtLeast = (count: number) =>
      until(`${count} are sent`, async () => (await customer.messages()).length >= count, 60_000);
    for (const sent of [250, 600]) {
      await sentAtLeast(sent);
      signal('SIGSTOP');
      const end = performance.now() + 700;
      await until('the stop has lasted', async () => performance.now() > end);
      signal('SIGCONT');
    }
    await sentAtLeast(1_000);
    const { times, most } = await callsOf(customer);
    process.stderr.write(`pacing at ${rate}/s, workers stopped twice: at most ${most} in any second\n`);
    expect(times).toHaveLength(1_000);
    expect(most).toBeLessThanOrEqual(rate);
  }, 120_000);
});
