import { randomBytes } from 'node:crypto';
import { newId } from '#libs/crypto';
import { benchDatabase, fillLane, insertLane } from './support/database.js';
import { cpuMs, postgresCpuMs, startScript, stop, waitForEvent } from './support/processes.js';

export interface DrainSettings {
  serverUrl: string;
  redisUrl: string | undefined;
  emails: number;
  bodyBytes: number;
  concurrency: number;
  latencyMs: number;
  workers: number;
}

export interface DrainFigures {
  floorPerSecond: number;
  floorCpuMs: number;
  perSecond: number;
  ratio: number;
  /** Worker and database together. */
  cpuMs: number;
  workerCpuMs: number;
  databaseCpuMs: number;
}

/** Drains a full lane with real worker processes, and runs the bare SDK loop against the same endpoint, one after the other. */
export async function benchDrain(settings: DrainSettings): Promise<DrainFigures> {
  const aws = startScript('bench/support/bare-aws.js', [String(settings.latencyMs)], {}, 1);
  const { url } = await waitForEvent<{ url: string }>(aws, 'bare-aws.ready');
  try {
    const floor = await runFloor(url, settings);
    const drained = await runDrain(url, settings);
    return {
      floorPerSecond: floor.perSecond,
      floorCpuMs: floor.cpuMs,
      ratio: drained.perSecond / floor.perSecond,
      ...drained,
    };
  } finally {
    await stop(aws);
  }
}

async function runFloor(
  url: string,
  { concurrency, bodyBytes, latencyMs }: DrainSettings,
): Promise<{ perSecond: number; cpuMs: number }> {
  const count = latencyMs > 0 ? 6_000 : 8_000;
  const child = startScript(
    'bench/floor-sesv2.js',
    [url, String(concurrency), String(count), String(bodyBytes / 1000)],
    {},
    0,
  );
  return waitForEvent(child, 'floor');
}

async function runDrain(
  url: string,
  settings: DrainSettings,
): Promise<Omit<DrainFigures, 'floorPerSecond' | 'floorCpuMs' | 'ratio'>> {
  const { database, url: databaseUrl, drop } = await benchDatabase(settings.serverUrl);
  const lane = await insertLane(database, newId());
  await fillLane(database, lane, settings.emails, settings.bodyBytes);
  await database.query('UPDATE lanes SET wake_at = NULL');
  await database.query('VACUUM ANALYZE');
  const env = {
    DATABASE_URL: databaseUrl,
    ...(settings.redisUrl !== undefined && { REDIS_URL: settings.redisUrl }),
    QUEUE_PREFIX: `bench${randomBytes(4).toString('hex')}`,
    SESAME_KEYS: `bench:${randomBytes(32).toString('base64')}`,
    SESAME_LANE_IN_FLIGHT: String(settings.concurrency),
    SESAME_SENDS_IN_FLIGHT: String(settings.concurrency),
    AWS_ENDPOINT_URL: url,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIABENCH',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_EC2_METADATA_DISABLED: 'true',
    LOG_LEVEL: 'warn',
  };
  const workers = Array.from({ length: settings.workers }, () =>
    startScript('apps/worker/src/main.js', [], env),
  );
  try {
    await Promise.all(workers.map((worker) => waitForEvent(worker, 'worker.ready')));
    const counts = async () => ((await (await fetch(`${url}/counts`)).json()) as { sent: number }).sent;
    const before = await counts();
    const cpu = () => workers.reduce((sum, { pid }) => sum + cpuMs(pid ?? 0), 0);
    await database.query('UPDATE lanes SET wake_at = now()');
    // The clock starts with the first mail that leaves and stops when the last outcome is recorded.
    while ((await counts()) === before) await pause();
    const workerCpu = cpu();
    const databaseCpu = postgresCpuMs();
    const alreadySent = (await counts()) - before;
    const start = performance.now();
    const left = async () =>
      (
        await database.query<{ left: number }>(
          `SELECT count(*)::int AS left FROM emails WHERE status <> 'sent'`,
        )
      ).rows[0]?.left ?? 0;
    while ((await counts()) - before < settings.emails) await pause();
    while ((await left()) > 0) await pause();
    const seconds = (performance.now() - start) / 1000;
    const emails = settings.emails - alreadySent;
    const workerCpuMs = (cpu() - workerCpu) / emails;
    const databaseCpuMs = (postgresCpuMs() - databaseCpu) / emails;
    return { perSecond: emails / seconds, cpuMs: workerCpuMs + databaseCpuMs, workerCpuMs, databaseCpuMs };
  } finally {
    await Promise.all(workers.map(stop));
    await drop();
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}
