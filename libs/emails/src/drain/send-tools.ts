import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { SesSender } from '#libs/aws';
import { CONFIG, type Config } from '#libs/config';
import { ReportTrouble, SessionBroker } from '#libs/connections';
import { Clock, newId } from '#libs/crypto';
import { Logger, Metrics } from '#libs/telemetry';
import { AdaptiveLimit } from './adaptive-limit.js';
import { ByteGate } from './byte-gate.js';
import { Gate } from './gate.js';
import { LeaveOutSuppressed } from './leave-out-suppressed.js';
import { Pace } from './pace.js';
import { RecordRepository } from './record.repository.js';
import { SendSlots } from './send-slots.js';
import { UrgentFirst } from './urgent-first.js';

export const MAX_BYTES_PER_CLAIM = 8 * 1024 * 1024;
/** Claims of backlogs at the same time in this process. */
const BACKLOG_CLAIMS = 3;
/** While single mails flow, of backlogs that SES's rate does not hold: statements at the same time … */
const STATEMENTS_BESIDE_SINGLES = 1;
/** … and calls of SES. What is begun at once comes back at once, and a single mail waits for all of it at each of its steps. */
const CALLS_BESIDE_SINGLES = 8;
/** How much a claim takes: its statement, and its rows in one turn of the event loop, are the longest of those steps. */
const EMAILS_PER_CLAIM = { beside: 25, alone: 100 } as const;

/** What every claim of this process is sent with. */
@Injectable()
export class SendTools implements OnApplicationShutdown {
  /** Names this process on its claims. */
  readonly workerId = newId();
  readonly slots: SendSlots;
  readonly bytes: ByteGate;
  readonly urgentFirst = new UrgentFirst();
  /** Claims of lanes in the middle of a backlog: they leave database connections to lanes that have just been woken. */
  readonly backlogClaims = new Gate(() => BACKLOG_CLAIMS);
  /** Claims and records of backlogs that SES's rate does not hold: they leave the database itself to those lanes. */
  readonly unpacedSql = new Gate(
    () => (this.urgentFirst.isHot ? STATEMENTS_BESIDE_SINGLES : BACKLOG_CLAIMS),
    () => this.urgentFirst.isHot,
  );
  private readonly unpacedCalls = new Gate(() =>
    this.urgentFirst.isHot ? CALLS_BESIDE_SINGLES : Number.POSITIVE_INFINITY,
  );
  readonly unpacedRecords: Pick<RecordRepository, 'record' | 'extendClaim'> = {
    record: (...outcomes) => this.unpacedSql.run(() => this.records.record(...outcomes)),
    extendClaim: (...claim) => this.records.extendClaim(...claim),
  };
  /** Only those of lanes that have sent lately: a pace is as old as its last place. */
  private readonly paces = new LRUCache<string, Pace>({ max: 10_000 });
  private readonly adaptive: AdaptiveLimit;
  readonly limits: Config['sending'];
  readonly attempts;
  readonly seconds;

  constructor(
    @Inject(CONFIG) { sending }: Config,
    @Inject(RecordRepository) readonly records: RecordRepository,
    @Inject(SessionBroker) readonly sessions: SessionBroker,
    @Inject(SesSender) readonly sender: SesSender,
    @Inject(ReportTrouble) readonly trouble: ReportTrouble,
    @Inject(Clock) readonly clock: Clock,
    @Inject(Logger) readonly logger: Logger,
    @Inject(Metrics) metrics: Metrics,
    @Inject(LeaveOutSuppressed) readonly suppressed: Pick<LeaveOutSuppressed, 'execute'>,
  ) {
    this.limits = sending;
    this.slots = new SendSlots(sending.sendsInFlight, sending.laneInFlight);
    this.adaptive = new AdaptiveLimit(sending.sendsInFlight, (limit) => ({
      isFull: this.slots.setTotal(limit),
      isShared: this.slots.lanes > 1,
    }));
    this.bytes = new ByteGate(sending.bytesInFlight, MAX_BYTES_PER_CLAIM);
    this.attempts = metrics.counter('sesame_send_attempts_total', 'Calls of SES SendEmail by outcome.', [
      'outcome',
    ]);
    const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 20];
    this.seconds = metrics.histogram('sesame_send_seconds', 'Duration of SES SendEmail.', buckets);
  }

  /** The most that the next claim should take. @param paced whether SES's rate spaces the lane's mail anyway */
  emailsPerClaim(paced: boolean): number {
    return this.urgentFirst.isHot && !paced ? EMAILS_PER_CLAIM.beside : EMAILS_PER_CLAIM.alone;
  }

  /** Resolves when the lane may make one more call of SES. @param isHeld as a backlog that only the worker's core holds @returns ends the call */
  async admit(connectionId: string, weight: number, isHeld: boolean): Promise<() => void> {
    if (isHeld) {
      await this.urgentFirst.pause();
      await this.unpacedCalls.enter();
    }
    await this.slots.acquire(connectionId, weight);
    return () => {
      this.slots.release(connectionId);
      if (isHeld) this.unpacedCalls.leave();
    };
  }

  /** The places of a lane's claims in this process, from one turn to the next. */
  paceOf(connectionId: string): Pace {
    const known = this.paces.get(connectionId);
    if (known !== undefined) return known;
    const pace = new Pace();
    this.paces.set(connectionId, pace);
    return pace;
  }

  onApplicationShutdown(): void {
    this.adaptive.close();
  }
}
