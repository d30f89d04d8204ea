import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync } from 'node:fs';
import { inRoot, root } from './paths.mjs';

/** For `node --import`: ends the program when we are gone. */
export const END_WITH_PARENT = new URL('./end-with-parent.mjs', import.meta.url).href;

/**
 * A long-running program of ours. Its output goes straight into its log file, which therefore has the last words even
 * of a program that crashed. It sits in its own process group: a Ctrl-C in the terminal reaches only the parent, which
 * then ends everything in order. Its standard input stays open as long as the parent lives.
 *
 * @param {{ name: string, command: string, args: string[], env: NodeJS.ProcessEnv, logFile: string, uid?: number, gid?: number, cwd?: string }} options
 */
export function startChild({ name, command, args, env, logFile, uid, gid, cwd = root, isGuarded = false }) {
  keepPrevious(logFile);
  const log = openSync(logFile, 'w', 0o600);
  const child = spawn(command, args, { cwd, env, uid, gid, stdio: ['pipe', log, log], detached: true });
  closeSync(log);
  child.stdin.on('error', () => undefined);
  const handle = {
    name,
    pid: child.pid,
    logFile,
    process: child,
    isGuarded,
    isRunning: true,
    exit: undefined,
    exited: undefined,
  };
  handle.exited = new Promise((resolve) => {
    const end = (description) => {
      handle.isRunning = false;
      handle.exit = description;
      child.stdin.destroy();
      resolve(description);
    };
    child.once('error', (error) => end(`could not be started (${error.message})`));
    child.once('exit', (code, signal) =>
      end(signal === null ? `ended with code ${code}` : `was ended by ${signal}`),
    );
  });
  return handle;
}

/**
 * For programs that are not ours and know nothing of parents: a shell that becomes the program, and leaves behind one
 * small shell that waits for the end of standard input: that comes when whoever started us is gone, however it went.
 *
 * @param signal what asks the program to end in an orderly way.
 */
export function endingWithParent(signal, program, args) {
  const script = `exec 3<&0; (read _ <&3; kill -${signal} $$) 2>/dev/null & exec "$0" "$@" 3<&- </dev/null`;
  return { command: '/bin/sh', args: ['-c', script, program, ...args], isGuarded: true };
}

/** A Node program, which also ends by itself when the parent is gone. */
export function startNodeChild({ name, script, env, logFile, cwd }) {
  const args = ['--import', END_WITH_PARENT, '--enable-source-maps', inRoot(...script.split('/'))];
  return startChild({ name, command: process.execPath, args, env, logFile, cwd });
}

/** Asks politely, then less so. @param {Array<[signal: string, patienceMs: number]>} steps */
export async function stopChild(
  child,
  steps = [
    ['SIGTERM', 15_000],
    ['SIGKILL', 5_000],
  ],
) {
  if (child.isGuarded) {
    // The guard passes the request on and ends first, while its parent is still there to notice: a guard that outlives
    // the program would be a zombie in containers whose first process takes no care of orphans.
    child.process.stdin.end();
    await Promise.race([child.exited, wait(1_000)]);
  }
  for (const [signal, patienceMs] of steps) {
    if (!child.isRunning) return;
    child.process.kill(signal);
    await Promise.race([child.exited, wait(patienceMs)]);
  }
}

/** The end of a log, for people. */
export function logTail(file, count = 10) {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8').split('\n').filter(Boolean).slice(-count);
}

function keepPrevious(file) {
  if (existsSync(file)) renameSync(file, file.replace(/\.log$/, '.previous.log'));
}

function wait(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}
