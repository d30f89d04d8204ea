import type { Config } from '#libs/config';
import { newExternalId, newId, Sealer, SystemClock } from '#libs/crypto';
import { Database, type TestDatabase } from '#libs/database';
import { GuardedHttp } from '#libs/outbound';
import type { JobName, JobProducer } from '#libs/queue';
import { createLogger, Metrics } from '#libs/telemetry';
import { AttemptDelivery } from '../src/delivery/attempt-delivery.js';
import { DeliverWebhook } from '../src/delivery/deliver-webhook.js';
import { SystemDeliveriesRepository } from '../src/delivery/system-deliveries.repository.js';
import { SystemWakeRepository } from '../src/delivery/system-wake.repository.js';
import { ManageWebhooks } from '../src/manage/manage-webhooks.js';
import { WebhookEvents } from '../src/manage/webhook-events.js';
import { WebhookEventsRepository } from '../src/manage/webhook-events.repository.js';
import { WebhooksRepository } from '../src/manage/webhooks.repository.js';
import { PublishEvents } from '../src/publish/publish-events.js';
import { PublishRepository } from '../src/publish/publish.repository.js';
import { SubscribedProjects, WEBHOOK_ENABLED } from '../src/publish/subscribed-projects.js';
import { SystemSubscriptionsRepository } from '../src/publish/system-subscriptions.repository.js';

/** A project and its connection. */
export interface ProjectRows {
  projectId: string;
  connectionId: string;
}

/** Everything of webhooks on a real database; the queue only remembers, the test runs the jobs. */
export class WebhookLab {
  readonly jobs: string[] = [];
  readonly logLines: string[] = [];
  readonly publish: PublishEvents;
  readonly manage: ManageWebhooks;
  readonly events: WebhookEvents;
  readonly deliver: DeliverWebhook;
  readonly deliveries: SystemDeliveriesRepository;
  readonly wake: SystemWakeRepository;
  readonly subscribed: SubscribedProjects;
  private readonly http: GuardedHttp;

  private constructor(
    private readonly server: TestDatabase,
    readonly database: Database,
    timeoutMs: number,
  ) {
    const logger = createLogger('debug', 'test', (line) => this.logLines.push(line));
    const jobs = {
      add: (_: JobName, { webhookId }: { webhookId: string }) => {
        this.jobs.push(webhookId);
        return Promise.resolve();
      },
    } as unknown as JobProducer;
    const sealer = new Sealer(`k1:${Buffer.alloc(32, 7).toString('base64')}`);
    const clock = new SystemClock();
    const config = { webhooks: { timeoutMs, concurrency: 10, retentionDays: 30 } } as Config;
    const listeners: ((projectId: string) => void)[] = [];
    const broadcast = {
      on: (_: string, listener: (projectId: string) => void) => void listeners.push(listener),
      onGap: () => undefined,
      send: (topic: string, projectId: string) => {
        if (topic === WEBHOOK_ENABLED) for (const listener of listeners) listener(projectId);
        return Promise.resolve();
      },
    };
    this.http = new GuardedHttp(
      { allow: ['127.0.0.0/8'], plainHttp: true },
      { resolve: () => Promise.reject(new Error('no DNS in this test')) },
    );
    this.subscribed = new SubscribedProjects(new SystemSubscriptionsRepository(database), broadcast, logger);
    this.publish = new PublishEvents(this.subscribed, new PublishRepository(), database, jobs, logger);
    const webhooks = new WebhooksRepository(database);
    this.manage = new ManageWebhooks(webhooks, this.http, sealer, this.publish, broadcast);
    this.events = new WebhookEvents(webhooks, new WebhookEventsRepository(database), this.publish, clock);
    this.deliveries = new SystemDeliveriesRepository(database);
    this.wake = new SystemWakeRepository(database);
    const attempt = new AttemptDelivery(config, this.http, clock, new Metrics('test', false));
    this.deliver = new DeliverWebhook(
      config,
      this.deliveries,
      attempt,
      this.publish,
      jobs,
      sealer,
      clock,
      logger,
    );
  }

  static async start(server: TestDatabase, { timeoutMs = 2_000 } = {}): Promise<WebhookLab> {
    const lab = new WebhookLab(server, new Database(server.url, 8), timeoutMs);
    await lab.subscribed.onModuleInit();
    return lab;
  }

  async project(): Promise<ProjectRows> {
    const [organizationId, projectId, connectionId] = [newId(), newId(), newId()];
    const query = this.database.query.bind(this.database);
    await query('INSERT INTO organizations (id, name) VALUES ($1, $2)', [organizationId, 'Test']);
    await query('INSERT INTO projects (id, organization_id, name) VALUES ($1, $2, $3)', [
      projectId,
      organizationId,
      'Test',
    ]);
    await query(
      'INSERT INTO connections (id, project_id, name, region, external_id) VALUES ($1, $2, $3, $4, $5)',
      [connectionId, projectId, 'Test', 'eu-west-1', newExternalId()],
    );
    return { projectId, connectionId };
  }

  async endpoint(projectId: string, endpoint: string, events = ['email.sent']): Promise<string> {
    return (await this.manage.create(projectId, 'key:test', { endpoint, events })).id;
  }

  /** An email as the tables have it. */
  async email(
    { projectId, connectionId }: ProjectRows,
    fields: { sesMessageId?: string } = {},
  ): Promise<string> {
    const id = newId();
    await this.database.query(
      `INSERT INTO emails (id, project_id, connection_id, status, priority, due_at, sender, addresses, subject, tags, recipients, payload_bytes, ses_message_id)
       VALUES ($1, $2, $3, 'sent', 0, now(), 'Acme <a@example.com>', $4, 'Hällo "you"', $5, 1, 10, $6)`,
      [
        id,
        projectId,
        connectionId,
        JSON.stringify({ to: ['b@example.net'], cc: [], bcc: [], reply_to: [] }),
        JSON.stringify([{ name: 'kind', value: 'otp' }]),
        fields.sesMessageId ?? null,
      ],
    );
    return id;
  }

  /** Publishes `count` events that need no email. */
  async put(projectId: string, count: number, type = 'email.sent'): Promise<void> {
    await this.publish.execute(
      Array.from({ length: count }, (_, index) => ({ projectId, type, at: new Date(), data: { index } })),
    );
  }

  /** Runs the jobs that were added, and those that they add, as a worker would. */
  async runJobs(): Promise<void> {
    for (let webhookId = this.jobs.shift(); webhookId !== undefined; webhookId = this.jobs.shift()) {
      await this.deliver.execute(webhookId, new AbortController().signal);
    }
  }

  async statuses(webhookId: string): Promise<Record<string, number>> {
    const { rows } = await this.database.query<{ status: string; count: number }>(
      'SELECT status, count(*)::int AS count FROM webhook_deliveries WHERE webhook_id = $1 GROUP BY status',
      [webhookId],
    );
    return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
  }

  /** Everything that waits for its next attempt waits no longer. */
  async hurry(webhookId: string): Promise<void> {
    await this.database.query(
      `UPDATE webhook_deliveries SET next_attempt_at = now() WHERE webhook_id = $1 AND status IN ('pending', 'attempting')`,
      [webhookId],
    );
    this.jobs.push(webhookId);
  }

  async stop(): Promise<void> {
    await this.deliver.settled();
    await this.http.close();
    await this.database.close();
    await this.server.drop();
  }
}
