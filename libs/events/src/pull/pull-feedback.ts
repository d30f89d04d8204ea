import { Inject, Injectable } from '@nestjs/common';
import { SqsGateway } from '#libs/aws';
import {
  provenStatuses,
  SessionBroker,
  type BrokeredSession,
  type ConnectionStatus,
} from '#libs/connections';
import { Clock } from '#libs/crypto';
import { JobProducer } from '#libs/queue';
import { Logger } from '#libs/telemetry';
import { StoreEvents } from '../intake/store-events.js';
import { ExplainPull, type PullTrouble } from './explain-pull.js';
import { longPollSeconds, nextPullMs } from './pull-times.js';
import { readMessage } from './read-message.js';
import { SystemPullsRepository, type PulledSource } from './system-pulls.repository.js';

/** After this long a queue goes back to the end of the line. */
const turnMs = 10_000;
/** SQS hands out ten messages at a time: with a backlog, this many calls at once. */
const parallel = 8;
const deadLettersEveryMs = 300_000;
const notProvenMs = 300_000;

/** Job `feedback.pull`: takes what lies in a customer's queue. Stored first, then deleted: what is lost in between comes again. */
@Injectable()
export class PullFeedback {
  private waits = 0;

  constructor(
    @Inject(SystemPullsRepository) private readonly pulls: SystemPullsRepository,
    @Inject(SessionBroker) private readonly broker: SessionBroker,
    @Inject(SqsGateway) private readonly sqs: SqsGateway,
    @Inject(StoreEvents) private readonly store: StoreEvents,
    @Inject(ExplainPull) private readonly explain: ExplainPull,
    @Inject(JobProducer) private readonly jobs: Pick<JobProducer, 'add'>,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  async execute({ connectionId }: { connectionId: string }, stopping: AbortSignal): Promise<void> {
    const source = await this.pulls.find(connectionId);
    if (source === undefined) return;
    const taken = { received: 0, deadLetters: undefined as number | undefined };
    let session: BrokeredSession | undefined;
    let trouble: PullTrouble | undefined;
    try {
      if (!provenStatuses.includes(source.connectionStatus as ConnectionStatus))
        return await this.rest(connectionId, source);
      session = await this.broker.for(connectionId, 'events', source.credentialEpoch);
      await this.take(connectionId, source, session, taken, stopping);
    } catch (error) {
      // What was being received comes again.
      if (!stopping.aborted) {
        trouble = await this.explain.execute(connectionId, source, session, error);
        this.logger.warn('feedback.pull_failed', { connectionId, code: trouble.problem?.code });
      }
    }
    const now = this.clock.now();
    const quietMs = taken.received > 0 ? 0 : now.getTime() - source.activeAt.getTime();
    const waitMs = trouble?.retryMs ?? nextPullMs(quietMs);
    const pollAt = waitMs === undefined ? null : new Date(now.getTime() + waitMs);
    const { problem = null, isBroken = false } = trouble ?? {};
    await this.pulls.save(connectionId, source.activeAt, { ...taken, pollAt, problem, isBroken }, now);
    if (waitMs === 0 && !stopping.aborted) await this.jobs.add('feedback.pull', { connectionId });
  }

  private async take(
    connectionId: string,
    source: PulledSource,
    session: BrokeredSession,
    taken: { received: number; deadLetters: number | undefined },
    stopping: AbortSignal,
  ): Promise<void> {
    const end = performance.now() + turnMs;
    const receive = async (waitSeconds: number): Promise<number> => {
      const count = await this.receive(connectionId, source.queueUrl, session, waitSeconds, stopping);
      taken.received += count;
      return count;
    };
    const pump = async (): Promise<void> => {
      while (!stopping.aborted && performance.now() < end && (await receive(1)) > 0);
    };
    const quietMs = this.clock.nowMs() - source.activeAt.getTime();
    this.waits += 1;
    let first: number;
    try {
      first = await receive(longPollSeconds(quietMs, this.waits));
    } finally {
      this.waits -= 1;
    }
    if (first === 10) await Promise.all(Array.from({ length: parallel }, pump));
    taken.deadLetters = await this.deadLetters(source, session);
  }

  private async receive(
    connectionId: string,
    queueUrl: string,
    session: BrokeredSession,
    waitSeconds: number,
    stopping: AbortSignal,
  ): Promise<number> {
    const messages = await this.sqs.receive(session, queueUrl, waitSeconds, stopping);
    const records = messages.flatMap(({ messageId, body }) => readMessage(messageId, body) ?? []);
    await this.store.execute(records.map((record) => ({ connectionId, ...record })));
    await this.sqs.deleteBatch(session, queueUrl, messages);
    return messages.length;
  }

  private async deadLetters(source: PulledSource, session: BrokeredSession): Promise<number | undefined> {
    const { deadLetterUrl, deadLettersAt } = source;
    if (deadLetterUrl === null) return undefined;
    if (deadLettersAt !== null && this.clock.nowMs() - deadLettersAt.getTime() < deadLettersEveryMs)
      return undefined;
    return this.sqs.depth(session, deadLetterUrl);
  }

  /** A connection that is not usable now: its queue keeps everything. */
  private async rest(connectionId: string, source: PulledSource): Promise<void> {
    const now = this.clock.now();
    const pollAt = new Date(now.getTime() + notProvenMs);
    const nothing = { received: 0, problem: null, isBroken: false, deadLetters: undefined };
    await this.pulls.save(connectionId, source.activeAt, { ...nothing, pollAt }, now);
  }
}
