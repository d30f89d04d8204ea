import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Customer } from '../support/customer.js';
import { Ledger, sendBatches, timesSent } from '../support/outcome.js';
import { startStack, type Stack } from '../support/stack.js';
import { until } from '../support/until.js';

const COUNT = 300;

/** A disk that is full refuses writes (SQLSTATE 53100) and goes on reading: made here with a trigger. */
describe('when the disk of the database is full', () => {
  let stack: Stack;
  let customer: Customer;
  let ledger: Ledger;

  beforeAll(async () => {
    stack = await startStack({
      workers: 2,
      env: { SESAME_CLAIM_SECONDS: '12', SESAME_SES_TIMEOUT_SECONDS: '6' },
    });
    customer = await Customer.create(stack);
    await customer.connect();
    ledger = await Ledger.open(stack.databaseUrl);
    await ledger.query('CREATE TABLE full_disks (relation text PRIMARY KEY)');
    await ledger.query(
      `CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         IF EXISTS (SELECT FROM full_disks WHERE relation = TG_ARGV[0]) THEN
           RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';
         END IF;
         RETURN NEW;
       END $$`,
    );
    // Made before there is traffic: the locks of DDL and of traffic exclude each other.
    for (const table of ['emails', 'attempts'])
      await ledger.query(
        `CREATE TRIGGER disk_full BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION disk_full('${table}')`,
      );
  }, 120_000);
  afterEach(async () => {
    await ledger.query('DELETE FROM full_disks');
    await customer.admin('DELETE', '/messages');
    await ledger.query('DELETE FROM emails');
    await ledger.query('DELETE FROM attempts');
  });
  afterAll(async () => {
    await ledger?.close();
    await stack?.close();
  });

  const fill = (table: string) => ledger.query('INSERT INTO full_disks VALUES ($1)', [table]);
  const free = (table: string) => ledger.query('DELETE FROM full_disks WHERE relation = $1', [table]);
  const hasLogged = (event: string) =>
    stack.processes.some(({ lines }) => lines.some((line) => line.includes(`"${event}"`)));
  const untilSent = () =>
    until('all are sent', async () => (await ledger.count(`status = 'sent'`)) === COUNT, 90_000);

  it('accepts are refused with 503 and "try again", and what was accepted is sent, no more and no less', async () => {
    await sendBatches(customer, COUNT - 1);
    await fill('emails');
    const refused = await customer.api('POST', '/emails', customer.email({ subject: 'refused' }));
    expect(refused.status).toBe(503);
    expect(refused.body).toMatchObject({ name: 'service_unavailable' });
    expect(refused.headers.get('retry-after')).toBe('1');
    const batch = await customer.api('POST', '/emails/batch', [customer.email(), customer.email()]);
    expect(batch.status).toBe(503);
    await free('emails');
    expect((await customer.api('POST', '/emails', customer.email({ subject: 'taken' }))).status).toBe(200);
    await untilSent();
    expect((await timesSent(customer)).size).toBe(COUNT);
    expect(await ledger.count()).toBe(COUNT);
  }, 120_000);

  it('outcomes are kept and written when there is room again: nothing is sent twice', async () => {
    await fill('attempts');
    await sendBatches(customer, COUNT);
    await until('an outcome could not be written', async () => hasLogged('email.record_failed'));
    expect(await ledger.count(`status = 'sent'`)).toBe(0);
    await free('attempts');
    await untilSent();
    const times = await timesSent(customer);
    expect(times.size).toBe(COUNT);
    expect([...times.values()].filter((count) => count > 1)).toEqual([]);
  }, 120_000);

  it('for longer than a claim lasts, outcomes are lost and never silently: what may go twice is marked', async () => {
    await fill('attempts');
    await sendBatches(customer, COUNT);
    await until(
      'all have left and their claims are over',
      async () =>
        (await timesSent(customer)).size === COUNT &&
        (
          await ledger.query<{ alive: boolean }>(
            'SELECT EXISTS (SELECT FROM claims WHERE expires_at > now()) AS alive',
          )
        )[0]?.alive === false,
      60_000,
    );
    await free('attempts');
    await untilSent();
    const doubtful = await ledger.doubtful();
    const twice = [...(await timesSent(customer))].filter(([, count]) => count > 1);
    process.stderr.write(
      `disk full for longer than a claim: ${twice.length} of ${COUNT} sent again, all of them marked uncertain\n`,
    );
    expect(twice.filter(([id]) => !doubtful.has(id))).toEqual([]);
  }, 120_000);
});
