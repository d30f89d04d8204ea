import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#libs/crypto';
import { AppError } from '#libs/errors';
import { HOUR_RETENTION_DAYS, TAG_HOUR_RETENTION_DAYS } from '../compact/forget-metrics.js';
import { addUp, addUpGroups, type Series } from './add-up.js';
import { bucketStarts, isTimeZone, type Granularity } from './buckets.js';
import { momentOf } from './moment.js';
import { MetricsRepository, type Grouping, type MetricsFilter } from './metrics.repository.js';

const DAY_MS = 24 * 3_600_000;
const MAX_BUCKETS = 800;
/** With groups, each of which has all of them. */
const MAX_BUCKETS_OF_GROUPS = 200;
const MAX_GROUPS = 25;
/** Days before `to` that a range begins by default. */
const DEFAULT_DAYS: Record<Granularity, number> = { hour: 1, day: 7, week: 84, month: 365 };

export interface MetricsQuestion extends Omit<MetricsFilter, 'projectId' | 'tagName'> {
  /** As {@link momentOf} reads it; by default some time before `to`. */
  from: string | undefined;
  /** Not part of the range; by default now. */
  to: string | undefined;
  granularity: Granularity;
  /** IANA name. */
  timeZone: string;
  groupBy: Grouping | undefined;
  tagName: string | undefined;
}

export interface MetricsAnswer {
  /** Where each bucket begins. */
  starts: Date[];
  /** Where the last one ends. */
  end: Date;
  all: Series;
  /** Undefined without grouping. */
  groups: Series[] | undefined;
  /** Whether there are more groups than are told. */
  hasMoreGroups: boolean;
}

/** What a project's mail came to, by hours, days, weeks or months. Up to date to the second. */
@Injectable()
export class ReadMetrics {
  constructor(
    @Inject(MetricsRepository) private readonly repository: MetricsRepository,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @throws AppError when the range is empty, too long for its granularity, or asks for hours that are no longer kept */
  async execute(projectId: string, question: MetricsQuestion): Promise<MetricsAnswer> {
    const { granularity, timeZone, groupBy, connectionId, domains, tagName, tagValue } = question;
    if (!isTimeZone(timeZone))
      throw refused('timezone', '`timezone` must be a name such as Europe/Berlin or UTC.');
    const to = question.to === undefined ? this.clock.now() : momentOf(question.to, timeZone);
    const from =
      question.from === undefined
        ? new Date(to.getTime() - DEFAULT_DAYS[granularity] * DAY_MS)
        : momentOf(question.from, timeZone);
    if (from >= to) throw refused('from', '`from` must be before `to`.');
    if (tagName === undefined && (groupBy === 'tag' || tagValue !== undefined))
      throw refused('tag', 'Name the tag in `tag`.');
    const max = groupBy === undefined ? MAX_BUCKETS : MAX_BUCKETS_OF_GROUPS;
    const buckets = bucketStarts(from, to, granularity, timeZone, max);
    if (buckets === undefined)
      throw refused(
        'granularity',
        `The range has more than ${max} buckets.`,
        'Shorten it, or choose a larger granularity.',
      );
    const { starts, end } = buckets;
    const table = granularity !== 'hour' && isUtc(timeZone) ? 'days' : 'hours';
    const keptDays = tagName === undefined ? HOUR_RETENTION_DAYS : TAG_HOUR_RETENTION_DAYS;
    if (table === 'hours' && from.getTime() < this.clock.nowMs() - keptDays * DAY_MS)
      throw refused(
        'from',
        `\`from\` is too long ago: hours are kept for ${keptDays} days.`,
        'Ask for days in UTC, which are kept for ever.',
      );
    const filter = { projectId, connectionId, domains, tagName: tagName ?? '', tagValue };
    const rows = await this.repository.sums(filter, table, starts, end, groupBy);
    const groups = groupBy === undefined ? undefined : addUpGroups(rows, starts.length);
    return {
      starts,
      end,
      all: addUp(rows, starts.length),
      groups: groups?.slice(0, MAX_GROUPS),
      hasMoreGroups: (groups?.length ?? 0) > MAX_GROUPS,
    };
  }
}

function isUtc(timeZone: string): boolean {
  return ['utc', 'etc/utc', 'gmt', 'etc/gmt'].includes(timeZone.toLowerCase());
}

function refused(field: string, message: string, remedy?: string): AppError {
  return new AppError({
    code: `metrics.${field}`,
    kind: 'invalid_parameter',
    field,
    message,
    ...(remedy !== undefined && { remedy }),
  });
}
