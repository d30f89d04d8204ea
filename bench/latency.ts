import { randomBytes } from 'node:crypto';
import { Pool } from 'undici';
import { newId } from '#libs/crypto';
import { benchDatabase, fillLane, insertLane } from './support/database.js';
import { startScript, stop, waitForEvent } from './support/processes.js';

export interface LatencySettings {
  serverUrl: string;
  redisUrl: string | undefined;
  /** Single sends per second. */
  perSecond: number;
  seconds: number;
  /** Tenants that have mail waiting, and how much each. */
  neighbours: number;
  backlogEach: number;
}

export interface LatencyFigures {
  p50: number;
  p99: number;
  /** Of it, until the API has answered: committed. */
  acceptP50: number;
  acceptP99: number;
  sent: number;
  /** What was left of the backlog at the end: more than nothing shows that it lasted. */
  backlogLeft: number;
}

/** Milliseconds from the request to the API until the email arrives at SES, one API and one worker. */
export async function benchLatency(settings: LatencySettings): Promise<LatencyFigures> {
  const aws = startScript('bench/support/bare-aws.js', ['0', 'record'], {});
  const { url: awsUrl } = await waitForEvent<{ url: string }>(aws, 'bare-aws.ready');
  const { database, url, drop } = await benchDatabase(settings.serverUrl);
  const organizationId = newId();
  const lane = await insertLane(database, organizationId);
  for (let tenant = 0; tenant < settings.neighbours; tenant++) {
    await fillLane(database, await insertLane(database, organizationId), settings.backlogEach, 5_000);
  }
  await database.query('VACUUM ANALYZE');
  // The rows of the backlog go to disk now, not while it is measured.
  await database.query('CHECKPOINT');
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const env = {
    DATABASE_URL: url,
    ...(settings.redisUrl !== undefined && { REDIS_URL: settings.redisUrl }),
    QUEUE_PREFIX: `bench${randomBytes(4).toString('hex')}`,
    SESAME_KEYS: `bench:${randomBytes(32).toString('base64')}`,
    API_PORT: String(port),
    AWS_ENDPOINT_URL: awsUrl,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIABENCH',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_EC2_METADATA_DISABLED: 'true',
    LOG_LEVEL: 'warn',
    ...(process.env['SESAME_SENDS_IN_FLIGHT'] !== undefined && {
      SESAME_SENDS_IN_FLIGHT: process.env['SESAME_SENDS_IN_FLIGHT'],
    }),
  };
  const api = startScript('apps/api/src/main.js', [], env);
  const worker = startScript('apps/worker/src/main.js', [], env);
  try {
    await Promise.all([waitForEvent(api, 'api.ready'), waitForEvent(worker, 'worker.ready')]);
    const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 4 });
    const body = JSON.stringify({
      from: 'Sender <hello@example.com>',
      to: ['otp@example.net'],
      subject: 'Your code',
      html: 'x'.repeat(5_000),
    });
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${lane.apiKey}` };
    const started = new Map<string, bigint>();
    const answered: number[] = [];
    const send = async () => {
      const from = process.hrtime.bigint();
      const answer = await pool.request({ path: '/emails', method: 'POST', headers, body });
      const { id } = (await answer.body.json()) as { id: string };
      answered.push(Number(process.hrtime.bigint() - from) / 1e6);
      started.set(id, from);
    };
    // The first ones open sessions, prepare statements and warm the code.
    for (let warm = 0; warm < 20; warm++) await send();
    // With a backlog: measured while it flows, not while it starts to.
    const flowing = Math.min(settings.backlogEach, 500) * settings.neighbours;
    while (((await (await fetch(`${awsUrl}/counts`)).json()) as { sent: number }).sent < flowing) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    started.clear();
    answered.length = 0;
    const pending: Promise<void>[] = [];
    for (let index = 0; index < settings.perSecond * settings.seconds; index++) {
      pending.push(send());
      await new Promise((resolve) => setTimeout(resolve, 1000 / settings.perSecond));
    }
    await Promise.all(pending);
    let arrivals: Record<string, string> = {};
    for (let tries = 0; tries < 200; tries++) {
      arrivals = (await (await fetch(`${awsUrl}/arrivals`)).json()) as Record<string, string>;
      if ([...started.keys()].every((id) => id in arrivals)) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const left = await database.query<{ left: number }>(
      `SELECT count(*)::int AS left FROM emails WHERE status = 'queued'`,
    );
    const latencies = [...started]
      .map(([id, from]) => Number(BigInt(arrivals[id] ?? 0) - from) / 1e6)
      .sort((a, b) => a - b);
    const at = (share: number) =>
      latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? Number.NaN;
    answered.sort((a, b) => a - b);
    await pool.close();
    return {
      acceptP50: answered[Math.floor(answered.length * 0.5)] ?? Number.NaN,
      acceptP99: answered[Math.floor(answered.length * 0.99)] ?? Number.NaN,
      p50: at(0.5),
      p99: at(0.99),
      sent: latencies.length,
      backlogLeft: left.rows[0]?.left ?? 0,
    };
  } finally {
    await Promise.all([api, worker, aws].map(stop));
    await drop();
  }
}
