import { setMaxListeners } from 'node:events';
import { UnrecoverableError, type Job, type Worker } from 'bullmq';
import { AppError, type ErrorKind } from '#libs/errors';
import type { Logger } from '#libs/telemetry';
import type { QueueBackend } from './backend.js';
import { jobs, queueNames, type JobData, type JobName, type QueueName } from './catalog.js';

/** One handler for every job of the catalog. `stopping` aborts when the process wants to end: finish or hand back. */
export type JobHandlers = {
  readonly [Name in JobName]: (data: JobData<Name>, stopping: AbortSignal) => Promise<void>;
};

/** What a failed job does: try again (where the catalog allows attempts) or give up. */
const queueAction: Readonly<Record<ErrorKind, 'retry' | 'give_up'>> = {
  malformed: 'give_up',
  invalid: 'give_up',
  missing_field: 'give_up',
  invalid_parameter: 'give_up',
  invalid_attachment: 'give_up',
  invalid_region: 'give_up',
  invalid_access: 'give_up',
  invalid_idempotency_key: 'give_up',
  unauthenticated: 'give_up',
  invalid_key: 'give_up',
  restricted: 'give_up',
  domain_restricted: 'give_up',
  forbidden: 'give_up',
  not_found: 'give_up',
  method_not_allowed: 'give_up',
  conflict: 'give_up',
  idempotency_mismatch: 'give_up',
  idempotency_in_progress: 'retry',
  too_large: 'give_up',
  rate_limited: 'retry',
  unavailable: 'retry',
  internal: 'retry',
};

/** Runs the workers of every queue of the catalog in this process. */
export class JobConsumer {
  private readonly workers: Worker[];
  private readonly stopping = new AbortController();

  constructor(
    backend: QueueBackend,
    private readonly handlers: JobHandlers,
    concurrency: Readonly<Record<QueueName, number>>,
    private readonly logger: Logger,
  ) {
    // Every job that runs listens: many at a time are no leak.
    setMaxListeners(0, this.stopping.signal);
    this.workers = queueNames.map((name) => {
      const worker = backend.worker(name, (job) => this.process(job), {
        concurrency: concurrency[name],
        // A killed worker's lane is free again after this long. Two drains of one lane would be harmless (claims
        // exclude each other), so the lock may be short.
        lockDuration: 15_000,
        stalledInterval: 5_000,
        maxStalledCount: 100,
        drainDelay: 5,
      });
      worker.on('error', (error) => logger.warn('queue.error', { queue: name, error }));
      worker.on('failed', (job, error) =>
        logger.warn('job.failed', { job: job?.name, data: job?.data as unknown, error }),
      );
      return worker;
    });
  }

  private async process(job: Job): Promise<void> {
    const name = job.name as JobName;
    const definition = jobs[name];
    if (definition === undefined) throw new UnrecoverableError(`unknown job ${job.name}`);
    const parsed = definition.schema.safeParse(job.data);
    if (!parsed.success) throw new UnrecoverableError(`job ${name} carries bad data`);
    const handler = this.handlers[name] as (data: unknown, stopping: AbortSignal) => Promise<void>;
    try {
      await handler(parsed.data, this.stopping.signal);
    } catch (error) {
      if (error instanceof AppError && queueAction[error.kind] === 'give_up')
        throw new UnrecoverableError(`${error.code}: ${error.message}`);
      throw error;
    }
  }

  async ready(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.waitUntilReady()));
  }

  /** Stops taking jobs, lets active ones finish or hand back, then closes. */
  async close(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.workers.map((worker) => worker.close()));
    this.logger.debug('queue.closed');
  }
}
