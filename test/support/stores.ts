import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '#libs/database';

const root = join(import.meta.dirname, '..', '..');

/** PostgreSQL on which tests may make databases. */
export const databaseServer =
  process.env['SESAME_TEST_DATABASE_URL'] ??
  process.env['DATABASE_URL'] ??
  'postgres://postgres@127.0.0.1:5432/postgres';

export type Backend = 'postgres' | 'redis';
const redisUrl = process.env['SESAME_TEST_REDIS_URL'] ?? process.env['REDIS_URL'];

/** The queue backends to test on. Redis is left out only where none is to be had, and never in CI. */
export const backends: readonly Backend[] = redisUrl === undefined ? ['postgres'] : ['postgres', 'redis'];
if (redisUrl === undefined) {
  if (process.env['CI'] !== undefined)
    throw new Error('CI must test on Redis: SESAME_TEST_REDIS_URL is not set');
  process.stderr.write('NOT TESTED ON REDIS: SESAME_TEST_REDIS_URL is not set (npm test sets it).\n');
}

export function redisUrlOf(backend: Backend): string | undefined {
  return backend === 'redis' ? redisUrl : undefined;
}

/** A database of its own, cloned from a template that has the current migrations. */
export function freshDatabase(): Promise<TestDatabase> {
  const migrations = join(root, 'prisma', 'migrations');
  const hash = createHash('sha256');
  for (const name of readdirSync(migrations).sort()) {
    if (name !== 'migration_lock.toml')
      hash.update(name).update(readFileSync(join(migrations, name, 'migration.sql')));
  }
  return createTestDatabase(databaseServer, `sesame_template_${hash.digest('hex').slice(0, 16)}`);
}
