// `node scripts/repair-lock.mjs`, after a package was added: a registry mirror that does not carry the packages of
// other systems makes `npm install` leave them out of package-lock.json, and `npm ci` then refuses the file everywhere.
// Adds what is missing; `--check` only says so.
import { readFileSync, writeFileSync } from 'node:fs';
import { missingOptional, platformEntry } from './lib/lock-file.mjs';
import { inRoot } from './lib/paths.mjs';

const path = inRoot('package-lock.json');
const lock = JSON.parse(readFileSync(path, 'utf8'));
const missing = missingOptional(lock.packages);

if (process.argv.includes('--check')) {
  for (const { name, version } of missing) console.error(`✗ package-lock.json lacks ${name}@${version}`);
  if (missing.length > 0) console.error('Run "node scripts/repair-lock.mjs".');
  process.exit(missing.length === 0 ? 0 : 1);
}
for (const one of missing) lock.packages[`node_modules/${one.name}`] = platformEntry(one);
const [own, ...others] = Object.entries(lock.packages);
const sorted = others.sort(([left], [right]) => left.localeCompare(right, 'en'));
lock.packages = Object.fromEntries([own, ...sorted]);
if (missing.length > 0) writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${missing.length} packages added to package-lock.json.`);
