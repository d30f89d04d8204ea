import type { Queue } from 'bullmq';
import type { Logger } from '#libs/telemetry';
import type { QueueBackend } from './backend.js';
import { jobs, queueNames, type JobData, type JobName, type QueueName } from './catalog.js';

interface PendingAdd {
  running: Promise<void>;
  next: Promise<void> | undefined;
}

/**
 * Adds jobs of the catalog. A job is a wake-up, so adds of the same job that pile up while one add is on its way
 * become a single one after it.
 */
export class JobProducer {
  private readonly queues: ReadonlyMap<QueueName, Queue>;
  private readonly pending = new Map<string, PendingAdd>();

  constructor(backend: QueueBackend, logger: Logger) {
    this.queues = new Map(
      queueNames.map((name) => {
        const queue = backend.queue(name, {
          defaultJobOptions: { removeOnComplete: true, removeOnFail: { count: 500 } },
        });
        queue.on('error', (error) => logger.warn('queue.error', { queue: name, error }));
        return [name, queue];
      }),
    );
  }

  /** Resolves when the queue holds the job (or an equal one that has not begun). Rejects when the queue is away. */
  add<Name extends JobName>(name: Name, data: JobData<Name>): Promise<void> {
    const definition = jobs[name];
    const deduplicationId = (definition.deduplicationId as (data: JobData<Name>) => string)(data);
    const key = `${name} ${deduplicationId}`;
    const pending = this.pending.get(key);
    if (pending !== undefined) {
      // The running add may already have been seen by a worker: only one that starts later covers this wake-up.
      const added =
        pending.next ??
        pending.running.catch(() => undefined).then(() => this.start(key, name, data, deduplicationId));
      pending.next = added;
      return added;
    }
    return this.start(key, name, data, deduplicationId);
  }

  private start<Name extends JobName>(
    key: string,
    name: Name,
    data: JobData<Name>,
    deduplicationId: string,
  ): Promise<void> {
    const { queue, attempts, backoffMs } = jobs[name];
    const running = this.queue(queue)
      .add(name, data, {
        deduplication: { id: `${name}-${deduplicationId}`, keepLastIfActive: true },
        attempts,
        ...(attempts > 1 && { backoff: { type: 'exponential', delay: backoffMs } }),
      })
      .then(() => undefined);
    const entry: PendingAdd = { running, next: undefined };
    this.pending.set(key, entry);
    const forget = () => {
      if (this.pending.get(key) === entry && entry.next === undefined) this.pending.delete(key);
    };
    running.then(forget, forget);
    return running;
  }

  /** Waiting and active jobs of a queue, for health and metrics. */
  async depth(name: QueueName): Promise<number> {
    const counts = await this.queue(name).getJobCounts('waiting', 'active', 'delayed');
    return Object.values(counts).reduce((sum, count) => sum + count, 0);
  }

  /** Resolves when the queue's store answers. */
  async ping(): Promise<void> {
    await this.depth('lanes');
  }

  private queue(name: QueueName): Queue {
    const queue = this.queues.get(name);
    if (queue === undefined) throw new Error(`no queue ${name}`);
    return queue;
  }

  async close(): Promise<void> {
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
  }
}
