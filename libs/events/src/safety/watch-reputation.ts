import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#libs/config';
import { PauseForReputation } from '#libs/connections';
import { Clock } from '#libs/crypto';
import { Logger } from '#libs/telemetry';
import { PublishEvents } from '#libs/webhooks';
import type { NewFact } from '../fold/fact-counter.js';
import { judgeReputation } from './judge-reputation.js';
import { SystemReputationRepository, type WatchedConnection } from './system-reputation.repository.js';

/** Warns of a connection whose mail bounces or is complained about, and pauses it before AWS stops the account. */
@Injectable()
export class WatchReputation {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(SystemReputationRepository) private readonly repository: SystemReputationRepository,
    @Inject(PauseForReputation) private readonly pause: PauseForReputation,
    @Inject(PublishEvents) private readonly publish: Pick<PublishEvents, 'execute'>,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  /** One statement when something new counts against the connection, none otherwise. */
  async execute(connectionId: string, facts: readonly NewFact[]): Promise<void> {
    if (!facts.some(({ fact }) => fact.isCounted && fact.type !== 'delivered')) return;
    const limits = this.config.events.reputation;
    const connection = await this.repository.read(connectionId, limits.windowHours);
    if (connection === undefined) return;
    const { totals } = connection;
    const judgement = judgeReputation(totals, limits);
    if (judgement.level === 'paused') {
      const isPaused = await this.pause.execute(connectionId, judgement.reason, { ...totals });
      if (isPaused) this.logger.warn('connection.paused_for_reputation', { connectionId, ...totals });
      return;
    }
    // What was paused stays so until a person has looked at it.
    if (connection.reputation === 'paused' || connection.reputation === judgement.level) return;
    const isNews = await this.repository.note(connectionId, connection.reputation, judgement, totals);
    if (isNews && judgement.level === 'warned') await this.warn(connectionId, connection, judgement.reason);
  }

  private async warn(connectionId: string, connection: WatchedConnection, reason: string): Promise<void> {
    const { projectId, name, region, totals } = connection;
    this.logger.warn('connection.reputation_warning', { projectId, connectionId, ...totals });
    const data = { connection_id: connectionId, name, region, reason, ...totals };
    await this.publish.execute([
      { projectId, type: 'connection.reputation_warning', at: this.clock.now(), data },
    ]);
  }
}
