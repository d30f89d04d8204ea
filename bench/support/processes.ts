import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const dist = join(import.meta.dirname, '..', '..');

let hasTaskset: boolean | undefined;

/** Starts a built script, on one core where the machine lets us choose. */
export function startScript(
  path: string,
  args: readonly string[],
  env: Record<string, string>,
  core?: number,
): ChildProcess {
  hasTaskset ??= canRun('taskset');
  const command = [process.execPath, join(dist, path), ...args];
  const [program = '', ...rest] =
    core === undefined || !hasTaskset ? command : ['taskset', '-c', String(core), ...command];
  return spawn(program, rest, {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
}

function canRun(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** What a worker of a bench needs to know. */
export function workerEnvironment(
  databaseUrl: string,
  redisUrl: string | undefined,
  queuePrefix: string,
  awsUrl: string,
): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
    QUEUE_PREFIX: queuePrefix,
    SESAME_KEYS: `bench:${randomBytes(32).toString('base64')}`,
    AWS_ENDPOINT_URL: awsUrl,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIABENCH',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_EC2_METADATA_DISABLED: 'true',
    LOG_LEVEL: 'warn',
  };
}

/** The first line of JSON with this event. */
export async function waitForEvent<T extends object>(child: ChildProcess, event: string): Promise<T> {
  if (child.stdout === null) throw new Error('no output');
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    if (!line.includes(`"${event}"`)) continue;
    // Whatever is printed later must not fill the pipe.
    child.stdout.resume();
    return JSON.parse(line) as T;
  }
  throw new Error(`ended before ${event}`);
}

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(timer);
}

const TICKS_PER_SECOND = 100;

/** CPU milliseconds that a process has used; Linux. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
}

/** CPU milliseconds of all PostgreSQL processes of this machine; ended backends are counted at their parent. */
export function postgresCpuMs(): number {
  let sum = 0;
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      if (!stat.includes('(postgres)')) continue;
      sum += cpuMs(Number(entry));
    } catch {
      // It ended while we looked.
    }
  }
  return sum;
}

/** Resident memory in megabytes. */
export function residentMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
