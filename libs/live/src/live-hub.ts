import type { Readable } from 'node:stream';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '#libs/crypto';
import { Broadcast } from '#libs/database';
import { AppError } from '#libs/errors';
import { Logger, Metrics } from '#libs/telemetry';
import { ConnectionChanges } from './connection-changes.js';
import { EventStream } from './event-stream.js';
import { liveTopic, noticeSchema, watchTopic, type LiveEvent, type LiveNotice } from './live-event.js';
import { SystemLiveRepository } from './system-live.repository.js';

/** Streams of one project on one process. */
const MAX_STREAMS = 20;
const ROUND_MS = 2_000;
/** Also how often workers are told that somebody watches. */
const ROUNDS_BETWEEN_BEATS = 5;
/** After this long a client has to come back: what it may see is asked anew. */
const MAX_AGE_MS = 5 * 60_000;

interface Watcher {
  stream: EventStream;
  openedAt: number;
}

/** The watchers of this process: who watches which project, and what they are told. */
@Injectable()
export class LiveHub implements OnModuleDestroy {
  private readonly projects = new Map<string, Set<Watcher>>();
  private readonly changes = new ConnectionChanges();
  private readonly streams;
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private rounds = 0;
  private isClosed = false;

  constructor(
    @Inject(Broadcast) private readonly broadcast: Pick<Broadcast, 'on' | 'onGap' | 'send'>,
    @Inject(SystemLiveRepository) private readonly repository: Pick<SystemLiveRepository, 'connections'>,
    @Inject(Clock) private readonly clock: Pick<Clock, 'nowMs'>,
    @Inject(Logger) private readonly logger: Logger,
    @Inject(Metrics) metrics: Metrics,
  ) {
    this.streams = metrics.gauge('sesame_live_streams', 'Open streams of live updates.');
    broadcast.on(liveTopic, (message) => this.happened(message));
    broadcast.onGap(() => {
      for (const projectId of this.projects.keys()) this.tell(projectId, { type: 'reset' });
    });
  }

  /**
   * @param lastEventId of a client that comes back: it may have missed something
   * @throws AppError `live.too_many_streams`, or `live.closing`
   */
  async open(projectId: string, lastEventId: string | undefined): Promise<Readable> {
    if (this.isClosed)
      throw new AppError({ code: 'live.closing', kind: 'unavailable', message: 'The server is stopping.' });
    const watchers = this.projects.get(projectId) ?? new Set<Watcher>();
    if (watchers.size >= MAX_STREAMS) {
      throw new AppError({
        code: 'live.too_many_streams',
        kind: 'rate_limited',
        message: `The project has ${MAX_STREAMS} open streams.`,
        remedy: 'Close one, or let several readers share one.',
      });
    }
    const now = this.clock.nowMs();
    const stream = new EventStream(now, () => this.forget(projectId, watcher));
    const watcher: Watcher = { stream, openedAt: now };
    this.projects.set(projectId, watchers.add(watcher));
    this.streams.inc();
    this.timer ??= setInterval(() => void this.round(), ROUND_MS);
    try {
      // From here on nothing is missed, so that what a client reads after `ready` is complete.
      await Promise.all([this.broadcast.send(watchTopic, projectId), this.look()]);
    } catch (error) {
      stream.destroy();
      throw error;
    }
    stream.tell({ type: lastEventId === undefined ? 'ready' : 'reset' });
    return stream;
  }

  /** Ends every stream: whoever may still watch comes back. */
  endAll(): void {
    for (const watchers of this.projects.values()) for (const { stream } of [...watchers]) stream.end();
  }

  private forget(projectId: string, watcher: Watcher): void {
    const watchers = this.projects.get(projectId);
    if (watchers?.delete(watcher) !== true) return;
    this.streams.dec();
    if (watchers.size === 0) this.projects.delete(projectId);
  }

  private happened(message: string): void {
    const notice = readNotice(message);
    if (notice === undefined || !this.projects.has(notice.projectId)) return;
    const { projectId, emails, counts } = notice;
    const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
    this.tell(projectId, { type: 'email.status', emails, more: Math.max(0, all - emails.length) });
    this.tell(projectId, { type: 'metrics', counts });
  }

  private tell(projectId: string, event: LiveEvent): void {
    for (const { stream } of [...(this.projects.get(projectId) ?? [])]) stream.tell(event);
  }

  private async round(): Promise<void> {
    if (this.projects.size === 0) {
      clearInterval(this.timer);
      this.timer = undefined;
      return;
    }
    const isBeat = this.rounds++ % ROUNDS_BETWEEN_BEATS === 0;
    for (const watchers of this.projects.values())
      for (const watcher of [...watchers]) this.keep(watcher, isBeat);
    try {
      if (isBeat)
        for (const projectId of this.projects.keys()) await this.broadcast.send(watchTopic, projectId);
      await this.look();
    } catch (error) {
      this.logger.debug('live.round_failed', { error });
    }
  }

  /**
   * Tells what has changed with connections. A status is written in many places, and by SQL: looking at those few rows is surer than
   * being told by each. One look after the other, or an old one could win over a new one.
   */
  private look(): Promise<void> {
    const look = this.looking.then(async () => {
      const projectIds = [...this.projects.keys()];
      const states = await this.repository.connections(projectIds);
      for (const { projectId, id, status } of this.changes.see(projectIds, states))
        this.tell(projectId, { type: 'connection.status', id, status });
    });
    this.looking = look.catch(() => undefined);
    return look;
  }

  private keep({ stream, openedAt }: Watcher, isBeat: boolean): void {
    if (this.clock.nowMs() - openedAt > MAX_AGE_MS) stream.end();
    else if (isBeat) stream.beat();
  }

  onModuleDestroy(): void {
    this.isClosed = true;
    clearInterval(this.timer);
    this.endAll();
  }
}

/** @returns undefined for what another version of Sesame may have sent */
function readNotice(message: string): LiveNotice | undefined {
  try {
    return noticeSchema.parse(JSON.parse(message));
  } catch {
    return undefined;
  }
}
