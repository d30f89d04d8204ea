import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildDashboard, isDashboardBuilt } from './build-dashboard.mjs';
import { Problem } from './problem.mjs';
import { inRoot } from './paths.mjs';
import { waitForLock } from './pid-lock.mjs';
import { lastLines, run } from './run.mjs';
import { buildSources, schemaHash, sourcesHash } from './sources-hash.mjs';

const stampFile = inRoot('dist', '.built-from');
const buildInfo = inRoot('dist', 'tsconfig.tsbuildinfo');
const generatedClient = inRoot('libs', 'database', 'src', 'generated', 'client.ts');
const generatedStamp = inRoot('libs', 'database', 'src', 'generated', '.generated-from');

/** Was dist made from the sources as they are now? */
export function isBuilt() {
  return isClientGenerated() && holds(stampFile, sourcesHash()) && isDashboardBuilt();
}

/** Is the database client that of the schema as it is now? */
export function isClientGenerated() {
  return existsSync(generatedClient) && holds(generatedStamp, schemaHash());
}

const holds = (file, text) => existsSync(file) && readFileSync(file, 'utf8') === text;

/**
 * Prisma client, then one `tsc` for everything but the dashboard, then Vite for that. One builder at a time: `npm test` may run beside `npm start`.
 *
 * @param {{ isChecked: boolean, signal?: AbortSignal }} options `isChecked: false` leaves type errors to
 *   `npm run check`: the same compiler writes the same files, sooner.
 */
export async function build({ isChecked, signal }) {
  mkdirSync(inRoot('dist'), { recursive: true });
  const lock = await waitForLock(inRoot('dist', '.build.lock'), signal);
  try {
    if (!isChecked && isBuilt()) return;
    const hash = sourcesHash();
    rmSync(stampFile, { force: true });
    if (!isClientGenerated()) await generateClient(signal);
    if (removeStale() > 0) rmSync(buildInfo, { force: true });
    await compile(isChecked, signal);
    writeFileSync(stampFile, hash);
    if (!isDashboardBuilt()) await buildDashboard({ isChecked, signal });
  } finally {
    lock.release();
  }
}

/** The Prisma CLI would download an engine that generating does not use: it is content with any executable. */
export async function generateClient(signal) {
  const env = {
    ...process.env,
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  };
  await tool(
    'prisma/build/index.js',
    ['generate'],
    { signal, env },
    'The database client could not be generated.',
  );
  writeFileSync(generatedStamp, schemaHash());
}

async function compile(isChecked, signal) {
  // Incremental knows nothing of outputs that somebody removed by hand.
  if (!existsSync(inRoot('dist', 'libs')) || !existsSync(inRoot('dist', 'apps')))
    rmSync(buildInfo, { force: true });
  const args = ['-p', 'tsconfig.json', ...(isChecked ? [] : ['--noCheck'])];
  await tool('typescript/bin/tsc', args, { signal }, 'The build failed.');
}

async function tool(path, args, options, failure) {
  const program = inRoot('node_modules', ...path.split('/'));
  const { code, output } = await run(process.execPath, [program, ...args], options);
  if (code !== 0) throw new Problem(`${failure} See the lines below.`, lastLines(output, 30));
}

/** Removes outputs whose source is gone, so that a renamed file cannot go on working by accident. */
function removeStale() {
  const wanted = new Set(buildSources().map((path) => path.replace(/\.ts$/, '')));
  let removed = 0;
  for (const folder of ['apps', 'libs', 'scripts', 'bench']) {
    for (const file of javascriptFiles(join('dist', folder))) {
      const source = file.replace(/^dist[/\\]/, '').replace(/\.js(\.map)?$/, '');
      if (wanted.has(source) || source.includes('generated')) continue;
      rmSync(inRoot(file), { force: true });
      removed++;
    }
  }
  return removed;
}

function javascriptFiles(folder) {
  if (!existsSync(inRoot(folder))) return [];
  return readdirSync(inRoot(folder), { recursive: true })
    .filter((name) => /\.js(\.map)?$/.test(name))
    .filter((name) => !(folder === join('dist', 'apps') && name.startsWith('dashboard')))
    .map((name) => join(folder, name));
}
