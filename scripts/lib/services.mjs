import { existsSync } from 'node:fs';
import { logTail, startNodeChild, stopChild } from './child.mjs';
import { inRoot } from './paths.mjs';
import { Problem } from './problem.mjs';
import { waitFor } from './wait-for.mjs';

const READY_TIMEOUT_MS = 60_000;

const script = (app) => `dist/apps/${app}/src/main.js`;
export const isBuiltApp = (app) => existsSync(inRoot(...script(app).split('/')));

/** Starts one of our apps with its log under SESAME_HOME. */
export function startApp(app, { env, inHome, shutdown, name = app }) {
  if (!isBuiltApp(app))
    throw new Problem(
      `${script(app)} is missing although the build succeeded. Run "npm run build" and see what it says.`,
    );
  shutdown.signal.throwIfAborted();
  // Not in the repository's folder: an app would read .env there again, and with it variables that were left out on purpose.
  return startNodeChild({
    name,
    script: script(app),
    env,
    logFile: inHome('logs', `${name}.log`),
    cwd: inHome(),
  });
}

/** SIGTERM and patience; with a person pressing Ctrl-C again, none. */
export async function stopApps(children, shutdown) {
  const steps = [
    ['SIGTERM', 20_000],
    ['SIGKILL', 5_000],
  ];
  const hurry = setInterval(() => {
    if (shutdown.isImpatient)
      for (const child of children) if (child.isRunning) child.process.kill('SIGKILL');
  }, 100);
  await Promise.all(children.map((child) => stopChild(child, steps)));
  clearInterval(hurry);
}

/** Waits until a probe says yes; a child that ends meanwhile, or too much time, is the end. */
export async function untilReady({ what, probe, children, describe = () => '', signal }) {
  const isReady = await Promise.race([
    waitFor(probe, { timeoutMs: READY_TIMEOUT_MS, signal }),
    firstDeath(children).then((child) => Promise.reject(deathOf(child))),
  ]);
  if (isReady) return;
  const why = describe();
  const logs = children.flatMap((child) => [`last lines of ${child.logFile}:`, ...logTail(child.logFile, 4)]);
  throw new Problem(
    `${what} did not get ready within ${READY_TIMEOUT_MS / 1000} s${why === '' ? '' : `: ${why}`}.`,
    logs,
  );
}

/** Resolves with the first child that ends. */
export function firstDeath(children) {
  return Promise.race(children.map((child) => child.exited.then(() => child)));
}

export function deathOf(child) {
  return new Problem(
    `The ${child.name} ${child.exit}. Last lines of ${child.logFile}:`,
    logTail(child.logFile, 12),
  );
}
