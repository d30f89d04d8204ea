import { existsSync, readFileSync } from 'node:fs';
import { Problem } from './problem.mjs';
import { inRoot } from './paths.mjs';
import { run } from './run.mjs';

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

/**
 * Does node_modules hold what package-lock.json asks for? npm leaves a lock file of what it installed there, at the
 * very end: comparing the two finds an old and an interrupted installation; looking for the folders finds a broken one.
 */
export function isInstalled() {
  const installedLock = inRoot('node_modules', '.package-lock.json');
  if (!existsSync(installedLock)) return false;
  let installed;
  try {
    installed = readJson(installedLock).packages;
  } catch {
    return false;
  }
  return Object.entries(readJson(inRoot('package-lock.json')).packages).every(([path, wanted]) => {
    if (path === '') return true;
    const found = installed[path];
    if (found === undefined) return isOptional(wanted);
    return (
      found.version === wanted.version && (found.link === true || existsSync(inRoot(path, 'package.json')))
    );
  });
}

/** Packages for another processor or system are listed but not installed. */
const isOptional = (entry) => entry.optional === true || entry.devOptional === true || entry.peer === true;

/** `npm ci`, with the npm that started us. Development packages are part of it: the build needs them. */
export async function install(signal) {
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const [command, ...prefix] = npmCommand();
  const { code, output } = await run(command, [...prefix, ...args], { signal });
  if (code !== 0) {
    throw new Problem(
      `Installation failed: "npm ci" ended with code ${code}. Is a package registry reachable? Then run this again.`,
      firstLines(output),
    );
  }
  if (!isInstalled()) {
    throw new Problem(
      'Installation is incomplete although "npm ci" succeeded. Remove node_modules and run this again.',
    );
  }
}

/** npm says first what is wrong, and then a lot more. */
const firstLines = (output) =>
  output
    .split('\n')
    .filter((line) => /^npm (error|ERR!) \S/.test(line))
    .slice(0, 5);

function npmCommand() {
  const fromNpm = process.env.npm_execpath;
  return fromNpm?.endsWith('npm-cli.js') && existsSync(fromNpm) ? [process.execPath, fromNpm] : ['npm'];
}
