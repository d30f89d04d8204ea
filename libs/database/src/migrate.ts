import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import pg from 'pg';
import { ensurePartitions } from './partitions.js';

const require = createRequire(import.meta.url);

/** Any two numbers: the advisory lock that lets one process migrate while the others wait. */
const MIGRATION_LOCK = [0x5e5a, 1] as const;

/** The folder of a package, whose `exports` may not allow asking for it directly. */
function packageFolder(name: string): string {
  return dirname(require.resolve(name));
}

/** Finds `prisma/migrations` from the sources and from `dist`. */
export function migrationsFolder(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'prisma', 'migrations'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('prisma/migrations not found above ' + import.meta.dirname);
    folder = parent;
  }
  return join(folder, 'prisma', 'migrations');
}

function migrationList(folder: string) {
  const directories = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  return {
    baseDir: folder,
    lockfile: {
      path: 'migration_lock.toml',
      content: readFileSync(join(folder, 'migration_lock.toml'), 'utf8'),
    },
    shadowDbInitScript: '',
    migrationDirectories: directories.map((path) => ({
      path,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok' as const, value: readFileSync(join(folder, path, 'migration.sql'), 'utf8') },
      },
    })),
  };
}

/** The part of the engine that we use; its own typings describe the bundler build. */
interface SchemaEngine {
  applyMigrations(input: {
    migrationsList: ReturnType<typeof migrationList>;
    filters: object;
  }): Promise<{ appliedMigrationNames: string[] }>;
  free(): void;
}
interface EngineModule {
  SchemaEngine: {
    new: (options: { datamodels: undefined }, log: () => void, adapter: object) => Promise<SchemaEngine>;
  };
  __wbg_set_wasm(exports: unknown): void;
}

/** TypeScript describes WebAssembly only in its browser library, which a server should not load. */
const { WebAssembly: webAssembly } = globalThis as unknown as {
  WebAssembly: {
    instantiate(code: Buffer, imports: object): Promise<{ instance: { exports: Record<string, unknown> } }>;
  };
};

/**
 * Prisma's schema engine as WebAssembly: `prisma migrate deploy` would download a native engine, which many
 * networks refuse. Instantiated by hand because the package is made for bundlers.
 */
function loadSchemaEngine(): Promise<EngineModule> {
  // Once for the process: the package keeps one instance in a global, and a second one would get the callbacks of the first.
  loading ??= instantiate();
  return loading;
}

let loading: Promise<EngineModule> | undefined;

async function instantiate(): Promise<EngineModule> {
  const folder = packageFolder('@prisma/schema-engine-wasm');
  const engine = (await import(pathToFileURL(join(folder, 'schema_engine_bg.js')).href)) as EngineModule;
  const wasm = readFileSync(join(folder, 'schema_engine_bg.wasm'));
  const { instance } = await webAssembly.instantiate(wasm, { './schema_engine_bg.js': engine });
  engine.__wbg_set_wasm(instance.exports);
  (instance.exports['__wbindgen_start'] as () => void)();
  return engine;
}

/**
 * Brings the database up to date and makes the partitions of the weeks ahead. Safe to run from many processes at
 * once. Keeps Prisma's `_prisma_migrations` table, so that `prisma migrate deploy` stays possible elsewhere.
 *
 * @returns the names of the migrations applied now.
 */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const lock = new pg.Client({ connectionString: databaseUrl, application_name: 'sesame-migrate' });
  await lock.connect();
  try {
    await lock.query('SELECT pg_advisory_lock($1, $2)', [...MIGRATION_LOCK]);
    const folder = migrationsFolder();
    const list = migrationList(folder);
    let applied: string[] = [];
    if (
      !(await isUpToDate(
        lock,
        list.migrationDirectories.map((directory) => directory.path),
      ))
    ) {
      const { SchemaEngine } = await loadSchemaEngine();
      // The engine leaves its pool open: let idle connections go at once and not hold the process.
      const adapter = bindMigrationAwareSqlAdapterFactory(
        new PrismaPg({ connectionString: databaseUrl, allowExitOnIdle: true, idleTimeoutMillis: 100 }),
      );
      const engine = await SchemaEngine.new({ datamodels: undefined }, () => undefined, adapter);
      const result = await engine.applyMigrations({
        migrationsList: list,
        filters: { externalTables: [], externalEnums: [] },
      });
      applied = result.appliedMigrationNames;
      engine.free();
    }
    await useLz4(lock);
    await ensurePartitions((text) => lock.query(text).then(() => undefined), new Date());
    return applied;
  } finally {
    await lock.end();
  }
}

/**
 * Bodies are compressed with LZ4 where the server can: several times cheaper than pglz. Here and not in a migration, because
 * Prisma's driver adapter cuts a script at every semicolon, so a migration cannot hold the DO block that would catch the error.
 */
async function useLz4(client: pg.Client): Promise<void> {
  try {
    await client.query('ALTER TABLE email_contents ALTER COLUMN payload SET COMPRESSION lz4');
  } catch (error) {
    // 0A000: this server was built without LZ4 (the embedded one is).
    if (!(error instanceof pg.DatabaseError) || error.code !== '0A000') throw error;
  }
}

/** Spares every start after the first the loading of the engine. */
async function isUpToDate(client: pg.Client, names: string[]): Promise<boolean> {
  const { rows } = await client.query<{ exists: boolean }>(
    `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS exists`,
  );
  if (rows[0]?.exists !== true) return false;
  const done = await client.query<{ migration_name: string }>(
    'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
  );
  const finished = new Set(done.rows.map((row) => row.migration_name));
  return names.every((name) => finished.has(name));
}
