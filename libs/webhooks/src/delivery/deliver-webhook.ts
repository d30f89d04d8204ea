import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#libs/config';
import { Clock, Sealer } from '#libs/crypto';
import { JobProducer } from '#libs/queue';
import { Logger } from '#libs/telemetry';
import { PublishEvents } from '../publish/publish-events.js';
import { openSecrets } from '../secrets.js';
import { AttemptDelivery } from './attempt-delivery.js';
import { EndpointTurn } from './endpoint-turn.js';
import { SystemDeliveriesRepository, type Endpoint } from './system-deliveries.repository.js';

/** Requests to one endpoint at the same time, from one process. */
const IN_FLIGHT = 10;
/** After this long no more requests begin in a turn … */
const TURN_MS = 2_000;
/** … and after this much longer the worker does not wait for answers either: they are recorded when they come. */
const GRACE_MS = 500;

/**
 * Handler of `webhook.deliver`: sends one endpoint what it has due, for one time slice. However slow its answers, it holds a place
 * among the workers only for the slice; what is still open then counts against its own requests in flight, nobody else's.
 */
@Injectable()
export class DeliverWebhook {
  /** Requests without an answer, by endpoint. */
  private readonly inFlight = new Map<string, number>();
  /** Turns that are over but for their last answers. */
  private readonly leaving = new Set<Promise<void>>();
  private readonly claimTtlMs: number;

  constructor(
    @Inject(CONFIG) { webhooks }: Config,
    @Inject(SystemDeliveriesRepository) private readonly deliveries: SystemDeliveriesRepository,
    @Inject(AttemptDelivery) private readonly attempt: AttemptDelivery,
    @Inject(PublishEvents) private readonly publish: PublishEvents,
    @Inject(JobProducer) private readonly jobs: Pick<JobProducer, 'add'>,
    @Inject(Sealer) private readonly sealer: Sealer,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Logger) private readonly logger: Logger,
  ) {
    // From the claim to the written result of a request that begins last and takes longest, twice.
    this.claimTtlMs = 2 * (TURN_MS + webhooks.timeoutMs);
  }

  async execute(webhookId: string, stopping: AbortSignal): Promise<void> {
    const senders = IN_FLIGHT - (this.inFlight.get(webhookId) ?? 0);
    // When the first of them is answered and its turn ends, the endpoint is looked at again.
    if (senders <= 0) return;
    const endpoint = await this.deliveries.findEndpoint(webhookId);
    if (endpoint === undefined) return this.deliveries.forgetWake(webhookId);
    if (endpoint.restMs <= 0) await this.takeTurn(endpoint, senders, stopping);
    await this.finish(webhookId, stopping);
  }

  /** Resolves when no answer is outstanding: before the process ends. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.leaving);
  }

  private async takeTurn(endpoint: Endpoint, senders: number, stopping: AbortSignal): Promise<void> {
    const { deliveries, attempt, logger, claimTtlMs } = this;
    const secrets = openSecrets(this.sealer, endpoint.id, endpoint);
    const tools = { deliveries, attempt, logger, claimTtlMs };
    const turn = new EndpointTurn(tools, endpoint, secrets, (reason) => this.tellDisabled(endpoint, reason));
    const stop = () => turn.stop();
    const over = setTimeout(stop, TURN_MS);
    stopping.addEventListener('abort', stop, { once: true });
    if (stopping.aborted) stop();
    const done = turn
      .run(senders, (change) => this.count(endpoint.id, change))
      .finally(() => {
        clearTimeout(over);
        stopping.removeEventListener('abort', stop);
      });
    let grace: NodeJS.Timeout | undefined;
    const isOver = await Promise.race([
      done.then(() => true),
      new Promise<false>((resolve) => (grace = setTimeout(() => resolve(false), TURN_MS + GRACE_MS))),
    ]).finally(() => clearTimeout(grace));
    if (!isOver) this.leave(endpoint.id, done, stopping);
  }

  private leave(webhookId: string, done: Promise<void>, stopping: AbortSignal): void {
    const leaving = done
      .then(() => this.finish(webhookId, stopping))
      .catch((error: unknown) => this.logger.error('webhook.turn_failed', { webhookId, error }))
      .finally(() => this.leaving.delete(leaving));
    this.leaving.add(leaving);
  }

  /** To the end of the queue when there is more; later attempts are the ticker's. */
  private async finish(webhookId: string, stopping: AbortSignal): Promise<void> {
    const waitMs = await this.deliveries.finish(webhookId);
    if (waitMs !== undefined && waitMs <= 0 && !stopping.aborted)
      await this.jobs.add('webhook.deliver', { webhookId });
  }

  private count(webhookId: string, change: 1 | -1): void {
    const count = (this.inFlight.get(webhookId) ?? 0) + change;
    if (count === 0) this.inFlight.delete(webhookId);
    else this.inFlight.set(webhookId, count);
  }

  /** The audit entry was written with it; the project's other endpoints may want to know. */
  private tellDisabled({ id, projectId, url }: Endpoint, reason: string): void {
    this.logger.warn('webhook.disabled', { webhookId: id, projectId, reason });
    this.publish
      .execute([
        { projectId, type: 'webhook.disabled', at: this.clock.now(), data: { id, endpoint: url, reason } },
      ])
      .catch((error: unknown) => this.logger.warn('webhook.notice_lost', { webhookId: id, error }));
  }
}
