import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { inRoot } from './paths.mjs';
import { Problem } from './problem.mjs';

const PORTS = [
  ['API_PORT', 3000],
  ['SANDBOX_PORT', 4599],
  ['SANDBOX_DNS_PORT', 0],
  ['SMTP_PORT', 2525],
];

/** What `npm start` itself needs to know; the apps check the rest of the environment. */
export function readSettings() {
  // What the shell says counts more than the file.
  if (existsSync(inRoot('.env'))) process.loadEnvFile(inRoot('.env'));
  const env = process.env;
  const home = resolve(env.SESAME_HOME || '.sesame');
  return {
    home,
    inHome: (...parts) => join(home, ...parts),
    ports: Object.fromEntries(PORTS.map(([name, byDefault]) => [name, readPort(name, env[name], byDefault)])),
    isSandbox: readMode(env.SESAME_AWS) === 'sandbox',
    apiHost: env.API_HOST || '127.0.0.1',
    publicUrl: env.SESAME_PUBLIC_URL || undefined,
    databaseUrl: env.DATABASE_URL || undefined,
    redisUrl: env.REDIS_URL || undefined,
    keys: env.SESAME_KEYS || undefined,
  };
}

function readPort(name, value, byDefault) {
  if (value === undefined || value === '') return byDefault;
  const port = Number(value);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Problem(`${name} must be a port number from 0 to 65535 (0 takes a free one).`);
}

function readMode(value) {
  if (!value || value === 'sandbox') return 'sandbox';
  if (value === 'aws') return 'aws';
  throw new Problem('SESAME_AWS must be "sandbox" (a local AWS, the default) or "aws" (the real one).');
}
