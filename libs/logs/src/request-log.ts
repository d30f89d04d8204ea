import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type Config } from '#libs/config';
import { newId } from '#libs/crypto';
import { isDatabaseAway } from '#libs/database';
import { Logger, Metrics } from '#libs/telemetry';
import { redactRequest } from './redact.js';
import type { RequestEntry } from './request-entry.js';
import { SystemRequestLogsRepository } from './system-request-logs.repository.js';

const FLUSH_MS = 250;
const RETRY_MS = 1_000;
const MAX_BATCH = 500;
/** Held while the database is slow or away; beyond it the oldest are dropped. */
const MAX_ENTRIES = 10_000;
const MAX_BYTES = 16 * 1024 * 1024;
/** A larger request is redacted at once: what is held for the log outlives its request, and the garbage collector carries it along. */
const HELD_BYTES = 1_024;

type Held = RequestEntry & { bytes: number };

/**
 * Remembers the requests of the API and stores them a few times a second: the path of a mail pays for a push into a list.
 * What a process holds when it is killed is lost; mail never depends on it.
 */
@Injectable()
export class RequestLog implements OnApplicationShutdown {
  private held: Held[] = [];
  private bytes = 0;
  private timer: NodeJS.Timeout | undefined;
  private flushing: Promise<void> | undefined;
  /** The last attempt did not reach the database: the next one is the timer's. */
  private isAway = false;
  private readonly mode: Config['logs']['requests'];
  private readonly dropped;

  constructor(
    @Inject(CONFIG) config: Pick<Config, 'logs'>,
    @Inject(SystemRequestLogsRepository)
    private readonly repository: Pick<SystemRequestLogsRepository, 'insert'>,
    @Inject(Logger) private readonly logger: Logger,
    @Inject(Metrics) metrics: Metrics,
  ) {
    this.mode = config.logs.requests;
    this.dropped = metrics.counter('sesame_request_logs_dropped_total', 'Requests that could not be logged.');
  }

  /** @param requestBytes length of the request's body, as the client said */
  add(entry: Omit<RequestEntry, 'id' | 'redactedRequest'>, requestBytes: number): void {
    if (this.mode === 'off' || (this.mode === 'errors' && entry.responseStatus < 400)) return;
    const isLong = requestBytes > HELD_BYTES;
    const redactedRequest = isLong ? redactRequest(entry.requestBody) : undefined;
    const bytes =
      (isLong ? (redactedRequest?.length ?? 0) : requestBytes) + (entry.responseBody?.length ?? 0);
    const requestBody = isLong ? undefined : entry.requestBody;
    this.held.push({ ...entry, id: newId(), requestBody, redactedRequest, bytes });
    this.bytes += bytes;
    if (this.held.length > MAX_ENTRIES || this.bytes > MAX_BYTES) this.dropOldest();
    if (this.held.length >= MAX_BATCH && !this.isAway) this.flush();
    else this.flushIn(FLUSH_MS);
  }

  private flushIn(ms: number): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.flush();
    }, ms);
  }

  private stopTimer(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** Stores what is held. While that goes on it goes on with what comes in. */
  private flush(): void {
    if (this.flushing !== undefined) return;
    this.stopTimer();
    this.flushing = this.store().finally(() => {
      this.flushing = undefined;
      if (this.held.length > 0) this.flushIn(FLUSH_MS);
    });
  }

  private async store(): Promise<void> {
    while (this.held.length > 0) {
      const batch = this.held.splice(0, MAX_BATCH);
      this.bytes -= sizeOf(batch);
      try {
        await this.repository.insert(batch);
        this.isAway = false;
      } catch (error) {
        this.logger.warn('request_log.not_stored', { count: batch.length, error });
        this.isAway = isDatabaseAway(error);
        if (!this.isAway) {
          this.dropped.inc(batch.length);
          continue;
        }
        this.held.unshift(...batch);
        this.bytes += sizeOf(batch);
        this.dropOldest();
        this.stopTimer();
        this.flushIn(RETRY_MS);
        return;
      }
    }
  }

  private dropOldest(): void {
    let count = 0;
    while (this.held.length - count > MAX_ENTRIES || this.bytes > MAX_BYTES) {
      this.bytes -= this.held[count]?.bytes ?? 0;
      count += 1;
    }
    if (count > 0) this.held.splice(0, count);
    this.dropped.inc(count);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.flushing;
    this.stopTimer();
    await this.store();
    this.stopTimer();
  }
}

function sizeOf(entries: readonly Held[]): number {
  return entries.reduce((sum, { bytes }) => sum + bytes, 0);
}
