import { Inject, Injectable } from '@nestjs/common';
import { SqsGateway } from '#libs/aws';
import { SessionBroker, type BrokeredSession } from '#libs/connections';
import { Clock } from '#libs/crypto';
import { Logger } from '#libs/telemetry';
import { ExplainStep } from '../setup/follow/explain-step.js';
import { waiting, type StepResult } from '../setup/follow/step-result.js';
import type { FollowedSource } from '../setup/system-feedback.repository.js';
import { TakeMessages, type OpenQueue } from './take-messages.js';

/** One look takes in at most this much; the next one goes on. */
const lookMs = 10_000;
const lookMessages = 10_000;
const parallel = 8;
/** After this long what could not be taken in goes with the queue. */
const patienceMs = 600_000;
/** Reads the queue of a source to its end before it is removed, so that what has happened to mail is not lost with it. */
@Injectable()
export class FinalPull {
  constructor(
    @Inject(SessionBroker) private readonly broker: SessionBroker,
    @Inject(SqsGateway) private readonly sqs: SqsGateway,
    @Inject(TakeMessages) private readonly take: TakeMessages,
    @Inject(ExplainStep) private readonly explain: ExplainStep,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  /** @returns what it waits for; undefined: nothing is outstanding, or it was waited for long enough */
  async execute(source: FollowedSource): Promise<StepResult | undefined> {
    const { connectionId, projectId, followSince } = source;
    const url = source.queueUrl ?? source.deadLetterUrl;
    if (url === null) return undefined;
    let session: BrokeredSession | undefined;
    let open: StepResult | undefined;
    try {
      session = await this.broker.for(connectionId, 'events');
      open = await this.drain({ connectionId, url, session });
    } catch (error) {
      open = await this.explain.execute(source, 'events', session, error);
    }
    if (open === undefined || this.clock.nowMs() - followSince.getTime() < patienceMs) return open;
    this.logger.warn('feedback.events_left', { projectId, connectionId, detail: open.detail });
    return undefined;
  }

  private async drain(queue: OpenQueue): Promise<StepResult | undefined> {
    if ((await this.sqs.outstanding(queue.session, queue.url)) === undefined) return undefined;
    const end = performance.now() + lookMs;
    let taken = 0;
    const never = new AbortController().signal;
    const pump = async (): Promise<void> => {
      // A long poll, even a short one, asks all of SQS's servers: only then "nothing" means nothing.
      for (let count = 1; count > 0 && taken < lookMessages && performance.now() < end; taken += count)
        count = await this.take.execute(queue, 1, never);
    };
    await Promise.all(Array.from({ length: parallel }, pump));
    const left = await this.sqs.outstanding(queue.session, queue.url);
    if (left === undefined || left === 0) return undefined;
    return waiting('aws', `${left} messages that still lie in the queue are taken in first.`);
  }
}
