// Starts what was built, as a person would with `npm start`, sends one email through it with curl and one by SMTP, and stops it again.
// Run by .ci/run; on free ports and a home of its own, so it may run beside anything.
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childrenOf, isAlive } from './lib/children-of.mjs';
import { isBuilt } from './lib/build.mjs';
import { root } from './lib/paths.mjs';
import { Problem, printError } from './lib/problem.mjs';
import { step } from './lib/progress.mjs';
import { run } from './lib/run.mjs';
import { waitFor } from './lib/wait-for.mjs';

const MEMBERS = [
  'api_url',
  'docs_url',
  'sandbox_url',
  'inbox_url',
  'organization_id',
  'organization_key',
  'project_id',
  'api_key',
  'connection_id',
];
const SANDBOX_MEMBERS = [
  'platform_account_id',
  'customer_account_id',
  'role_name',
  'role_arn',
  'region',
  'verified_domain',
];

function start(home) {
  const env = {
    ...process.env,
    SESAME_HOME: home,
    API_PORT: '0',
    SANDBOX_PORT: '0',
    SMTP_PORT: '0',
    DATABASE_URL: '',
    REDIS_URL: '',
  };
  const child = spawn('npm', ['start', '--silent'], {
    cwd: root,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const exited = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
  return { child, exited };
}

function readLocal(file) {
  const local = JSON.parse(readFileSync(file, 'utf8'));
  const missing = [
    ...MEMBERS.filter((name) => typeof local[name] !== 'string'),
    ...['dashboard_url', 'smtp', 'admin_email', 'admin_password'].filter((name) => local[name] === undefined),
    ...SANDBOX_MEMBERS.filter((name) => typeof local.sandbox?.[name] !== 'string').map(
      (name) => `sandbox.${name}`,
    ),
  ];
  if (missing.length > 0) throw new Problem(`local.json lacks ${missing.join(', ')}.`);
  const mode = statSync(file).mode & 0o777;
  if (mode !== 0o600) throw new Problem(`local.json has mode ${mode.toString(8)} instead of 600.`);
  return local;
}

/** With curl, because that is what the summary of `npm start` shows. */
async function curl(url, key, body) {
  const data = body === undefined ? [] : ['-H', 'content-type: application/json', '-d', JSON.stringify(body)];
  const { code, output } = await run('curl', [
    '-sS',
    '--fail-with-body',
    '-H',
    `authorization: Bearer ${key}`,
    ...data,
    url,
  ]);
  if (code !== 0) throw new Problem(`curl ${url} failed.`, [output]);
  return JSON.parse(output);
}

async function sendOne(local) {
  const subject = `Smoke ${Date.now()}`;
  const from = `Smoke <smoke@${local.sandbox.verified_domain}>`;
  const { id } = await curl(`${local.api_url}/emails`, local.api_key, {
    from,
    to: 'success@simulator.amazonses.com',
    subject,
    text: 'Hello',
  });
  await expectSent(local, id, subject);
}

/** As the README shows it; the answer to the last byte carries the id. */
async function sendBySmtp(local, home) {
  const subject = `Smoke by SMTP ${Date.now()}`;
  const from = `smoke@${local.sandbox.verified_domain}`;
  const to = 'success@simulator.amazonses.com';
  const file = join(home, 'mail.txt');
  writeFileSync(file, `From: ${from}\r\nTo: ${to}\r\nSubject: ${subject}\r\n\r\nHello\r\n`);
  const { code, output } = await run('curl', [
    ...['-sv', '--ssl-reqd', '--insecure', '--url', `smtp://${local.smtp.host}:${local.smtp.port}`],
    ...['--user', `resend:${local.api_key}`, '--mail-from', from, '--mail-rcpt', to, '--upload-file', file],
  ]);
  const id = /^< 250 2\.0\.0 Ok ([0-9a-f-]{36})/m.exec(output)?.[1];
  if (code !== 0 || id === undefined) throw new Problem('curl by SMTP failed.', [output]);
  await expectSent(local, id, subject);
}

async function expectSent(local, id, subject) {
  const sent = await waitFor(
    async () => {
      const email = await curl(`${local.api_url}/emails/${id}`, local.api_key);
      return ['sent', 'delivered'].includes(email.status) ? email : undefined;
    },
    { timeoutMs: 30_000, everyMs: 200 },
  );
  if (sent === undefined) throw new Problem(`Email ${id} was not sent within 30 s.`);
  const response = await fetch(`${local.sandbox_url}/_sandbox/messages`);
  const messages = await response.json();
  const message = messages.find((one) => one.message_id === sent.ses_message_id);
  if (message?.subject !== subject)
    throw new Problem(`The sandbox has no message ${sent.ses_message_id} with this subject.`);
  if (!message.principal_arn.includes(`:assumed-role/${local.sandbox.role_name}/`))
    throw new Problem(`It was sent by ${message.principal_arn}.`);
}

async function stop({ child, exited }) {
  const family = childrenOf(child.pid);
  child.kill('SIGTERM');
  const code = await Promise.race([
    exited,
    new Promise((resolve) => setTimeout(resolve, 60_000, 'no exit').unref()),
  ]);
  if (code !== 0) throw new Problem(`npm start ended with ${code} after SIGTERM instead of 0.`);
  const isGone = await waitFor(() => family.every((pid) => !isAlive(pid)), { timeoutMs: 5_000 });
  if (!isGone) throw new Problem(`Left running: ${family.filter(isAlive).join(', ')}.`);
  if (family.length < 4)
    throw new Problem(`Only ${family.length} processes were seen: the test of what is left proves nothing.`);
}

const home = mkdtempSync(join(tmpdir(), 'sesame-smoke-'));
// As open as SESAME_HOME is otherwise: as root, PostgreSQL's user has to get in.
chmodSync(home, 0o755);
let running;
try {
  if (!isBuilt()) throw new Problem('dist does not belong to these sources: run "npm run build" first.');
  running = start(home);
  const file = join(home, 'local.json');
  const local = await step('Waiting for local.json', () =>
    Promise.race([
      waitFor(() => readLocal(file), { timeoutMs: 90_000 }),
      running.exited.then(() => undefined),
    ]),
  );
  if (local === undefined) throw new Problem('npm start did not get ready.');
  await step('Sending an email with curl', () => sendOne(local));
  await step('Sending an email by SMTP', () => sendBySmtp(local, home));
  await step('Stopping with SIGTERM', () => stop(running));
} catch (error) {
  printError(error);
  process.exitCode = 1;
  if (running?.child.exitCode === null) running.child.kill('SIGTERM');
  await running?.exited;
}
rmSync(home, { recursive: true, force: true });
