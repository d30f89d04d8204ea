import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { inRoot, root } from './paths.mjs';

const FOLDERS = ['apps', 'libs', 'scripts', 'bench'];
const FILES = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'prisma/schema.prisma',
  'prisma.config.ts',
];
const GENERATED = 'libs/database/src/generated';

/** Files that go into the build, relative to the repository. Specs are compiled by Jest, the dashboard by Vite. */
export function buildSources() {
  return FOLDERS.flatMap((folder) => typescriptFiles(folder)).sort();
}

/** What the dashboard is made of, relative to the repository. */
export function dashboardSources() {
  return readdirSync(inRoot('apps', 'dashboard'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.spec.ts'))
    .map((entry) => join(relative(root, entry.parentPath), entry.name))
    .sort();
}

function typescriptFiles(folder) {
  if (!existsSync(inRoot(folder)) || folder === GENERATED || folder === 'apps/dashboard') return [];
  return readdirSync(inRoot(folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : typescriptFiles(path);
    return /(?<!\.spec)\.ts$/.test(entry.name) ? [path] : [];
  });
}

/** The generated client depends on the schema and on the generator's version. */
export const schemaHash = () => hashOf(['prisma/schema.prisma', 'package-lock.json']);

/** One value for everything the build depends on. By content: a fresh clone has new times, and so has `git checkout`. */
export const sourcesHash = () => hashOf([...FILES, ...buildSources()]);

export const dashboardHash = () => hashOf(['package-lock.json', ...dashboardSources()]);

function hashOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    if (!existsSync(inRoot(path))) continue;
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0');
  }
  return hash.digest('hex');
}
