import { join } from 'node:path';
import { endingWithParent, logTail, startChild, stopChild } from './child.mjs';
import { canInstallPackages, installPackages } from './debian.mjs';
import { findProgram } from './find-program.mjs';
import { freePort } from './free-port.mjs';
import { Problem } from './problem.mjs';
import { step } from './progress.mjs';
import { waitFor } from './wait-for.mjs';

const find = () => findProgram('redis-server', 'valkey-server');

/**
 * A Redis for the tests: the one of REDIS_URL, or a private one that keeps nothing on disk.
 *
 * @returns {Promise<{ url: string, stop(): Promise<void> } | { missing: string }>}
 */
export async function testRedis({ folder, signal }) {
  const given = process.env.REDIS_URL;
  if (given) return { url: given, stop: async () => undefined };
  let why = 'no redis-server or valkey-server on PATH';
  if (find() === undefined && canInstallPackages()) {
    const failure = await step('Installing redis-server', () => installPackages(['redis-server'], signal));
    if (failure !== undefined) why += `, and apt-get said: ${failure}`;
  }
  const program = find();
  return program === undefined ? { missing: why } : startRedis(program, folder, signal);
}

async function startRedis(program, folder, signal) {
  const port = await freePort();
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--save',
    '',
    '--appendonly',
    'no',
    '--maxmemory-policy',
    'noeviction',
  ];
  const logFile = join(folder, 'redis.log');
  signal?.throwIfAborted();
  const child = startChild({
    name: 'redis',
    ...endingWithParent('TERM', program, args),
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
    logFile,
  });
  const stop = () => stopChild(child);
  const isReady = await Promise.race([
    waitFor(() => logTail(logFile, 50).some((line) => /ready to accept connections/i.test(line)), {
      timeoutMs: 20_000,
      signal,
    }),
    child.exited.then(() => false),
  ]);
  if (isReady) return { url: `redis://127.0.0.1:${port}`, stop };
  await stop();
  throw new Problem(`The private Redis (${program}) did not get ready.`, logTail(logFile, 8));
}
