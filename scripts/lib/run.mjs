import { spawn } from 'node:child_process';
import { root } from './paths.mjs';

/**
 * Runs a program to its end and keeps what it printed.
 *
 * @param {{ env?: NodeJS.ProcessEnv, signal?: AbortSignal, isShown?: boolean, cwd?: string, uid?: number, gid?: number }} [options]
 *   `isShown` passes the output on to the terminal as it comes instead of keeping it.
 * @returns {Promise<{ code: number, output: string }>} 127 when the program is not there.
 */
export function run(command, args, options = {}) {
  const { env = process.env, signal, isShown = false, cwd = root, uid, gid } = options;
  return new Promise((resolve, reject) => {
    const stdio = isShown ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'];
    const child = spawn(command, args, { cwd, env, stdio, signal, uid, gid });
    let output = '';
    const keep = (chunk) => (output += chunk);
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.on('error', (error) =>
      error.code === 'ENOENT' ? resolve({ code: 127, output: error.message }) : reject(error),
    );
    child.on('close', (code, by) => resolve({ code: code ?? (by === null ? 1 : 128), output }));
  });
}

/** The last lines of a long output that are worth showing. */
export function lastLines(text, count = 15) {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter(Boolean)
    .slice(-count);
}
