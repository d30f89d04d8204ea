import { Inject, Injectable } from '@nestjs/common';
import { newId } from '#libs/crypto';
import { Database, type Sql } from '#libs/database';
import { JobProducer } from '#libs/queue';
import { Logger } from '#libs/telemetry';
import { PublishRepository } from './publish.repository.js';
import { SubscribedProjects } from './subscribed-projects.js';

/** Something that happened in a project. */
export interface HappenedEvent {
  projectId: string;
  /** One of `webhookEvents`. */
  type: string;
  at: Date;
  /** The email it happened to: its fields become the payload's `data`. */
  emailId?: string;
  /** Added to `data`, over what the email says (`{ bounce }`, `{ click }`, `{ to }` of fewer recipients); without an email all of it. */
  data?: object;
}

/**
 * Tells a project's endpoints what happened: one statement for all events, and none when none of the projects has an endpoint.
 * Delivery is the worker's.
 */
@Injectable()
export class PublishEvents {
  constructor(
    @Inject(SubscribedProjects) private readonly subscribed: SubscribedProjects,
    @Inject(PublishRepository) private readonly repository: PublishRepository,
    @Inject(Database) private readonly database: Database,
    @Inject(JobProducer) private readonly jobs: Pick<JobProducer, 'add'>,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  async execute(events: readonly HappenedEvent[]): Promise<void> {
    this.wake(await this.store(this.database, events));
  }

  /** Whether anybody may want the project's events. */
  isHeard(projectId: string): boolean {
    return this.subscribed.has(projectId);
  }

  /**
   * For callers that publish in the transaction of what happened, so that neither is without the other.
   *
   * @returns the endpoints to {@link wake} once it is committed
   */
  async store(sql: Sql, events: readonly HappenedEvent[]): Promise<string[]> {
    const rows = events
      .filter(({ projectId }) => this.isHeard(projectId))
      .map(({ projectId, type, at, emailId, data }) => ({
        messageId: newId(),
        projectId,
        type,
        at,
        emailId,
        data,
      }));
    return rows.length === 0 ? [] : this.repository.store(sql, rows);
  }

  /**
   * Whether a statement that published too failed for a reason that trying again does not mend (a value or a row that PostgreSQL
   * refuses). The caller should then go on without publishing: the events are lost, and the log says so.
   */
  isAtFault(error: unknown): boolean {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    // Classes of PostgreSQL: data exception, constraint violation, syntax or missing object.
    if (!/^(22|23|42)/.test(code)) return false;
    this.logger.error('webhook.publish_failed', { error });
    return true;
  }

  /** What was committed counts: a wake-up that is lost is made good by the ticker. */
  wake(webhookIds: readonly string[]): void {
    for (const webhookId of new Set(webhookIds)) {
      this.jobs
        .add('webhook.deliver', { webhookId })
        .catch((error: unknown) => this.logger.warn('webhook.wake_lost', { webhookId, error }));
    }
  }
}
