// `npm run check`: format, lint, types, boundaries, lock file, unit tests. All of them even when one fails, two at a time.
import { availableParallelism } from 'node:os';
import { generateClient, isClientGenerated } from './lib/build.mjs';
import { jestEnvironment } from './lib/jest.mjs';
import { requireNode } from './lib/node-version.mjs';
import { inRoot } from './lib/paths.mjs';
import { ensureInstalled } from './lib/prepare.mjs';
import { printError } from './lib/problem.mjs';
import { seconds } from './lib/progress.mjs';
import { run } from './lib/run.mjs';

const program = (...parts) => inRoot('node_modules', ...parts);
const FOLDERS = ['apps', 'libs', 'scripts', 'bench', 'test'];

const STAGES = [
  // The longest first.
  [
    'unit tests',
    [
      program('jest', 'bin', 'jest.js'),
      '--selectProjects',
      'unit',
      '--passWithNoTests',
      '--silent',
      '--maxWorkers=1',
    ],
  ],
  ['types', [program('typescript', 'bin', 'tsc'), '-p', 'tsconfig.check.json']],
  ['types of the dashboard', [program('typescript', 'bin', 'tsc'), '-p', 'apps/dashboard']],
  ['lint', [program('eslint', 'bin', 'eslint.js'), '.', '--max-warnings=0']],
  ['format', [program('prettier', 'bin', 'prettier.cjs'), '--check', '.']],
  [
    'boundaries',
    [
      program('dependency-cruiser', 'bin', 'dependency-cruise.mjs'),
      '--config',
      '.dependency-cruiser.cjs',
      ...FOLDERS,
    ],
  ],
  ['lock file', [inRoot('scripts', 'repair-lock.mjs'), '--check']],
];

async function runStage([name, args]) {
  const startedAt = performance.now();
  const env = name === 'unit tests' ? jestEnvironment() : process.env;
  const { code, output } = await run(process.execPath, args, { env });
  const time = seconds(performance.now() - startedAt);
  console.log(code === 0 ? `✓ ${name} (${time})` : `✗ ${name} (${time})\n\n${output.trimEnd()}\n`);
  return code === 0;
}

/** @returns names of the stages that failed. */
async function runAll(stages) {
  const waiting = [...stages];
  const failed = [];
  const lane = async () => {
    for (let stage = waiting.shift(); stage !== undefined; stage = waiting.shift()) {
      if (!(await runStage(stage))) failed.push(stage[0]);
    }
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, lane));
  return failed;
}

try {
  requireNode();
  await ensureInstalled();
  if (!isClientGenerated()) await generateClient();
  const failed = await runAll(STAGES);
  if (failed.length > 0) {
    console.error(`✗ Failed: ${failed.join(', ')}.`);
    process.exitCode = 1;
  }
} catch (error) {
  printError(error);
  process.exitCode = 1;
}
