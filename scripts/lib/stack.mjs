import { existsSync } from 'node:fs';
import { childEnvironments, sandboxEnvironment } from './child-environment.mjs';
import { startEmbeddedDatabase } from './embedded-database.mjs';
import { requireDatabase, requireRedis } from './given-stores.mjs';
import { answers, greets, readiness } from './health.mjs';
import { readJson, writeJson } from './home.mjs';
import { inRoot } from './paths.mjs';
import { keyRing } from './key-ring.mjs';
import { localFile } from './local-file.mjs';
import { watchLogs } from './log-watch.mjs';
import { migrateDatabase } from './migrate.mjs';
import { settlePorts } from './ports.mjs';
import { seconds, step } from './progress.mjs';
import { runSeed } from './seed-run.mjs';
import { deathOf, firstDeath, isBuiltApp, startApp, stopApps, untilReady } from './services.mjs';
import { summary } from './summary.mjs';

/** Runs the whole product and returns (by throwing) only when a part of it ends. */
export async function runStack(settings, shutdown) {
  const startedAt = performance.now();
  const { inHome, isSandbox } = settings;
  const ports = await settlePorts(portsInUse(settings), (name) =>
    name === 'API_PORT' ? settings.apiHost : '127.0.0.1',
  );
  const addresses = addressesOf(settings, ports);

  const database = await openDatabase(settings, shutdown);
  if (settings.redisUrl !== undefined) await requireRedis(settings.redisUrl);
  const env = childEnvironments({
    base: process.env,
    isSandbox,
    sandboxUrl: addresses.sandboxUrl,
    dnsPort: ports.SANDBOX_DNS_PORT,
    apiPort: ports.API_PORT,
    apiHost: settings.apiHost,
    smtpPort: ports.SMTP_PORT ?? settings.ports.SMTP_PORT,
    publicUrl: settings.publicUrl ?? addresses.apiUrl,
    databaseUrl: database.url,
    redisUrl: settings.redisUrl,
    keys: keyRing(settings),
  });
  const stateFile = inHome('sandbox.json');
  const isNewSandbox = !existsSync(stateFile);
  const sandbox = isSandbox
    ? [
        startApp('aws-sandbox', {
          name: 'sandbox',
          env: sandboxEnvironment({
            base: process.env,
            port: ports.SANDBOX_PORT,
            dnsPort: ports.SANDBOX_DNS_PORT,
            stateFile,
          }),
          inHome,
          shutdown,
        }),
      ]
    : [];
  shutdown.add(() => stopApps(sandbox, shutdown));
  await step('Preparing the database', () => migrateDatabase(env.tools, shutdown.signal));

  const apps = [];
  shutdown.add(() => stopApps(apps, shutdown));
  const all = () => [...database.children, ...sandbox, ...apps];
  await step('Starting Sesame', async () => {
    const names = ['api', 'worker', ...(isBuiltApp('smtp') ? ['smtp'] : [])];
    for (const name of names) apps.push(startApp(name, { env: env[name], inHome, shutdown }));
    if (isSandbox)
      await untilReady({
        what: 'The sandbox',
        probe: answers(`${addresses.sandboxUrl}/_sandbox/state`),
        children: all(),
        signal: shutdown.signal,
      });
    const health = readiness(addresses.apiUrl);
    await untilReady({
      what: 'Sesame',
      probe: health.probe,
      describe: health.describe,
      children: all(),
      signal: shutdown.signal,
    });
    if (ports.SMTP_PORT !== undefined)
      await untilReady({
        what: 'The SMTP server',
        probe: greets(ports.SMTP_PORT),
        children: all(),
        signal: shutdown.signal,
      });
  });
  const stopWatching = watchLogs([...sandbox, ...apps], (line) => console.error(`! ${line}`));
  shutdown.add(stopWatching);

  await Promise.race([
    runSeed({
      env: seedEnvironment({ env: env.tools, addresses, inHome, isSandbox, isNewSandbox }),
      signal: shutdown.signal,
    }),
    firstDeath(all()).then((child) => Promise.reject(deathOf(child))),
  ]);
  const local = localFile({ addresses, seed: readJson(inHome('seed.json')) });
  writeJson(inHome('local.json'), local);
  console.log(summary(local, { home: settings.home, seconds: seconds(performance.now() - startedAt) }));

  throw deathOf(await Promise.race([firstDeath(all()), whenAborted(shutdown.signal)]));
}

function whenAborted(signal) {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** Ports of what will really be started. */
function portsInUse({ ports, isSandbox }) {
  return {
    API_PORT: ports.API_PORT,
    ...(isSandbox ? { SANDBOX_PORT: ports.SANDBOX_PORT, SANDBOX_DNS_PORT: ports.SANDBOX_DNS_PORT } : {}),
    ...(isBuiltApp('smtp') ? { SMTP_PORT: ports.SMTP_PORT } : {}),
  };
}

function addressesOf({ apiHost }, ports) {
  // An address to listen on everywhere is not one to call.
  const host = apiHost === '0.0.0.0' || apiHost === '::' ? '127.0.0.1' : apiHost;
  const apiUrl = `http://${host.includes(':') ? `[${host}]` : host}:${ports.API_PORT}`;
  return {
    apiUrl,
    dashboardUrl: existsSync(inRoot('dist', 'apps', 'dashboard', 'index.html')) ? `${apiUrl}/app` : null,
    smtp: ports.SMTP_PORT === undefined ? null : { host: '127.0.0.1', port: ports.SMTP_PORT },
    sandboxUrl: ports.SANDBOX_PORT === undefined ? null : `http://127.0.0.1:${ports.SANDBOX_PORT}`,
  };
}

async function openDatabase(settings, shutdown) {
  if (settings.databaseUrl !== undefined) {
    await requireDatabase(settings.databaseUrl);
    return { url: settings.databaseUrl, children: [] };
  }
  const database = await step('Starting PostgreSQL', () => startEmbeddedDatabase(settings, shutdown.signal));
  shutdown.add(() => database.stop());
  return { url: database.url, children: [database.child] };
}

function seedEnvironment({ env, addresses, inHome, isSandbox, isNewSandbox }) {
  return {
    ...env,
    SEED_FILE: inHome('seed.json'),
    SEED_API_URL: addresses.apiUrl,
    SEED_SANDBOX_URL: isSandbox ? addresses.sandboxUrl : '',
    SEED_NEW_SANDBOX: String(isNewSandbox),
  };
}
