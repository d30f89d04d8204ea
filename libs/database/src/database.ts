import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from './generated/client.js';

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
  async transaction<T>(work: (sql: Sql) => Promise<T>, opening = ''): Promise<T> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    // The pool hears only idle clients: one that is lost in here would end the process. Its statements fail anyway.
    const lost = (error: Error) => {
      broken = error;
    };
    client.on('error', lost);
    try {
      await run(client, this.counter, opening === '' ? 'BEGIN' : `BEGIN; ${opening}`, []);
      const result = await work({
        query: (text, values = [], name) => run(client, this.counter, text, values, name),
      });
      await run(client, this.counter, 'COMMIT', []);
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((rollbackError: Error) => {
        broken = rollbackError;
      });
      throw error;
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
