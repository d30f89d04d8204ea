// `npm start`: everything on one machine, in the foreground. Plain JavaScript, because nothing is installed yet.
import { rmSync } from 'node:fs';
import { runStack } from './lib/stack.mjs';
import { openHome } from './lib/home.mjs';
import { requireNode } from './lib/node-version.mjs';
import { watchParent } from './lib/parent-watch.mjs';
import { prepare } from './lib/prepare.mjs';
import { printError } from './lib/problem.mjs';
import { readSettings } from './lib/settings.mjs';
import { Shutdown } from './lib/shutdown.mjs';

const shutdown = new Shutdown();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => shutdown.request(signal));
watchParent(() => shutdown.request('parent gone'));
// A closed terminal must not turn the orderly way out into a crash.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

async function main() {
  requireNode();
  const settings = readSettings();
  const lock = openHome(settings);
  shutdown.add(() => lock.release());
  const localFile = settings.inHome('local.json');
  rmSync(localFile, { force: true });
  shutdown.add(() => rmSync(localFile, { force: true }));
  await prepare(shutdown.signal);
  return runStack(settings, shutdown);
}

const failed = (error) => {
  // What fails after somebody asked for the end fails because of it.
  if (shutdown.signal.aborted) return 'asked';
  printError(error);
  return 'failed';
};
process.on('uncaughtException', (error) => {
  failed(error);
  void leave(1);
});

let leaving;
/** Stops everything and ends; a second caller waits with the first. */
function leave(code) {
  leaving ??= (async () => {
    const isClean = await shutdown.run();
    process.exit(isClean ? code : 1);
  })();
  return leaving;
}

const ended = main().then(() => 'failed', failed);
const how = await Promise.race([ended, shutdown.requested.then(() => 'asked')]);
if (how === 'asked') {
  console.log('\n  Stopping…');
  // What was about to be started cleans up after itself, or is on the list of what to stop.
  await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 20_000))]);
}
await leave(how === 'asked' ? 0 : 1);
