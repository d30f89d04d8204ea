import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A file that names the process that holds it. Not a lock of the operating system, because Node has none: the
 * file of a process that was killed is recognised (its number is free, or belongs to another program) and taken over.
 *
 * @returns {{ release(): void } | { heldBy: number }}
 */
export function takeLock(file) {
  mkdirSync(dirname(file), { recursive: true });
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      writeFileSync(file, `${process.pid}\n`, { flag: 'wx', mode: 0o600 });
      return { release: () => rmSync(file, { force: true }) };
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = readPid(file);
    if (holder !== undefined && holder !== process.pid && isNodeProcess(holder)) return { heldBy: holder };
    rmSync(file, { force: true });
  }
  throw new Error(`Could not take ${file}.`);
}

/** Like {@link takeLock}, but waits for its turn. */
export async function waitForLock(file, signal) {
  for (;;) {
    const lock = takeLock(file);
    if ('release' in lock) return lock;
    await sleep(200, undefined, { signal });
  }
}

function readPid(file) {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** The command line of a running process; `undefined` when there is none. */
export function commandOf(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code === 'ESRCH') return undefined;
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return commandFromPs(pid);
  }
}

/** macOS has no /proc. Where `ps` is missing too, a live process is taken for ours: the careful answer. */
function commandFromPs(pid) {
  try {
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return 'node';
  }
}

const isNodeProcess = (pid) => /\bnode\b|\.mjs\b/.test(commandOf(pid) ?? '');
