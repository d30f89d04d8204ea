// `npm test`: every suite, on stores that it brings along. Arguments go to Jest: `npm test -- --selectProjects unit`.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { awsCli } from './lib/aws-cli.mjs';
import { LOCAL_AWS, withoutAws } from './lib/aws-variables.mjs';
import { chromium } from './lib/chromium.mjs';
import { endGroup, jestEnvironment, runJest } from './lib/jest.mjs';
import { mailPrograms } from './lib/mail-programs.mjs';
import { requireNode } from './lib/node-version.mjs';
import { prepare } from './lib/prepare.mjs';
import { Problem, printError } from './lib/problem.mjs';
import { testDatabaseServer } from './lib/test-database.mjs';
import { testRedis } from './lib/test-redis.mjs';

const abort = new AbortController();
const { signal } = abort;
const cleanups = [];
let jest;

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(name, () => {
    process.exitCode = 130;
    abort.abort();
    if (jest?.exitCode === null) endGroup(jest.pid, 'SIGTERM');
    setTimeout(() => jest && endGroup(jest.pid), 5_000).unref();
  });
}

async function main() {
  requireNode();
  await prepare(signal);
  const folder = mkdtempSync(join(tmpdir(), 'sesame-test-'));
  // As root, PostgreSQL's user has to get in.
  chmodSync(folder, 0o755);
  cleanups.unshift(() => rmSync(folder, { recursive: true, force: true }));

  const database = await testDatabaseServer({ folder, signal });
  cleanups.unshift(() => database.stop());
  const redis = await testRedis({ folder, signal });
  if ('url' in redis) cleanups.unshift(() => redis.stop());
  else withoutRedis(redis.missing);
  const cli = await awsCli(signal);
  if ('missing' in cli) notice(`The suites that use the AWS CLI are skipped: ${cli.missing}.`);
  const mail = await mailPrograms(signal);
  if ('missing' in mail) withoutMailPrograms(mail.missing);

  const browser = await chromium(signal);
  if ('missing' in browser) withoutBrowser(browser.missing);

  const env = {
    ...jestEnvironment(withoutAws(process.env)),
    ...LOCAL_AWS,
    SESAME_TEST_DATABASE_URL: database.url,
    ...('url' in redis ? { SESAME_TEST_REDIS_URL: redis.url } : {}),
    ...('path' in cli ? { AWS_CLI: cli.path } : {}),
    ...('swaks' in mail ? { SWAKS: mail.swaks, MSMTP: mail.msmtp } : {}),
    ...('path' in browser ? { CHROMIUM: browser.path } : {}),
  };
  signal.throwIfAborted();
  return runJest({ extra: process.argv.slice(2), env, folder, onStart: (child) => (jest = child) });
}

/** Leaving suites out in silence would make a green run a lie; in CI it would make it a habit. */
function withoutRedis(why) {
  if (process.env.CI)
    throw new Problem(`The Redis suites cannot run: ${why}. Set REDIS_URL or install redis-server.`);
  notice(`THE REDIS SUITES ARE SKIPPED: ${why}. Set REDIS_URL or install redis-server to run them.`);
}

function withoutMailPrograms(why) {
  if (process.env.CI) throw new Problem(`The tests with swaks and msmtp cannot run: ${why}. Install both.`);
  notice(`THE TESTS WITH SWAKS AND MSMTP ARE SKIPPED: ${why}. Install both to run them.`);
}

function withoutBrowser(why) {
  if (process.env.CI) throw new Problem(`The tests of the dashboard cannot run: ${why}. Install Chromium.`);
  notice(`THE TESTS OF THE DASHBOARD ARE SKIPPED: ${why}. Install Chromium to run them.`);
}

function notice(text) {
  console.log(`\n!!! ${text}\n`);
}

let result;
try {
  result = await main();
} catch (error) {
  if (!signal.aborted) {
    printError(error);
    process.exitCode = 1;
  }
}
for (const cleanup of cleanups) {
  try {
    await cleanup();
  } catch (error) {
    printError(error);
    process.exitCode ??= 1;
  }
}
if (signal.aborted) console.error('Interrupted.');
else if (result !== undefined) {
  const { code, passed, failed, skipped, failures } = result;
  if (passed + failed === 0) console.error('✗ No test was run.');
  process.exitCode ??= code !== 0 || failed > 0 || passed === 0 ? 1 : 0;
  for (const failure of failures) console.log(`\n✗ ${failure}`);
  console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
}
process.exit(process.exitCode);
