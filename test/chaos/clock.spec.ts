import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Customer } from '../support/customer.js';
import { Ledger, sendBatches, timesSent } from '../support/outcome.js';
import { startStack, type Stack } from '../support/stack.js';
import { until } from '../support/until.js';

const COUNT = 300;
const preload = pathToFileURL(join(import.meta.dirname, '..', 'support', 'skewed-clock.mjs')).href;

interface Call {
  error: string | null;
}

/** SigV4 allows five minutes: AWS refuses whatever these workers sign with their own time. */
describe('workers whose clocks are ten minutes fast and slow', () => {
  let stack: Stack;
  let customer: Customer;
  let connectionId: string;
  let ledger: Ledger;

  beforeAll(async () => {
    stack = await startStack({ workers: 0 });
    for (const minutes of [10, -10])
      await stack.addWorker({ NODE_OPTIONS: `--import ${preload}`, SKEW_MS: String(minutes * 60_000) });
    customer = await Customer.create(stack);
    connectionId = (await customer.connect()).id;
    ledger = await Ledger.open(stack.databaseUrl);
  }, 120_000);
  afterEach(() => customer.admin('DELETE', '/calls'));
  afterAll(async () => {
    await ledger?.close();
    await stack?.close();
  });

  it('verify roles and send every email once: the time of AWS is learned from its refusals', async () => {
    await sendBatches(customer, COUNT);
    await until('all are sent', async () => (await ledger.count(`status = 'sent'`)) === COUNT, 60_000);
    const times = await timesSent(customer);
    expect(times.size).toBe(COUNT);
    expect([...times.values()].every((count) => count === 1)).toBe(true);
    // Nobody's attempt was used up by it, and nothing was held against the role.
    expect(await ledger.count('attempts <> 1')).toBe(0);
    expect((await customer.connection(connectionId)).status).toBe('active');
    const calls = await customer.admin<Call[]>('GET', '/calls?action=SendEmail&limit=20000');
    const refused = calls.filter(({ error }) => error === 'InvalidSignatureException').length;
    process.stderr.write(
      `clocks 10 min off: ${refused} of ${COUNT + refused} SendEmail refused for the time before it was learned\n`,
    );
    expect(refused).toBeGreaterThan(0);
  }, 120_000);

  it('keep due times and the pace of the account by the time of the database', async () => {
    const before = await ledger.count(`status = 'sent'`);
    const at = new Date(Date.now() + 3_000);
    const id = await customer.send({ scheduled_at: at.toISOString() });
    await customer.untilEmail(id, 'sent');
    const [row] = await ledger.query<{ sent_at: Date }>('SELECT sent_at FROM emails WHERE id = $1', [id]);
    expect(row?.sent_at.getTime()).toBeGreaterThanOrEqual(at.getTime());
    expect(await ledger.count(`status = 'sent'`)).toBe(before + 1);
  }, 60_000);
});
