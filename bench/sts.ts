import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { newId } from '#libs/crypto';
import { benchDatabase, fillLane, insertLanes } from './support/database.js';
import { dist, startScript, stop, waitForEvent, workerEnvironment } from './support/processes.js';

/** An hour of the workers and of AWS takes a minute. */
const SPEED = 60;
const MINUTES = 60;
/** Mail every ten of their minutes keeps a session in use. */
const MAIL_EVERY_MINUTES = 10;

export interface StsFigures {
  /** AssumeRole calls per connection when a cold fleet of four workers begins to send … */
  atStart: number;
  /** … and in the hour from then on, that one included, while every connection sends now and then. */
  perHour: number;
}

/** Counts AssumeRole at the AWS side, with real workers whose clocks run fast together with AWS's. */
export async function benchSts(
  serverUrl: string,
  redisUrl: string | undefined,
  sessionSeconds: number,
  connections = 50,
): Promise<StsFigures> {
  const clock = {
    NODE_OPTIONS: `--import ${pathToFileURL(join(dist, 'bench', 'support', 'fast-clock.js')).href}`,
    CLOCK_SPEED: String(SPEED),
    CLOCK_EPOCH: String(Date.now()),
  };
  const aws = startScript('bench/support/bare-aws.js', ['0'], clock);
  const { url: awsUrl } = await waitForEvent<{ url: string }>(aws, 'bare-aws.ready');
  const { database, url, drop } = await benchDatabase(serverUrl);
  const rounds = MINUTES / MAIL_EVERY_MINUTES;
  for (const lane of await insertLanes(database, newId(), connections))
    await fillLane(database, lane, rounds, 1_000);
  await database.query('UPDATE connections SET requested_session_seconds = $1', [sessionSeconds]);
  const env = workerEnvironment(url, redisUrl, `bench${randomBytes(4).toString('hex')}`, awsUrl);
  const workers = [1, 2, 3, 4].map(() => startScript('apps/worker/src/main.js', [], { ...env, ...clock }));
  const counts = async () =>
    (await (await fetch(`${awsUrl}/counts`)).json()) as { sent: number; assumed: number };
  try {
    await database.query(
      `UPDATE emails e SET due_at = now() + make_interval(secs => (n - 1) * $1::float8)
       FROM (SELECT id, row_number() OVER (PARTITION BY connection_id ORDER BY id) AS n FROM emails) AS numbered
       WHERE e.id = numbered.id`,
      [(MAIL_EVERY_MINUTES * 60) / SPEED],
    );
    await Promise.all(workers.map((worker) => waitForEvent(worker, 'worker.ready')));
    await database.query('UPDATE lanes SET wake_at = now()');
    while ((await counts()).sent < connections) await new Promise((resolve) => setTimeout(resolve, 50));
    const atStart = (await counts()).assumed;
    await new Promise((resolve) => setTimeout(resolve, (MINUTES * 60_000) / SPEED));
    return { atStart: atStart / connections, perHour: (await counts()).assumed / connections };
  } finally {
    await Promise.all([...workers, aws].map(stop));
    await drop();
  }
}
