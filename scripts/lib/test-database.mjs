import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { freePort } from './free-port.mjs';
import { connect, startPostgres } from './postgres.mjs';
import { Problem } from './problem.mjs';

/** Tests throw their data away: what makes PostgreSQL safe against power cuts is only in the way. */
const FAST = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_wal_size: '2GB',
  max_connections: 300,
};

/**
 * A PostgreSQL server for the tests, on which they make databases of their own: the one of DATABASE_URL, or a private one.
 *
 * @returns {Promise<{ url: string, stop(): Promise<void> }>} `stop` removes what the tests left behind.
 */
export async function testDatabaseServer({ folder, signal }) {
  const given = process.env.DATABASE_URL;
  return given ? givenServer(given) : privateServer(folder, signal);
}

async function privateServer(folder, signal) {
  const postgres = await startPostgres({
    folder: join(folder, 'postgres'),
    port: await freePort(),
    password: randomBytes(12).toString('hex'),
    logFile: join(folder, 'postgres.log'),
    settings: FAST,
    signal,
  });
  const stop = async () => {
    await postgres.stop();
    rmSync(postgres.data, { recursive: true, force: true });
    if (dirname(postgres.data) !== folder) rmSync(dirname(postgres.data), { recursive: true, force: true });
  };
  return { url: postgres.url('postgres'), stop };
}

async function givenServer(url) {
  const before = new Set(
    await testDatabases(url).catch((error) => {
      throw new Problem(`The PostgreSQL of DATABASE_URL cannot be used: ${error.message}`);
    }),
  );
  return { url, stop: () => removeLeftovers(url, before) };
}

/** Tests drop their databases; what is new and still there after them belongs to test files that were killed. */
async function removeLeftovers(url, before) {
  const leftovers = (await testDatabases(url)).filter((name) => !before.has(name) && !isInUse(name));
  if (leftovers.length === 0) return;
  const client = await connect(url);
  try {
    // The lock under which libs/database makes and clones its template.
    await client.query('SELECT pg_advisory_lock(23130, 2)');
    for (const name of leftovers)
      await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(name)} WITH (FORCE)`);
  } finally {
    await client.end();
  }
}

async function testDatabases(url) {
  const client = await connect(url);
  try {
    const { rows } = await client.query(
      `SELECT datname FROM pg_database WHERE datname LIKE 'sesame\\_test\\_%' OR datname LIKE 'sesame\\_template\\_%'`,
    );
    return rows.map((row) => row.datname);
  } finally {
    await client.end();
  }
}

/** `sesame_test_<process>_…`: another test run may be at work on the same server. */
function isInUse(name) {
  const pid = Number(/^sesame_test_(\d+)_/.exec(name)?.[1]);
  if (!pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
