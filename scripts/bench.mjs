// `npm run bench`: the benches, on what `npm run bench -- …` asks for.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { requireNode } from './lib/node-version.mjs';
import { inRoot } from './lib/paths.mjs';
import { prepare } from './lib/prepare.mjs';
import { Problem, printError } from './lib/problem.mjs';

try {
  requireNode();
  await prepare();
  const program = inRoot('dist', 'bench', 'main.js');
  if (!existsSync(program)) throw new Problem('There are no benches yet: bench/main.ts does not exist.');
  const child = spawn(process.execPath, [program, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.once('exit', (code) => process.exit(code ?? 1));
} catch (error) {
  printError(error);
  process.exitCode = 1;
}
