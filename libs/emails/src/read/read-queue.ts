import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#libs/crypto';
import { AppError } from '#libs/errors';
import { RECOVERY_PER_SECOND } from '../drain/drain.repository.js';
import { forecast, type Capacity } from './forecast.js';
import {
  DEAD_COUNT_LIMIT,
  QueueRepository,
  type DeadRow,
  type LanePage,
  type LaneRow,
} from './queue.repository.js';

interface DeadLetters {
  failed: number;
  uncertain: number;
  expired: number;
}

/** What waits in one lane, and how fast it goes. */
export type LaneView = Omit<Capacity, 'object' | 'connection_id' | 'backlog'> & {
  /** The connection's. */
  id: string;
  name: string;
  region: string;
  status: string;
  backlog: Capacity['backlog'] & {
    sending: number;
    retrying: number;
    next_scheduled_at: string | null;
    oldest_at: string | null;
    /** More waits than was counted: times are the earliest possible. */
    is_more: boolean;
  };
  /** Share of the full rate after throttles; 1: none. */
  brake: { factor: number; throttled_at: string | null };
  dead_letters: DeadLetters;
};

export interface Queue {
  object: 'queue';
  has_more: boolean;
  data: LaneView[];
  /** Of the whole project. */
  dead_letters: DeadLetters & { is_more: boolean };
}

/** The health of a project's queue, lane by lane. */
@Injectable()
export class ReadQueue {
  constructor(
    @Inject(QueueRepository) private readonly repository: QueueRepository,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @throws AppError for an unknown cursor */
  async execute(projectId: string, page: LanePage): Promise<Queue> {
    const cursor = page.after ?? page.before;
    if (cursor !== undefined && !(await this.repository.hasLane(projectId, cursor))) {
      const field = page.after === undefined ? 'before' : 'after';
      throw new AppError({
        code: 'queue.unknown_cursor',
        kind: 'invalid',
        field,
        message: `The \`${field}\` cursor is not a connection of this project.`,
      });
    }
    const [rows, dead] = await Promise.all([
      this.repository.lanes(projectId, page, RECOVERY_PER_SECOND),
      this.repository.deadLetters(projectId),
    ]);
    const shown = rows.slice(0, page.limit);
    if (page.before !== undefined) shown.reverse();
    const now = this.clock.now();
    const counts = countDead(dead);
    return {
      object: 'queue',
      has_more: rows.length > page.limit,
      data: shown.map((row) =>
        presentLane(row, countDead(dead.filter(({ connection_id: id }) => id === row.id)), now),
      ),
      dead_letters: {
        ...counts,
        is_more: counts.failed + counts.uncertain + counts.expired >= DEAD_COUNT_LIMIT,
      },
    };
  }
}

function countDead(rows: readonly DeadRow[]): DeadLetters {
  const of = (status: string) =>
    rows.filter((row) => row.status === status).reduce((sum, { count }) => sum + count, 0);
  return { failed: of('failed'), uncertain: of('uncertain'), expired: of('expired') };
}

/** Pure: a lane as the API shows it. */
export function presentLane(row: LaneRow, dead: DeadLetters, now: Date): LaneView {
  const { recipients_per_second, quota_24_hours, backlog, ...times } = forecast(row.id, row, now);
  const isResting = row.rest_until !== null && row.rest_until > now;
  return {
    id: row.id,
    name: row.name,
    region: row.region,
    status: row.status,
    recipients_per_second,
    quota_24_hours,
    backlog: {
      ...backlog,
      sending: row.sending,
      retrying: row.retrying,
      next_scheduled_at: row.next_scheduled_at?.toISOString() ?? null,
      oldest_at: row.oldest_at?.toISOString() ?? null,
      is_more: row.is_more,
    },
    backlog_ends_at: times.backlog_ends_at,
    quota_ends_at: times.quota_ends_at,
    blocked_until: times.blocked_until ?? (isResting ? (row.rest_until?.toISOString() ?? null) : null),
    blocked_reason: times.blocked_reason,
    brake: { factor: row.rate_factor ?? 1, throttled_at: row.throttled_at?.toISOString() ?? null },
    dead_letters: dead,
  };
}
