import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { newId } from '#libs/crypto';
import { benchDatabase, fillLane, insertLanes } from './support/database.js';
import {
  cpuMs,
  residentMb,
  startScript,
  stop,
  waitForEvent,
  workerEnvironment,
} from './support/processes.js';

export interface IdleFigures {
  /** Resident, about 18 s after the last mail … */
  memoryMb: number;
  /** … and a minute later, when V8 has given back what a burst left behind. */
  restedMemoryMb: number;
  sockets: number;
  /** CPU of the worker while nothing happens, milliseconds per second. */
  idleCpuMs: number;
  assumeRoles: number;
}

/** A worker after it has sent one email through each of `connections` connections, then left alone. */
export async function benchIdle(
  serverUrl: string,
  redisUrl: string | undefined,
  connections: number,
): Promise<IdleFigures> {
  const aws = startScript('bench/support/bare-aws.js', ['0'], {});
  const { url: awsUrl } = await waitForEvent<{ url: string }>(aws, 'bare-aws.ready');
  const { database, url, drop } = await benchDatabase(serverUrl);
  const organizationId = newId();
  for (const lane of await insertLanes(database, organizationId, connections))
    await fillLane(database, lane, 1, 1_000);
  const prefix = `bench${randomBytes(4).toString('hex')}`;
  const worker = startScript('apps/worker/src/main.js', [], workerEnvironment(url, redisUrl, prefix, awsUrl));
  try {
    await waitForEvent(worker, 'worker.ready');
    const pid = worker.pid ?? 0;
    const waiting = async () =>
      (
        await database.query<{ left: number }>(
          `SELECT count(*)::int AS left FROM emails WHERE status <> 'sent'`,
        )
      ).rows[0]?.left ?? 1;
    while ((await waiting()) > 0) await new Promise((resolve) => setTimeout(resolve, 200));
    // Let the last lanes go to rest and garbage be collected.
    await new Promise((resolve) => setTimeout(resolve, 8_000));
    const cpu = cpuMs(pid);
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    const counts = (await (await fetch(`${awsUrl}/counts`)).json()) as { assumed: number };
    const idleCpuMs = (cpuMs(pid) - cpu) / 10;
    const memoryMb = residentMb(pid);
    await new Promise((resolve) => setTimeout(resolve, 60_000));
    return {
      memoryMb,
      restedMemoryMb: residentMb(pid),
      sockets: socketsOf(pid),
      idleCpuMs,
      assumeRoles: counts.assumed,
    };
  } finally {
    await Promise.all([worker, aws].map(stop));
    await drop();
  }
}

function socketsOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}
