import { randomBytes } from 'node:crypto';
import { Test, type TestingModule } from '@nestjs/testing';
import { AwsModule } from '#libs/aws';
import { ConfigModule, loadConfig } from '#libs/config';
import { CryptoModule, newId } from '#libs/crypto';
import { Database, DatabaseModule, type TestDatabase } from '#libs/database';
import { FoldEvents, FoldModule, StoreEvents } from '#libs/events';
import { OutboundModule } from '#libs/outbound';
import { JobProducer, QUEUE_BACKEND, QueueModule } from '#libs/queue';
import { TelemetryModule } from '#libs/telemetry';
import { PublishEvents } from '#libs/webhooks';
import { insertLane, type LaneRows } from './rows.js';
import { until } from './until.js';

export interface EmailFields {
  status?: string;
  to?: string[];
  cc?: string[];
  sesMessageId?: string;
  createdAt?: Date;
  /** By default at once, if it is sent. */
  sentAt?: Date;
}

export interface EmailState {
  status: string;
  sesMessageId: string | null;
  sentAt: Date | null;
  engagement: number;
  errorName: string | null;
}

const never = new AbortController().signal;

/** The pipeline on a real database, wired as the worker wires it; the queue only remembers, the test runs the folds. */
export class EventLab {
  private constructor(
    private readonly server: TestDatabase,
    private readonly module: TestingModule,
    /** Added jobs, `name connection`. */
    readonly jobs: readonly string[],
    readonly database: Database,
    readonly store: StoreEvents,
    readonly folds: FoldEvents,
  ) {}

  static async start(server: TestDatabase, env: Record<string, string> = {}): Promise<EventLab> {
    const config = loadConfig({
      NODE_ENV: 'test',
      DATABASE_URL: server.url,
      SESAME_KEYS: `test:${randomBytes(32).toString('base64')}`,
      LOG_LEVEL: 'silent',
      SESAME_METRICS: 'false',
      ...env,
    });
    const jobs: string[] = [];
    const module = await Test.createTestingModule({
      imports: [
        ConfigModule.for(config),
        TelemetryModule.for('worker'),
        CryptoModule,
        DatabaseModule,
        QueueModule,
        OutboundModule,
        AwsModule,
        FoldModule,
      ],
    })
      .overrideProvider(QUEUE_BACKEND)
      .useValue({ close: () => Promise.resolve() })
      .overrideProvider(JobProducer)
      .useValue({
        add: (name: string, data: { connectionId?: string }) => {
          jobs.push(`${name} ${data.connectionId ?? ''}`);
          return Promise.resolve();
        },
        close: () => Promise.resolve(),
      })
      .compile();
    await module.init();
    return new EventLab(
      server,
      module,
      jobs,
      module.get(Database),
      module.get(StoreEvents),
      module.get(FoldEvents),
    );
  }

  /** A provider of the module. */
  get<T>(token: new (...args: never[]) => T): T {
    return this.module.get<T>(token);
  }

  lane(): Promise<LaneRows> {
    return insertLane(this.database);
  }

  /** An email as the tables have it. */
  async email(lane: LaneRows, fields: EmailFields = {}): Promise<string> {
    const createdAt = fields.createdAt ?? new Date();
    const id = newId(createdAt.getTime());
    const { to = ['to@example.net'], cc = [] } = fields;
    await this.database.query(
      `INSERT INTO emails (id, project_id, connection_id, status, priority, due_at, sender, addresses, subject, tags, recipients, payload_bytes, ses_message_id, sent_at, created_at)
       VALUES ($1, $2, $3, $4, 0, now(), 'Acme <a@example.com>', $5, 'Hello', '[{"name":"kind","value":"otp"}]', $6, 10, $7, $8, $9)`,
      [
        id,
        lane.projectId,
        lane.connectionId,
        fields.status ?? 'sent',
        JSON.stringify({ to, cc, bcc: [], reply_to: [] }),
        to.length + cc.length,
        fields.sesMessageId ?? null,
        fields.sentAt ?? ((fields.status ?? 'sent') === 'sent' ? createdAt : null),
        createdAt,
      ],
    );
    return id;
  }

  /** Takes records in, each as a message of its own, and folds them. */
  async fold({ connectionId }: LaneRows, records: readonly (object | string)[]): Promise<void> {
    await this.put(connectionId, records);
    await this.runFold(connectionId);
  }

  async put(connectionId: string, records: readonly (object | string)[]): Promise<void> {
    await this.store.execute(
      records.map((record) => ({
        connectionId,
        transportId: newId(),
        body: typeof record === 'string' ? record : JSON.stringify(record),
      })),
    );
  }

  runFold(connectionId: string): Promise<void> {
    return this.folds.execute(connectionId, never);
  }

  async state(emailId: string): Promise<EmailState> {
    const { rows } = await this.database.query<{
      status: string;
      ses_message_id: string | null;
      sent_at: Date | null;
      engagement: number;
      error_name: string | null;
    }>('SELECT status, ses_message_id, sent_at, engagement, error_name FROM emails WHERE id = $1', [emailId]);
    const [row] = rows;
    if (row === undefined) throw new Error('no such email');
    return {
      status: row.status,
      sesMessageId: row.ses_message_id,
      sentAt: row.sent_at,
      engagement: row.engagement,
      errorName: row.error_name,
    };
  }

  async statusOf(emailId: string): Promise<string> {
    return (await this.state(emailId)).status;
  }

  async events(
    emailId: string,
  ): Promise<{ type: string; recipient: string | null; data: Record<string, unknown> }[]> {
    const { rows } = await this.database.query<{
      type: string;
      recipient: string | null;
      data: Record<string, unknown>;
    }>(
      'SELECT type, recipient, data FROM events WHERE email_id = $1 ORDER BY at, type, recipient, data::text',
      [emailId],
    );
    return rows;
  }

  /** Addresses with their origins. */
  async suppressed(projectId: string): Promise<Record<string, string>> {
    const { rows } = await this.database.query<{ email: string; origin: string }>(
      'SELECT email, origin FROM suppressions WHERE project_id = $1',
      [projectId],
    );
    return Object.fromEntries(rows.map(({ email, origin }) => [email, origin]));
  }

  /** An endpoint that wants these events; resolves when folds know of it. */
  async listen(projectId: string, events: readonly string[]): Promise<void> {
    await this.database.query(
      `INSERT INTO webhooks (id, project_id, endpoint, events, sealed_secret) VALUES ($1, $2, 'https://example.com/hook', $3, 'x')`,
      [newId(), projectId, events],
    );
    await this.database.query(`SELECT pg_notify('sesame_broadcast', $1)`, [`webhook.enabled\n${projectId}`]);
    const publish = this.module.get(PublishEvents);
    await until('the endpoint to be known', () => Promise.resolve(publish.isHeard(projectId)));
  }

  /** What endpoints are told, oldest first. */
  async webhooks(projectId: string): Promise<{ type: string; data: Record<string, unknown> }[]> {
    const { rows } = await this.database.query<{ payload: string }>(
      'SELECT payload FROM webhook_messages WHERE project_id = $1 ORDER BY id',
      [projectId],
    );
    return rows.map(({ payload }) => JSON.parse(payload) as { type: string; data: Record<string, unknown> });
  }

  async count(table: string, connectionId: string): Promise<number> {
    const { rows } = await this.database.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM ${table} WHERE connection_id = $1`,
      [connectionId],
    );
    return rows[0]?.count ?? 0;
  }

  async stop(): Promise<void> {
    await this.module.close();
    await this.server.drop();
  }
}
