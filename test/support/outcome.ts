import pg from 'pg';
import type { Customer } from './customer.js';

/** States in which an email rests for good. */
export const finalStates = ['sent', 'failed', 'canceled', 'expired', 'uncertain', 'suppressed'];

/** Looks at the emails of a stack from outside: at the rows, and at what the sandbox was sent. */
export class Ledger {
  private constructor(private readonly client: pg.Client) {}

  static async open(databaseUrl: string): Promise<Ledger> {
    const client = new pg.Client({ connectionString: databaseUrl });
    // A database restart must not end the test that made it.
    client.on('error', () => undefined);
    await client.connect();
    return new Ledger(client);
  }

  async count(where = 'true'): Promise<number> {
    const { rows } = await this.client.query<{ count: string }>(`SELECT count(*) FROM emails WHERE ${where}`);
    return Number(rows[0]?.count);
  }

  async byStatus(): Promise<Record<string, number>> {
    const { rows } = await this.client.query<{ status: string; count: string }>(
      'SELECT status, count(*) FROM emails GROUP BY status ORDER BY status',
    );
    return Object.fromEntries(rows.map(({ status, count }) => [status, Number(count)]));
  }

  async ids(where = 'true'): Promise<Set<string>> {
    const { rows } = await this.client.query<{ id: string }>(`SELECT id FROM emails WHERE ${where}`);
    return new Set(rows.map(({ id }) => id));
  }

  /** Emails that had an attempt whose answer was lost: those may have been sent twice, and no others. */
  async doubtful(): Promise<Set<string>> {
    const { rows } = await this.client.query<{ email_id: string }>(
      `SELECT DISTINCT email_id FROM attempts WHERE outcome = 'uncertain'`,
    );
    return new Set(rows.map(({ email_id: id }) => id));
  }

  async query<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.client.query<Row>(text, values)).rows;
  }

  close(): Promise<void> {
    return this.client.end();
  }
}

/** How often each email reached the sandbox. */
export async function timesSent(customer: Customer): Promise<Map<string, number>> {
  const times = new Map<string, number>();
  for (const { tags } of await customer.messages()) {
    const id = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/.exec(
      JSON.stringify(tags),
    )?.[0];
    if (id === undefined) throw new Error('a message without our tag');
    times.set(id, (times.get(id) ?? 0) + 1);
  }
  return times;
}

/** Sends `count` emails in batches of 100 (fewer for the last one). */
export async function sendBatches(customer: Customer, count: number): Promise<void> {
  for (let done = 0; done < count; done += 100) {
    const emails = Array.from({ length: Math.min(100, count - done) }, (_, index) =>
      customer.email({ subject: `Mail ${done + index}`, to: [`p${done + index}@example.net`] }),
    );
    const answer = await customer.api('POST', '/emails/batch', emails);
    if (answer.status !== 200) throw new Error(`batch: ${answer.status} ${JSON.stringify(answer.body)}`);
  }
}
