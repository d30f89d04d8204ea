import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { inRoot, root } from './paths.mjs';

/** Everything that may run side by side, then what measures time or kills processes, alone on the machine. */
const PASSES = [
  ['--selectProjects', 'unit', 'architecture', 'integration', '--maxWorkers=2'],
  ['--selectProjects', 'e2e', 'browser', 'chaos', '--runInBand'],
];

/**
 * Runs Jest with its own readable output.
 *
 * @param {string[]} extra arguments of the person; with any, there is one pass and they decide what runs.
 * @returns {Promise<{ code: number, passed: number, failed: number, skipped: number, failures: string[] }>} `failures`
 *   says in a few lines each what failed and where: what is read when the rest of the output is long, or cut off
 */
export async function runJest({ extra, env, folder, onStart }) {
  const passes = extra.length > 0 ? [extra] : PASSES;
  const total = { code: 0, passed: 0, failed: 0, skipped: 0, failures: [] };
  for (const [index, args] of passes.entries()) {
    const outputFile = join(folder, `jest-${index}.json`);
    const code = await jestPass(
      [...args, '--passWithNoTests', '--json', `--outputFile=${outputFile}`],
      env,
      onStart,
    );
    const counts = readCounts(outputFile);
    // A file that does not even load has no tests to count: it must not look like a success.
    const failed = Math.max(counts.failed, code === 0 ? 0 : 1);
    total.code = Math.max(total.code, code);
    total.passed += counts.passed;
    total.failed += failed;
    total.skipped += counts.skipped;
    total.failures.push(...counts.failures);
  }
  return total;
}

function jestPass(args, env, onStart) {
  return new Promise((resolve, reject) => {
    const program = inRoot('node_modules', 'jest', 'bin', 'jest.js');
    // A process group of its own, so that what tests started can be ended together with them.
    const child = spawn(process.execPath, [program, ...args], {
      cwd: root,
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
      detached: true,
    });
    onStart(child);
    child.once('error', reject);
    child.once('exit', (code) => {
      endGroup(child.pid);
      resolve(code ?? 1);
    });
  });
}

/** Ends what is left of Jest's process group. */
export function endGroup(pid, signal = 'SIGKILL') {
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody is left: the normal case.
  }
}

function readCounts(file) {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0, failures: ['Jest left no results.'] };
  const results = JSON.parse(readFileSync(file, 'utf8'));
  const broken = results.numRuntimeErrorTestSuites ?? 0;
  return {
    passed: results.numPassedTests,
    failed: results.numFailedTests + broken,
    skipped: results.numPendingTests + results.numTodoTests,
    failures: results.testResults.flatMap(failuresOf),
  };
}

function failuresOf({ name, message, assertionResults, status }) {
  const file = relative(root, name);
  const failed = assertionResults.filter((result) => result.status === 'failed');
  if (failed.length === 0) return status === 'failed' ? [`${file}\n${shortened(message)}`] : [];
  return failed.map(
    ({ fullName, failureMessages }) => `${file}: ${fullName}\n${shortened(failureMessages.join('\n'))}`,
  );
}

/** The first lines that say something, without colours and without Jest's own stack. */
function shortened(message) {
  return stripVTControlCharacters(message)
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.includes('node_modules'))
    .slice(0, 16)
    .map((line) => `    ${line.slice(0, 200)}`)
    .join('\n');
}

/** Jest needs this for ES modules; what Node has to say about it helps nobody. */
export function jestEnvironment(base = process.env) {
  const options = [base.NODE_OPTIONS, '--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  return { ...base, NODE_ENV: 'test', NODE_OPTIONS: options.filter(Boolean).join(' ') };
}
