import { Inject, Injectable } from '@nestjs/common';
import { GroupCommit } from '#libs/database';
import { JobProducer, SpacedWakeUps } from '#libs/queue';
import { Logger, Metrics } from '#libs/telemetry';
import { NoticeProofs } from '../setup/notice-proofs.js';
import { SystemInboxRepository, type InboxItem } from '../system-inbox.repository.js';

/** One statement holds about this many bytes of records. */
const MAX_WEIGHT = 4 * 1024 * 1024;
/** A connection is woken at most this often: a fold takes along whatever has come in until it ends. */
const REST_MS = 200;

/** Takes records of SES in and stores them, many requests in one statement; a fold makes something of them. */
@Injectable()
export class StoreEvents {
  private readonly commits: GroupCommit<readonly InboxItem[], number>;
  private readonly stored;
  private readonly folds: SpacedWakeUps;

  constructor(
    @Inject(SystemInboxRepository) private readonly inbox: SystemInboxRepository,
    @Inject(JobProducer) jobs: Pick<JobProducer, 'add'>,
    @Inject(Logger) logger: Logger,
    @Inject(Metrics) metrics: Metrics,
    @Inject(NoticeProofs) private readonly proofs: Pick<NoticeProofs, 'execute'>,
  ) {
    this.commits = new GroupCommit((groups) => this.commit(groups), { parallel: 2, maxWeight: MAX_WEIGHT });
    // What is stored counts: the ticker repeats a wake-up that is lost.
    this.folds = new SpacedWakeUps(REST_MS, (connectionId) => {
      jobs
        .add('events.fold', { connectionId })
        .catch((error: unknown) => logger.warn('events.wake_lost', { connectionId, error }));
    });
    this.stored = metrics.counter(
      'sesame_events_received_total',
      'Event records of SES taken in and stored.',
    );
  }

  /** @returns how many had not been taken in before, once they are safely stored */
  async execute(given: readonly InboxItem[]): Promise<number> {
    const items = await this.proofs.execute(given);
    const noticed = given.length - items.length;
    if (items.length === 0) return noticed;
    const count = await this.commits.add(
      // PostgreSQL's text has no NUL, and no JSON needs one.
      items.map((item) => ({ ...item, body: item.body.replaceAll('\u0000', '') })),
      items.reduce((sum, { body }) => sum + body.length + 200, 0),
    );
    this.stored.inc(count);
    for (const connectionId of new Set(items.map((item) => item.connectionId))) this.folds.wake(connectionId);
    return count + noticed;
  }

  private async commit(groups: readonly (readonly InboxItem[])[]): Promise<number[]> {
    const items = new Map(groups.flat().map((item) => [keyOf(item), item]));
    const fresh = new Set(await this.inbox.store([...items.values()]));
    // Of the same message in two requests one is the first.
    return groups.map((group) => group.filter((item) => fresh.delete(keyOf(item))).length);
  }
}

function keyOf({ connectionId, transportId }: InboxItem): string {
  return `${connectionId} ${transportId}`;
}
