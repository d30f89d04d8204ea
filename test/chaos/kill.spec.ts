import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Customer } from '../support/customer.js';
import { startStack, type Stack } from '../support/stack.js';
import { backends } from '../support/stores.js';
import { until } from '../support/until.js';

const EMAILS = 2_000;

describe.each(backends)('kill -9 of the worker in the middle of 2 000 emails, queue on %s', (backend) => {
  let stack: Stack;
  let customer: Customer;
  let database: pg.Client;

  beforeAll(async () => {
    stack = await startStack({
      backend,
      env: { SESAME_CLAIM_SECONDS: '5', SESAME_SES_TIMEOUT_SECONDS: '2' },
    });
    customer = await Customer.create(stack);
    await customer.connect();
    database = new pg.Client({ connectionString: stack.databaseUrl });
    await database.connect();
  }, 120_000);
  afterAll(async () => {
    await database?.end();
    await stack?.close();
  });

  const countOf = async (where: string): Promise<number> => {
    const { rows } = await database.query<{ count: string }>(`SELECT count(*) FROM emails WHERE ${where}`);
    return Number(rows[0]?.count);
  };

  it('loses none, and sends twice only what was in flight', async () => {
    // Slow enough that the kill surely lands between the first and the last mail.
    await customer.admin('PUT', '/faults', [
      { service: 'ses', action: 'SendEmail', kind: 'latency', latency_ms: 100 },
    ]);
    for (let batch = 0; batch < EMAILS / 100; batch++) {
      const emails = Array.from({ length: 100 }, (_, index) =>
        customer.email({
          subject: `Mail ${batch * 100 + index}`,
          to: [`p${batch * 100 + index}@example.net`],
        }),
      );
      expect((await customer.api('POST', '/emails/batch', emails)).status).toBe(200);
    }
    await until('some are sent', async () => (await countOf(`status = 'sent'`)) >= 300);
    const worker = stack.processes.find(({ name, child }) => name === 'worker' && child.exitCode === null);
    await worker?.stop('SIGKILL');
    const sentBefore = await countOf(`status = 'sent'`);
    const { rows: inFlight } = await database.query<{ id: string }>(
      `SELECT id FROM emails WHERE status = 'sending'`,
    );
    expect(sentBefore).toBeLessThan(EMAILS);
    expect(inFlight.length).toBeGreaterThan(0);

    await stack.addWorker();
    await until('all are sent', async () => (await countOf(`status = 'sent'`)) === EMAILS, 90_000);

    const messages = await customer.messages();
    const times = new Map<string, number>();
    for (const message of messages) {
      const id = emailIdOf(message);
      times.set(id, (times.get(id) ?? 0) + 1);
    }
    const twice = [...times].filter(([, count]) => count > 1).map(([id]) => id);
    const wasInFlight = new Set(inFlight.map(({ id }) => id));
    expect(times.size).toBe(EMAILS);
    expect(twice.filter((id) => !wasInFlight.has(id))).toEqual([]);
    process.stderr.write(
      `kill -9, ${backend}: ${sentBefore} sent before, ${inFlight.length} in flight (possible duplicates), ${twice.length} sent twice, 0 lost of ${EMAILS}\n`,
    );
  }, 180_000);
});

function emailIdOf(message: { tags: unknown }): string {
  const found = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/.exec(
    JSON.stringify(message.tags),
  );
  if (found === null) throw new Error('a message without our tag');
  return found[0];
}
