import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { inRoot } from './paths.mjs';
import { Problem } from './problem.mjs';
import { lastLines, run } from './run.mjs';
import { dashboardHash } from './sources-hash.mjs';

const stampFile = inRoot('dist', '.dashboard-built-from');
const page = inRoot('dist', 'apps', 'dashboard', 'index.html');
const assets = inRoot('dist', 'apps', 'dashboard', 'assets');

/** Was dist/apps/dashboard made from the sources as they are now? */
export function isDashboardBuilt() {
  return existsSync(page) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === dashboardHash();
}

/** @param {{ isChecked: boolean, signal?: AbortSignal }} options `isChecked: false` leaves type errors to `npm run check` */
export async function buildDashboard({ isChecked, signal }) {
  const hash = dashboardHash();
  rmSync(stampFile, { force: true });
  if (isChecked) await tool('typescript/bin/tsc', ['-p', 'apps/dashboard'], signal);
  await tool('vite/bin/vite.js', ['build', 'apps/dashboard', '--logLevel', 'warn'], signal);
  compressAssets();
  writeFileSync(stampFile, hash);
}

/** Compressed once here, not at each request. */
function compressAssets() {
  for (const name of readdirSync(assets)) {
    const file = join(assets, name);
    const content = readFileSync(file);
    writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
    writeFileSync(`${file}.br`, brotliCompressSync(content));
  }
}

async function tool(path, args, signal) {
  const program = inRoot('node_modules', ...path.split('/'));
  const { code, output } = await run(process.execPath, [program, ...args], { signal });
  if (code !== 0)
    throw new Problem('The dashboard could not be built. See the lines below.', lastLines(output, 30));
}
