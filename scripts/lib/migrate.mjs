import { inRoot } from './paths.mjs';
import { Problem } from './problem.mjs';
import { lastLines, run } from './run.mjs';

/** Brings the database up to date with the compiled migration runner. */
export async function migrateDatabase(env, signal) {
  const { code, output } = await run(
    process.execPath,
    [inRoot('dist', 'libs', 'database', 'src', 'migrate-cli.js')],
    { env, signal },
  );
  if (code !== 0) throw new Problem('The database could not be brought up to date.', lastLines(output, 10));
}
