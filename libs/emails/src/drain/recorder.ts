import type { Logger } from '#libs/telemetry';
import type { Outcome } from './outcome.js';
import type { RecordedLane, RecordRepository } from './record.repository.js';

const MAX_OUTCOMES = 200;
/** An outcome is written at the latest this long after it is known. */
const MAX_AGE_MS = 100;
const RETRY_MS = 250;

/** Collects the outcomes of one claim and writes them in few statements. */
export class Recorder {
  private outcomes: Outcome[] = [];
  /** What could not be written while the claim lasted. The claim is not given back without it: recovery must find its emails. */
  private unwritten: readonly Outcome[] = [];
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();
  private validUntil: number;
  private extending: Promise<boolean> | undefined;

  constructor(
    private readonly records: Pick<RecordRepository, 'record' | 'extendClaim'>,
    private readonly lane: RecordedLane,
    private readonly claimId: string,
    private readonly ttlMs: number,
    private readonly logger: Logger,
  ) {
    this.validUntil = performance.now() + ttlMs;
  }

  add(outcome: Outcome): void {
    this.outcomes.push(outcome);
    if (this.outcomes.length >= MAX_OUTCOMES) this.flush(false);
    else this.timer ??= setTimeout(() => this.flush(false), MAX_AGE_MS);
  }

  /**
   * Whether the claim surely outlasts one more call; a claim in its second half is given more time first. False: it
   * expired while we waited, and another worker may have its emails.
   */
  isStillOurs(): Promise<boolean> {
    const left = this.validUntil - performance.now();
    if (left > this.ttlMs / 2) return Promise.resolve(true);
    if (left <= 0) return Promise.resolve(false);
    this.extending ??= this.extend().finally(() => (this.extending = undefined));
    return this.extending;
  }

  private async extend(): Promise<boolean> {
    const from = performance.now();
    try {
      if (!(await this.records.extendClaim(this.claimId, this.ttlMs))) return false;
    } catch (error) {
      // Not knowing is not having: what has not left goes back.
      this.logger.warn('claim.extend_failed', { claimId: this.claimId, error });
      return false;
    }
    this.validUntil = from + this.ttlMs;
    return true;
  }

  /** Writes what is left and gives the claim back. */
  async finish(): Promise<void> {
    this.flush(true);
    await this.writing;
  }

  private flush(isLast: boolean): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const outcomes = this.outcomes;
    this.outcomes = [];
    this.writing = this.writing.then(() => this.write(outcomes, isLast));
  }

  /** Tries as long as the claim lasts, and with the next batch once more: an outcome that is not written becomes an uncertain email. */
  private async write(batch: readonly Outcome[], isLast: boolean): Promise<void> {
    const outcomes = [...this.unwritten, ...batch];
    this.unwritten = outcomes;
    for (;;) {
      try {
        await this.records.record(this.lane, this.claimId, outcomes, isLast);
        this.unwritten = [];
        return;
      } catch (error) {
        this.logger.error('email.record_failed', { claimId: this.claimId, count: outcomes.length, error });
        if (performance.now() > this.validUntil) return;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }
}
