import { spawn } from 'node:child_process';
import { inRoot } from './paths.mjs';
import { Problem } from './problem.mjs';

/** Runs the compiled seed to its end; what it says goes to the terminal. */
export async function runSeed({ env, signal }) {
  const child = spawn(process.execPath, [inRoot('dist', 'scripts', 'seed.js')], {
    cwd: inRoot(),
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  });
  const stop = () => child.kill('SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  const code = await new Promise((resolve) => {
    child.once('error', () => resolve(1));
    child.once('exit', (exitCode) => resolve(exitCode ?? 1));
  });
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  if (code !== 0)
    throw new Problem(
      'The demo could not be set up: see the line above. The next start goes on where this one stopped.',
    );
}
