import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { Prisma, PrismaClient } from './generated/client.js';

export type { PrismaClient } from './generated/client.js';

// Counts and sums come as int8; none of ours leaves the range of a JavaScript number.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/** A connection or the pool: whatever runs one statement. */
export interface Sql {
  /**
   * Runs one statement. `name` makes it a prepared statement, parsed and planned once per connection: for the hot
   * path. Values are bound, never spliced.
   */
  query<Row extends object>(
    text: string,
    values?: readonly unknown[],
    name?: string,
  ): Promise<{ rows: Row[]; rowCount: number }>;
}

export interface Statement {
  text: string;
  values: readonly unknown[];
  /** Makes it a prepared statement, parsed and planned once per connection. */
  name: string;
}

/** How many statements have been sent, for tests and benches that count them. */
export interface StatementCounter {
  statements: number;
}

/** One PostgreSQL pool, spoken to as ordinary Prisma and, on the hot path, as hand-written SQL. */
export class Database implements Sql {
  readonly prisma: PrismaClient;
  readonly pool: pg.Pool;
  readonly counter: StatementCounter = { statements: 0 };

  constructor(
    readonly url: string,
    poolSize: number,
    applicationName = 'sesame',
  ) {
    this.pool = new pg.Pool({
      connectionString: url,
      max: poolSize,
      application_name: applicationName,
      keepAlive: true,
      // Statements of one connection need not wait for each other's answers: see inOneTrip.
      pipeline: true,
    });
    // An idle connection that breaks (server restart) is dropped by the pool; the error must not end the process.
    this.pool.on('error', () => undefined);
    this.prisma = new PrismaClient({ adapter: new PrismaPg(this.pool) });
  }

  async query<Row extends object>(
    text: string,
    values: readonly unknown[] = [],
    name?: string,
  ): Promise<{ rows: Row[]; rowCount: number }> {
    return run<Row>(this.pool, this.counter, text, values, name);
  }

  /**
   * Runs `work` in one transaction; no network call other than SQL belongs inside.
   *
   * @param opening a statement without parameters that travels with BEGIN, to spare a round trip
   */
  transaction<T>(work: (sql: Sql) => Promise<T>, opening = ''): Promise<T> {
    return this.withClient(async (client, lost) => {
      try {
        await run(client, this.counter, begin(opening), []);
        const result = await work({
          query: (text, values = [], name) => run(client, this.counter, text, values, name),
        });
        await run(client, this.counter, 'COMMIT', []);
        return result;
      } catch (error) {
        await client.query('ROLLBACK').catch(lost);
        throw error;
      }
    });
  }

  /**
   * A transaction of one statement, in a single round trip: BEGIN, the statement and COMMIT travel together. For the hot path.
   *
   * @param opening a statement without parameters that is done before the other one looks at anything
   * @throws what PostgreSQL says of the first that failed; nothing is stored then. As with any transaction, a connection that is lost while COMMIT is
   *   under way leaves it open whether it was
   */
  inOneTrip(opening: string, { text, values, name }: Statement): Promise<void> {
    return this.withClient(async (client) => {
      const answers = await Promise.allSettled([
        run(client, this.counter, begin(opening), []),
        run(client, this.counter, text, values, name),
        // After a statement that failed, COMMIT rolls back.
        run(client, this.counter, 'COMMIT', []),
      ]);
      const failed = answers.find((answer) => answer.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    });
  }

  /**
   * A read that includes related rows, all as of one moment. Prisma fetches each relation by a statement of its own:
   * without this, a change between two of them shows what never was. Not its batch form: of one read alone, that one
   * makes no transaction.
   */
  asOfOneMoment<T>(read: (tx: Prisma.TransactionClient) => Promise<T>): Promise<T> {
    return this.prisma.$transaction(read, {
      isolationLevel: Prisma.TransactionIsolationLevel.RepeatableRead,
    });
  }

  /** @param use gets a connection, and what to call when it is good for nothing any more */
  private async withClient<T>(
    use: (client: pg.PoolClient, lost: (error: Error) => void) => Promise<T>,
  ): Promise<T> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    // The pool hears only idle clients: one that is lost in here would end the process. Its statements fail anyway.
    const lost = (error: Error) => {
      broken = error;
    };
    client.on('error', lost);
    try {
      return await use(client, lost);
    } finally {
      client.off('error', lost);
      client.release(broken);
    }
  }

  /** Resolves when the server answers. */
  async ping(): Promise<void> {
    await this.query('SELECT 1');
  }

  async close(): Promise<void> {
    await this.prisma.$disconnect();
    if (!this.pool.ended) await this.pool.end();
  }
}

function begin(opening: string): string {
  return opening === '' ? 'BEGIN' : `BEGIN; ${opening}`;
}

async function run<Row extends object>(
  client: pg.Pool | pg.PoolClient,
  counter: StatementCounter,
  text: string,
  values: readonly unknown[],
  name?: string,
): Promise<{ rows: Row[]; rowCount: number }> {
  counter.statements += 1;
  const result = await client.query<Row>(
    name === undefined ? { text, values: [...values] } : { name, text, values: [...values] },
  );
  return { rows: result.rows, rowCount: result.rowCount ?? 0 };
}
