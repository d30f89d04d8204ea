import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { freePort, listenError } from './free-port.mjs';
import { readJson, writeJson } from './home.mjs';
import { ensureDatabase, startPostgres } from './postgres.mjs';
import { Problem } from './problem.mjs';

/** PostgreSQL under SESAME_HOME. Its port and password are chosen once and remembered; the port only while it is free. */
export async function startEmbeddedDatabase({ inHome }, signal) {
  const file = inHome('postgres.json');
  const remembered = readJson(file);
  if (remembered === undefined && existsSync(inHome('postgres'))) {
    throw new Problem(
      `${file}, which holds the password, is missing. Put it back, or remove ${inHome('postgres')} and seed.json to begin again.`,
    );
  }
  const password = remembered?.password ?? randomBytes(16).toString('hex');
  const isSamePort = remembered !== undefined && (await listenError(remembered.port)) === undefined;
  const port = isSamePort ? remembered.port : await freePort();
  if (!isSamePort) writeJson(file, { port, password });
  const postgres = await startPostgres({
    folder: inHome('postgres'),
    port,
    password,
    logFile: inHome('logs', 'postgres.log'),
    isFirst: remembered === undefined,
    signal,
  });
  try {
    await ensureDatabase(postgres.url('postgres'), 'sesame');
  } catch (error) {
    await postgres.stop();
    throw error;
  }
  return { url: postgres.url('sesame'), child: postgres.child, stop: postgres.stop };
}
