import pg from 'pg';
import { migrate } from './migrate.js';

export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

/**
 * A database of its own for one test file, cloned from a template that is migrated once per content of
 * prisma/migrations. Needs `DATABASE_URL` of a server on which databases may be created.
 */
export async function createTestDatabase(serverUrl: string, template: string): Promise<TestDatabase> {
  const admin = new pg.Client({ connectionString: serverUrl, application_name: 'sesame-test' });
  await admin.connect();
  const name = `sesame_test_${process.pid}_${Math.random().toString(36).slice(2, 10)}`;
  try {
    // Cloning needs a template that nobody is connected to; the lock lets one process at a time make or clone it.
    await admin.query('SELECT pg_advisory_lock(23130, 2)');
    const { rowCount } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [template]);
    if (rowCount === 0) {
      // Under another name until it is whole: a test run that is stopped half way leaves no broken template.
      const unfinished = `${template}_${process.pid}`;
      await admin.query(`DROP DATABASE IF EXISTS "${unfinished}" WITH (FORCE)`);
      await admin.query(`CREATE DATABASE "${unfinished}"`);
      await migrate(withDatabase(serverUrl, unfinished));
      await admin.query(`ALTER DATABASE "${unfinished}" RENAME TO "${template}"`);
    }
    await admin.query(`CREATE DATABASE "${name}" TEMPLATE "${template}"`);
  } finally {
    await admin.end();
  }
  return {
    url: withDatabase(serverUrl, name),
    drop: async () => {
      const client = new pg.Client({ connectionString: serverUrl });
      await client.connect();
      await client.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
      await client.end();
    },
  };
}

function withDatabase(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}
