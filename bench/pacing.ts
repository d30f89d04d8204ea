import { randomBytes } from 'node:crypto';
import { newId } from '#libs/crypto';
import { benchDatabase, fillLane, insertLane } from './support/database.js';
import { startScript, stop, waitForEvent, workerEnvironment } from './support/processes.js';

/** What a connection uses of its SES account by default. */
const SHARE = 0.9;

export interface PacingFigures {
  /** Of the allowed rate (SES's times the connection's share). */
  used: number;
  /** The most that arrived in any window of one second. */
  most: number;
  /** How many of the windows that begin with an arrival held more than the rate of SES: each would be a throttle. */
  windowsOver: number;
}

/** Two workers drain a lane that SES allows `rate` recipients per second; the times are those of the arrivals. */
export async function benchPacing(
  serverUrl: string,
  redisUrl: string | undefined,
  rate: number,
  seconds: number,
): Promise<PacingFigures> {
  const aws = startScript('bench/support/bare-aws.js', ['0', 'record'], {});
  const { url: awsUrl } = await waitForEvent<{ url: string }>(aws, 'bare-aws.ready');
  const { database, url, drop } = await benchDatabase(serverUrl);
  const lane = await insertLane(database, newId(), rate);
  await database.query('UPDATE connections SET capacity_share = $1', [SHARE]);
  const count = Math.ceil(rate * SHARE * seconds);
  await fillLane(database, lane, count, 5_000);
  const env = workerEnvironment(url, redisUrl, `bench${randomBytes(4).toString('hex')}`, awsUrl);
  const workers = [1, 2].map(() => startScript('apps/worker/src/main.js', [], env));
  try {
    await Promise.all(workers.map((worker) => waitForEvent(worker, 'worker.ready')));
    const sent = async () => ((await (await fetch(`${awsUrl}/counts`)).json()) as { sent: number }).sent;
    while ((await sent()) < count) await new Promise((resolve) => setTimeout(resolve, 100));
    const arrivals = (await (await fetch(`${awsUrl}/arrivals`)).json()) as Record<string, string>;
    return figures(
      Object.values(arrivals).map((nanoseconds) => Number(BigInt(nanoseconds)) / 1e9),
      rate,
    );
  } finally {
    await Promise.all([...workers, aws].map(stop));
    await drop();
  }
}

function figures(arrivals: readonly number[], rate: number): PacingFigures {
  const times = [...arrivals].sort((a, b) => a - b);
  let most = 0;
  let windowsOver = 0;
  for (let from = 0, to = 0; from < times.length; from++) {
    while (to < times.length && (times[to] ?? 0) < (times[from] ?? 0) + 1) to += 1;
    most = Math.max(most, to - from);
    if (to - from > rate) windowsOver += 1;
  }
  const elapsed = (times.at(-1) ?? 0) - (times[0] ?? 0);
  return { used: (times.length - 1) / elapsed / (rate * SHARE), most, windowsOver };
}
