import { spawn } from 'node:child_process';
import { END_WITH_PARENT } from './child.mjs';
import { inRoot } from './paths.mjs';
import { Problem } from './problem.mjs';

/** Runs the compiled seed to its end; what it says goes to the terminal. */
export async function runSeed({ env, signal }) {
  signal.throwIfAborted();
  const args = ['--import', END_WITH_PARENT, inRoot('dist', 'scripts', 'seed.js')];
  // A process group of its own, because it starts a program itself.
  const child = spawn(process.execPath, args, {
    cwd: inRoot(),
    env,
    stdio: ['pipe', 'inherit', 'inherit'],
    detached: true,
  });
  child.stdin.on('error', () => undefined);
  const stop = () => endGroup(child.pid);
  signal.addEventListener('abort', stop, { once: true });
  const code = await new Promise((resolve) => {
    child.once('error', () => resolve(1));
    child.once('exit', (exitCode) => resolve(exitCode ?? 1));
  });
  child.stdin.destroy();
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  if (code !== 0)
    throw new Problem(
      'The demo could not be set up: see the line above. The next start goes on where this one stopped.',
    );
}

function endGroup(pid) {
  try {
    process.kill(-pid, 'SIGTERM');
  } catch {
    // It has just ended by itself.
  }
}
