import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '#libs/crypto';
import { Broadcast } from '#libs/database';
import { Logger } from '#libs/telemetry';
import { Collected } from './collected.js';
import { liveTopic, watchTopic, type EmailHappening } from './live-event.js';

/** A project counts as watched this long after it was last said to be. */
const WATCHED_MS = 30_000;
/** Between two notices of a project: fifty thousand events in a burst become one notice a second. */
const PAUSE_MS = 1_000;

interface Watched {
  until: number;
  lastSentAt: number;
  collected: Collected;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Tells watchers what happens to a project's mail, at most once a second for each project. Nothing is kept and nothing is sent where
 * nobody watches; what is lost is read again by whoever needs it.
 */
@Injectable()
export class LiveNotices implements OnModuleDestroy {
  private readonly watched = new Map<string, Watched>();

  constructor(
    @Inject(Broadcast) private readonly broadcast: Pick<Broadcast, 'on' | 'send'>,
    @Inject(Clock) private readonly clock: Pick<Clock, 'nowMs'>,
    @Inject(Logger) private readonly logger: Logger,
  ) {
    broadcast.on(watchTopic, (projectId) => this.watch(projectId));
  }

  /** Never waits and never throws; costs one lookup where nobody watches. */
  add(projectId: string, happenings: readonly EmailHappening[]): void {
    const watched = this.watched.get(projectId);
    const now = this.clock.nowMs();
    if (watched === undefined || watched.until < now) return;
    for (const happening of happenings) watched.collected.add(happening);
    if (watched.collected.isEmpty) return;
    watched.timer ??= setTimeout(
      () => this.flush(projectId, watched),
      Math.max(0, watched.lastSentAt + PAUSE_MS - now),
    );
  }

  private watch(projectId: string): void {
    const now = this.clock.nowMs();
    for (const [other, { until, timer }] of this.watched) {
      if (until >= now) continue;
      clearTimeout(timer);
      this.watched.delete(other);
    }
    const until = now + WATCHED_MS;
    const known = this.watched.get(projectId);
    if (known !== undefined) known.until = until;
    else
      this.watched.set(projectId, {
        until,
        lastSentAt: -Infinity,
        collected: new Collected(),
        timer: undefined,
      });
  }

  private flush(projectId: string, watched: Watched): void {
    watched.timer = undefined;
    watched.lastSentAt = this.clock.nowMs();
    const notice = watched.collected.take(projectId);
    this.broadcast
      .send(liveTopic, JSON.stringify(notice))
      .catch((error: unknown) => this.logger.debug('live.notice_lost', { projectId, error }));
  }

  onModuleDestroy(): void {
    for (const { timer } of this.watched.values()) clearTimeout(timer);
    this.watched.clear();
  }
}
