import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { DisconnectConnection } from '#libs/connections';
import { FollowFeedbackSoon } from '../setup/follow-soon.js';
import { PullRequestsRepository } from './pull-requests.repository.js';

/** Whoever disconnects waits no longer than this for the last events. */
const patienceMs = 5_000;
const lookEveryMs = 50;

/**
 * Disconnects a connection, after a worker has taken in what lies in its queue: afterwards nobody has credentials to read it. What happens
 * to its mail later stays in the customer's queue.
 */
@Injectable()
export class EndConnection {
  constructor(
    @Inject(PullRequestsRepository) private readonly requests: PullRequestsRepository,
    @Inject(FollowFeedbackSoon) private readonly soon: FollowFeedbackSoon,
    @Inject(DisconnectConnection) private readonly disconnect: DisconnectConnection,
  ) {}

  /** Twice is once. @throws AppError `connection.not_found`, `connection.changed` */
  async execute(...given: Parameters<DisconnectConnection['execute']>) {
    const [projectId, connectionId] = given;
    if (await this.requests.ask(projectId, connectionId)) {
      await this.soon.execute('feedback.pull', connectionId);
      const end = performance.now() + patienceMs;
      while (performance.now() < end && !(await this.requests.isAnswered(connectionId)))
        await delay(lookEveryMs);
    }
    return this.disconnect.execute(...given);
  }
}
