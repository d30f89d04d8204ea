import { randomBytes } from 'node:crypto';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Pool } from 'undici';
import { AwsModule } from '#libs/aws';
import { ConfigModule, loadConfig } from '#libs/config';
import { CryptoModule, newId, sha256 } from '#libs/crypto';
import { Database, DatabaseModule } from '#libs/database';
import { FoldEvents, FoldModule, IntakeModule, StoreEvents } from '#libs/events';
import { OutboundModule } from '#libs/outbound';
import { QueueModule } from '#libs/queue';
import { TelemetryModule } from '#libs/telemetry';
import { benchDatabase, fillLane, insertLane, type BenchLane } from './support/database.js';
import { cpuMs, postgresCpuMs, startScript, stop, waitForEvent } from './support/processes.js';

export interface EventSettings {
  serverUrl: string;
  redisUrl: string | undefined;
  /** In one burst. */
  events: number;
  /** Single sends per second, before and meanwhile. */
  sendsPerSecond: number;
}

export interface EventFigures {
  /** Of events taken in by HTTP and stored. */
  takenPerSecond: number;
  /** From the first request until the last event is folded into its email. */
  foldedPerSecond: number;
  lost: number;
  /** Of POST /emails, in milliseconds. */
  quietP50: number;
  quietP99: number;
  burstP50: number;
  burstP99: number;
  /** Of API, worker and database together, for one event. */
  cpuMs: number;
}

const CONNECTIONS = 64;

/** A burst of deliveries over HTTP (as EventBridge posts them) to one API and one worker, while single sends go on. */
export async function benchEvents(settings: EventSettings): Promise<EventFigures> {
  const { database, url, drop } = await benchDatabase(settings.serverUrl);
  const lane = await insertLane(database, newId());
  // Their sends are accepted and go nowhere: what is measured is the API.
  const sender = await insertLane(database, newId());
  const ids = await sentEmails(database, lane, settings.events);
  const [token, secret] = [randomBytes(32).toString('base64url'), randomBytes(32).toString('base64url')];
  await database.query(
    `INSERT INTO feedback_sources (connection_id, project_id, mode, status, region, token_hash, secret_hash)
     VALUES ($1, $2, 'eventbridge', 'active', 'eu-west-1', $3, $4)`,
    [lane.connectionId, lane.projectId, sha256(token), sha256(secret)],
  );
  await database.query(`UPDATE connections SET status = 'paused' WHERE id = $1`, [sender.connectionId]);
  await database.query('VACUUM ANALYZE');
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const env = environment(url, settings, String(port));
  const api = startScript('apps/api/src/main.js', [], env);
  const worker = startScript('apps/worker/src/main.js', [], env);
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: CONNECTIONS });
  const sending = new Pool(`http://127.0.0.1:${port}`, { connections: 8 });
  try {
    await Promise.all([waitForEvent(api, 'api.ready'), waitForEvent(worker, 'worker.ready')]);
    const quiet = sends(sending, sender, settings.sendsPerSecond);
    await pause(5_000);
    const quietMs = await quiet.stop();
    const account = lane.sesAccountId;
    await database.query('UPDATE connections SET aws_account_id = $2 WHERE id = $1', [
      lane.connectionId,
      account,
    ]);
    const cpu = () => cpuMs(api.pid ?? 0) + cpuMs(worker.pid ?? 0) + postgresCpuMs();
    const cpuBefore = cpu();
    const start = performance.now();
    const busy = sends(sending, sender, settings.sendsPerSecond);
    const post = async (id: string) => {
      const answer = await pool.request({
        path: `/feedback/eventbridge/${token}`,
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-sesame-secret': secret },
        body: JSON.stringify({ id: newId(), source: 'aws.ses', account, detail: deliveryOf(id) }),
      });
      await answer.body.dump();
      if (answer.statusCode !== 200) throw new Error(`event refused: ${answer.statusCode}`);
    };
    let next = 0;
    await Promise.all(
      Array.from({ length: CONNECTIONS }, async () => {
        for (let id = ids[next++]; id !== undefined; id = ids[next++]) await post(id);
      }),
    );
    const takenMs = performance.now() - start;
    const delivered = await untilFolded(database, lane, ids.length);
    const foldedMs = performance.now() - start;
    const burstMs = await busy.stop();
    return {
      takenPerSecond: (ids.length * 1000) / takenMs,
      foldedPerSecond: (ids.length * 1000) / foldedMs,
      lost: ids.length - delivered,
      quietP50: at(quietMs, 0.5),
      quietP99: at(quietMs, 0.99),
      burstP50: at(burstMs, 0.5),
      burstP99: at(burstMs, 0.99),
      cpuMs: (cpu() - cpuBefore) / ids.length,
    };
  } finally {
    await Promise.all([pool.destroy(), sending.destroy()]);
    await Promise.all([api, worker].map(stop));
    await drop();
  }
}

export interface StatementFigures {
  perEvent: number;
  /** Of it storing; the rest is folding. */
  storing: number;
  /** One process that does nothing else. */
  foldedPerSecond: number;
  lost: number;
}

/** SQL statements for one event, counted where the processes send them: stored as single requests, then folded. */
export async function countEventStatements(settings: EventSettings): Promise<StatementFigures> {
  const { database, url, drop } = await benchDatabase(settings.serverUrl);
  const lane = await insertLane(database, newId());
  const ids = await sentEmails(database, lane, settings.events);
  await database.query('VACUUM ANALYZE');
  @Module({
    imports: [
      ConfigModule.for(loadConfig(environment(url, settings, '0'))),
      TelemetryModule.for('bench'),
      CryptoModule,
      DatabaseModule,
      QueueModule,
      OutboundModule,
      AwsModule,
      IntakeModule,
      FoldModule,
    ],
  })
  class BenchModule {}
  const app = await NestFactory.createApplicationContext(BenchModule, { logger: false });
  try {
    const [store, folds, { counter }] = [app.get(StoreEvents), app.get(FoldEvents), app.get(Database)];
    const before = counter.statements;
    let next = 0;
    const post = (id: string) =>
      store.execute([
        { connectionId: lane.connectionId, transportId: newId(), body: JSON.stringify(deliveryOf(id)) },
      ]);
    await Promise.all(
      Array.from({ length: CONNECTIONS }, async () => {
        for (let id = ids[next++]; id !== undefined; id = ids[next++]) await post(id);
      }),
    );
    const storing = counter.statements - before;
    const never = new AbortController().signal;
    const start = performance.now();
    while (await isWaiting(database)) await folds.execute(lane.connectionId, never);
    return {
      foldedPerSecond: (ids.length * 1000) / (performance.now() - start),
      perEvent: (counter.statements - before) / ids.length,
      storing: storing / ids.length,
      lost: ids.length - (await untilFolded(database, lane, 0)),
    };
  } finally {
    await app.close();
    await drop();
  }
}

function environment(url: string, { redisUrl }: EventSettings, port: string): Record<string, string> {
  return {
    DATABASE_URL: url,
    ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
    QUEUE_PREFIX: `bench${randomBytes(4).toString('hex')}`,
    SESAME_KEYS: `bench:${randomBytes(32).toString('base64')}`,
    SESAME_RATE_LIMIT: '1000000',
    API_PORT: port,
    AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIABENCH',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_EC2_METADATA_DISABLED: 'true',
    LOG_LEVEL: 'error',
    SESAME_METRICS: 'false',
  };
}

/** @returns the ids */
async function sentEmails(database: Database, lane: BenchLane, count: number): Promise<string[]> {
  await fillLane(database, lane, count, 1_000);
  await database.query(
    `UPDATE emails SET status = 'sent', sent_at = now(), ses_message_id = 'm-' || id WHERE connection_id = $1`,
    [lane.connectionId],
  );
  await database.query('UPDATE lanes SET wake_at = NULL');
  const { rows } = await database.query<{ id: string }>(
    'SELECT id FROM emails WHERE connection_id = $1 ORDER BY random()',
    [lane.connectionId],
  );
  return rows.map(({ id }) => id);
}

/** Of the size that SES's events have. */
function deliveryOf(emailId: string): object {
  const now = new Date().toISOString();
  return {
    eventType: 'Delivery',
    mail: {
      timestamp: now,
      source: 'Sender <hello@example.com>',
      sendingAccountId: '444455556666',
      messageId: `m-${emailId}`,
      destination: ['p1@example.net'],
      headersTruncated: false,
      headers: Array.from({ length: 12 }, (_, index) => ({
        name: `X-Header-${index}`,
        value: 'x'.repeat(80),
      })),
      commonHeaders: { from: ['Sender <hello@example.com>'], to: ['p1@example.net'], subject: 'Hello' },
      tags: { 'ses:configuration-set': ['sesame'], sesame_email_id: [emailId] },
    },
    delivery: {
      timestamp: now,
      processingTimeMillis: 800,
      recipients: ['p1@example.net'],
      smtpResponse: '250 2.0.0 OK',
      reportingMTA: 'a4-1.smtp-out.eu-west-1.amazonses.com',
    },
  };
}

/** Single sends at a steady pace. */
function sends(pool: Pool, lane: BenchLane, perSecond: number): { stop(): Promise<number[]> } {
  const body = JSON.stringify({
    from: 'Sender <hello@example.com>',
    to: ['otp@example.net'],
    subject: 'Your code',
    html: 'x'.repeat(1_000),
  });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${lane.apiKey}` };
  const took: number[] = [];
  const pending: Promise<void>[] = [];
  const timer = setInterval(() => {
    const from = performance.now();
    pending.push(
      pool.request({ path: '/emails', method: 'POST', headers, body }).then(async (answer) => {
        await answer.body.dump();
        if (answer.statusCode !== 200) throw new Error(`send refused: ${answer.statusCode}`);
        took.push(performance.now() - from);
      }),
    );
  }, 1000 / perSecond);
  return {
    stop: async () => {
      clearInterval(timer);
      await Promise.all(pending);
      return took.sort((a, b) => a - b);
    },
  };
}

/** Waits, with a bound, until nothing waits and at least so many are delivered. @returns how many are */
async function untilFolded(database: Database, lane: BenchLane, expected: number): Promise<number> {
  const end = performance.now() + 300_000;
  for (;;) {
    const { rows } = await database.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM emails WHERE connection_id = $1 AND status = 'delivered'`,
      [lane.connectionId],
    );
    const count = rows[0]?.count ?? 0;
    if ((count >= expected && !(await isWaiting(database))) || performance.now() > end) return count;
    await pause(200);
  }
}

async function isWaiting(database: Database): Promise<boolean> {
  return (await database.query('SELECT 1 FROM event_inbox LIMIT 1')).rowCount > 0;
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
