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
import { ExplainPull, type PullTrouble } from './explain-pull.js';
import { longPollSeconds, nextPullMs } from './pull-times.js';
import { SystemPullsRepository, type PulledSource } from './system-pulls.repository.js';
import { TakeMessages, type OpenQueue } from './take-messages.js';

/** After this long a queue goes back to the end of the line. */
const turnMs = 10_000;
/** SQS hands out ten messages at a time: with a backlog, this many calls at once. */
const parallel = 8;
const deadLettersEveryMs = 300_000;
const notProvenMs = 300_000;

/** What a turn has come to. */
interface Taken {
  received: number;
  /** The queue was read to its end. */
  isEmpty: boolean;
  deadLetters: number | undefined;
}

/** Job `feedback.pull`: takes what lies in a customer's queue. */
@Injectable()
export class PullFeedback {
  private waits = 0;

  constructor(
    @Inject(SystemPullsRepository) private readonly pulls: SystemPullsRepository,
    @Inject(SessionBroker) private readonly broker: SessionBroker,
    @Inject(SqsGateway) private readonly sqs: SqsGateway,
    @Inject(TakeMessages) private readonly takeMessages: TakeMessages,
    @Inject(ExplainPull) private readonly explain: ExplainPull,
    @Inject(JobProducer) private readonly jobs: Pick<JobProducer, 'add'>,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  async execute({ connectionId }: { connectionId: string }, stopping: AbortSignal): Promise<void> {
    const source = await this.pulls.find(connectionId);
    if (source === undefined) return;
    const taken: Taken = { received: 0, isEmpty: false, deadLetters: undefined };
    let session: BrokeredSession | undefined;
    let trouble: PullTrouble | undefined;
    try {
      if (!provenStatuses.includes(source.connectionStatus as ConnectionStatus))
        return await this.rest(connectionId, source);
      session = await this.broker.for(connectionId, 'events', source.credentialEpoch);
      await this.take({ connectionId, url: source.queueUrl, session }, source, taken, stopping);
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
    const isGoingOn = waitMs === 0 || (source.isAsked && !taken.isEmpty && trouble === undefined);
    if (isGoingOn && !stopping.aborted) await this.jobs.add('feedback.pull', { connectionId });
  }

  private async take(
    queue: OpenQueue,
    source: PulledSource,
    taken: Taken,
    stopping: AbortSignal,
  ): Promise<void> {
    const end = performance.now() + turnMs;
    const receive = async (waitSeconds: number): Promise<number> => {
      const count = await this.takeMessages.execute(queue, waitSeconds, stopping);
      taken.received += count;
      if (count === 0) taken.isEmpty = true;
      return count;
    };
    const pump = async (): Promise<void> => {
      while (!stopping.aborted && performance.now() < end && (await receive(1)) > 0);
    };
    const quietMs = this.clock.nowMs() - source.activeAt.getTime();
    this.waits += 1;
    let first: number;
    try {
      first = await receive(source.isAsked ? 1 : longPollSeconds(quietMs, this.waits));
    } finally {
      this.waits -= 1;
    }
    // SQS may give few of many: whoever asks for all of them waits for an empty answer.
    if (first === 10) await Promise.all(Array.from({ length: parallel }, pump));
    else if (first > 0 && source.isAsked) await pump();
    taken.deadLetters = await this.deadLetters(source, queue.session);
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
    const nothing = { received: 0, isEmpty: false, problem: null, isBroken: false, deadLetters: undefined };
    await this.pulls.save(connectionId, source.activeAt, { ...nothing, pollAt }, now);
  }
}
